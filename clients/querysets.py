"""Questions over the rows of files; who sees which comes from the scope (architecture.md "Row access")."""

import datetime
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Self

from django.apps import apps
from django.db.models import BooleanField, Case, Count, Exists, ExpressionWrapper, F, OuterRef, Q, When

from accounts.access import ScopedQuerySet, scope_of
from clients.choices import GrantKind, Phase
from clients.rules.names import SearchQuery, prefix_range
from clients.rules.phases import WORKING_PHASES

if TYPE_CHECKING:
    from accounts.models import User
    from clients.models import Client


class FileRowQuerySet(ScopedQuerySet[Any]):
    """Rows that belong to one file."""

    def of(self, client: "Client") -> Self:
        """Rows of one file; the caller has checked access to it."""
        return self.filter(client=client)


class CaseQuestionQuerySet(FileRowQuerySet):
    """Questions of the office; whoever asked reads hers through ``services.questions.asked_about`` only."""

    def open(self) -> Self:
        """Not answered yet."""
        return self.filter(answer="")

    def asked_by_user(self, user: "User") -> Self:
        """What one has asked."""
        return self.filter(asked_by=user)


class DatedQuerySet(FileRowQuerySet):
    """Rows with since and until."""

    def on(self, day: datetime.date) -> Self:
        """Rows in force on a day."""
        return self.filter(Q(until__isnull=True) | Q(until__gte=day), since__lte=day)


class AccommodationQuerySet(DatedQuerySet):
    def disclosed(self) -> Self:
        """Without protected addresses; whatever sorts, groups or counts by place reads these only."""
        return self.filter(is_protected=False)


class ContactPointQuerySet(FileRowQuerySet):
    def current(self) -> Self:
        """Numbers and addresses not ended."""
        return self.filter(until__isnull=True)


class AddressProtectionQuerySet(FileRowQuerySet):
    def in_force(self) -> Self:
        """Protections not ended."""
        return self.filter(ended_at__isnull=True)


class ReachQuerySet(FileRowQuerySet):
    def on_record(self) -> Self:
        """What stands now, corrections and changes considered."""
        return self.filter(withdrawn_at__isnull=True)


class HouseholdMemberQuerySet(DatedQuerySet):
    """Members are clients or co-counselled relatives; a relative is scoped by the file that names them."""

    def visible_to(self, user: "User") -> Self:
        caseloads = scope_of(user).caseloads
        if not caseloads:
            return self.none()
        return self.filter(
            Q(client__manager_id__in=caseloads) | Q(relative__client__manager_id__in=caseloads)
        )

    def editable_by(self, user: "User") -> Self:
        return self.visible_to(user).exclude(
            Q(client__phase=Phase.CLOSED) | Q(relative__client__phase=Phase.CLOSED)
        )

    def current(self) -> Self:
        """Memberships not ended."""
        return self.filter(until__isnull=True)

    def disclosed_to(self, client: "Client") -> Self:
        """Without those whose address is protected: who lives with them would tell it.

        A file whose own address is protected, a child's, knows them; so does everybody's own row.
        """
        protections = apps.get_model("clients", "AddressProtection").objects.in_force()
        hidden = Exists(protections.filter(client=OuterRef("client"))) | Exists(
            protections.filter(client=OuterRef("relative__client"))
        )
        return self.filter(Exists(protections.filter(client=client)) | ~hidden)


class FilePairQuerySet(FileRowQuerySet):
    """Pairs of files; only a user who knows both files sees the pair."""

    def visible_to(self, user: "User") -> Self:
        known = apps.get_model("clients", "Client").objects.known_to(user).values("pk")
        return self.filter(client__in=known, other__in=known)

    def editable_by(self, user: "User") -> Self:
        return self.visible_to(user)

    def of(self, client: "Client") -> Self:
        """Pairs one file belongs to."""
        return self.filter(Q(client=client) | Q(other=client))


class DuplicateDismissalQuerySet(FilePairQuerySet):
    def holding(self) -> Self:
        """Pairs nobody has asked about again."""
        return self.filter(reopened_at__isnull=True)


class DuplicateLinkQuerySet(FilePairQuerySet):
    def holding(self) -> Self:
        """Links nobody has undone."""
        return self.filter(undone_at__isnull=True)


class DueItemQuerySet(FileRowQuerySet):
    """What waits in files."""

    def standing(self, day: datetime.date) -> Self:
        """What is shown on a day."""
        return self.standing_between(day, day)

    def standing_between(self, first: datetime.date, last: datetime.date) -> Self:
        """What is shown on at least one of some days."""
        return self.filter(Q(shows_until__isnull=True) | Q(shows_until__gte=first), shows_on__lte=last)


class AccessGrantQuerySet(FileRowQuerySet):
    def valid_for(self, user: "User", at: datetime.datetime, kind: GrantKind) -> Self:
        """Grants of a user in force at an instant."""
        return self.filter(user=user, kind=kind, expires_at__gt=at)


class ClientNameQuerySet(FileRowQuerySet):
    """Spellings of names, folded for search."""

    def spelled_like(self, query: SearchQuery) -> Self:
        """Spellings that begin as typed: a prefix in either order, or the beginnings of some parts.

        Only ever used inside a scope: the beginnings of inner parts have no index of their own.
        """
        found = Q(pk__in=[])
        for term in query.names:
            condition = Q()
            if term.surname:
                condition &= _prefix("folded", term.surname)
            if term.given:
                condition &= _prefix("folded_given", term.given)
            found |= condition
        if query.parts:
            found |= Q(*(("parts__contains", f" {part}") for part in query.parts))
        return self.filter(found)

    def sounding_like(self, keys: Iterable[str], begun: Iterable[str] = ()) -> Self:
        """Spellings filed under at least one of these keys, those with the most in common first.

        Args:
            keys: keys of names.
            begun: beginnings of keys.
        """
        found = Q(filed_under__key__in=sorted(keys))
        for beginning in sorted(begun):
            found |= _prefix("filed_under__key", beginning)
        return self.filter(found).annotate(in_common=Count("filed_under")).order_by("-in_common", "pk")


def _prefix(column: str, prefix: str) -> Q:
    # A range, not LIKE: the same index condition on both databases and under every collation.
    lower, upper = prefix_range(prefix)
    return Q(**{f"{column}__gte": lower, f"{column}__lt": upper})


class ClientQuerySet(ScopedQuerySet["Client"]):
    """Files. A caseload is the open responsibility, never "who serves where"."""

    def in_inbox_of(self, user: "User") -> Self:
        """Files without a manager in the municipalities the user serves. Read only name, age, languages,
        accommodation and source of these until a manager takes the file."""
        from accounts.access import is_manager

        if not getattr(user, "is_authenticated", False) or not is_manager(user):
            return self.none()
        return self.filter(manager__isnull=True, municipality_id__in=scope_of(user).municipalities).exclude(
            phase=Phase.CLOSED
        )

    def known_to(self, user: "User") -> Self:
        """Files the user sees, and those in her inbox, with the same limits as above."""
        return self.visible_to(user) | self.in_inbox_of(user)

    def own_of(self, user: "User") -> Self:
        """Files of the user's own caseload, stand-ins left out."""
        return self.visible_to(user).filter(manager=user)

    def _rows_of(self, name: str) -> Any:
        """Rows that point to files; their models import this module, so it cannot know them."""
        return getattr(self.model, name).rel.related_model._default_manager

    def with_level_for(self, user: "User", at: datetime.datetime) -> Self:
        """With ``reads_health`` and ``level``: the intensity as the user may read it.

        Without health access it is the level that the unprotected modules propose, in every file. A level missing only
        where health decides would give that away (decision 0018).
        """
        grants = self._rows_of("access_grants").valid_for(user, at, GrantKind.HEALTH)
        granted = Exists(grants.filter(client=OuterRef("pk")))
        reads_health = ExpressionWrapper(Q(manager=user) | granted, output_field=BooleanField())
        level = Case(When(reads_health=True, then=F("intensity")), default=F("unprotected_intensity"))
        return self.annotate(reads_health=reads_health).annotate(level=level)

    def open(self) -> Self:
        """Files in any phase but closed."""
        return self.exclude(phase=Phase.CLOSED)

    def active(self) -> Self:
        """Files in phase active, exactly."""
        return self.filter(phase=Phase.ACTIVE)

    def working(self) -> Self:
        """Files in a phase in which counselling goes on."""
        return self.filter(phase__in=WORKING_PHASES)

    def assigned_since(self, moment: datetime.datetime, user: "User") -> Self:
        """Files that others gave to the user since an instant; files she took herself are left out."""
        rows = self._rows_of("responsibilities")
        given = rows.visible_to(user).filter(
            manager=user, until__isnull=True, is_taking=False, since__gte=moment
        )
        return self.filter(pk__in=given.values("client_id"))

    def in_list_order(self, after: Any = None) -> Self:
        """By name; with ``after`` only what follows that file (architecture.md "Lists and long work").

        Args:
            after: the last file of the page before, or None for the first page.
        """
        rows = self.order_by("search_name", "id")
        if after is None:
            return rows
        return rows.filter(search_name__gte=after.search_name).filter(
            Q(search_name__gt=after.search_name) | Q(id__gt=after.pk)
        )

    def in_order_of(self, column: str, after: Any = None) -> Self:
        """By a date column, then by name; files without the date stand last.

        Args:
            column: a summary column.
            after: the last file of the page before, or None for the first page.
        """
        rows = self.order_by(F(column).asc(nulls_last=True), "search_name", "id")
        if after is None:
            return rows
        value = getattr(after, column)
        later_name = Q(search_name__gt=after.search_name) | Q(search_name=after.search_name, id__gt=after.pk)
        same = Q(**{column: value}) if value is not None else Q(**{f"{column}__isnull": True})
        following = same & later_name
        if value is not None:
            following |= Q(**{f"{column}__gt": value}) | Q(**{f"{column}__isnull": True})
        return rows.filter(following)

    def living(self, kind: str, day: datetime.date) -> Self:
        """Files of people in a kind of accommodation on a day."""
        homes = self._rows_of("accommodations").disclosed()
        return self.filter(Exists(homes.on(day).filter(client=OuterRef("pk"), kind=kind)))

    def with_case_number_like(self, prefix: str) -> Self:
        """Files whose case number begins so."""
        return self.filter(_prefix("case_no", prefix))

    def born_between(self, first: datetime.date, last: datetime.date) -> Self:
        """Files whose known part of the birth date lies in a span."""
        return self.filter(birth_date__gte=first, birth_date__lte=last)

    def without_address(self, day: datetime.date) -> Self:
        """Files of people no letter and no visit can reach on a day: street or town is unknown."""
        homes = self._rows_of("accommodations")
        known = homes.on(day).filter(client=OuterRef("pk"), street__gt="", town__gt="")
        return self.filter(~Exists(known))

    def speaking(self, code: str) -> Self:
        """Files with this language among the client's languages."""
        return self.filter(client_languages__language__code=code)


ASSIGNED_LATELY = datetime.timedelta(days=14)
"""So long a file that was assigned counts as new."""
