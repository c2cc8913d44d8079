"""The language comes from the user's profile; everybody else reads German."""

import pytest
from django.test import Client
from django.utils import translation

pytestmark = pytest.mark.django_db


def test_the_log_in_is_german_whatever_the_browser_asks_for():
    page = Client(headers={"accept-language": "en"}).get("/login/").content.decode()
    assert '<html lang="de"' in page
    assert "Anmelden" in page


def test_a_user_reads_the_language_of_the_profile(cast, as_user):
    cast.manager.language = "en"
    cast.manager.save(update_fields=["language"])
    page = as_user(cast.manager).get("/account/").content.decode()
    assert '<html lang="en"' in page
    assert translation.get_language() == "de"
    assert '<html lang="de"' in as_user(cast.colleague).get("/account/").content.decode()
