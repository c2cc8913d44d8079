"""What is read of home visits: the first, the second, and what is decided when neither met anybody."""

import pytest

from appointments.choices import Channel, Result, SpokenWith
from clients.rules.reach_periods import Kind
from outreach.rules import LadderPolicy
from tests.outreach.reading_aloud import (
    MESSAGE_WITH_RELATIVE,
    RELATIVE,
    UNDECIDED,
    is_well_put,
    missed_twice,
    read_aloud,
    taken,
)
from tests.outreach.story import Story, letter_and_call, missed, visited_once, visited_twice

SITUATIONS = [
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
]


@pytest.mark.parametrize(("story", "when", "text"), SITUATIONS)
def test_why_now_read_aloud(story, when, text):
    assert read_aloud(story(), when) == text
    assert is_well_put(text)
