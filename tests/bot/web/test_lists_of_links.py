"""Lists of links lead to the page where there is one, and carry a piece of a letter."""

import re
from io import BytesIO
from zipfile import ZipFile

import pytest

from bot.operations.ways_in.files import as_csv, as_html, as_xlsx
from storage.people import workspace
from tests.bot.web.browser import browser, with_pages
from tests.bot.world import World
from tests.sheets import laid

URL = re.compile(r'href="([^"]+)"')


@pytest.fixture
def pages(world: World) -> World:
    """A small world whose bot serves pages."""
    return with_pages(world)


async def test_every_link_of_a_wave_opens_its_page_and_eleven_stand_in_a_letter(
    pages: World,
) -> None:
    url = pages.settings.web_url or ""
    async with pages.bot(), browser(pages) as vera:
        wave = (await pages.launch("nps"))["wave"]
        made = await pages.operate("wave_links", wave=wave)
        rows = {row["id"]: row for row in made["links"]}
        row = rows["C3"]
        assert row["link"].startswith(f"{url}/a/")
        assert row["text"].endswith(row["link"])
        assert "Telegram" not in row["text"]
        found = URL.findall(row["letter"])
        assert found == [f"{row['link']}/{number}" for number in range(11)]
        assert "{" not in row["letter"]
        assert not re.search("script|src=|<style", row["letter"])
        page = await vera.open(found[9].removeprefix(url))
        assert page.links["Ответить в Telegram"].endswith(row["link"].rpartition("/")[2])
        page = await vera.press("Согласен")
        assert page.chosen == ["9"]
        await vera.press("Ответить: 9")
        status = await pages.operate("campaign_status", campaign=1)
    funnel = str(status)
    assert "finished" in funnel


async def test_files_hold_the_link_of_the_page(pages: World) -> None:
    url = pages.settings.web_url or ""
    async with pages.bot():
        made = await pages.operate("issue_links", again=True)
        opened = await pages.operate("issue_open_link", label="касса")
    assert opened["link"].startswith(f"{url}/a/")
    kinds = {row["role"]: row for row in made["links"]}
    assert kinds["manager"]["link"].startswith("https://t.me/")
    assert "letter" not in kinds["manager"]
    customer = kinds["customer"]
    assert URL.findall(customer["letter"]) == [customer["link"]]
    rows = made["links"]
    assert customer["link"].encode() in as_csv(rows, "ru")
    assert as_csv(rows, "ru").partition(b"\r\n")[0].endswith(b";letter")
    cards = as_html(rows, "Ромашка", "ru").decode()
    assert customer["link"] in cards
    for hostile in ("Анна", "=1+1"):
        named = [{**row, "name": hostile} for row in rows]
        [sheet] = laid(ZipFile(BytesIO(as_xlsx(named, "ru"))))
        assert (sheet.is_wide, sheet.frozen, sheet.header) == (True, (1, 1), "&L&A&R&P / &N")
        assert (sheet.forms[1, 1].get("quotePrefix") == "1") is (hostile != "Анна")


async def test_without_pages_links_are_telegrams_again(pages: World) -> None:
    async with pages.bot():
        pass
    pages.settings = pages.settings.model_copy(update={"web_url": None})
    async with pages.bot():
        made = await pages.operate("issue_links", again=True)
    assert all(row["link"].startswith("https://t.me/") for row in made["links"])
    assert not any("letter" in row for row in made["links"])
    async with pages.database() as database, database.reading() as reader:
        assert (await workspace.get(reader)).web_url is None
