"""The standing cast: a handful of people every test may count on (architecture.md "Tests").

``manager`` owns, ``colleague`` serves the same municipality and must see nothing of hers, ``substitute``
stands in for her this week, ``former`` stood in last month, ``outsider`` works elsewhere; ``officer`` and
``officer_elsewhere`` steer one municipality each, ``coordinator`` all; ``admin`` keeps lists and users.
"""

import datetime
from dataclasses import dataclass, fields

from django.utils import timezone

from accounts.models import Municipality, User
from tests.factories.accounts import MunicipalityFactory, StandInFactory, UserFactory


@dataclass(frozen=True)
class Cast:
    stutensee: Municipality
    pfinztal: Municipality
    manager: User
    colleague: User
    substitute: User
    former: User
    outsider: User
    officer: User
    officer_elsewhere: User
    coordinator: User
    admin: User

    @property
    def users(self) -> dict[str, User]:
        """Every user by the name used in the access matrix."""
        return {
            f.name: getattr(self, f.name) for f in fields(self) if isinstance(getattr(self, f.name), User)
        }


NAMES = {
    "manager": ("Jana", "Rehbaum"),
    "colleague": ("Tobias", "Kettelhack"),
    "substitute": ("Mareike", "Ostendahl"),
    "former": ("Henning", "Pohlkamp"),
    "outsider": ("Silke", "Wiedenroth"),
    "officer": ("Annegret", "Lauterjung"),
    "officer_elsewhere": ("Rolf", "Steinhagen"),
    "coordinator": ("Birte", "Althoffer"),
    "admin": ("Karsten", "Nuelle"),
}


def build_cast() -> None:
    """Create the cast; called once per worker and again after every transactional test."""
    stutensee = MunicipalityFactory(code="STU", name="Stutensee")
    pfinztal = MunicipalityFactory(code="PFI", name="Pfinztal")

    def person(code: str, serves: Municipality | None = None, **extra: object) -> User:
        first, last = NAMES[code]
        return UserFactory(username=code, first_name=first, last_name=last, serves=serves, **extra)

    manager = person("manager", stutensee)
    person("colleague", stutensee)
    substitute = person("substitute", stutensee)
    former = person("former", stutensee)
    person("outsider", pfinztal)
    person("officer", stutensee, officer=True)
    person("officer_elsewhere", pfinztal, officer=True)
    person("coordinator", coordinator=True)
    person("admin", admin=True)
    today = timezone.localdate()
    StandInFactory(
        absent=manager,
        substitute=substitute,
        since=today - datetime.timedelta(days=3650),
        until=today + datetime.timedelta(days=3650),
    )
    StandInFactory(
        absent=manager,
        substitute=former,
        since=today - datetime.timedelta(days=3700),
        until=today - datetime.timedelta(days=3660),
    )


def load_cast() -> Cast:
    """The cast as fresh instances: nothing cached on a user travels from test to test."""
    return Cast(
        stutensee=Municipality.objects.get(code="STU"),
        pfinztal=Municipality.objects.get(code="PFI"),
        **{code: User.objects.get(username=code) for code in NAMES},
    )
