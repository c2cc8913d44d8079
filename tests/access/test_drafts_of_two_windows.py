"""One form in two windows: what either was told is kept stays until it is stored or thrown away."""

from typing import Any

import pytest
from django.test import Client as Browser
from django.urls import reverse

from appointments.models import FollowUp
from clients.models import Draft
from tests.access.typing import TypedForm, typed_form
from tests.cast import Cast
from tests.factories.clients import ClientFactory

pytestmark = pytest.mark.django_db

DAY = "2031-05-14"


@pytest.fixture
def desk(cast: Cast) -> "Desk":
    file = ClientFactory(manager=cast.manager, municipality=cast.stutensee)
    return Desk(cast.manager, reverse("file_appointments:follow_up_new", args=[file.uuid]))


class Desk:
    """One author with one form in several windows."""

    def __init__(self, user: Any, path: str) -> None:
        self.path = path
        self.browser = Browser()
        self.browser.force_login(user)

    def window(self) -> TypedForm:
        return self._form(self.browser.get(self.path))

    def save(self, window: TypedForm, text: str) -> None:
        """The window saves by itself, and says so."""
        answer = self.browser.post(reverse("clients:draft_save"), window.filled(text=text, due_on=DAY))
        assert "saved_at" in answer.json()

    def send(self, window: TypedForm, text: str) -> None:
        answer = self.browser.post(self.path, window.filled(text=text, due_on=DAY))
        assert answer.status_code == 302

    def refuse(self, window: TypedForm, text: str) -> TypedForm:
        """The window sends something incomplete and shows it again."""
        answer = self.browser.post(self.path, window.filled(text=text, due_on="gestern"))
        assert answer.status_code == 422
        return self._form(answer)

    @staticmethod
    def _form(answer: Any) -> TypedForm:
        form = typed_form(answer.content.decode())
        assert form is not None
        return form

    @property
    def kept(self) -> list[str]:
        return sorted(draft.data["text"][0] for draft in Draft.objects.all())


def test_what_a_second_window_went_on_with_outlives_the_first_ones_success(desk: Desk) -> None:
    phone = desk.window()
    desk.save(phone, "Kita anrufen")
    computer = desk.window()
    assert computer.values["text"] == ["Kita anrufen"]
    desk.save(computer, "Kita anrufen und nach der Warteliste fragen")
    desk.send(phone, "Kita anrufen")
    assert desk.kept == ["Kita anrufen und nach der Warteliste fragen"]
    again = desk.window()
    assert again.values["text"] == ["Kita anrufen und nach der Warteliste fragen"]
    desk.send(again, "Kita anrufen und nach der Warteliste fragen")
    assert desk.kept == []
    assert FollowUp.objects.count() == 2


def test_two_windows_that_know_nothing_of_each_other_keep_both_texts(desk: Desk) -> None:
    one, two = desk.window(), desk.window()
    desk.save(one, "Kita anrufen")
    desk.save(two, "Wohnberechtigungsschein beantragen")
    assert desk.kept == ["Kita anrufen", "Wohnberechtigungsschein beantragen"]
    desk.send(two, "Wohnberechtigungsschein beantragen")
    assert desk.kept == ["Kita anrufen"]
    assert desk.window().values["text"] == ["Kita anrufen"]


def test_a_window_takes_over_the_draft_it_was_opened_with(desk: Desk) -> None:
    desk.save(desk.window(), "Kita anrufen")
    later = desk.window()
    desk.save(later, "Kita und Hort anrufen")
    assert desk.kept == ["Kita und Hort anrufen"]
    desk.send(later, "Kita und Hort anrufen")
    assert desk.kept == []


def test_a_window_that_sends_a_draft_of_another_one_with_more_leaves_none_behind(desk: Desk) -> None:
    desk.save(desk.window(), "Kita anrufen")
    desk.send(desk.window(), "Kita anrufen, heute noch")
    assert desk.kept == []


def test_a_form_shown_again_stays_in_its_window(desk: Desk) -> None:
    first = desk.window()
    desk.save(first, "Kita")
    shown_again = desk.refuse(first, "Kita anrufen")
    assert desk.kept == ["Kita anrufen"]
    desk.send(shown_again, "Kita anrufen, morgen früh")
    assert desk.kept == []
