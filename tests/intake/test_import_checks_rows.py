"""Columns find their meaning and rows are judged as the rules for the allocation list say. No database."""

from datetime import date
from itertools import product
from pathlib import Path
from typing import NamedTuple

import pytest

from clients.rules import duplicates, sounds
from clients.rules.dates import Precision
from clients.rules.likeness import MOST_WORDS
from clients.rules.likeness import words as words_of
from intake.importing import judging
from intake.importing.checks import (
    MOST_SUSPECTED,
    TOO_MANY,
    Decision,
    Proposal,
    duplicates_in_list,
    propose,
    stands_alone,
)
from intake.importing.countries import STATELESS, UNCLEAR, read_nationality
from intake.importing.findings import Finding, FindingCode, Level
from intake.importing.headers import TargetField
from intake.importing.mapping import mapping_faults, propose_mapping, samples
from intake.importing.people import ReadRow
from intake.importing.rows import read_row
from intake.importing.uploads import read_table
from intake.importing.values import (
    read_languages,
    read_phones,
    read_residence_status,
)

DATA = Path(__file__).parent.parent / "data"
IMPORTED_ON = date(2018, 1, 30)


class CheckedRow(NamedTuple):
    read: ReadRow
    findings: tuple[Finding, ...]
    proposal: Proposal


def judged(rows: list[ReadRow], today: date = IMPORTED_ON) -> list[CheckedRow]:
    """Everything about the rows of one list that can be said without looking into any file."""
    twice = duplicates_in_list(rows)
    return [
        CheckedRow(row, row.findings + twice.get(position, ()), proposal)
        for position, (row, proposal) in enumerate(zip(rows, propose(rows, today), strict=True))
    ]


def checked(
    name: str, today: date = IMPORTED_ON, changes: dict[str, TargetField] | None = None
) -> list[CheckedRow]:
    table = read_table((DATA / name).read_bytes(), name)
    mapping = [
        (changes or {}).get(cell, field)
        for cell, field in zip(table.header, propose_mapping(table), strict=True)
    ]
    assert mapping_faults(mapping) == ()
    return judged([read_row(row.cells, mapping, row.line, today) for row in table.rows], today)


@pytest.fixture(scope="module")
def allocation() -> dict[int, CheckedRow]:
    return {int(row.read.values.running_number): row for row in checked("allocation_list.csv")}


def codes(row: CheckedRow, level: Level) -> set[FindingCode]:
    return {finding.code for finding in row.findings if finding.level is level}


def rows_with(rows: dict[int, CheckedRow], level: Level) -> set[int]:
    return {number for number, row in rows.items() if codes(row, level)}


def test_rows_8_and_26_have_impossible_dates_and_row_18_a_future_one(allocation):
    assert rows_with(allocation, Level.ERROR) == {8, 18, 26}
    assert codes(allocation[8], Level.ERROR) == {FindingCode.NO_SUCH_DAY}
    assert codes(allocation[26], Level.ERROR) == {FindingCode.NO_SUCH_DAY}
    assert codes(allocation[18], Level.ERROR) == {FindingCode.BIRTH_IN_FUTURE}
    assert {allocation[number].proposal.decision for number in (8, 18, 26)} == {Decision.LEAVE_OUT}


def test_row_9_is_imported_with_hints(allocation):
    row = allocation[9]
    assert codes(row, Level.HINT) == {
        FindingCode.BIRTH_YEAR_ONLY,
        FindingCode.NO_GIVEN_NAME,
        FindingCode.ARRIVAL_NOT_EXACT,
    }
    assert row.proposal.decision is Decision.OWN_FILE
    born = row.read.values.born
    assert born is not None
    assert (born.value.year, born.precision) == (1979, Precision.YEAR)


def test_rows_16_and_24_carry_the_only_warnings(allocation):
    assert rows_with(allocation, Level.WARNING) == {16, 24}
    assert codes(allocation[16], Level.WARNING) == {FindingCode.ASSIGNED_BEFORE_ARRIVAL}
    assert codes(allocation[24], Level.WARNING) == {FindingCode.GERMAN_NATIONALITY}


def test_three_spellings_and_an_identical_row_are_suspected_and_nobody_else(allocation):
    assert rows_with(allocation, Level.DUPLICATE) == {4, 5, 13, 22, 23}
    others = {number: {f.values["row"] for f in allocation[number].findings} for number in (4, 5, 13, 22, 23)}
    assert others == {4: {"5", "13"}, 5: {"4", "13"}, 13: {"4", "5"}, 22: {"23"}, 23: {"22"}}


def test_a_long_list_is_compared_in_portions_with_the_same_result(allocation):
    rows = [row.read for row in allocation.values()]
    whole = duplicates_in_list(rows)
    portions = [duplicates_in_list(rows, start, start + 5) for start in range(0, len(rows), 5)]
    joined = {n: sum((part.get(n, ()) for part in portions), ()) for n in whole}
    assert joined == whole


def test_a_literal_repetition_is_proposed_to_be_left_out_and_a_similar_row_is_not(allocation):
    assert allocation[22].proposal.decision is Decision.OWN_FILE
    assert allocation[23].proposal.decision is Decision.LEAVE_OUT
    assert allocation[5].proposal.decision is Decision.OWN_FILE


def test_row_19_stays_text(allocation):
    assert allocation[19].read.values.surname == "=SUMME(A1:A9)"
    assert codes(allocation[19], Level.HINT) == {FindingCode.STARTS_LIKE_FORMULA}


def test_who_is_under_16_on_the_day_of_import_is_proposed_as_relative_of_the_head(allocation):
    relatives = {n for n, row in allocation.items() if row.proposal.decision is Decision.RELATIVE}
    assert relatives == {3, 11, 15}
    heads = {number: allocation[number].proposal.head for number in relatives}
    assert heads == {3: 0, 11: 9, 15: 13}


def test_a_child_that_turned_16_by_the_day_of_import_gets_an_own_file():
    rows = checked("allocation_list.csv", today=date(2026, 11, 23))
    assert rows[10].proposal.decision is Decision.OWN_FILE
    assert rows[2].proposal.decision is Decision.RELATIVE


def test_remarks_are_not_taken_over(allocation):
    table = read_table((DATA / "allocation_list.csv").read_bytes(), "allocation_list.csv")
    assert propose_mapping(table)[17] is TargetField.IGNORE
    assert "schwanger" not in str(allocation[2])


def test_values_of_the_list_become_codes(allocation):
    first = allocation[1].read.values
    assert (first.gender, first.nationality, first.residence_status) == ("m", "SY", "gfk")
    assert first.phones == ("+4915100000001",)
    assert (first.family_key, first.accommodation, first.postcode) == ("F-101", "AU Blankenloch 1", "76297")
    assert allocation[6].read.values.languages == ("mnk", "en")
    assert allocation[6].read.values.residence_status == "duldung"
    assert allocation[22].read.values.nationality == STATELESS
    assert allocation[23].read.values.nationality == UNCLEAR
    assert allocation[25].read.values.born is not None


def test_the_file_with_english_headers_works_by_the_proposed_mapping():
    rows = checked("camp_persons.csv", today=date(2026, 11, 23))
    people = [(row.read.values.surname, row.read.values.given_name, row.read.values.gender) for row in rows]
    assert people[0] == ("Barzanqal", "Idris", "m")
    assert rows[2].read.values.external_number == "900101-a"
    assert not any(codes(row, Level.ERROR) or codes(row, Level.WARNING) for row in rows)


def test_the_marked_head_of_the_family_takes_the_children_along():
    rows = checked("camp_persons.csv", today=date(2026, 11, 23))
    assert rows[2].proposal.decision is Decision.RELATIVE
    assert rows[2].proposal.head == 1


def test_a_list_with_renamed_and_permuted_columns_works_by_mapping_alone():
    rows = checked(
        "list_permuted.csv",
        today=date(2026, 11, 23),
        changes={
            "Zu erreichen unter": TargetField.PHONE,
            "Ruf": TargetField.GIVEN_NAME,
            "Stammname": TargetField.SURNAME,
            "Heimat": TargetField.NATIONALITY,
            "Start": TargetField.BIRTH_DATE,
            "Kann sprechen": TargetField.LANGUAGES,
            "Wohnt bei": TargetField.ACCOMMODATION,
            "Papier": TargetField.RESIDENCE_STATUS,
            "Gruppe": TargetField.FAMILY_KEY,
        },
    )
    oksana, danylo, baraka = (row.read.values for row in rows)
    assert (oksana.surname, oksana.nationality, oksana.languages) == ("Żurawel-Testenko", "UA", ("uk", "ru"))
    assert oksana.residence_status == "ukraine_24"
    assert rows[1].proposal.decision is Decision.RELATIVE
    assert (baraka.nationality, baraka.residence_status) == ("CG", "fiktion")
    assert baraka.phones == ("+491760000000", "+497216080001")
    assert baraka.born is not None
    assert baraka.born.precision == Precision.MONTH
    assert danylo.family_key == "A"


def test_surname_and_given_name_may_share_a_column():
    table = read_table(b"Name;geb. am\nMuster, Ada;1.2.1990\nOhnekomma;3.4.1980\nZweite, Bo;1990\n", "a.csv")
    mapping = propose_mapping(table)
    assert mapping[0] is TargetField.FULL_NAME
    ada, alone, _bo = (read_row(row.cells, mapping, row.line, IMPORTED_ON) for row in table.rows)
    assert (ada.values.surname, ada.values.given_name) == ("Muster", "Ada")
    assert (alone.values.surname, alone.values.given_name) == ("Ohnekomma", "")


def test_a_mapping_needs_a_surname_and_no_field_twice():
    fields = TargetField
    assert mapping_faults([fields.GIVEN_NAME, fields.PHONE, fields.PHONE])
    assert mapping_faults([fields.SURNAME, fields.BIRTH_DATE, fields.BIRTH_DATE])
    assert mapping_faults([fields.FULL_NAME, fields.SURNAME])
    assert mapping_faults([fields.SURNAME, fields.PHONE, fields.PHONE, fields.IGNORE, fields.IGNORE]) == ()


def test_samples_show_different_values():
    table = read_table(b"Name;Ort\nA;Stutensee\nB;Stutensee\nC;\nD;Bruchsal\n", "a.csv")
    assert samples(table.rows, 1) == ("Stutensee", "Bruchsal")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("AE § 25 Abs. 2 Alt. 1", "gfk"),
        ("§ 25 II 1. Alt.", "gfk"),
        ("§25(2) Alt.2 AufenthG", "subs"),
        ("subsidiärer Schutz", "subs"),
        ("AE § 25 Abs. 2", None),
        ("AE § 25 Abs. 3", "abschiebungsverbot"),
        ("AE § 25 Abs. 1", "asyl_16a"),
        ("§ 25a AufenthG", "bleibe_25ab"),
        ("Duldung § 60a", "duldung"),
        ("Ausbildungsduldung § 60c", "ausbildung_beschaeftigung"),
        ("Aufenthaltsgestattung", "gestattung"),
        ("Fiktionsbescheinigung § 81 Abs. 4", "fiktion"),
        ("§ 24 AufenthG", "ukraine_24"),
        ("Chancen-AE § 104c", "chancen_104c"),
        ("AE § 28 Abs. 1", "familie"),
        ("Niederlassungserlaubnis", "ne"),
        ("AE bis 30.06.2019", None),
        ("OPEN", None),
    ],
)
def test_residence_statuses_are_read_as_offices_write_them(text, code):
    assert read_residence_status(text) == code


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Syrien", "SY"),
        ("SY", "SY"),
        ("SYR", "SY"),
        ("Türkei", "TR"),
        ("Turkey", "TR"),
        ("Kosovo", "XK"),
        ("Mazedonien", "MK"),
        ("staatenlos", STATELESS),
        ("ungeklärt", UNCLEAR),
        ("Syrien / Türkei", "SY"),
        ("deutsch", "DE"),
        ("Atlantis", None),
    ],
)
def test_nationalities_are_read_in_german_english_and_as_codes(text, code):
    assert read_nationality(text) == code


def test_languages_are_split_and_unknown_words_are_told():
    assert read_languages("Mandinka / Englisch") == (("mnk", "en"), ())
    assert read_languages("Dari, Farsi und Kurmandschi") == (("prs", "fa", "kmr"), ())
    assert read_languages("Arabisch; etwas Deutsch") == (("ar",), ("etwas Deutsch",))


@pytest.mark.parametrize("text", ["0151 00000004", "+49 151 00000004", "0049 151 00000004", "0151/00000004"])
def test_four_ways_to_write_one_phone_number_give_one_number(text):
    assert read_phones(text) == (("+4915100000004",), ())


def test_what_is_not_understood_is_a_hint_and_not_taken_over():
    mapping = [TargetField.SURNAME, TargetField.NATIONALITY, TargetField.PHONE, TargetField.RESIDENCE_UNTIL]
    row = read_row(["Muster", "Atlantis", "auf Anfrage", "2019"], mapping, 2, IMPORTED_ON)
    assert not row.has_error
    assert (row.values.nationality, row.values.phones, row.values.residence_until) == ("", (), None)
    told = {finding.field for finding in row.findings if finding.level is Level.HINT}
    not_given = {TargetField.GIVEN_NAME, TargetField.BIRTH_DATE}
    assert told == not_given | {TargetField.NATIONALITY, TargetField.PHONE, TargetField.RESIDENCE_UNTIL}


def test_a_two_digit_year_is_not_guessed():
    row = read_row(["Muster", "14.03.86"], [TargetField.SURNAME, TargetField.BIRTH_DATE], 2, IMPORTED_ON)
    assert [finding.code for finding in row.findings if finding.level is Level.ERROR] == [
        FindingCode.SHORT_YEAR
    ]


def test_a_minor_alone_on_the_list_gets_an_own_file_and_a_hint():
    row = read_row(["Muster", "14.03.2010"], [TargetField.SURNAME, TargetField.BIRTH_DATE], 2, IMPORTED_ON)
    (proposal,) = propose([row], IMPORTED_ON)
    assert proposal.decision is Decision.OWN_FILE
    assert stands_alone(row, proposal, IMPORTED_ON)


def test_a_finding_survives_storage_and_speaks_german(allocation):
    finding = next(f for f in allocation[4].findings if f.values.get("row") == "5")
    restored = Finding.from_json(finding.as_json())
    assert restored == finding
    assert restored.message.startswith("Vielleicht dieselbe Person wie Zeile 5: ")
    assert allocation[8].findings[0].message == "Geburtsdatum: Den Tag 30.02.2016 gibt es nicht."


NAME_AND_BIRTH = [TargetField.SURNAME, TargetField.GIVEN_NAME, TargetField.BIRTH_DATE]


def crowd(size: int) -> list[ReadRow]:
    """Different people of one surname, all of them born "01.01.", as papers say that know the year only."""
    given = [f"{one}o{two}i{three}" for one, two, three in product("mlrkbft", repeat=3)]
    cells = [["Ahmadi", given[n % len(given)], "01.01.1990"] for n in range(size)]
    return [read_row(row, NAME_AND_BIRTH, n + 2, IMPORTED_ON) for n, row in enumerate(cells)]


def test_a_portion_compares_each_row_with_a_bounded_number_of_others(monkeypatch):
    compared = []
    monkeypatch.setattr(duplicates, "suspect", lambda one, other: compared.append(one))
    rows = crowd(650)
    duplicates_in_list(rows, 600, 650)
    assert len(compared) == 50 * duplicates.MOST_COMPARED
    assert judging.PORTION * duplicates.MOST_COMPARED <= 50_000


def test_a_row_among_too_many_alike_says_that_not_all_were_compared():
    found = duplicates_in_list(crowd(duplicates.MOST_COMPARED + 2))
    said = [finding.message for finding in found[duplicates.MOST_COMPARED + 1]]
    assert said[-1].startswith("Sehr viele Personen haben einen ähnlichen Namen")
    assert TOO_MANY not in found.get(duplicates.MOST_COMPARED, ())


def test_the_same_person_five_hundred_times_is_named_with_the_nearest_rows_only():
    rows = [read_row(["Muster", "Ada", "14.03.1986"], NAME_AND_BIRTH, n, IMPORTED_ON) for n in range(500)]
    found = duplicates_in_list(rows)
    assert max(len(findings) for findings in found.values()) <= 2 * MOST_SUSPECTED + 1
    assert [finding.values["position"] for finding in found[499][:-1]] == ["494", "495", "496", "497", "498"]
    assert found[499][-1] == TOO_MANY
    assert sum(proposal.decision is Decision.LEAVE_OUT for proposal in propose(rows, IMPORTED_ON)) == 499


def test_a_name_of_many_words_is_compared_by_its_first_ones(monkeypatch):
    asked = []
    likeness = sounds.likeness
    monkeypatch.setattr(sounds, "likeness", lambda one, other: asked.append(one) or likeness(one, other))
    long = [" ".join(f"{letter}{chr(97 + number % 26)}x" for number in range(60)) for letter in "bd"]
    duplicates.suspect(duplicates.PersonTraits(long[0], long[1]), duplicates.PersonTraits(long[1], long[0]))
    assert len(asked) < 8 * MOST_WORDS**2


def test_of_a_name_of_many_words_only_the_first_ones_count():
    words = [f"{chr(97 + number % 26)}ort" for number in range(60)]
    assert len(words_of("-".join(words))) == MOST_WORDS
    assert words_of("-".join(words)) == words_of("-".join(words[:MOST_WORDS]))


def test_a_cell_of_many_unknown_words_is_one_remark():
    row = read_row(
        ["Muster", "q w e r t z u i o p".replace(" ", "/")],
        [TargetField.SURNAME, TargetField.LANGUAGES],
        2,
        IMPORTED_ON,
    )
    said = [finding for finding in row.findings if finding.code is FindingCode.NOT_UNDERSTOOD]
    assert [finding.values["value"] for finding in said] == ["q/w/e/r/t/z/u/i/o/p"]
