"""Questions over outreach ladders."""

import datetime
from typing import Self

from django.db.models import Q

from clients.querysets import FileRowQuerySet


class LadderQuerySet(FileRowQuerySet):
    """Outreach ladders as they were stored last; the rule itself is asked through `services.ladders`."""

    def open(self) -> Self:
        """Not ended; at most one per file."""
        return self.filter(ended_at__isnull=True)

    def due(self, *, act_by: datetime.date, answer_by: datetime.date) -> Self:
        """What there is to do: open ones with something to be done by a day, the earliest first, and those ended
        by a talk and still unanswered, new appointment or none needed."""
        to_act_on = Q(ended_at__isnull=True, act_on__lte=act_by)
        return self.filter(to_act_on | Q(question_due_on__lte=answer_by)).order_by(
            "act_on", "question_due_on", "id"
        )
