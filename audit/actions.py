"""What can happen to a person's data: codes with the sentence the access log prints.

Every app defines its actions beside its services; the registry lets the access log print the sentence
without knowing who defined it.
"""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

_REGISTRY: dict[str, "Action"] = {}

READ = "read"
ACCESS = "access"
"""A change of who may open a person's data."""
CHANGE = "change"
REFUSAL = "refusal"
SESSION = "session"


@dataclass(frozen=True, slots=True)
class Action:
    """One kind of event.

    Args:
        code: dotted, stable, e.g. ``client.viewed``; stored in the entry.
        sentence: what the access log says, a lazy translation ("opened the file").
        nature: READ, ACCESS, CHANGE, REFUSAL or SESSION.
    """

    code: str
    sentence: str | Promise
    nature: str = CHANGE

    def __post_init__(self) -> None:
        known = _REGISTRY.get(self.code)
        if known is not None and str(known.nature) != str(self.nature):
            raise ValueError(f"audit action {self.code} is defined twice")
        _REGISTRY[self.code] = self


def sentence_of(code: str) -> str | Promise:
    """The sentence of a stored code; an unknown code speaks for itself."""
    action = _REGISTRY.get(code)
    return action.sentence if action else code


def codes_of(nature: str) -> list[str]:
    """All registered codes of one nature, sorted."""
    return sorted(code for code, action in _REGISTRY.items() if action.nature == nature)


LOGGED_IN = Action("session.logged_in", _("logged in"), SESSION)
LOGGED_OUT = Action("session.logged_out", _("logged out"), SESSION)
LOGIN_FAILED = Action("session.login_failed", _("failed to log in"), SESSION)
REFUSED = Action("access.refused", _("was refused"), REFUSAL)
