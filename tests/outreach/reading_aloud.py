"""What a social worker reads under the steps at 17:40: the sentence "why now" in a situation of the ladder.

Each situation is told as facts, and the whole German text is asserted, with what is said of announcing the visit.
"""

from itertools import pairwise

from django.utils import translation

from appointments.choices import Excuse, Result, SpokenWith
from outreach.rules.why import announcement_hint, why_now
from tests.outreach.story import Story, missed

NAME = "Samira R."
RELATIVE = {"spoken_with": SpokenWith.RELATIVE, "result": Result.TALK}
MESSAGE_WITH_RELATIVE = {"spoken_with": SpokenWith.RELATIVE, "result": Result.MESSAGE_LEFT}
EXCUSED = {"excuse": Excuse.EXCUSED}
UNDECIDED = {"excuse": Excuse.UNDECIDED}


def read_aloud(story: Story, when: str) -> str:
    view = story.view(when)
    with translation.override("de"):
        return f"{why_now(view, NAME)} {announcement_hint(view)}".strip()


def is_well_put(text: str) -> bool:
    """It doubles no word and no full stop, and names the person once."""
    doubled = [one for one, other in pairwise(text.rstrip(".").split()) if one == other]
    return not doubled and ".." not in text and text.endswith(".") and text.count(NAME) == 1


def unreachable() -> Story:
    """Neither an address nor a number."""
    return missed(letter=False, phone=False)


def missed_twice() -> Story:
    """Twice without excuse; the telephone talk between them ended the first ladder but was no meeting."""
    return Story().no_show("A", "2019-01-17 10:00").talk("2019-01-28 10:00").no_show("B", "2019-02-21 10:00")


def invited() -> Story:
    """The letter of 11 February set the date of the 21st."""
    story = Story().letter("2019-02-11 09:00", ref="letter")
    story.invited("I", "2019-02-21 10:00", letter="letter", recorded="2019-02-11 09:00")
    return story.outcome("I", "no_show", recorded="2019-02-21 18:00")


def taken() -> Story:
    """The file was taken before Christmas."""
    return Story().take("2018-12-20 14:00")
