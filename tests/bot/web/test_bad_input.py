"""Whatever is sent to the pages is answered kindly or plainly, and writes nothing."""

import asyncio
import io
from collections.abc import AsyncIterator
from functools import partial
from urllib.parse import urlencode

import pytest

from bot.web import opening
from bot.web.asked import LARGEST_FORM
from bot.web.limits import AT_ONCE, GUESS, Limits
from storage.people import links, people
from tests.bot.test_serving import half_open
from tests.bot.web.browser import Browser, browser, with_pages
from tests.bot.web.test_answering import answered, begun, everything
from tests.bot.world import PATIENCE, START, World
from tests.engines import on_both

FOREIGN = {"Sec-Fetch-Site": "cross-site"}
NONSENSE = "x" * 32
BACK = "Вернуться к вопросам"


@pytest.fixture
def pages(world: World) -> World:
    """A small world whose bot serves pages."""
    return with_pages(world)


@pytest.fixture
def no_time_passes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let nobody's bucket fill again, however long a request takes here."""
    monkeypatch.setattr(opening, "Limits", partial(Limits, rate=0.0))


@pytest.fixture
async def asked(pages: World) -> AsyncIterator[Browser]:
    """A customer's device with the first question before it."""
    async with pages.bot(), browser(pages) as anna:
        await pages.launch("nps")
        await begun(pages, anna)
        yield anna


@pytest.mark.parametrize("path", ["/a/", f"/a/{NONSENSE}", "/a/%00", "/a/х", "/a/" + "x" * 3000])
async def test_a_broken_or_unknown_token_is_told_kindly(asked: Browser, path: str) -> None:
    before = asked.page
    page = await asked.open(path)
    assert page.status == 404
    assert "не знаю" in page.heading
    assert "Новую ссылку пришлёт" in page.text
    page = await asked.post(path, before.forms[0].fields | {"do": "stop"})
    assert page.status in {403, 404}
    assert "Новую ссылку пришлёт" in page.text or page.links == {BACK: path}


@pytest.mark.parametrize("path", ["/", "/index.php", "/a", "/b/c/d"])
async def test_other_addresses_lead_nowhere(asked: Browser, path: str) -> None:
    page = await asked.open(path)
    assert page.status == 404
    assert "Здесь ничего нет" in page.heading
    assert "Новую ссылку пришлёт" in page.text
    assert page.links == {}


@on_both
async def test_expired_and_revoked_links_say_what_to_do(pages: World) -> None:
    async with pages.writing() as database, database.transaction() as tx:
        anna = await people.by_external(tx, "C1")
        boris = await people.by_external(tx, "C2")
        assert anna is not None
        assert boris is not None
        old = await links.issue(tx, "personal", anna.id, START, expires_at=START)
        admin = await links.issue(tx, "admin", None, START)
        await links.revoke(tx, boris.id, START)
    async with pages.bot(), browser(pages) as device:
        page = await device.open(f"/a/{old}")
        assert (page.status, "Срок" in page.heading) == (410, True)
        assert ("/start" in page.text, page.links) == (True, {})
        for token in (pages.tokens["C2"], admin):
            page = await device.open(f"/a/{token}")
            assert (page.status, "не знаю" in page.heading) == (404, True)


async def test_forged_and_foreign_forms_change_nothing(pages: World, asked: Browser) -> None:
    form = asked.page.forms[0]
    vote = form.fields | {"do": form.buttons["9"]}
    before = everything(pages)
    assert (await asked.post(form.action, vote, **FOREIGN)).status == 403
    for forged in ("", "x", "x.y", vote["form"][:-1], vote["form"] + "x", "й" * 40):
        page = await asked.post(form.action, vote | {"form": forged})
        assert page.status == 403
        assert "ничего не изменилось" in page.heading
        assert page.links == {BACK: form.action}
    assert "1 из 2" in (await asked.open(asked.page.links[BACK])).text
    other = f"/a/{pages.tokens['C2']}"
    assert (await asked.post(other, vote)).status == 403, "of another link"
    assert everything(pages) == before


async def test_taps_that_are_none_of_the_pages_change_nothing(pages: World, asked: Browser) -> None:
    form = asked.page.forms[0]
    before = everything(pages)
    for do in ("", "1:m:menu", "1:m:digest", "1:a:999:0:9", "1:a:1:0:99", "1:s:1:0:", "\0", "й"):
        page = await asked.post(form.action, form.fields | {"do": do})
        assert (page.status, asked.ways) == (200, [303]), do
        assert page.note
    await asked.post(form.action, form.fields | {"extra": "1", "do": "1:m:language:xx"})
    assert everything(pages) == before


async def test_a_form_that_is_none_is_refused(pages: World, asked: Browser) -> None:
    action = asked.page.forms[0].action
    before = everything(pages)
    for body, kind in ((b"{}", "application/json"), (b"a" * 100, "multipart/form-data")):
        page = await asked.post(action, body, **{"Content-Type": kind})
        assert page.status == 400
        assert page.links == {BACK: action}
    assert (await asked.post(action, b"")).status in {400, 403}
    assert everything(pages) == before


async def test_the_way_back_keeps_the_language_and_leads_to_no_other_site(asked: Browser) -> None:
    action = asked.page.forms[0].action
    page = await asked.post(f"{action}/9?l=en&x=//evil.example", {"form": "x"})
    assert (page.status, page.links) == (403, {"Back to the survey": f"{action}?l=en"})
    page = await asked.post(f"{action}?l=xx", {"form": "x"})
    assert page.links == {BACK: action}
    page = await asked.open("//evil.example/a")
    assert (page.status, page.links) == (404, {})


async def test_megabytes_are_refused(pages: World, asked: Browser) -> None:
    form = asked.page.forms[0]
    before = everything(pages)
    body = io.BytesIO(b"words=" + b"x" * (4 << 20))
    kind = {"Content-Type": "application/x-www-form-urlencoded"}
    page = await asked.post(form.action, body, **kind)
    assert page.status == 413
    assert page.links == {BACK: form.action}
    assert everything(pages) == before


async def test_words_too_long_are_kept_on_the_page_for_shortening(
    pages: World, asked: Browser
) -> None:
    await asked.press("9")
    long = "ж" * 4_097 + "</textarea><script>"
    page = await asked.press("Отправить", words=long)
    assert (page.status, asked.ways) == (200, [303])
    assert page.note
    assert "ж" * 4_097 + "&lt;/textarea&gt;&lt;script&gt;" in page.html
    assert len(urlencode({"words": "ж" * 4_096})) < LARGEST_FORM
    await asked.press("Отправить", words="ж" * 4_096)
    assert len(str((await answered(pages, "C1"))[1]["why"])) == 4_096
    assert not [one for one in everything(pages) if one.startswith("remarks ")]


async def test_words_without_words_ask_for_some(asked: Browser) -> None:
    await asked.press("9")
    page = await asked.press("Отправить", words=" \0\r\n ")
    assert (page.status, asked.ways) == (200, [303])
    assert page.note


@pytest.mark.usefixtures("no_time_passes")
async def test_one_address_that_asks_too_often_waits_and_writes_nothing(
    pages: World, asked: Browser
) -> None:
    before = everything(pages)
    path = f"/a/{pages.tokens['C1']}"
    found = [(await asked.open(path)).status for _ in range(int(AT_ONCE))]
    assert set(found[:100]) == {200}
    assert found[-1] == 429
    assert asked.page.headers["Retry-After"] == "1"
    assert "подождите несколько секунд" in asked.page.heading
    assert asked.page.links == {BACK: path}
    assert "style-src" in asked.page.headers["Content-Security-Policy"]
    assert everything(pages) == before


@pytest.mark.usefixtures("no_time_passes")
@on_both
async def test_guessing_is_slowed_down_and_counted(
    asked: Browser, capsys: pytest.CaptureFixture[str]
) -> None:
    found = [(await asked.open(f"/a/{NONSENSE}{number}")).status for number in range(30)]
    assert found.count(404) == AT_ONCE // GUESS
    assert found[-1] == 429
    said = capsys.readouterr().out
    assert "page_link_unknown" in said
    assert NONSENSE not in said


async def test_half_open_requests_keep_nobody_out(pages: World, asked: Browser) -> None:
    port = pages.settings.web_port
    async with half_open(port, 100, b"POST /a/x HTTP/1.1\r\nHost: x\r\nContent-Le"):
        async with asyncio.timeout(PATIENCE):
            assert (await asked.open(f"/a/{pages.tokens['C1']}")).status == 200


async def test_every_page_is_strict_and_small(pages: World, asked: Browser) -> None:
    path = f"/a/{pages.tokens['C1']}"
    for address in (path, f"{path}/9", "/a/x", "/"):
        page = await asked.open(address)
        policy = page.headers["Content-Security-Policy"]
        assert policy.startswith("default-src 'none';")
        assert "unsafe" not in policy
        assert page.headers["Referrer-Policy"] == "no-referrer"
        assert page.headers["Cache-Control"] == "no-store"
        assert "noindex" in page.headers["X-Robots-Tag"]
        assert len(page.html.encode()) < 30_000
        assert "src=" not in page.html
    assert "Disallow: /" in (await asked.open("/robots.txt")).html
