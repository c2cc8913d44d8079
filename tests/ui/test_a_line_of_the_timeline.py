"""What a line of the timeline shows closed, and what only when it is opened."""

import datetime

from clients.timeline import TimelineEntry
from ui.rows import timeline_entry

AT = datetime.datetime(2019, 3, 14, 9, 0, tzinfo=datetime.UTC)


def written(**facts):
    entry = TimelineEntry(at=AT, key="contact-1", kind="talk", icon="talk", title="Beratung im Büro", **facts)
    closed, opened = str(timeline_entry(entry)).split("</summary>")
    return closed, opened


def test_a_talk_shows_the_first_line_of_its_note_and_the_others_when_opened():
    closed, opened = written(is_talk=True, detail=("Erste Zeile.", "Zweite Zeile."))
    assert '<span class="tl-note" dir="auto">Erste Zeile.</span>' in closed
    assert "Erste Zeile." not in opened
    assert '<p dir="auto">Zweite Zeile.</p>' in opened
    assert "Zweite Zeile." not in closed


def test_anything_else_stays_one_line():
    closed, opened = written(detail=("Passt nicht mehr zur Lage.",))
    assert "Passt nicht mehr" not in closed
    assert "Passt nicht mehr" in opened


def test_who_recorded_it_is_said_once():
    closed, opened = written(by="Jana Rehbaum, erfasst am 14.03.2019, 10:00")
    assert (closed + opened).count("erfasst") == 1


def test_what_was_typed_is_escaped():
    closed, _opened = written(is_talk=True, detail=("<b>laut</b>",))
    assert "&lt;b&gt;laut" in closed
