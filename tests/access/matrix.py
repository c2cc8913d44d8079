"""Who may do what: route × role × method → expected code, one hand-written table.

A route of the URLconf that is missing here fails the suite. Read a row as: the route is of this kind, and
whoever is let in gets these codes for a plain GET and for an empty POST. What everybody else gets follows
from the kind: 404 under a file one may not see, 403 on a collection or for a verb one may not use.
"""

from dataclasses import dataclass

ROLES = (
    "anonymous",
    "manager",
    "substitute",
    "former",
    "colleague",
    "outsider",
    "officer",
    "officer_elsewhere",
    "coordinator",
    "admin",
)
ALL_MANAGERS = frozenset({"manager", "substitute", "former", "colleague", "outsider"})
OFFICERS = frozenset({"officer", "officer_elsewhere", "coordinator"})
EVERYBODY = frozenset(ROLES) - {"anonymous"}


@dataclass(frozen=True, slots=True)
class Kind:
    """Who is let in, what the others get, and who gets something else again."""

    allowed: frozenset[str]
    refused: int
    special: tuple[tuple[str, int], ...] = ()
    public: bool = False

    def refusal_for(self, role: str) -> int | None:
        """The code a role gets instead of the row's codes; None when the role is let in."""
        if self.public:
            return None
        if role == "anonymous":
            return 302
        for name, code in self.special:
            if role == name:
                return code
        return None if role in self.allowed else self.refused


# Under /clients/<uuid>/: the responsible manager and whoever stands in for her today.
FILE = Kind(frozenset({"manager", "substitute"}), 404)
# A verb a stand-in may not use on a file she may see.
FILE_OWNER = Kind(frozenset({"manager"}), 404, special=(("substitute", 403),))
MANAGERS = Kind(ALL_MANAGERS, 403)
OFFICERS_ONLY = Kind(OFFICERS, 403)
MANAGERS_AND_OFFICERS = Kind(ALL_MANAGERS | OFFICERS, 403)
MANAGERS_AND_COORDINATOR = Kind(ALL_MANAGERS | {"coordinator"}, 403)
LOGGED_IN = Kind(EVERYBODY, 403)
PUBLIC = Kind(frozenset(ROLES), 200, public=True)
# Rows of one's own; nobody else's exist.
OWN = Kind(frozenset({"manager"}), 404, special=(("admin", 403),))


@dataclass(frozen=True, slots=True)
class Row:
    """Codes for those who are let in; a list of codes means any of them."""

    kind: Kind
    get: int
    post: int


MATRIX: dict[str, Row] = {
    "home": Row(LOGGED_IN, 200, 405),
    # Log-in
    "account_login": Row(PUBLIC, 200, 200),
    "healthz": Row(PUBLIC, 200, 405),
    "readyz": Row(PUBLIC, 200, 405),
    # One's own account, stand-ins
    "accounts:own": Row(LOGGED_IN, 200, 405),
    "accounts:csrf": Row(LOGGED_IN, 200, 405),
    "stand_ins:list": Row(MANAGERS_AND_COORDINATOR, 200, 405),
    "stand_ins:new": Row(MANAGERS_AND_COORDINATOR, 200, 422),
    "stand_ins:emergency": Row(MANAGERS, 200, 422),
}
