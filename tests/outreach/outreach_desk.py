"""Outreach as a manager meets it on the screen: the file page and the forms of its steps."""

import re

from django.urls import reverse

from clients.models import Topic
from tests.outreach.ladder_cast import call, letter, no_show


def page(browser, client) -> str:
    response = browser.get(client.get_absolute_url())
    assert response.status_code == 200
    return re.sub(r"\s+", " ", response.content.decode())


def url(name, client, *args) -> str:
    return reverse(f"file_appointments:{name}", args=[client.uuid, *args])


def ladder_url(name, client, *args) -> str:
    return reverse(f"file_outreach:{name}", args=[client.uuid, *args])


def fill(browser, address, **typed):
    """Open a form, keep what is preset, type the rest and send it."""
    shown = browser.get(address)
    assert shown.status_code == 200, address
    form = shown.context["form"]
    data = {name: form[name].value() for name in form.fields}
    data = {name: value for name, value in data.items() if value not in (None, "", False)}
    return browser.post(address, {**data, **typed})


def topic() -> int:
    return Topic.objects.order_by("order").first().pk


def to_the_visit(client, by) -> None:
    no_show(client, by)
    letter(client, by)
    call(client, by)


def logged(browser, client, **typed):
    return fill(
        browser,
        url("contact_new", client),
        **{"channel": "phone", "result": "talk", "spoken_with": "client", "main_topic": topic(), **typed},
    )
