"""What is read when counselling paused, an entry was corrected or the ladder ended."""

import pytest

from clients.rules.reach_periods import Kind
from outreach.choices import EndReason
from tests.outreach.reading_aloud import EXCUSED, UNDECIDED, is_well_put, read_aloud, taken
from tests.outreach.story import letter_and_call, missed, visited_once, visited_twice

SITUATIONS = [
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
        "Der Termin von Samira R. am 21.02. war als versäumt eingetragen; am 22.02. gab es Kontakt.",
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
        "Anruf vom 04.03. kam zunächst keine Antwort; am 06.03. gab es Kontakt.",
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
        "Samira R. kam am 21.02. nicht zum vereinbarten Termin; am 28.02. gab es Kontakt.",
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
    assert read_aloud(story(), when) == text
    assert is_well_put(text)
