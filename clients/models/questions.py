"""What the office asks a manager about a file, with fixed answers (rules.md §8)."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.access import Privacy
from accounts.records import Record
from clients.choices import CaseAnswer, CaseQuestionKind
from clients.models.client import Client
from clients.querysets import CaseQuestionQuerySet


class CaseQuestion(Record):
    """One of four questions from the list of cases, and its answer; no free text goes either way.

    The asker knows the list number alone. The manager sees it in the file; it is no entry of the timeline, for nothing
    happened to the person.
    """

    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="case_questions")
    kind = models.CharField(max_length=20, choices=CaseQuestionKind)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    answer = models.CharField(max_length=20, choices=CaseAnswer, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    answered_at = models.DateTimeField(null=True)

    objects = CaseQuestionQuerySet.as_manager()
    privacy = Privacy(scope="client", data_class="steering")

    class Meta:
        verbose_name = _("question about a case")
        verbose_name_plural = _("questions about cases")
        ordering = ("asked_at", "id")
        indexes = [
            models.Index(fields=["asked_by", "asked_at"], name="case_question_of_asker"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["client", "kind", "asked_by"],
                condition=Q(answer=""),
                name="nobody_asks_twice_at_once",
            ),
            models.CheckConstraint(
                name="case_question_answered_by_somebody",
                condition=Q(answer="", answered_by__isnull=True, answered_at__isnull=True)
                | (~Q(answer="") & Q(answered_by__isnull=False, answered_at__isnull=False)),
            ),
        ]

    def __str__(self) -> str:
        return f"question {self.pk}"

    @property
    def text(self) -> str:
        """The question as it is read."""
        return str(CaseQuestionKind(self.kind).label)
