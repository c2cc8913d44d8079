"""Logging for somebody who was called at the desk of an open office hour."""

from typing import Any

from django.utils import timezone
from django.utils.functional import cached_property

from accounts.generic import AccessView
from accounts.records import uuid_of
from appointments.choices import ArrivalOutcome, Channel
from appointments.models import OfficeHourArrival, OfficeHourSession
from appointments.rules.entry import usual_result
from appointments.services.office_hours import DeskClosed
from appointments.services.office_line import finish_arrival


class ForArrival(AccessView, abstract=True):
    """A step of the log that may be for somebody at the desk, named in the address by ``?arrival=``.

    Once the session is closed the address names nobody any more: the step then goes on without it.
    """

    @cached_property
    def arrival(self) -> OfficeHourArrival | None:
        """Whom the user herself called."""
        key = uuid_of(self.request.GET.get("arrival", ""))
        if key is None:
            return None
        user = self.request.user
        rows = OfficeHourArrival.objects.filter(
            uuid=key, called_by=user, session__in=OfficeHourSession.objects.visible_to(user)
        )
        return rows.select_related("session").first()

    @property
    def arrival_query(self) -> str:
        """What takes the arrival along to the next step."""
        return f"?arrival={self.arrival.uuid}" if self.arrival else ""

    def arrival_presets(self) -> dict[str, Any]:
        """What the log need not ask: how, when, and in which language if that was said on arrival."""
        if self.arrival is None or self.arrival.called_at is None:
            return {}
        called = timezone.localtime(self.arrival.called_at)
        known: dict[str, Any] = {
            "channel": Channel.OPEN_HOUR,
            "result": usual_result(Channel.OPEN_HOUR).value,
            "date": called.date(),
            "time": called.time().replace(second=0, microsecond=0),
        }
        if self.arrival.language_id:
            known["language"] = self.arrival.language_id
        return known

    def finish_arrival(self, outcome: ArrivalOutcome) -> None:
        """Say at the desk what became of the arrival; the contact stands also when the session closed meanwhile."""
        if self.arrival is None:
            return
        try:
            finish_arrival(self.actor, self.arrival, outcome)
        except DeskClosed:
            return

    def desk_url(self) -> str:
        """Back to the desk; empty when the step is for nobody there."""
        return self.arrival.session.get_absolute_url() if self.arrival else ""
