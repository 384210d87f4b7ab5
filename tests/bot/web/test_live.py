"""The digest as a page: a link that works once, a session that ends, and who may see what."""

import re
from collections.abc import AsyncIterator
from datetime import timedelta
from urllib.parse import quote, urlencode

import pytest

from bot.chat.web.screens import link as link_screen
from bot.chat.web.screens import page_of
from bot.jobs.upkeep.pruning import prune
from storage.asking import campaigns
from storage.people import audit, people, web_sessions
from storage.people.lists import people_import
from storage.people.lists.listed import PersonRow
from templates.texts import Texts
from tests.bot.web.browser import Browser, Page, all_at_once, browser, with_pages
from tests.bot.web.test_answering import everything
from tests.bot.world import ADMIN, ANNA, MANAGER, START, World

LINK = re.compile(r"https?://\S+/digest/in/([A-Za-z0-9_-]{32})")
CLOSED = "Эта страница закрыта"
HOSTILE = "</title><script>alert(1)</script>"


@pytest.fixture
async def pages(world: World) -> AsyncIterator[World]:
    """A small world whose bot serves pages, with an admin and a manager in their chats."""
    with_pages(world)
    own = {"a": "ё&", HOSTILE: HOSTILE}
    row = PersonRow("customer", "C3", "Вера", segment="опт", attributes=own)
    async with world.writing() as database, database.transaction() as tx:
        await people_import.apply(tx, [row], START)
    async with world.bot():
        await world.start(ADMIN, world.announced[-1].rpartition("=")[2])
        await world.start(MANAGER, world.tokens["M1"])
        yield world


async def link(world: World, telegram_id: int = ADMIN) -> str:
    """Ask for a link; return its path."""
    shown = await world.say(telegram_id, "/web")
    found = LINK.search(shown.text)
    assert found is not None, shown.text
    return f"/digest/in/{found[1]}"


async def inside(world: World, device: Browser, telegram_id: int = ADMIN) -> str:
    """Let somebody open the digest; return the path of the link that was used."""
    path = await link(world, telegram_id)
    await device.open(path)
    await device.press("Открыть")
    await world.settle()
    return path


async def test_an_admin_opens_the_digest_by_a_link_that_works_once(pages: World) -> None:
    async with browser(pages) as admin, browser(pages) as other:
        path = await link(pages)
        message = pages.screen(ADMIN)
        assert message.body["link_preview_options"] == {"is_disabled": True}
        before = everything(pages)
        for _ in range(2):
            shown = await other.open(path)
            assert (shown.status, shown.buttons) == (200, ["Открыть"])
            assert "script" not in shown.html
        assert everything(pages) == before, "looking at a link spends nothing"
        page = await admin.press("Открыть", page=await admin.open(path))
        assert admin.place == "/digest"
        assert page.status == 200
        assert "Ромашка <и Ко>" in page.text
        assert "август 2026" in page.text, "the last full month"
        await pages.settle()
        assert "Дайджест открыт на странице" in pages.screen(ADMIN).text
        shown = await other.press("Открыть", page=shown)
        assert shown.status == 410
        assert "уже использована" in shown.heading
        assert (await other.open("/digest")).status == 403
        await admin.open(path)
        assert (await admin.open("/digest")).status == 200, "who has opened it goes on"
    held = "\n".join(everything(pages))
    cookies = [one.value for one in admin.session.cookie_jar]
    assert path.rpartition("/")[2] not in held
    assert not any(value in held for value in cookies)


async def test_the_session_ends_by_itself_by_a_tap_and_on_the_page(pages: World) -> None:
    async with browser(pages) as admin:
        await inside(pages, admin)
        assert (await admin.open("/digest/out")).status == 200
        await pages.tap(ADMIN, "Закрыть доступ")
        assert "Доступ к странице закрыт" in pages.screen(ADMIN).text
        page = await admin.open("/digest")
        assert (page.status, CLOSED in page.heading) == (403, True)
        await inside(pages, admin)
        await admin.open("/digest/out")
        page = await admin.press("Закрыть доступ")
        assert (page.status, CLOSED in page.heading) == (403, True)
        await inside(pages, admin)
        await pages.pass_time(minutes=59)
        assert (await admin.open("/digest/out")).status == 200
        await pages.pass_time(minutes=2)
        assert (await admin.open("/digest/out")).status == 403


async def test_a_link_ends_after_ten_minutes_by_a_newer_one_and_by_a_tap(pages: World) -> None:
    async with browser(pages) as admin:
        late = await link(pages)
        await admin.open(late)
        await pages.pass_time(minutes=10)
        assert (await admin.press("Открыть")).status == 410
        assert "Срок этой ссылки вышел" in (await admin.open(late)).heading
        replaced = await link(pages)
        ended = await link(pages)
        assert (await admin.open(replaced)).status == 410
        assert (await admin.open(ended)).status == 200
        await pages.tap(ADMIN, "Закрыть доступ")
        assert (await admin.press("Открыть")).status == 410
        assert (await admin.open(f"/digest/in/{'x' * 32}")).status == 404


async def test_of_many_who_press_at_once_one_comes_in(pages: World) -> None:
    path = await link(pages)
    async with browser(pages) as one, browser(pages) as two, browser(pages) as three:
        devices = (one, two, three)
        for device in devices:
            await device.open(path)
        found = await all_at_once(*(device.press("Открыть") for device in devices))
    assert sorted(page.status for page in found) == [200, 410, 410]


async def test_a_form_of_another_page_or_site_spends_nothing(pages: World) -> None:
    async with browser(pages) as admin:
        path = await link(pages)
        page = await admin.open(path)
        form = page.forms[0].fields["form"]
        for data, headers in (
            ({"form": "x.y", "do": "open"}, {}),
            ({"form": form, "do": "open"}, {"Sec-Fetch-Site": "cross-site"}),
        ):
            assert (await admin.post(path, data, **headers)).status == 403
        await inside(pages, admin)
        rows = {"form": form, "do": "people.csv"}
        assert (await admin.post("/digest/rows", rows)).status == 403
        assert (await admin.post("/digest/out", rows)).status == 403
        assert (await admin.open("/digest/out")).status == 200


async def test_a_manager_sees_their_own_card_and_nothing_else(pages: World) -> None:
    async with browser(pages) as manager:
        path = await link(pages, MANAGER)
        assert pages.screen(MANAGER).text.startswith("Моя карточка на странице")
        page = await manager.open(path)
        assert "Моя карточка на странице" in page.heading
        assert "Дайджест" not in page.text
        await manager.press("Открыть")
        await pages.settle()
        assert "Ваша карточка открыта на странице" in pages.screen(MANAGER).text
        for query in ({"segment": "опт", "manager": "1"}, {"period": "2026-08"}, {"period": "я"}):
            page = await manager.open("/digest?" + urlencode(query))
            assert page.status == 200
            assert "Моя карточка" in page.heading
            assert not page.links
            page = await manager.open("/digest/out?" + urlencode(query))
            assert (page.status, list(page.links), page.buttons) == (200, [], ["Закрыть доступ"])
        for path in ("/criteria", "/cases", "/rows", "/criteria?period=2026-08"):
            page = await manager.open(f"/digest{path}")
            assert (page.status, list(page.links)) == (403, ["Моя карточка"])
            assert "не для Вас" in page.heading
            assert (await manager.open(page.links["Моя карточка"])).status == 200, "it goes on"
        assert (await manager.post("/digest/rows", {"do": "people.csv"})).status == 403


async def test_a_page_is_called_what_its_reader_sees(world: World) -> None:
    async with world.writing() as database, database.transaction() as tx:
        lead = await people.add(tx, START, name="Старшая")
        await people.set_leads(tx, lead.id, ["Север"])
        manager = await people.by_external(tx, "M1", "manager")
        assert manager is not None
        seen = [page_of(await people.get(tx, one)) for one in (lead.id, manager.id)]
        await people.change(tx, manager.id, is_admin=True)
        seen.append(page_of(await people.get(tx, manager.id)))
    assert seen == ["team", "card", "digest"]
    assert link_screen(Texts("ru"), "x", "team").text.startswith("<b>Моя команда на странице</b>")


async def test_a_filter_names_its_part_and_hostile_values_are_only_values(pages: World) -> None:
    await pages.arrive("C1")
    await pages.launch("nps")
    await pages.tap(ANNA, "9")
    async with browser(pages) as admin:
        await inside(pages, admin)

        async def shown(**query: str) -> Page:
            return await admin.open("/digest?" + urlencode({"period": "2026-09", **query}))

        page = await shown(segment="опт", team="", manager="")
        assert "сегмент «опт»" in page.text
        assert '<option value="опт" selected>' in page.html
        assert "Мария Менеджер" in page.text, "who can be chosen"
        refused = await shown(segment=HOSTILE)
        assert (refused.status, list(refused.links)) == (400, ["Дайджест"])
        assert f"Сегмента «{HOSTILE}» нет. Есть: опт, сети." in refused.text
        page = await shown(attribute=HOSTILE, value=HOSTILE)
        assert page.status == 200
        assert HOSTILE in page.text
        for said in (refused.html, page.html):
            assert "<script" not in said
        for query in ({"team": "Юг"}, {"attribute": "a", "value": "b"}, {"campaign": "999"}):
            for path in ("", "/criteria", "/cases", "/rows"):
                page = await admin.open(f"/digest{path}?" + urlencode(query))
                assert (page.status, list(page.links)) == (400, ["Дайджест"]), (path, query)
        for query in (
            {"manager": "999999"},
            {"manager": "x"},
            {"segment": "x" * 301},
            {"attribute": "a"},
            {"attribute": "a", "value": ""},
            {"value": "ё&"},
            {HOSTILE: "1"},
        ):
            page = await shown(**query)
            assert (page.status, list(page.links)) == (400, ["Дайджест"])
            assert "<script" not in page.html
        page = await shown(manager="999999")
        assert re.search(r"Менеджера 999999 нет. Есть: \d+ Мария Менеджер\.", page.text)
        page = await shown(campaign="999999")
        assert "Кампании 999999 нет. Есть: 1 Готовность рекомендовать." in page.text
        for end in ("?segment=опт&segment=сети", "/cases?list=open&list=done", "/cases?x=1"):
            assert (await admin.open(f"/digest{end}")).status == 400, end
        for end in ("/criteria", "/cases"):
            page = await admin.open(f"/digest{end}?segment=опт")
            assert "по всей компании" in page.text
            assert "по всей компании" not in (await admin.open(f"/digest{end}")).text
    async with browser(pages) as manager:
        await inside(pages, manager, MANAGER)
        page = await manager.open("/digest?manager=999999")
        assert (page.status, "Есть:" in page.text) == (200, False), "their card, no list"
    async with browser(pages) as admin:
        await inside(pages, admin)
        page = await admin.open("/digest/criteria?period=2026-09")
        assert "Критерии работы с клиентами" in page.text


async def test_rows_come_as_the_files_of_the_chat_and_stay_nowhere(pages: World) -> None:
    async with browser(pages) as admin:
        await inside(pages, admin)
        page = await admin.open("/digest/rows?period=2026-09")
        form = page.forms[0].fields["form"]
        wanted = {"form": form, "do": "people.csv", "words": "2026-09"}
        page = await admin.post("/digest/rows", wanted)
        assert page.status == 200
        assert "otklik-people.csv" in page.headers["Content-Disposition"]
        assert page.headers["Cache-Control"] == "no-store"
        assert "Мария Менеджер" in page.html
        assert list((pages.settings.data_directory / "exports").iterdir()) == []
        for do, words in (
            ("people.sav", ""),
            ("answers.csv", "nonsense"),
            ("answers.csv", "2030"),
            ("../x", ""),
        ):
            page = await admin.post("/digest/rows", {"form": form, "do": do, "words": words})
            assert page.status == 400
    async with pages.database() as database, database.reading() as reader:
        deeds = [(one.what, one.details) for one in await audit.latest(reader, 20)]
    assert [one for one in deeds if one[0] == "exported"] == [("exported", "people.csv")]


async def test_rows_follow_the_filter_of_the_page(pages: World) -> None:
    async with browser(pages) as admin:
        await inside(pages, admin)
        chosen = urlencode({"period": "2026-09", "segment": "опт", "attribute": "a", "value": "ё&"})
        page = await admin.open(f"/digest/rows?{chosen}")
        assert "сегмент «опт», a: ё&" in page.text
        assert page.links["Дайджест"].endswith(chosen), "the way back keeps it"
        page = await admin.open("/digest/rows?segment=" + quote("опт"))
        form = page.forms[0]
        data = {"form": form.fields["form"], "do": "people.csv", "words": ""}
        page = await admin.post(form.action, data)
        assert page.status == 200
        assert ("Анна" in page.html, "Вера" in page.html) == (True, True)
        assert ("Борис" in page.html, "Мария Менеджер;M" in page.html) == (False, False)
        for query in ("manager=999999", "campaign=7", "manager=x"):
            assert (await admin.open(f"/digest/rows?{query}")).status == 400
            assert (await admin.post(f"/digest/rows?{query}", data)).status == 400
    async with pages.database() as database, database.reading() as reader:
        deeds = [one.details for one in await audit.latest(reader, 20) if one.what == "exported"]
    assert deeds == ["people.csv segment=опт"]


async def test_two_periods_are_compared_and_only_campaigns_of_customers_offered(
    pages: World,
) -> None:
    await pages.arrive("C1", "M1")
    await pages.launch("nps")
    await pages.launch("manager_self_assessment")
    await pages.tap(ANNA, "9")
    async with pages.database() as database, database.reading() as reader:
        assert len(await campaigns.list_all(reader)) == 2
        [counted] = await campaigns.of_customers(reader)
    async with browser(pages) as admin:
        await inside(pages, admin)
        page = await admin.open("/digest?period=2026-09&against=2025-09")
        assert page.status == 200
        assert "сентябрь 2025" in page.text
        assert '<option value="2025-09" selected>' in page.html
        assert f'<option value="{counted.id}">' in page.html
        offered = page.html[page.html.index('<select name="campaign"') :]
        assert offered[: offered.index("</select>")].count("<option") == 2, "all, and that one"
        assert page.links["Данные"].endswith("period=2026-09&against=2025-09")
        for against in ("2026-Q2", "2026-09", "2026-10"):
            page = await admin.open(f"/digest?period=2026-09&against={against}")
            assert (page.status, "нельзя сравнить" in page.text) == (400, True), against
        page = await admin.open("/digest?period=2099")
        assert (page.status, "ещё не начался" in page.text) == (400, True)


async def test_campaigns_of_one_name_are_told_apart_by_their_days(pages: World) -> None:
    await pages.launch("nps")
    await pages.pass_time(days=3)
    await pages.launch("nps")
    async with browser(pages) as admin:
        await inside(pages, admin)
        page = await admin.open("/digest?campaign=1")
        name = "Готовность рекомендовать"
        found = re.findall(rf"<option[^>]*>({name}[^<]*)</option>", page.html)
        days = [one.removeprefix(f"{name}, ") for one in found]
        assert len(set(days)) == len(days) == 2
        assert all(re.fullmatch(r"\d+ \w+ 2026", day.replace("\u00a0", " ")) for day in days)
    await pages.forge(ADMIN, "1:m:subscribe:weekly:9")
    await pages.forge(ADMIN, "1:m:sched:1", pages.screen(ADMIN).message_id)
    await pages.tap(ADMIN, "О ком")
    offered = [one for one in pages.labels(ADMIN) if name in one]
    assert sorted(offered) == sorted(f"кампания «{name}, {day}»" for day in days)


async def test_customers_and_strangers_get_no_link(pages: World) -> None:
    await pages.arrive("C1")
    shown = await pages.say(ANNA, "/web")
    assert not LINK.search(shown.text)
    assert "/digest/in" not in "".join(one.text for one in pages.sandbox.messages(ANNA))
    async with browser(pages) as stranger:
        for path in ("", "/criteria", "/cases", "/rows"):
            page = await stranger.open(f"/digest{path}")
            assert (page.status, CLOSED in page.heading) == (403, True)


async def test_who_loses_the_right_sees_nothing_from_the_next_request_on(pages: World) -> None:
    async with browser(pages) as admin:
        await pages.operate("add_admin", telegram_id=77)
        await pages.settle()
        await inside(pages, admin)
        waiting = await link(pages)
        assert (await admin.open("/digest/rows")).status == 200
        await pages.operate("remove_admin", telegram_id=ADMIN)
        assert (await admin.open("/digest/rows")).status == 403
        assert (await admin.open(waiting)).status in {403, 410}
        await admin.post(waiting, {"form": "x", "do": "open"})
    async with pages.database() as database, database.reading() as reader:
        deeds = [one.what for one in await audit.latest(reader, 20)]
    assert deeds.count("opened_live") == 1


async def test_every_page_is_strict_and_kept_by_nobody(pages: World) -> None:
    async with browser(pages) as admin:
        path = await link(pages)
        shown = [await admin.open(path)]
        await admin.press("Открыть")
        shown += [await admin.open(f"/digest{end}") for end in ("", "/cases", "/rows", "/out")]
        for page in shown:
            assert page.status == 200
            assert page.headers["Cache-Control"] == "no-store"
            assert page.headers["Referrer-Policy"] == "no-referrer"
            said = page.headers["Content-Security-Policy"]
            assert said.startswith("default-src 'none'; style-src 'sha256-")
            assert "script-src" not in said
            assert "<script" not in page.html
        [cookie] = list(admin.session.cookie_jar)
        assert (cookie["path"], cookie["httponly"], cookie["samesite"]) == ("/digest", True, "Lax")


async def test_what_nobody_can_use_any_more_is_forgotten_by_the_daily_job(world: World) -> None:
    now = world.sandbox.clock.now()
    async with world.writing() as database:
        async with database.transaction() as tx:
            manager = await people.by_external(tx, "M1", "manager")
            assert manager is not None
            await web_sessions.invite(tx, manager.id, now)
            session, _ = await web_sessions.begin(
                tx, await web_sessions.invite(tx, manager.id, now), now
            )
        for minutes, count in ((0, 1), (59, 1), (61, 0)):
            later = now + timedelta(minutes=minutes)
            await prune(world.settings, database, later)
            rows = [one for one in everything(world) if one.startswith("web_sessions ")]
            assert len(rows) == count
            async with database.reading() as reader:
                assert (await web_sessions.known(reader, session, later) is not None) == count
