"""Who else was there: the household as chips, others of one's own caseload by search."""

from collections.abc import Callable, Iterable, Sequence
from functools import cached_property
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext as _

from accounts.records import uuids_of
from appointments.forms.contact import ContactForm
from appointments.services.contacts import Participant
from appointments.wording import person_text
from clients.models import Client, Relative

LONGEST_LIST = 40


class PeopleMixin(ContactForm):
    """Further participants: the household as chips, others of one's own caseload by search.

    A value is ``c:<uuid>`` for a client and ``r:<uuid>`` for a relative named in a file.
    """

    def __init__(
        self,
        *args: Any,
        household: Callable[[], Sequence[Client | Relative]],
        found: Sequence[Client] = (),
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["people"] = forms.MultipleChoiceField(
            label=_("Also present"),
            required=False,
            widget=forms.CheckboxSelectMultiple,
            error_messages={
                "invalid_choice": _(
                    "Somebody you chose cannot be chosen any more: the file was closed or has another manager. "
                    "Saving again leaves this person out."
                )
            },
        )
        self.household, self.found = household, found
        self.chosen = self.people_chosen()
        people = self.fields["people"]
        if isinstance(people, forms.MultipleChoiceField):
            people.choices = self.people_choices

    @property
    def company(self) -> int:
        return len(self.chosen)

    @cached_property
    def offered_people(self) -> dict[str, Client | Relative]:
        """The household and the persons found; read when a choice is validated or the form is shown."""
        return {person_key(person): person for person in (*self.household(), *self.found)}

    def people_choices(self) -> list[tuple[str, str]]:
        """Everybody offered, and everybody ticked besides."""
        people = {**self.offered_people, **self.chosen}
        return [(key, person_text(person)) for key, person in people.items()]

    def people_chosen(self) -> dict[str, Client | Relative]:
        """Everybody ticked who is in the user's own caseload; strangers are not among the choices."""
        if self.is_bound:
            keys = self.data.getlist(self.add_prefix("people")) if hasattr(self.data, "getlist") else []
        else:
            keys = list(self.initial.get("people", ()))
        if not keys:
            return {}
        offered = self.offered_people
        wanted = [key for key in keys[:LONGEST_LIST] if key not in offered]
        clients = Client.objects.editable_by(self.user).filter(uuid__in=_uuids(wanted, "c:"))
        relatives = Relative.objects.editable_by(self.user).filter(uuid__in=_uuids(wanted, "r:"))
        found: dict[str, Client | Relative] = {
            person_key(person): person for person in (*clients, *relatives)
        }
        found.update({key: offered[key] for key in keys if key in offered})
        return {key: found[key] for key in keys if key in found}

    def participants(self) -> list[Participant]:
        """Everybody ticked, as the service takes them."""
        return [
            Participant(person.client, person) if isinstance(person, Relative) else Participant(person)
            for person in (self.chosen[key] for key in self.cleaned_data["people"])
        ]


def person_key(person: Client | Relative) -> str:
    """The value of a person among the participants."""
    return f"{'r' if isinstance(person, Relative) else 'c'}:{person.uuid}"


def _uuids(keys: Iterable[str], prefix: str) -> list[UUID]:
    return uuids_of(key.removeprefix(prefix) for key in keys if key.startswith(prefix))
