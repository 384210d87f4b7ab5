"""An answer that was not taken: what was typed is shown again for minutes, to its browser alone."""

import random
import string
from datetime import timedelta
from html import unescape
from http.cookies import Morsel
from pathlib import Path

import pytest
from yarl import URL

from bot.web import refusals
from bot.web.refusals import NONE, Refusal, read, written
from bot.web.signing import signer_of
from tests.bot.web.browser import Browser, browser, with_pages
from tests.bot.web.test_answering import answered, begun, everything
from tests.bot.world import ANNA, START, World

PROJECT = Path(__file__).parents[3]
SIGNER = signer_of("1:x")
TOKEN = "t" * 32
REFUSED = Refusal("Коротко, пожалуйста", "Мои <слова> & «ё»\n" * 90, "1:a:1:1:")
LONG = "Долго ждали, <b>очень</b> долго. " * 150


@pytest.fixture
def pages(world: World) -> World:
    """A small world whose bot serves pages."""
    return with_pages(world)


async def asked_why(pages: World, device: Browser) -> str:
    """Bring a customer to the question that is answered in words; return the page's address."""
    await pages.launch("nps")
    path = await begun(pages, device)
    await device.press("9")
    return path


def kept(device: Browser, path: str) -> Morsel[str] | None:
    """Return what the browser keeps of an answer that was not taken."""
    return device.session.cookie_jar.filter_cookies(URL(device.url + path)).get(refusals.COOKIE)


def keeps(device: Browser, path: str, value: str) -> None:
    """Let the browser have a cookie that somebody else made."""
    here = URL(device.url + path)
    device.session.cookie_jar.update_cookies({refusals.COOKIE: value}, here)


async def test_what_was_typed_stays_until_an_answer_is_taken(pages: World) -> None:
    async with pages.bot(), browser(pages) as anna, browser(pages) as other:
        path = await asked_why(pages, anna)
        page = await anna.press("Отправить", words=LONG)
        before = everything(pages)
        assert (page.status, anna.ways, anna.place) == (200, [303], path)
        assert "&lt;b&gt;очень&lt;/b&gt; долго" in page.html
        assert page.note
        again = await anna.open(path)
        assert (again.note, again.html.count("Долго ждали")) == (page.note, 150)
        elsewhere = await other.open(path)
        assert "Долго" not in elsewhere.html
        assert not elsewhere.note
        assert everything(pages) == before
        cookie = kept(anna, path)
        assert cookie is not None
        page = await anna.press("Отправить", words="Хорошо")
        assert "Долго" not in page.html
        assert not page.note
        assert kept(anna, path) is None
    assert (await answered(pages, "C1"))[1] == {"recommend": 9, "why": "Хорошо"}


async def test_another_program_shows_it_too_and_nobody_once_its_minutes_are_over(
    pages: World,
) -> None:
    async with browser(pages) as anna:
        async with pages.bot():
            path = await asked_why(pages, anna)
            await anna.press("Отправить", words=LONG)
        async with pages.bot():
            page = await anna.open(path)
            assert "Долго ждали" in page.html
            assert page.note
            await pages.pass_time(seconds=refusals.SECONDS)
            page = await anna.open(path)
            assert "Долго" not in page.html
            assert not page.note


async def test_words_stand_below_no_other_question(pages: World) -> None:
    async with pages.bot(), browser(pages) as anna:
        await pages.arrive("C1")
        await pages.launch("nps")
        path = f"/a/{pages.tokens['C1']}"
        await anna.open(path)
        await pages.tap(ANNA, "9")
        await anna.open(path)
        await anna.press("Отправить", words=LONG)
        await pages.say(ANNA, "Всё хорошо")
        page = await anna.open(path)
        assert "Долго" not in page.html
        assert not page.note


async def test_prose_a_little_too_long_fits_in_what_a_usual_proxy_lets_through(
    pages: World,
) -> None:
    prose = " ".join((PROJECT / "docs/ru/cases.md").read_text().split())[:4_200]
    async with pages.bot(), browser(pages) as anna:
        path = await asked_why(pages, anna)
        (form,) = [one for one in anna.page.forms if "Отправить" in one.buttons]
        data = {**form.fields, "do": form.buttons["Отправить"], "words": prose}
        url = f"{anna.url}{path}"
        async with anna.session.post(url, data=data, allow_redirects=False) as answer:
            assert answer.status == 303
            said = answer.headers.getall("Set-Cookie")
            assert sum(len(name) + len(value) + 4 for name, value in answer.raw_headers) < 4_000
        (cookie,) = [one for one in said if one.startswith(refusals.COOKIE)]
        assert f"; HttpOnly; Max-Age={refusals.SECONDS}; Path={path}; SameSite=Lax" in cookie
        assert prose in unescape((await anna.open(path)).html)


async def test_words_too_large_for_a_cookie_are_shown_at_once(pages: World) -> None:
    chance = random.Random(1)
    noise = "".join(chance.choices(string.ascii_letters, k=5_000))
    async with pages.bot(), browser(pages) as anna:
        path = await asked_why(pages, anna)
        page = await anna.press("Отправить", words=noise)
        assert (page.status, anna.ways) == (422, [])
        assert noise in page.html
        assert page.note
        assert kept(anna, path) is None
    assert (await answered(pages, "C1"))[1] == {"recommend": 9}


async def test_a_cookie_of_others_is_not_shown(pages: World) -> None:
    async with pages.bot(), browser(pages) as anna:
        path = await asked_why(pages, anna)
        page = await anna.open(path)
        plain, field = page.text, page.forms[0].buttons["Отправить"]
        signer, now = signer_of(pages.settings.token()), pages.sandbox.clock.now()
        forged = Refusal("Позвоните нам: 8 800", "чужие", field)
        keeps(anna, path, written(forged, signer, pages.tokens["C1"], now))
        assert "чужие" in (await anna.open(path)).text, "ours would be shown"
        values = (
            written(forged, signer, pages.tokens["C2"], now),
            written(forged, SIGNER, pages.tokens["C1"], now),
            "x.eJw",
            ".",
            "%00.%ff",
            "x" * 3_900,
        )
        for value in values:
            keeps(anna, path, value)
            page = await anna.open(path)
            assert (page.status, page.text) == (200, plain), value


def test_a_refusal_comes_back_as_it_was_kept() -> None:
    value = written(REFUSED, SIGNER, TOKEN, START)
    assert read(value, SIGNER, TOKEN, START) == REFUSED
    over = START + timedelta(seconds=refusals.SECONDS)
    assert read(value, SIGNER, TOKEN, over) == NONE


def test_no_changed_cookie_is_read() -> None:
    value = written(REFUSED, SIGNER, TOKEN, START)
    for place in range(len(value)):
        other = "A" if value[place] != "A" else "B"
        changed = value[:place] + other + value[place + 1 :]
        assert read(changed, SIGNER, TOKEN, START) == NONE, place
    assert read(value, SIGNER, "u" * 32, START) == NONE
    assert read(value, signer_of("2:y"), TOKEN, START) == NONE
