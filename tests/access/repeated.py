"""A form that makes something, posted again: with the same content, and with another under the same token."""

from typing import Any

from django.test import Client as Browser
from django.utils.html import escape

from accounts.records import made_with, uuid_of
from clients.models import Draft
from tests.access.test_bad_input import everything
from tests.access.typing import typed_form

SAID = "Was Sie jetzt eingegeben haben, ist"


def faults(browser: Browser, path: str, post: dict[str, Any], other: dict[str, str]) -> list[str]:
    """What a repetition does wrong; nothing when it loses nothing and doubles nothing.

    Args:
        path: where the form is.
        post: its fields, complete and with its draft key.
        other: fields with other content, as a second window would send them.
    """
    token = post["form_token"][0]
    first = browser.post(path, post)
    if first.status_code != 302:
        return [f"{first.status_code}: {first.context['form'].errors.as_json()}"]
    if made_with(uuid_of(token)) is None:
        return ["no row was made with its token"]
    once = everything()
    found = []
    again = browser.post(path, post)
    if (again.status_code, again.get("Location")) != (302, first["Location"]):
        found.append(f"the same again: {again.status_code} {again.get('Location')}, not {first['Location']}")
    if Draft.objects.filter(discarded_at=None).exists():
        found.append("a draft of what is stored")
    different = browser.post(path, {**post, **other})
    page = different.content.decode()
    if different.status_code != 409 or SAID not in page:
        return [*found, f"other content: {different.status_code}"]
    if everything() != once:
        found.append("a repetition wrote")
    found += [f"{name} is gone" for name, value in other.items() if escape(value) not in page]
    shown = typed_form(page)
    fresh = shown.values["form_token"][0] if shown else ""
    if fresh == token or made_with(uuid_of(fresh)) is not None:
        found.append("no new token")
    kept = Draft.objects.filter(discarded_at=None).first()
    if kept is None or kept.data["form_token"] != [fresh]:
        return [*found, "no draft with the new token"]
    found += [f"the draft lost {name}" for name, value in other.items() if kept.data[name] != [value]]
    opened = browser.get(path, follow=True).content.decode()
    restored = typed_form(opened)
    if restored is not None and restored.values["form_token"] != [fresh]:
        found.append("restored with another token")
    found += [f"{name} is not restored" for name, value in other.items() if escape(value) not in opened]
    return found
