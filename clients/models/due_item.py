"""What waits in a file, one row each; derived from its facts with every change."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.access import Privacy
from clients.choices import DueReader
from clients.models.client import Client
from clients.querysets import DueItemQuerySet


class DueItem(models.Model):
    """One thing that waits in an open file, from a day on and perhaps until another.

    No sentence, name or address: each kind's app composes them when the row is read, in the reader's language and for
    what she may know (architecture.md "Due items"). What time alone changes stands beforehand as a further row.

    Attributes:
        kind: a value of the enumeration its app registered with ``clients.worklist``.
        object: the uuid of the row it is about, that of the file where it is about none.
        shows_on: the first day it is shown.
        shows_until: the last one; None for open ended.
        due_on: the day it is due.
        hard: a deadline set by others, for example an authority.
        reader: who of those who see the file is told.
        step: what is to be done, as a code of its app.
        words: further codes its sentence is made of, with a blank between.
        count: a number of its sentence.
        on: a day of its sentence.
    """

    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="due_items")
    kind = models.CharField(max_length=20)
    object = models.UUIDField()
    shows_on = models.DateField()
    shows_until = models.DateField(null=True)
    due_on = models.DateField(null=True)
    hard = models.BooleanField(default=False)
    reader = models.CharField(max_length=10, choices=DueReader, blank=True)
    step = models.CharField(max_length=20, blank=True)
    words = models.CharField(max_length=120, blank=True)
    count = models.PositiveSmallIntegerField(null=True)
    on = models.DateField(null=True)

    objects = DueItemQuerySet.as_manager()
    # Derived from rows that are exported themselves.
    privacy = Privacy(scope="client", data_class="master", export=False)

    class Meta:
        verbose_name = _("due item")
        verbose_name_plural = _("due items")
        ordering = ("due_on", "id")
        indexes = [models.Index(fields=["client", "shows_on"], name="due_item_of_client")]

    def __str__(self) -> str:
        return f"{self.kind} in file {self.client_id}"
