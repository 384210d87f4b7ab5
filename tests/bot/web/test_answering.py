"""A customer answers on a page: the same survey, the same invitation, the same words."""

import json

import pytest
from yarl import URL

from storage.answering import answers, invitations
from storage.answering.invitations import Invitation
from storage.people import people
from tests.bot.web.browser import Browser, all_at_once, browser, with_pages
from tests.bot.world import ANNA, World
from tests.engines import contents, on_both

NUMBERS = [str(number) for number in range(11)]


@pytest.fixture
def pages(world: World) -> World:
    """A small world whose bot serves pages."""
    return with_pages(world)


async def answered(world: World, external_id: str) -> tuple[Invitation, dict[str, object]]:
    """Return a customer's only invitation and its answers."""
    async with world.database() as database, database.reading() as reader:
        person = await people.by_external(reader, external_id)
        assert person is not None
        (invitation,) = await invitations.of_person(reader, person.id)
        given = await answers.given(reader, invitation.id)
        return invitation, {key: json.loads(value) for key, value in given.items()}


def everything(world: World) -> list[str]:
    """Return every row of the database."""
    found = contents(world.settings.database_url)
    return [f"{name} {row}" for name, rows in found.items() for row in rows]


async def begun(world: World, device: Browser, external_id: str = "C1") -> str:
    """Let a customer come by their link and agree; return the page's address."""
    path = f"/a/{world.tokens[external_id]}"
    await device.open(path)
    await device.press("Согласен")
    return path


async def test_a_customer_without_telegram_answers_a_wave_by_their_link(pages: World) -> None:
    async with pages.bot(), browser(pages) as anna:
        await pages.launch("nps")
        page = await anna.open(f"/a/{pages.tokens['C1']}")
        assert "Ромашка <и Ко>" in page.text
        assert page.buttons[:2] == ["Согласен", "Нет, спасибо"]
        assert "Telegram" not in page.heading
        page = await anna.press("Согласен")
        assert page.buttons[:11] == NUMBERS
        page = await anna.press("9")
        assert "сообщением" not in page.text, "there is a place to type"
        assert "Ответить в Telegram" in page.links
        page = await anna.press("Отправить", words="Хорошо\r\nи быстро \0")
        assert "Спасибо" in page.heading
        assert "Изменить ответы" in page.buttons
        assert "Ответить в Telegram" not in page.links
        page = await anna.press("Изменить ответы")
        assert "Ваш ответ: 9" in page.text
        page = await anna.press("3")
        assert "Ваш ответ на «" in page.text, "another wording of the question was answered"
        assert "Хорошо" in page.text
        await anna.press("Пропустить")
    invitation, given = await answered(pages, "C1")
    assert (invitation.state, invitation.channel) == ("finished", "web")
    assert given == {"recommend": 3, "why": None}
    assert not pages.sandbox.messages(ANNA)


async def test_half_is_answered_in_telegram_and_half_on_a_page(pages: World) -> None:
    async with pages.bot(), browser(pages) as phone:
        await pages.arrive("C1")
        await pages.launch("loyalty")
        await pages.tap(ANNA, "8")
        page = await phone.open(f"/a/{pages.tokens['C1']}")
        assert page.text.count("2 из 4") == 1
        assert "Ответить в Telegram" not in page.links
        page = await phone.press("5")
        assert "3 из 4" in page.text
        await pages.start(ANNA)
        assert "3 из 4" in pages.screen(ANNA).text
        await pages.tap(ANNA, "1")
        page = await phone.open(f"/a/{pages.tokens['C1']}")
        await phone.press("Отправить", words="Всё хорошо")
        toast = await pages.forge(ANNA, pages.screen(ANNA).buttons[0].data or "")
        assert "устарела" in toast
    invitation, given = await answered(pages, "C1")
    assert (invitation.state, invitation.channel) == ("finished", "telegram")
    assert given == {"recommend": 8, "buy_again": 5, "try_other": 1, "comment": "Всё хорошо"}


@on_both
async def test_opening_every_link_of_an_invitation_records_nothing(pages: World) -> None:
    async with pages.bot(), browser(pages) as scanner, browser(pages) as anna:
        await pages.launch("nps")
        path = f"/a/{pages.tokens['C1']}"
        addresses = [path, *(f"{path}/{number}" for number in NUMBERS), f"{path}?l=en"]
        for agreed in (False, True):
            if agreed:
                await anna.open(path)
                await anna.press("Согласен")
            before = everything(pages)
            for address in addresses:
                assert (await scanner.open(address)).status == 200
                async with scanner.session.head(f"{scanner.url}{address}") as answer:
                    assert answer.status == 200
            assert everything(pages) == before
    assert not scanner.session.cookie_jar


async def test_an_option_in_the_address_is_proposed_and_waits_for_the_tap(pages: World) -> None:
    async with pages.bot(), browser(pages) as anna:
        await pages.launch("nps")
        path = f"/a/{pages.tokens['C1']}"
        await anna.open(f"{path}/9")
        page = await anna.press("Согласен")
        assert page.chosen == ["9"]
        assert (await answered(pages, "C1"))[1] == {}
        await anna.open(f"{path}/x")
        page = await anna.open(f"{path}/10")
        assert page.chosen == ["10"]
        await anna.press("Ответить: 10")
        assert (await anna.open(f"{path}/9")).chosen == []
    assert (await answered(pages, "C1"))[1] == {"recommend": 10}


@on_both
async def test_pressing_twice_and_in_two_tabs_doubles_nothing(pages: World) -> None:
    async with pages.bot(), browser(pages) as anna:
        await pages.launch("nps")
        await begun(pages, anna)
        first = anna.page
        done = await all_at_once(*(anna.press("7", page=first) for _ in range(5)))
        assert {page.note for page in done} == {""}
        second = await anna.open(f"/a/{pages.tokens['C1']}")
        stale = await anna.press("2", page=first)
        assert (stale.status, anna.ways) == (200, [303])
        assert "Вот где мы" in stale.note or "устарела" in stale.note
        done = await all_at_once(
            *(anna.press("Отправить", words="Так", page=second) for _ in range(5))
        )
        assert {page.note for page in done} == {""}
        stale = await anna.press("Отправить", words="Иначе", page=second)
        assert stale.note
    assert (await answered(pages, "C1"))[1] == {"recommend": 7, "why": "Так"}


async def test_another_device_is_shown_no_words_and_binds_no_account(pages: World) -> None:
    async with pages.bot(), browser(pages) as anna, browser(pages) as other:
        await pages.launch("nps")
        path = await begun(pages, anna)
        await anna.press("2")
        await anna.press("Отправить", words="Тайна моя")
        assert "Ваш ответ: 2" in (await anna.press("Изменить ответы")).text
        page = await other.open(path)
        assert page.buttons[:11] == NUMBERS
        assert "Ваш ответ" not in page.text
        page = await other.press("3")
        assert "Тайна" not in page.text
        stale = await other.press("‹ Назад")
        assert "Ваш ответ: 3" in stale.text
        await other.press("3")
        forged = other.session.cookie_jar.filter_cookies(URL(other.url + path))["otklik"].value
        assert forged.count(".") == 1
        assert "Ваш ответ: Тайна" in (await anna.open(path)).text
    async with pages.database() as database, database.reading() as reader:
        person = await people.by_external(reader, "C1")
        assert person is not None
        assert person.address is None


async def test_whoever_wants_no_more_invitations_gets_none_until_they_come_back(
    pages: World,
) -> None:
    async with pages.bot(), browser(pages) as anna:
        await pages.launch("nps")
        path = await begun(pages, anna)
        page = await anna.press("Да, больше не приглашать")
        assert page.buttons[:11] == NUMBERS, "what is open stays open"
        await anna.press("9")
        page = await anna.press("Пропустить")
        assert "Да, больше не приглашать" not in page.buttons
        async with pages.database() as database, database.reading() as reader:
            person = await people.by_external(reader, "C1")
            assert person is not None
            assert person.opted_out_at is not None
        await pages.pass_time(days=60)
        page = await anna.open(path)
        assert "Готово" in page.heading
        await anna.press("Снова приглашать меня")
        async with pages.database() as database, database.reading() as reader:
            person = await people.by_external(reader, "C1")
            assert person is not None
            assert person.opted_out_at is None


async def test_a_stale_form_after_the_end_is_kind_and_changes_nothing(pages: World) -> None:
    async with pages.bot(), browser(pages) as anna:
        await pages.launch("nps")
        path = await begun(pages, anna)
        await anna.press("4")
        form = anna.page
        await pages.pass_time(days=30)
        page = await anna.press("Отправить", words="Поздно", page=form)
        assert "закрылся" in page.heading
        assert "закрылся" in (await anna.open(path)).heading
    invitation, given = await answered(pages, "C1")
    assert invitation.state == "expired"
    assert given == {"recommend": 4}


async def test_who_agreed_before_is_asked_by_the_next_waves_link_at_once(pages: World) -> None:
    async with pages.bot(), browser(pages) as anna:
        first = await pages.launch("nps")
        path = await begun(pages, anna)
        await anna.press("4")
        await anna.press("Пропустить")
        await pages.pass_time(days=100)
        again = await pages.launch("nps")
        assert again["wave"] != first["wave"]
        page = await anna.open(path)
        assert page.buttons[0] == "Начать"
        page = await anna.press("Начать")
        assert page.buttons[:11] == NUMBERS
        await anna.press("8")


async def test_who_says_no_is_left_alone(pages: World) -> None:
    async with pages.bot(), browser(pages) as anna:
        await pages.launch("nps")
        path = f"/a/{pages.tokens['C1']}"
        await anna.open(path)
        page = await anna.press("Нет, спасибо")
        assert "вопросов не будет" in page.text
        assert "Согласен" in (await anna.open(path)).buttons


async def test_pages_speak_the_browsers_language_and_the_chosen_one(pages: World) -> None:
    async with pages.bot(), browser(pages) as anna:
        await pages.launch("nps")
        path = f"/a/{pages.tokens['C1']}"
        page = await anna.open(path, **{"Accept-Language": "de, en;q=0.7, ru;q=0.3"})
        assert "I agree" in page.buttons
        page = await anna.press("Русский")
        assert "Согласен" in page.buttons
        assert "Согласен" in (await anna.open(path, **{"Accept-Language": "en"})).buttons


async def test_the_throttle_counts_what_was_asked_on_a_page(pages: World) -> None:
    async with pages.bot(), browser(pages) as anna:
        await pages.launch("nps")
        await begun(pages, anna)
        await anna.press("4")
        await anna.press("Пропустить")
        await pages.pass_time(days=1)
        await pages.launch("service_quality")
        page = await anna.open(f"/a/{pages.tokens['C1']}")
        assert "Спасибо" in page.heading, "asked a day ago: not again"
