"""What the frame around every page shows: navigation, the primary action, who is at the keyboard."""

from dataclasses import dataclass

# Set on a refused request: its error page then says that the entries are kept.
DRAFT_KEPT = "draft_kept"


@dataclass(frozen=True)
class NavItem:
    """One target in the sidebar or in the bottom bar.

    ``icon`` is a symbol of the sprite without its ``i-``; ``primary`` marks the one filled target of the bottom bar.
    """

    label: str
    url: str
    icon: str
    current: bool = False
    primary: bool = False


@dataclass(frozen=True)
class PrimaryAction:
    """The one filled button of the top bar."""

    label: str
    url: str
    icon: str = "pen"


@dataclass(frozen=True)
class Me:
    """Who is logged in; ``stand_in_text`` says for whom she stands in, or what her role is."""

    name: str
    initials: str
    stand_in_text: str = ""
    url: str = ""
