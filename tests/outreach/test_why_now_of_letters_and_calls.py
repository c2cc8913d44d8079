"""What is read of letters and calls: what began the ladder, the other way, and a search for an address."""

import pytest

from appointments.choices import Channel, Result, SpokenWith
from clients.rules.reach_periods import Kind
from tests.outreach.reading_aloud import (
    RELATIVE,
    UNDECIDED,
    invited,
    is_well_put,
    read_aloud,
    taken,
    unreachable,
)
from tests.outreach.story import Story, letter_and_call, missed

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
]


@pytest.mark.parametrize(("story", "when", "text"), SITUATIONS)
def test_why_now_read_aloud(story, when, text):
    assert read_aloud(story(), when) == text
    assert is_well_put(text)
