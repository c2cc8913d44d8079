"""Pages travel without our indentation and compressed; what people wrote keeps its spaces."""

import gzip

import pytest
from django.template import engines
from django.template.loader import get_template

from tests.cast import Cast
from ui.loaders import compact

pytestmark = pytest.mark.django_db


def test_the_white_space_of_templates_stays_at_home() -> None:
    shown = get_template("components/_empty.html").render({"text": "  zwei Leerzeichen"})
    assert [line for line in shown.splitlines() if line.startswith(("\t", " <"))] == []
    assert "  zwei Leerzeichen" in shown


@pytest.mark.parametrize(
    ("laid_out", "sent"),
    [
        ("<ul>\n  <li>\n    eins\n  </li>\n</ul>", "<ul><li>eins</li></ul>"),
        ('<p\n    class="a">\n  eins <b>zwei</b>\n  drei\n</p>', '<p\nclass="a">eins <b>zwei</b>\ndrei</p>'),
        (
            '<p title="{% if a > b %}x{% endif %}">\n  eins\n</p>',
            '<p title="{% if a > b %}x{% endif %}">eins</p>',
        ),
        ("<b>eins</b>\n<i>zwei</i>", "<b>eins</b>\n<i>zwei</i>"),
    ],
)
def test_white_space_goes_only_where_browsers_ignore_it(laid_out: str, sent: str) -> None:
    assert compact(laid_out) == sent


def test_a_text_with_indented_lines_is_shown_as_it_was_written() -> None:
    text = "Liste:\n    eins\n    zwei"
    assert engines["django"].from_string("{{ text }}").render({"text": text}) == text


def test_a_page_is_compressed_for_a_browser_that_asks_for_it(cast: Cast, client) -> None:
    client.force_login(cast.manager)

    answer = client.get("/clients/", headers={"Accept-Encoding": "gzip"})

    assert answer["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in answer["Vary"]
    assert "Klient:innen" in gzip.decompress(answer.content).decode()


def test_the_token_of_a_compressed_page_is_another_in_each_answer(cast: Cast, client) -> None:
    """What is the same in every answer can be guessed from the length of compressed ones."""
    client.force_login(cast.manager)

    def token() -> str:
        return str(client.get("/clients/").context["csrf_token"])

    assert token() != token()


def test_what_the_tools_of_both_menus_send_stands_once(cast: Cast, client) -> None:
    client.force_login(cast.manager)
    page = client.get("/").content.decode()

    for form in ("privacy-screen", "log-out"):
        assert (page.count(f'id="{form}"'), page.count(f'form="{form}"')) == (1, 2)
    assert page.count("data-privacy-form") == 1
