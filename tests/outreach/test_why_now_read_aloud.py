"""What a social worker reads under the steps at 17:40: the sentence "why now" in every situation of the ladder.

Each situation is told as facts, and the whole German text is asserted, with what is said of announcing the visit.
"""

from itertools import pairwise

import pytest
from django.utils import translation

from appointments.choices import Channel, Excuse, Result, SpokenWith
from clients.rules.reach_periods import Kind
from outreach.choices import EndReason
from outreach.rules import LadderPolicy
from outreach.rules.why import announcement_hint, why_now
from tests.outreach.story import Story, letter_and_call, missed, visited_once, visited_twice

NAME = "Samira R."
RELATIVE = {"spoken_with": SpokenWith.RELATIVE, "result": Result.TALK}
MESSAGE_WITH_RELATIVE = {"spoken_with": SpokenWith.RELATIVE, "result": Result.MESSAGE_LEFT}
EXCUSED = {"excuse": Excuse.EXCUSED}
UNDECIDED = {"excuse": Excuse.UNDECIDED}


def read_aloud(story: Story, when: str) -> str:
    view = story.view(when)
    return f"{why_now(view, NAME)} {announcement_hint(view)}".strip()


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


SITUATIONS = [
    # What began it
    (
        missed,
        "2019-02-21",
        "Samira R. kam am 21.02. nicht zum vereinbarten Termin; deshalb ist bis 25.02. ein Brief oder "
        "ein Anruf fällig.",
    ),
    (
        lambda: missed(letter=False),
        "2019-02-22",
        "Samira R. kam am 21.02. nicht zum vereinbarten Termin; deshalb ist bis 25.02. ein Anruf fällig.",
    ),
    (
        lambda: missed(phone=False),
        "2019-02-22",
        "Samira R. kam am 21.02. nicht zum vereinbarten Termin; deshalb ist bis 25.02. ein Brief fällig.",
    ),
    (
        missed,
        "2019-02-26",
        "Samira R. kam am 21.02. nicht zum vereinbarten Termin; deshalb war bis 25.02. ein Brief oder "
        "ein Anruf fällig.",
    ),
    (
        invited,
        "2019-02-21",
        "Samira R. kam am 21.02. nicht zu dem Termin, zu dem wir eingeladen hatten, und auf den Brief "
        "vom 11.02. kam keine Antwort; deshalb ist zwischen 22.02. und 27.02. der andere Weg an der "
        "Reihe, ein Anruf.",
    ),
    (
        taken,
        "2019-01-02",
        "Seit der Übernahme der Akte am 20.12.2018 gab es mit Samira R. noch kein Gespräch; deshalb ist "
        "bis 08.01. ein Brief oder ein Anruf fällig.",
    ),
    (
        taken,
        "2019-01-14",
        "Seit der Übernahme der Akte am 20.12.2018 gab es mit Samira R. noch kein Gespräch; deshalb war "
        "bis 08.01. ein Brief oder ein Anruf fällig.",
    ),
    (
        lambda: missed().no_show("B", "2019-02-22 10:00", **UNDECIDED),
        "2019-02-22",
        "Samira R. kam am 21.02. und 22.02. nicht zu den vereinbarten Terminen; deshalb ist bis 25.02. "
        "ein Brief oder ein Anruf fällig.",
    ),
    (
        lambda: (
            missed()
            .letter("2019-02-22 09:00")
            .no_show("B", "2019-02-28 10:00", **UNDECIDED)
            .no_show("C", "2019-02-28 15:00", **UNDECIDED)
        ),
        "2019-02-28",
        "Samira R. kam am 21.02. und 28.02. nicht zu den vereinbarten Terminen, und auf den Brief vom "
        "22.02. kam keine Antwort; deshalb ist zwischen 01.03. und 06.03. der andere Weg an der Reihe, "
        "ein Anruf.",
    ),
    (
        lambda: invited().no_show("B", "2019-02-26 10:00", **UNDECIDED),
        "2019-02-26",
        "Samira R. kam am 21.02. nicht zu dem Termin, zu dem wir eingeladen hatten, der vereinbarte "
        "Termin am 26.02. wurde versäumt, und auf den Brief vom 11.02. kam keine Antwort; deshalb ist "
        "bis 27.02. der andere Weg an der Reihe, ein Anruf.",
    ),
    (
        lambda: taken().no_show("B", "2019-01-03 10:00", **UNDECIDED),
        "2019-01-04",
        "Seit der Übernahme der Akte am 20.12.2018 gab es mit Samira R. noch kein Gespräch, und der "
        "vereinbarte Termin am 03.01. wurde versäumt; deshalb ist bis 08.01. ein Brief oder ein Anruf "
        "fällig.",
    ),
    # The other way
    (
        lambda: missed().letter("2019-02-22 09:00"),
        "2019-02-22",
        "Samira R. kam am 21.02. nicht zum vereinbarten Termin, und auf den Brief vom 22.02. kam bisher "
        "keine Antwort; deshalb ist zwischen 01.03. und 06.03. der andere Weg an der Reihe, ein Anruf.",
    ),
    (
        lambda: missed().letter("2019-02-22 09:00"),
        "2019-02-28",
        "Samira R. kam am 21.02. nicht zum vereinbarten Termin, und auf den Brief vom 22.02. kam keine "
        "Antwort; deshalb ist zwischen 01.03. und 06.03. der andere Weg an der Reihe, ein Anruf.",
    ),
    (
        lambda: missed().letter("2019-02-22 09:00"),
        "2019-03-04",
        "Samira R. kam am 21.02. nicht zum vereinbarten Termin, und auf den Brief vom 22.02. kam keine "
        "Antwort; deshalb ist bis 06.03. der andere Weg an der Reihe, ein Anruf.",
    ),
    (
        lambda: missed().letter("2019-02-22 09:00"),
        "2019-03-07",
        "Samira R. kam am 21.02. nicht zum vereinbarten Termin, und auf den Brief vom 22.02. kam keine "
        "Antwort; deshalb war bis 06.03. der andere Weg an der Reihe, ein Anruf.",
    ),
    (
        invited,
        "2019-02-25",
        "Samira R. kam am 21.02. nicht zu dem Termin, zu dem wir eingeladen hatten, und auf den Brief "
        "vom 11.02. kam keine Antwort; deshalb ist bis 27.02. der andere Weg an der Reihe, ein Anruf.",
    ),
    (
        lambda: missed().call("2019-02-22 09:00"),
        "2019-02-25",
        "Samira R. kam am 21.02. nicht zum vereinbarten Termin, und auf den Anruf vom 22.02. kam keine "
        "Antwort; deshalb ist bis 28.02. der andere Weg an der Reihe, ein Brief.",
    ),
    (
        lambda: missed().call("2019-02-22 09:00", **RELATIVE),
        "2019-02-25",
        "Samira R. kam am 21.02. nicht zum vereinbarten Termin, und den Anruf vom 22.02. beantwortete "
        "jemand aus der Familie oder der Nachbarschaft; deshalb ist bis 28.02. der andere Weg an der "
        "Reihe, ein Brief.",
    ),
    (
        lambda: missed().contact(
            Channel.EMAIL, "2019-02-22 09:00", spoken_with=SpokenWith.RELATIVE, result=Result.ANSWERED
        ),
        "2019-02-25",
        "Samira R. kam am 21.02. nicht zum vereinbarten Termin, und die E-Mail vom 22.02. beantwortete "
        "jemand aus der Familie oder der Nachbarschaft; deshalb ist zwischen 01.03. und 06.03. der "
        "andere Weg an der Reihe, ein Anruf.",
    ),
    (
        lambda: missed(phone=False).letter("2019-02-22 09:00"),
        "2019-02-25",
        "Samira R. kam am 21.02. nicht zum vereinbarten Termin, und auf den Brief vom 22.02. kam keine "
        "Antwort; ein anderer Weg ist nicht bekannt, deshalb ist zwischen 01.03. und 06.03. ein zweiter "
        "Brief fällig.",
    ),
    (
        lambda: missed(letter=False).call("2019-02-22 09:00"),
        "2019-02-25",
        "Samira R. kam am 21.02. nicht zum vereinbarten Termin, und auf den Anruf vom 22.02. kam keine "
        "Antwort; ein anderer Weg ist nicht bekannt, deshalb ist bis 28.02. ein zweiter Anruf fällig.",
    ),
    (
        lambda: missed().letter("2019-02-22 09:00", ref="L").returned("L", "2019-02-27 09:00"),
        "2019-02-28",
        "Samira R. kam am 21.02. nicht zum vereinbarten Termin, und der Brief vom 22.02. kam am 27.02. "
        "zurück; deshalb ist bis 01.03. ein Brief oder ein Anruf fällig.",
    ),
    (
        lambda: taken().letter("2018-12-27 09:00"),
        "2019-01-04",
        "Seit der Übernahme der Akte am 20.12.2018 gab es mit Samira R. noch kein Gespräch, und auf den "
        "Brief vom 27.12.2018 kam keine Antwort; deshalb ist bis 09.01. der andere Weg an der Reihe, ein"
        " Anruf.",
    ),
    (
        lambda: Story().no_show("A", "2018-12-19 10:00").letter("2018-12-20 09:00"),
        "2019-01-07",
        "Samira R. kam am 19.12.2018 nicht zum vereinbarten Termin, und auf den Brief vom 20.12.2018 kam"
        " keine Antwort; deshalb war bis 04.01. der andere Weg an der Reihe, ein Anruf.",
    ),
    (
        lambda: (
            missed()
            .contact(Channel.NOTE, "2019-02-22 09:00", result=Result.SENT, ref="N")
            .returned("N", "2019-02-27 09:00")
        ),
        "2019-02-28",
        "Samira R. kam am 21.02. nicht zum vereinbarten Termin, und der Zettel vom 22.02. kam am 27.02. "
        "zurück; deshalb ist bis 01.03. ein Brief oder ein Anruf fällig.",
    ),
    (
        lambda: missed().contact(Channel.MESSAGE, "2019-02-22 09:00", result=Result.SENT),
        "2019-02-25",
        "Samira R. kam am 21.02. nicht zum vereinbarten Termin, und auf die Nachricht vom 22.02. kam "
        "keine Antwort; deshalb ist bis 28.02. der andere Weg an der Reihe, ein Brief.",
    ),
    (
        lambda: (
            missed()
            .letter("2019-02-22 09:00", ref="L")
            .invited("I", "2019-03-12 10:00", letter="L", recorded="2019-02-22 09:00")
        ),
        "2019-02-25",
        "Samira R. kam am 21.02. nicht zum vereinbarten Termin, auf den Brief vom 22.02. kam keine "
        "Antwort, und das Schreiben lud zum 12.03. ein; deshalb ist zwischen 13.03. und 18.03. der "
        "andere Weg an der Reihe, ein Anruf.",
    ),
    (
        lambda: (
            missed()
            .letter("2019-02-22 09:00", ref="L")
            .invited("I", "2019-03-12 10:00", letter="L", recorded="2019-02-22 09:00")
            .outcome("I", "cancelled_us", recorded="2019-02-26")
        ),
        "2019-02-26",
        "Samira R. kam am 21.02. nicht zum vereinbarten Termin, und auf den Brief vom 22.02. kam keine "
        "Antwort; deshalb ist zwischen 01.03. und 06.03. der andere Weg an der Reihe, ein Anruf.",
    ),
    # Clarify, searched and found or not
    (
        unreachable,
        "2019-02-22",
        "Samira R. kam am 21.02. nicht zum vereinbarten Termin; es ist keine gültige Adresse oder Nummer"
        " bekannt, deshalb ist dies bis 25.02. zu klären.",
    ),
    (
        unreachable,
        "2019-02-28",
        "Samira R. kam am 21.02. nicht zum vereinbarten Termin; es ist keine gültige Adresse oder Nummer"
        " bekannt, deshalb war dies bis 25.02. zu klären.",
    ),
    (
        lambda: unreachable().holds(Kind.PHONE, "2019-03-05").found("2019-03-05"),
        "2019-03-05",
        "Samira R. kam am 21.02. nicht zum vereinbarten Termin, und bei der Suche am 05.03. fand sich "
        "eine Adresse oder Nummer; deshalb ist bis 07.03. ein Anruf fällig.",
    ),
    (
        lambda: unreachable().nothing_found("2019-03-04"),
        "2019-03-08",
        "Samira R. kam am 21.02. nicht zum vereinbarten Termin, und die Suche nach einer Adresse oder "
        "Nummer am 04.03. blieb ohne Ergebnis; deshalb ist bis 18.03. ein Hausbesuch fällig. Er wird 2 "
        "Werktage vorher angekündigt, also bis spätestens 14.03.",
    ),
    (
        lambda: missed(letter=False, phone=False, accommodation=False).nothing_found("2019-03-04"),
        "2019-03-05",
        "Samira R. kam am 21.02. nicht zum vereinbarten Termin, und die Suche nach einer Adresse oder "
        "Nummer am 04.03. blieb ohne Ergebnis; ab 18.03. ist zu entscheiden, wie es weitergeht.",
    ),
    (
        lambda: letter_and_call(accommodation=False),
        "2019-03-14",
        "Samira R. kam am 21.02. nicht zum vereinbarten Termin, und auf den Brief vom 22.02. und den "
        "Anruf vom 04.03. kam keine Antwort; die Unterkunft ist nicht bekannt, deshalb ist bis 18.03. "
        "die Adresse zu klären.",
    ),
    (
        lambda: letter_and_call(accommodation=False),
        "2019-03-20",
        "Samira R. kam am 21.02. nicht zum vereinbarten Termin, und auf den Brief vom 22.02. und den "
        "Anruf vom 04.03. kam keine Antwort; die Unterkunft ist nicht bekannt, deshalb war bis 18.03. "
        "die Adresse zu klären.",
    ),
    # The home visit
    (
        letter_and_call,
        "2019-03-05",
        "Samira R. kam am 21.02. nicht zum vereinbarten Termin, und auf den Brief vom 22.02. und den "
        "Anruf vom 04.03. kam keine Antwort; nach zwei Versuchen auf verschiedenen Wegen ist zwischen "
        "07.03. und 18.03. ein Hausbesuch fällig. Er wird 2 Werktage vorher angekündigt, also bis "
        "spätestens 14.03.",
    ),
    (
        letter_and_call,
        "2019-03-14",
        "Samira R. kam am 21.02. nicht zum vereinbarten Termin, und auf den Brief vom 22.02. und den "
        "Anruf vom 04.03. kam keine Antwort; nach zwei Versuchen auf verschiedenen Wegen ist bis 18.03. "
        "ein Hausbesuch fällig. Er wird 2 Werktage vorher angekündigt, also bis spätestens 14.03.",
    ),
    (
        letter_and_call,
        "2019-03-15",
        "Samira R. kam am 21.02. nicht zum vereinbarten Termin, und auf den Brief vom 22.02. und den "
        "Anruf vom 04.03. kam keine Antwort; nach zwei Versuchen auf verschiedenen Wegen ist bis 18.03. "
        "ein Hausbesuch fällig. Die Ankündigung ist überfällig; wenn Sie den Besuch heute ankündigen, "
        "ist er frühestens am 19.03. möglich.",
    ),
    (
        lambda: letter_and_call().announce("2019-03-12", "2019-03-18"),
        "2019-03-14",
        "Samira R. kam am 21.02. nicht zum vereinbarten Termin, und auf den Brief vom 22.02. und den "
        "Anruf vom 04.03. kam keine Antwort; nach zwei Versuchen auf verschiedenen Wegen ist bis 18.03. "
        "ein Hausbesuch fällig. Angekündigt am 12.03. für den 18.03.",
    ),
    (
        lambda: letter_and_call().announce("2019-03-12", "2019-03-18"),
        "2019-03-20",
        "Samira R. kam am 21.02. nicht zum vereinbarten Termin, und auf den Brief vom 22.02. und den "
        "Anruf vom 04.03. kam keine Antwort; nach zwei Versuchen auf verschiedenen Wegen war bis 18.03. "
        "ein Hausbesuch fällig. Angekündigt am 12.03. für den 18.03.",
    ),
    (
        lambda: missed().letter("2019-02-22 09:00").call("2019-03-04 10:20", **MESSAGE_WITH_RELATIVE),
        "2019-03-14",
        "Samira R. kam am 21.02. nicht zum vereinbarten Termin, auf den Brief vom 22.02. kam keine "
        "Antwort, und den Anruf vom 04.03. beantwortete jemand aus der Familie oder der Nachbarschaft; "
        "nach zwei Versuchen auf verschiedenen Wegen ist bis 18.03. ein Hausbesuch fällig. Er wird 2 "
        "Werktage vorher angekündigt, also bis spätestens 14.03.",
    ),
    (
        lambda: missed().letter("2019-02-22 09:00").call("2019-03-04 10:20", result=Result.MESSAGE_LEFT),
        "2019-03-14",
        "Samira R. kam am 21.02. nicht zum vereinbarten Termin, und auf den Brief vom 22.02. und die "
        "beim Anruf vom 04.03. hinterlassene Nachricht kam keine Antwort; nach zwei Versuchen auf "
        "verschiedenen Wegen ist bis 18.03. ein Hausbesuch fällig. Er wird 2 Werktage vorher "
        "angekündigt, also bis spätestens 14.03.",
    ),
    (
        lambda: missed(letter=False).call("2019-02-22 09:00").call("2019-02-25 09:00"),
        "2019-03-04",
        "Samira R. kam am 21.02. nicht zum vereinbarten Termin, und auf die Anrufe vom 22.02. und 25.02."
        " kam keine Antwort; nach zwei Versuchen ist bis 11.03. ein Hausbesuch fällig. Er wird 2 "
        "Werktage vorher angekündigt, also bis spätestens 07.03.",
    ),
    (
        lambda: letter_and_call(policies=(LadderPolicy(visit_announced=False),)),
        "2019-03-14",
        "Samira R. kam am 21.02. nicht zum vereinbarten Termin, und auf den Brief vom 22.02. und den "
        "Anruf vom 04.03. kam keine Antwort; nach zwei Versuchen auf verschiedenen Wegen ist bis 18.03. "
        "ein Hausbesuch fällig.",
    ),
    (
        lambda: Story().no_show("A", "2019-12-09 10:00").letter("2019-12-10 09:00").call("2019-12-18 10:20"),
        "2019-12-20",
        "Samira R. kam am 09.12. nicht zum vereinbarten Termin, und auf den Brief vom 10.12. und den "
        "Anruf vom 18.12. kam keine Antwort; nach zwei Versuchen auf verschiedenen Wegen ist zwischen "
        "23.12. und 07.01.2020 ein Hausbesuch fällig. Er wird 2 Werktage vorher angekündigt, also bis "
        "spätestens 02.01.2020.",
    ),
    (
        lambda: letter_and_call().announce("2019-12-30", "2020-01-03"),
        "2019-12-30",
        "Samira R. kam am 21.02. nicht zum vereinbarten Termin, und auf den Brief vom 22.02. und den "
        "Anruf vom 04.03. kam keine Antwort; nach zwei Versuchen auf verschiedenen Wegen war bis 18.03. "
        "ein Hausbesuch fällig. Angekündigt am 30.12. für den 03.01.2020.",
    ),
    # Two no-shows lead there directly
    (
        missed_twice,
        "2019-02-22",
        "Samira R. kam am 17.01. und 21.02. nicht zu den vereinbarten Terminen, beide Male "
        "unentschuldigt und ohne persönliches Gespräch dazwischen; deshalb ist bis 07.03. direkt ein "
        "Hausbesuch fällig. Er wird 2 Werktage vorher angekündigt, also bis spätestens 05.03.",
    ),
    (
        missed_twice,
        "2019-03-08",
        "Samira R. kam am 17.01. und 21.02. nicht zu den vereinbarten Terminen, beide Male "
        "unentschuldigt und ohne persönliches Gespräch dazwischen; deshalb war bis 07.03. direkt ein "
        "Hausbesuch fällig. Die Ankündigung ist überfällig; wenn Sie den Besuch heute ankündigen, ist er"
        " frühestens am 12.03. möglich.",
    ),
    (
        lambda: missed_twice().announce("2019-02-22").visit("2019-02-27 10:00", card=True),
        "2019-03-01",
        "Samira R. kam am 17.01. und 21.02. nicht zu den vereinbarten Terminen, beide Male "
        "unentschuldigt und ohne persönliches Gespräch dazwischen, und beim Hausbesuch am 27.02. wurde "
        "niemand angetroffen und eine Karte dagelassen; deshalb ist zwischen 02.03. und 13.03. ein "
        "zweiter Besuch zu einer anderen Tageszeit fällig, bei dem eine Karte dagelassen werden soll.",
    ),
    (
        lambda: taken().no_show("A", "2019-01-17 10:00").no_show("B", "2019-02-21 10:00"),
        "2019-02-22",
        "Seit der Übernahme der Akte am 20.12.2018 gab es mit Samira R. noch kein Gespräch, und die "
        "vereinbarten Termine am 17.01. und 21.02. wurden versäumt, beide Male unentschuldigt und ohne "
        "persönliches Gespräch dazwischen; deshalb ist bis 07.03. direkt ein Hausbesuch fällig. Er wird "
        "2 Werktage vorher angekündigt, also bis spätestens 05.03.",
    ),
    (
        lambda: missed_twice().no_show("C", "2019-03-05 10:00"),
        "2019-03-06",
        "Samira R. kam am 17.01. und 21.02. nicht zu den vereinbarten Terminen, beide Male "
        "unentschuldigt und ohne persönliches Gespräch dazwischen, und der vereinbarte Termin am 05.03. "
        "wurde versäumt; deshalb ist bis 19.03. direkt ein Hausbesuch fällig. Er wird 2 Werktage vorher "
        "angekündigt, also bis spätestens 15.03.",
    ),
    (
        lambda: (
            missed_twice().announce("2019-02-25", "2019-03-01").no_show("C", "2019-02-28 10:00", **UNDECIDED)
        ),
        "2019-02-28",
        "Samira R. kam am 17.01. und 21.02. nicht zu den vereinbarten Terminen, beide Male "
        "unentschuldigt und ohne persönliches Gespräch dazwischen, und der vereinbarte Termin am 28.02. "
        "wurde versäumt; deshalb ist bis 07.03. direkt ein Hausbesuch fällig. Angekündigt am 25.02. für "
        "den 01.03.",
    ),
    # No home visits wished
    (
        lambda: letter_and_call().holds(Kind.NO_HOME_VISITS, "2018-01-02"),
        "2019-03-14",
        "Samira R. kam am 21.02. nicht zum vereinbarten Termin, und auf den Brief vom 22.02. und den "
        "Anruf vom 04.03. kam keine Antwort; Hausbesuche sind nicht gewünscht, deshalb ist bis 18.03. "
        "statt des Besuchs ein Brief fällig.",
    ),
    (
        lambda: (
            letter_and_call()
            .holds(Kind.NO_HOME_VISITS, "2018-01-02")
            .holds(Kind.READS_NO_SCRIPT, "2019-03-05")
        ),
        "2019-03-20",
        "Samira R. kam am 21.02. nicht zum vereinbarten Termin, und auf den Brief vom 22.02. und den "
        "Anruf vom 04.03. kam keine Antwort; Hausbesuche sind nicht gewünscht, deshalb war bis 18.03. "
        "statt des Besuchs ein Anruf fällig.",
    ),
    (
        lambda: letter_and_call().holds(Kind.NO_HOME_VISITS, "2018-01-02").letter("2019-03-11 09:00"),
        "2019-03-14",
        "Samira R. kam am 21.02. nicht zum vereinbarten Termin, und auf den Brief vom 22.02., den Anruf "
        "vom 04.03. und den Brief vom 11.03. kam keine Antwort; bis 25.03. bleibt Zeit für eine Antwort,"
        " dann ist zu entscheiden, wie es weitergeht.",
    ),
    (
        lambda: missed_twice().holds(Kind.NO_HOME_VISITS, "2018-01-02"),
        "2019-02-22",
        "Samira R. kam am 17.01. und 21.02. nicht zu den vereinbarten Terminen, beide Male "
        "unentschuldigt und ohne persönliches Gespräch dazwischen; Hausbesuche sind nicht gewünscht, "
        "deshalb ist bis 07.03. statt des Besuchs ein Brief fällig.",
    ),
    # The second visit
    (
        visited_once,
        "2019-03-20",
        "Samira R. kam am 21.02. nicht zum vereinbarten Termin, auf den Brief vom 22.02. und den Anruf "
        "vom 04.03. kam keine Antwort, und beim Hausbesuch am 18.03. wurde niemand angetroffen; deshalb "
        "ist zwischen 21.03. und 01.04. ein zweiter Besuch zu einer anderen Tageszeit fällig, bei dem "
        "eine Karte dagelassen werden soll.",
    ),
    (
        visited_once,
        "2019-04-02",
        "Samira R. kam am 21.02. nicht zum vereinbarten Termin, auf den Brief vom 22.02. und den Anruf "
        "vom 04.03. kam keine Antwort, und beim Hausbesuch am 18.03. wurde niemand angetroffen; deshalb "
        "war bis 01.04. ein zweiter Besuch zu einer anderen Tageszeit fällig, bei dem eine Karte "
        "dagelassen werden soll.",
    ),
    (
        lambda: letter_and_call().announce("2019-03-12").visit("2019-03-18 10:00", **MESSAGE_WITH_RELATIVE),
        "2019-03-22",
        "Samira R. kam am 21.02. nicht zum vereinbarten Termin, auf den Brief vom 22.02. und den Anruf "
        "vom 04.03. kam keine Antwort, und beim Hausbesuch am 18.03. wurde nur jemand aus der Familie "
        "oder der Nachbarschaft angetroffen; deshalb ist bis 01.04. ein zweiter Besuch zu einer anderen "
        "Tageszeit fällig, bei dem eine Karte dagelassen werden soll.",
    ),
    (
        lambda: (
            letter_and_call()
            .announce("2019-03-12")
            .visit("2019-03-18 10:00", spoken_with=SpokenWith.RELATIVE, card=True)
        ),
        "2019-03-22",
        "Samira R. kam am 21.02. nicht zum vereinbarten Termin, auf den Brief vom 22.02. und den Anruf "
        "vom 04.03. kam keine Antwort, und beim Hausbesuch am 18.03. wurde nur jemand aus der Familie "
        "oder der Nachbarschaft angetroffen und eine Karte dagelassen; deshalb ist bis 01.04. ein "
        "zweiter Besuch zu einer anderen Tageszeit fällig, bei dem eine Karte dagelassen werden soll.",
    ),
    (
        lambda: (
            letter_and_call()
            .announce("2019-03-12")
            .contact(Channel.HOME_VISIT, "2019-03-18 10:00", result=Result.MESSAGE_LEFT)
        ),
        "2019-03-22",
        "Samira R. kam am 21.02. nicht zum vereinbarten Termin, auf den Brief vom 22.02. und den Anruf "
        "vom 04.03. kam keine Antwort, und beim Hausbesuch am 18.03. wurde eine Nachricht hinterlassen; "
        "deshalb ist bis 01.04. ein zweiter Besuch zu einer anderen Tageszeit fällig, bei dem eine Karte"
        " dagelassen werden soll.",
    ),
    # Decide, look again, try once more, close
    (
        visited_twice,
        "2019-03-29",
        "Samira R. kam am 21.02. nicht zum vereinbarten Termin, auf den Brief vom 22.02. und den Anruf "
        "vom 04.03. kam keine Antwort, und bei den Hausbesuchen am 18.03. und 28.03. wurde niemand "
        "angetroffen und am 28.03. eine Karte dagelassen; bis 11.04. bleibt Zeit für eine Antwort, dann "
        "ist zu entscheiden, wie es weitergeht.",
    ),
    (
        lambda: (
            letter_and_call()
            .announce("2019-03-12")
            .visit("2019-03-18 10:00", card=True)
            .visit("2019-03-28 17:30", card=True)
        ),
        "2019-04-11",
        "Samira R. kam am 21.02. nicht zum vereinbarten Termin, auf den Brief vom 22.02. und den Anruf "
        "vom 04.03. kam keine Antwort, und bei den Hausbesuchen am 18.03. und 28.03. wurde niemand "
        "angetroffen und jeweils eine Karte dagelassen; deshalb ist bis 11.04. zu entscheiden, ob es "
        "noch einen Versuch gibt oder die Beratung abgeschlossen wird.",
    ),
    (
        visited_twice,
        "2019-04-15",
        "Samira R. kam am 21.02. nicht zum vereinbarten Termin, auf den Brief vom 22.02. und den Anruf "
        "vom 04.03. kam keine Antwort, und bei den Hausbesuchen am 18.03. und 28.03. wurde niemand "
        "angetroffen und am 28.03. eine Karte dagelassen; deshalb war bis 11.04. zu entscheiden, ob es "
        "noch einen Versuch gibt oder die Beratung abgeschlossen wird.",
    ),
    (
        lambda: visited_twice().postpone("2019-04-11", "2019-06-26"),
        "2019-04-12",
        "Samira R. kam am 21.02. nicht zum vereinbarten Termin, auf den Brief vom 22.02. und den Anruf "
        "vom 04.03. kam keine Antwort, bei den Hausbesuchen am 18.03. und 28.03. wurde niemand "
        "angetroffen und am 28.03. eine Karte dagelassen, und am 11.04. wurde entschieden, es noch "
        "einmal zu versuchen; der nächste Versuch folgt ab 26.06.",
    ),
    (
        visited_twice,
        "2019-06-26",
        "Samira R. kam am 21.02. nicht zum vereinbarten Termin, auf den Brief vom 22.02. und den Anruf "
        "vom 04.03. kam keine Antwort, und bei den Hausbesuchen am 18.03. und 28.03. wurde niemand "
        "angetroffen und am 28.03. eine Karte dagelassen; deshalb ist bis 10.07. noch ein Versuch "
        "fällig.",
    ),
    (
        lambda: visited_twice().call("2019-06-27 09:00", **RELATIVE),
        "2019-06-28",
        "Samira R. kam am 21.02. nicht zum vereinbarten Termin, auf den Brief vom 22.02. und den Anruf "
        "vom 04.03. kam keine Antwort, bei den Hausbesuchen am 18.03. und 28.03. wurde niemand "
        "angetroffen und am 28.03. eine Karte dagelassen, und den Anruf vom 27.06. beantwortete jemand "
        "aus der Familie oder der Nachbarschaft; bis 04.07. bleibt Zeit für eine Antwort, dann wird der "
        "Abschluss der Beratung vorgeschlagen.",
    ),
    (
        lambda: visited_twice().letter("2019-06-27 09:00"),
        "2019-07-10",
        "Samira R. kam am 21.02. nicht zum vereinbarten Termin, auf den Brief vom 22.02. und den Anruf "
        "vom 04.03. kam keine Antwort, bei den Hausbesuchen am 18.03. und 28.03. wurde niemand "
        "angetroffen und am 28.03. eine Karte dagelassen, und auf den Brief vom 27.06. kam keine "
        "Antwort; deshalb wird seit 04.07. vorgeschlagen, die Beratung abzuschließen.",
    ),
    # Paused, resumed, postponed, corrected
    (
        lambda: missed().letter("2019-02-22 09:00").pause("2019-02-25"),
        "2019-03-01",
        "Samira R. kam am 21.02. nicht zum vereinbarten Termin, und auf den Brief vom 22.02. kam keine "
        "Antwort; die Beratung pausiert, deshalb ist zurzeit nichts zu tun.",
    ),
    (
        lambda: missed().letter("2019-02-22 09:00").pause("2019-04-08").resume("2019-06-03"),
        "2019-06-04",
        "Samira R. kam am 21.02. nicht zum vereinbarten Termin, auf den Brief vom 22.02. kam keine "
        "Antwort, und seit 03.06. läuft die Beratung wieder; deshalb ist zwischen 11.06. und 14.06. der "
        "andere Weg an der Reihe, ein Anruf.",
    ),
    (
        lambda: letter_and_call().postpone("2019-03-12", "2019-03-25"),
        "2019-03-13",
        "Samira R. kam am 21.02. nicht zum vereinbarten Termin, auf den Brief vom 22.02. und den Anruf "
        "vom 04.03. kam keine Antwort, und am 12.03. wurde der Schritt auf den 25.03. aufgeschoben; nach"
        " zwei Versuchen auf verschiedenen Wegen ist bis dahin ein Hausbesuch fällig. Er wird 2 Werktage"
        " vorher angekündigt, also bis spätestens 21.03.",
    ),
    (
        lambda: missed().postpone("2019-02-22", "2019-03-04"),
        "2019-03-05",
        "Samira R. kam am 21.02. nicht zum vereinbarten Termin, und am 22.02. wurde der Schritt auf den "
        "04.03. aufgeschoben; deshalb war bis dahin ein Brief oder ein Anruf fällig.",
    ),
    (
        lambda: (
            missed()
            .outcome("A", "no_show", recorded="2019-02-25", **EXCUSED)
            .outcome("A", "no_show", recorded="2019-03-11")
        ),
        "2019-03-11",
        "Samira R. kam am 21.02. nicht zum vereinbarten Termin, und am 11.03. wurde ein Eintrag ergänzt "
        "oder berichtigt; deshalb ist bis 13.03. ein Brief oder ein Anruf fällig.",
    ),
    (
        lambda: (
            missed()
            .no_show("B", "2019-02-28 10:00", **UNDECIDED)
            .outcome("A", "no_show", recorded="2019-03-01", **EXCUSED)
        ),
        "2019-03-01",
        "Samira R. kam am 21.02. und 28.02. nicht zu den vereinbarten Terminen, und die Entschuldigung "
        "für den 21.02. wurde anerkannt; deshalb war bis 25.02. ein Brief oder ein Anruf fällig.",
    ),
    (
        lambda: (
            missed()
            .no_show("B", "2019-02-28 10:00", **UNDECIDED)
            .outcome("A", "cancelled_us", recorded="2019-03-01")
        ),
        "2019-03-01",
        "Samira R. kam am 28.02. nicht zum vereinbarten Termin, und der Eintrag zum 21.02. wurde "
        "berichtigt; deshalb war bis 25.02. ein Brief oder ein Anruf fällig.",
    ),
    (
        lambda: visited_twice().pause("2019-06-27").resume("2019-08-01"),
        "2019-08-02",
        "Samira R. kam am 21.02. nicht zum vereinbarten Termin, auf den Brief vom 22.02. und den Anruf "
        "vom 04.03. kam keine Antwort, bei den Hausbesuchen am 18.03. und 28.03. wurde niemand "
        "angetroffen und am 28.03. eine Karte dagelassen, und seit 01.08. läuft die Beratung wieder; "
        "deshalb ist bis 15.08. noch ein Versuch fällig.",
    ),
    (
        lambda: missed().no_show("B", "2019-02-28 10:00").outcome("A", "held", recorded="2019-03-01"),
        "2019-03-01",
        "Samira R. kam am 28.02. nicht zum vereinbarten Termin, und am 01.03. wurde ein Eintrag ergänzt "
        "oder berichtigt; deshalb ist bis 05.03. ein Brief oder ein Anruf fällig.",
    ),
    # What was corrected away is not claimed, and no step is said to follow from its own postponement
    (
        lambda: taken().no_show("B", "2019-01-03 10:00").outcome("B", "cancelled_us", recorded="2019-01-04"),
        "2019-01-04",
        "Seit der Übernahme der Akte am 20.12.2018 gab es mit Samira R. noch kein Gespräch, und der "
        "Eintrag zum 03.01. wurde berichtigt; deshalb ist bis 08.01. ein Brief oder ein Anruf fällig.",
    ),
    (
        lambda: (
            taken()
            .no_show("B", "2019-01-03 10:00")
            .talk("2019-01-04 10:00")
            .outcome("B", "cancelled_us", recorded="2019-01-07")
        ),
        "2019-01-07",
        "Die Akte von Samira R. wurde am 20.12.2018 übernommen; am 04.01. gab es Kontakt.",
    ),
    (
        lambda: missed().talk("2019-02-22 10:00").outcome("A", "cancelled_us", recorded="2019-02-25"),
        "2019-02-25",
        "Der Termin von Samira R. am 21.02. war als versäumt eingetragen; am 22.02. gab es wieder Kontakt.",
    ),
    (
        lambda: missed().letter("2019-02-22 09:00").outcome("A", "no_show", recorded="2019-02-25", **EXCUSED),
        "2019-02-25",
        "Samira R. kam am 21.02. nicht zum vereinbarten Termin, und auf den Brief vom 22.02. kam zunächst "
        "keine Antwort; am 25.02. wurde die Entschuldigung anerkannt.",
    ),
    (
        lambda: visited_twice().letter("2019-06-27 09:00").postpone("2019-07-04", "2019-07-15"),
        "2019-07-05",
        "Samira R. kam am 21.02. nicht zum vereinbarten Termin, auf den Brief vom 22.02. und den Anruf "
        "vom 04.03. kam keine Antwort, bei den Hausbesuchen am 18.03. und 28.03. wurde niemand "
        "angetroffen und am 28.03. eine Karte dagelassen, auf den Brief vom 27.06. kam keine Antwort, "
        "und am 04.07. wurde der Schritt auf den 15.07. aufgeschoben; seit 04.07. wird vorgeschlagen, "
        "die Beratung abzuschließen.",
    ),
    (
        lambda: visited_once().holds(Kind.NO_HOME_VISITS, "2019-03-20"),
        "2019-03-21",
        "Samira R. kam am 21.02. nicht zum vereinbarten Termin, auf den Brief vom 22.02. und den Anruf "
        "vom 04.03. kam keine Antwort, beim Hausbesuch am 18.03. wurde niemand angetroffen, und seit "
        "20.03. sind Hausbesuche nicht gewünscht; bis 01.04. bleibt Zeit für eine Antwort, dann ist zu "
        "entscheiden, wie es weitergeht.",
    ),
    # How it ended
    (
        lambda: letter_and_call().talk("2019-03-06 11:00"),
        "2019-03-06",
        "Samira R. kam am 21.02. nicht zum vereinbarten Termin, und auf den Brief vom 22.02. und den "
        "Anruf vom 04.03. kam zunächst keine Antwort; am 06.03. gab es wieder Kontakt.",
    ),
    (
        lambda: taken().talk("2019-01-03 10:00"),
        "2019-01-04",
        "Die Akte von Samira R. wurde am 20.12.2018 übernommen; am 03.01. gab es Kontakt.",
    ),
    (
        lambda: missed().outcome("A", "no_show", recorded="2019-02-25", **EXCUSED),
        "2019-02-25",
        "Samira R. kam am 21.02. nicht zum vereinbarten Termin; am 25.02. wurde die Entschuldigung "
        "anerkannt.",
    ),
    (
        lambda: (
            missed()
            .no_show("B", "2019-02-28 10:00", **UNDECIDED)
            .outcome("A", "no_show", recorded="2019-03-01", **EXCUSED)
            .outcome("B", "no_show", recorded="2019-03-05", **EXCUSED)
        ),
        "2019-03-05",
        "Samira R. kam am 21.02. und 28.02. nicht zu den vereinbarten Terminen; am 05.03. wurde auch die"
        " letzte Entschuldigung anerkannt.",
    ),
    (
        lambda: missed().outcome("A", "cancelled_us", recorded="2019-02-25"),
        "2019-02-25",
        "Der Termin von Samira R. am 21.02. war als versäumt eingetragen; am 25.02. wurde dieser Eintrag"
        " berichtigt.",
    ),
    (
        lambda: missed().outcome("A", "held", recorded="2019-02-25"),
        "2019-02-25",
        "Der Termin von Samira R. am 21.02. war als versäumt eingetragen; am 25.02. wurde dieser Eintrag"
        " berichtigt.",
    ),
    (
        lambda: missed().no_show("B", "2019-02-28 10:00").outcome("B", "held", recorded="2019-03-01"),
        "2019-03-01",
        "Samira R. kam am 21.02. nicht zum vereinbarten Termin; am 28.02. gab es wieder Kontakt.",
    ),
    (
        lambda: taken().no_show("B", "2019-01-03 10:00").outcome("B", "held", recorded="2019-01-04"),
        "2019-01-04",
        "Die Akte von Samira R. wurde am 20.12.2018 übernommen; am 03.01. gab es Kontakt.",
    ),
    (
        lambda: missed().talk("2019-02-25 10:00").end("2019-02-25 10:30", EndReason.DECLINED),
        "2019-02-25",
        "Samira R. kam am 21.02. nicht zum vereinbarten Termin; am 25.02. wurde die Beratung abgelehnt.",
    ),
    (
        lambda: missed().letter("2019-02-22 09:00").close("2019-02-25"),
        "2019-02-25",
        "Samira R. kam am 21.02. nicht zum vereinbarten Termin, und auf den Brief vom 22.02. kam keine "
        "Antwort; am 25.02. wurde die Beratung abgeschlossen.",
    ),
    (
        lambda: missed().end("2019-02-25", EndReason.MANAGER),
        "2019-02-25",
        "Samira R. kam am 21.02. nicht zum vereinbarten Termin; am 25.02. wurde das Nachgehen beendet.",
    ),
]


@pytest.mark.parametrize(("story", "when", "text"), SITUATIONS)
def test_why_now_read_aloud(story, when, text):
    with translation.override("de"):
        assert read_aloud(story(), when) == text


def test_no_text_doubles_a_word_or_a_full_stop():
    for _story, _when, text in SITUATIONS:
        words = text.rstrip(".").split()
        assert all(one != other for one, other in pairwise(words)), text
        assert ".." not in text
        assert text.endswith(".")
        assert text.count(NAME) == 1
