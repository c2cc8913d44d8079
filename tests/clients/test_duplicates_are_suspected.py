from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clients.choices import DuplicateReason, Precision
from clients.rules.dates import UncertainDate, parse_uncertain
from clients.rules.duplicates import PersonTraits, rank, suspect, suspected_among


def person(surname, given, born="", phone=""):
    return PersonTraits(surname, given, parse_uncertain(born) if born else None, phone)


ALLOCATION_LIST = [
    person("Al-Hariri", "Khaled", "14.03.1986"),
    person("Al-Hariri", "Rana", "01.01.1990"),
    person("Al-Hariri", "Yusuf", "11.07.2012"),
    person("Nazari", "Mohammad Reza", "01.01.1995", "+4915100000004"),
    person("Nazary", "Mohamad Reza", "01.01.1995", "+4915100000004"),
    person("Touray", "Lamin", "23.05.1997"),
    person("Haile", "Selamawit", "09.09.1991"),
    person("Haile", "Abel"),
    person("Hussein", "", "1979"),
    person("Çelik-Öztürk", "Gül", "17.12.1983"),
    person("Çelik-Öztürk", "Deniz", "03.03.2009"),
    person("Osman", "Faduma Ali", "01.07.1988"),
    person("Reza Nazari", "Mohammad", "01.01.1995"),
    person("Okafor", "Blessing", "28.10.1994"),
    person("Okafor", "Emmanuel", "22.01.2017"),
    person("Ahmadi", "Zahra", "05.11.1999"),
    person("Krasniqi", "Arben", "19.02.1971"),
    person("Al Ahmad", "Mohammed"),
    person("=SUMME(A1:A9)", "Test", "02.02.1980"),
    person("Tesfay", "Mebrahtu", "12.06.1985"),
    person("Jallow", "Fatou", "08.08.1992"),
    person("Sharifi", "Ali", "21.03.2000"),
    person("Sharifi", "Ali", "21.03.2000"),
    person("Groß", "Jürgen", "15.05.1960"),
    person("Mahmoud", "Layla", "29.02.1988"),
    person("Mahmoud", "Sara"),
]


def suspected_pairs(people):
    return {(one, other) for other, hits, _all in suspected_among(people) for one, _suspicion in hits}


def test_an_allocation_list_yields_exactly_its_suspected_rows():
    pairs = {(one + 1, other + 1) for one, other in suspected_pairs(ALLOCATION_LIST)}
    assert pairs == {(4, 5), (4, 13), (5, 13), (22, 23)}


@pytest.mark.parametrize(
    ("one", "other", "reasons"),
    [
        (
            person("Sharifi", "Ali", "21.03.2000"),
            person("sharifi", "ALI", "21.03.2000"),
            (DuplicateReason.SAME_NAME, DuplicateReason.SAME_BIRTH_DATE),
        ),
        (
            person("Ali", "Mohammed", "14.03.1986"),
            person("Muhammad", "Ali", "14.03.1986"),
            (DuplicateReason.SWAPPED_NAME, DuplicateReason.SAME_BIRTH_DATE),
        ),
        (
            person("Ковальчук", "Олександра", "02.05.1991"),
            person("Kovalchuk", "Oleksandra", "02.05.1991"),
            (DuplicateReason.SAME_NAME, DuplicateReason.SAME_BIRTH_DATE),
        ),
        (
            person("Yusufi", "Mohammed", "14.03.1986"),
            person("Jussufi", "محمد", "14.03.1985"),
            (DuplicateReason.SIMILAR_NAME, DuplicateReason.SIMILAR_BIRTH_DATE),
        ),
        (
            person("Nazari", "Mohammad Reza", "01.01.1995"),
            person("Nazary", "Mohamad Reza", "17.05.1995"),
            (DuplicateReason.SIMILAR_NAME, DuplicateReason.SIMILAR_BIRTH_DATE),
        ),
        (
            person("Nazari", "Mohammad", "07.05.1995"),
            person("Nazari", "Mohammad", "05.07.1995"),
            (DuplicateReason.SAME_NAME, DuplicateReason.SIMILAR_BIRTH_DATE),
        ),
        (
            person("Hussein", "", "14.03.1986"),
            person("Hussain", "Sami", "14.03.1986"),
            (DuplicateReason.GIVEN_NAME_MISSING, DuplicateReason.SAME_BIRTH_DATE),
        ),
        (
            person("Alahmad", "Sami", "14.03.1986", "+4915100000004"),
            person("Al Ahmad", "Sami", "11.11.1971", "+4915100000004"),
            (DuplicateReason.SAME_NAME, DuplicateReason.SAME_PHONE),
        ),
    ],
)
def test_the_same_person_is_suspected_under_another_spelling(one, other, reasons):
    found = suspect(one, other)
    assert found is not None
    assert found.reasons == reasons


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (
            person("Okafor", "Blessing", "28.10.1994", "+49151"),
            person("Okafor", "Emmanuel", "28.10.1994", "+49151"),
        ),
        (person("Mahmoud", "Layla"), person("Mahmoud", "Sara")),
        (person("Hussein", "", "1979"), person("Hussein", "Sami", "1979")),
        (person("Nazari", "Ali", "14.03.1986"), person("Nazari", "Ali", "02.11.1971")),
        (person("Nazari", "Ali"), person("Nazari", "Ola")),
        (person("", "Ali"), person("", "Ali")),
        # Of two given names either may be the surname, and many were born on 1 January.
        (person("Ali", "Hassan", "01.01.1990"), person("Hassan", "Ali", "01.01.1990")),
        (person("Bah", "Mamadou", "01.01.1996"), person("Bah", "Mamadou Saliou", "01.01.1996")),
        (person("Sadat", "Karim", "11.11.2000"), person("Sadat", "Karima", "11.11.2000")),
    ],
)
def test_relatives_and_namesakes_are_not_suspected(one, other):
    assert suspect(one, other) is None


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("07.05.1995", "05.07.1995"),
        ("14.03.1986", "14.03.1996"),
        ("14.03.1986", "14.03.1968"),
        ("12.06.1990", "21.06.1990"),
        ("28.02.1998", "20.02.1998"),
        ("21.03.1986", "01.01.1987"),
        ("21.03.1986", "1986"),
        ("15.06.1989", "15.07.1988"),
    ],
)
def test_a_slip_of_a_birth_date_is_suspected_where_the_names_are_equal(one, other):
    found = suspect(person("Okafor", "Chinedu", one), person("Okafor", "Chinedu", other))
    assert found is not None
    assert found.reasons == (DuplicateReason.SAME_NAME, DuplicateReason.SIMILAR_BIRTH_DATE)
    assert suspect(person("Okafor", "Chinedu", one), person("Okafor", "Chidi", other)) is None


@pytest.mark.parametrize("other", ["03.09.1986", "14.11.1986", "14.03.1973", "01.01.1989", "25.12.1985"])
def test_namesakes_of_another_birth_date_are_not_suspected(other):
    assert suspect(person("Okafor", "Chinedu", "14.03.1986"), person("Okafor", "Chinedu", other)) is None


names = st.text(alphabet="aehilmnorsuyzكمАлександр -", max_size=12)
people = st.builds(
    PersonTraits,
    names,
    names,
    st.none()
    | st.builds(UncertainDate, st.dates(date(1990, 1, 1), date(1991, 12, 31)))
    | st.builds(
        UncertainDate,
        st.sampled_from([date(1990, 1, 1), date(1990, 2, 1), date(1990, 12, 1)]),
        st.sampled_from([Precision.MONTH, Precision.YEAR]),
    ),
    st.sampled_from(["", "+4915100000004"]),
)


@given(people, people)
def test_suspicion_does_not_depend_on_who_comes_first(one, other):
    assert suspect(one, other) == suspect(other, one)


@given(st.lists(people, max_size=8))
def test_blocking_finds_what_comparing_everybody_finds_by_key(crowd):
    found = suspected_pairs(crowd)
    for one, other in found:
        assert suspect(crowd[one], crowd[other])
    for one in range(len(crowd)):
        for other in range(one + 1, len(crowd)):
            if crowd[one].block_keys & crowd[other].block_keys and suspect(crowd[one], crowd[other]):
                assert (one, other) in found


def test_the_most_likely_candidate_comes_first_and_once():
    new = person("Nazari", "Mohammad Reza", "14.03.1995")
    found = rank(
        new,
        [
            ("far", person("Nazary", "Mohamad", "14.03.1995")),
            ("near", person("Nazary", "Mohamad Reza", "14.03.1995")),
            ("near", person("Nazari", "Mohammad Reza", "14.03.1995")),
            ("other", person("Touray", "Lamin", "14.03.1995")),
        ],
    )
    assert [key for key, _ in found] == ["near", "far"]
    assert found[0][1].score > found[1][1].score
