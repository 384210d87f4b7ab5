"""Every address of the live digest, asked for by everybody: allowed is what the table says."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from itertools import product
from pathlib import Path
from unittest.mock import Mock
from urllib.parse import urlencode

import pytest
from aiohttp import StreamReader, web
from aiohttp.test_utils import make_mocked_request
from aiohttp.web import Response
from multidict import CIMultiDict
from yarl import URL

from bot.errors import Refused
from bot.operations.reports.live import LiveAsked
from bot.rights import Action, may
from bot.roles import roles_of
from bot.serving import HttpRoute, dispatcher
from bot.web.callers import Callers
from bot.web.limits import Limits
from bot.web.live.asked import FilterUnreadable, asked_in
from bot.web.live.fetching import Fetcher
from bot.web.live.rendering import Renderer
from bot.web.live.site import LiveDigest
from bot.web.live.standing import COOKIE
from bot.web.live.surroundings import Surroundings
from bot.web.signing import signer_of
from bot.web.site import Site
from storage.database import Database, open_database
from storage.people import people, web_sessions
from storage.people.addresses import of_telegram
from surveys.messages import Language
from surveys.reports.scope import Scope
from tests.bot.world import START
from tests.engines import database_in

ZONE = "Europe/Moscow"
SECRETS = ("Ромашка", "the company's digest")


class Made(Renderer):
    """Pages that cost nothing to make."""

    def __init__(self) -> None: ...

    async def digest(self, asked: LiveAsked, language: Language) -> str:
        return f"the company's digest in {language} of {asked.period}"

    async def criteria(self, period: str | None, language: Language) -> str:
        raise LookupError(period, language)


class Never(Fetcher):
    """Makes no file."""

    def __init__(self) -> None: ...


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    async with open_database(database_in(tmp_path)) as opened:
        yield opened


async def _tokens(database: Database) -> dict[str, str]:
    """Give everybody a session, whoever they are; return its tokens by their role."""
    tokens = {}
    async with database.transaction() as tx:
        known = {
            "admin": await people.add_admin(tx, of_telegram(1), "Админ", "ru", START),
            "manager": await people.add(tx, START, name="Мария", is_manager=True),
            "lead": await people.add(tx, START, name="Старшая"),
            "expert": await people.add(tx, START, name="Эксперт", is_expert=True),
            "customer": await people.add(tx, START, name="Анна", is_customer=True, segment="опт"),
            "gone": await people.add(tx, START, name="Ушедшая", is_manager=True),
        }
        await people.set_leads(tx, known["lead"].id, ["Север"])
        await people.leave_all(tx, [known["gone"].id], START)
        for role, person in known.items():
            link = await web_sessions.invite(tx, person.id, START)
            tokens[role], _ = await web_sessions.begin(tx, link, START)
    return tokens


def _live(database: Database) -> LiveDigest:
    site = Site("", signer_of("secret"))
    callers = Callers(Limits(lambda: 0.0, size=10_000))
    around = Surroundings(site, database, lambda: START, lambda: None, callers)
    return LiveDigest(around, Made(), Never())


def _places(route: HttpRoute) -> str:
    return route.pattern.pattern.replace("\\", "").replace("(?P<token>[^/]*)", "x" * 32)


async def test_every_address_is_open_to_those_whom_the_table_allows(database: Database) -> None:
    tokens = {"stranger": "", "guesser": "x" * 32, **await _tokens(database)}
    live = _live(database)
    ask = dispatcher(live.routes())
    async with database.reading() as reader:
        known = {
            role: await web_sessions.known(reader, token, START) for role, token in tokens.items()
        }
        persons = {
            role: None if one is None else await people.by_id(reader, one.person_id)
            for role, one in known.items()
        }
    inside = [one for one in live.routes() if one.action is not Action.COME_IN]
    assert {(_places(one), one.action) for one in inside} == {
        ("/digest", Action.OPEN_LIVE),
        ("/digest/criteria", Action.SEE_LIVE),
        ("/digest/cases", Action.SEE_LIVE),
        ("/digest/rows", Action.SEE_LIVE),
        ("/digest/out", Action.OPEN_LIVE),
    }
    wrong = []
    for route, (role, token) in product(inside, tokens.items()):
        for method in route.methods:
            headers = CIMultiDict({"Cookie": f"{COOKIE}={token}"} if token else {})
            request = make_mocked_request(method, _places(route), headers=headers)
            answer = await ask(request)
            assert isinstance(answer, Response)
            allowed = persons[role] is not None and may(route.action, *roles_of(persons[role]))
            is_let_in = not any(one in (answer.text or "") for one in (CLOSED, NOT_YOURS))
            if is_let_in != allowed:
                wrong.append((role, method, _places(route), answer.status))
            if not allowed:
                assert answer.status == 403
                assert not any(secret in (answer.text or "") for secret in SECRETS)
    assert wrong == []


CLOSED = "Эта страница закрыта"
NOT_YOURS = "Эта страница не для Вас"


async def test_a_session_that_is_no_admins_is_shown_a_card_whatever_the_address_says(
    database: Database,
) -> None:
    tokens = await _tokens(database)
    ask = dispatcher(_live(database).routes())
    for role, expected in (("admin", True), ("manager", False), ("lead", False)):
        headers = CIMultiDict({"Cookie": f"{COOKIE}={tokens[role]}"})
        url = URL("/digest").with_query({"segment": "опт", "period": "2026-08"})
        answer = await ask(make_mocked_request("GET", str(url), headers=headers))
        assert isinstance(answer, Response)
        assert answer.status == 200
        assert ("the company's digest" in (answer.text or "")) is expected


def _posted(path: str, form: str) -> web.Request:
    """Return a form's request."""
    body = StreamReader(Mock(_reading_paused=False), 2**16, loop=asyncio.get_running_loop())
    body.feed_data(urlencode({"form": form, "do": "open"}).encode())
    body.feed_eof()
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    return make_mocked_request("POST", path, headers=headers, payload=body)


async def test_who_lost_the_right_after_asking_spends_no_link_and_gets_no_session(
    database: Database,
) -> None:
    async with database.transaction() as tx:
        person = await people.add_admin(tx, of_telegram(1), "Админ", "ru", START)
        link = await web_sessions.invite(tx, person.id, START)
        await people.change(tx, person.id, is_admin=False)
    live = _live(database)
    ask, path = dispatcher(live.routes()), f"/digest/in/{link}"
    form = live.around.site.signer.form(link)
    for request in (make_mocked_request("GET", path), _posted(path, form)):
        answer = await ask(request)
        assert isinstance(answer, Response)
        assert (answer.status, CLOSED in (answer.text or "")) == (403, True)
        assert answer.cookies.get(COOKIE, Mock(value="")).value == ""
    async with database.reading() as reader:
        assert await web_sessions.look(reader, link, START) == person.id, "it is unspent"
    async with database.transaction() as tx:
        await people.change(tx, person.id, is_admin=True)
    answer = await ask(_posted(path, form))
    assert isinstance(answer, Response)
    assert (answer.status, answer.headers["Location"]) == (303, "/digest")


@pytest.mark.parametrize("loss", ["session", "right"])
async def test_nothing_is_handed_out_to_who_lost_the_right_while_it_was_made(
    database: Database, loss: str
) -> None:
    tokens = await _tokens(database)
    live = _live(database)

    class Slow(Made):
        async def digest(self, asked: LiveAsked, language: Language) -> str:
            async with database.transaction() as tx:
                if loss == "session":
                    await web_sessions.end_all(tx, 1, START)
                else:
                    await people.change(tx, 1, is_admin=False, is_manager=True)
            return await super().digest(asked, language)

    ask = dispatcher(replace(live, renderer=Slow()).routes())
    headers = CIMultiDict({"Cookie": f"{COOKIE}={tokens['admin']}"})
    answer = await ask(make_mocked_request("GET", "/digest", headers=headers))
    assert isinstance(answer, Response)
    assert (answer.status, SECRETS[1] in (answer.text or "")) == (403, False)


@pytest.mark.parametrize(
    "query",
    [
        {"period": "2026-13"},
        {"period": "2026-09", "against": "2026-13"},
        {"period": "' OR 1=1 --"},
        {"period": "2026-W99"},
        {"manager": "1 OR 1"},
        {"manager": "-1"},
        {"manager": "٣"},
        {"campaign": "9" * 19},
        {"segment": "x" * 301},
        {"segment": "\0"},
        {"team": "\ud800"},
        {"attribute": "a", "value": "a\n--now"},
    ],
)
def test_an_address_that_no_page_has_made_is_refused(query: dict[str, str]) -> None:
    with pytest.raises(FilterUnreadable):
        asked_in(query, "/digest", START, ZONE)


def test_a_filter_reaches_the_figures_as_it_was_chosen() -> None:
    query = {
        "period": " 2026-q3 ",
        "segment": "--help",
        "team": "",
        "manager": "7",
        "attribute": "a=b",
        "value": "<script>",
    }
    asked = asked_in(query, "/digest", START, ZONE)
    wanted = LiveAsked(
        "/digest", "2026-Q3", Scope(segment="--help", manager=7, attribute=("a=b", "<script>"))
    )
    assert asked == wanted
    for value in ("", "Omsk"):
        unfiltered = {"attribute": "", "value": value}
        assert asked_in(unfiltered, "/digest", START, ZONE) == LiveAsked("/digest"), (
            "none is chosen"
        )


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("attribute=city", "Write beside the attribute «city»"),
        ("attribute=city&value=", "Write beside the attribute «city»"),
        ("value=Omsk", "Choose the attribute whose value «Omsk»"),
        ("segment=a&segment=b", "«segment» twice"),
        ("period=2026-09&period=2026-08", "«period» twice"),
        ("segmnt=a", "«segmnt», which no page knows"),
        ("list=open", "«list», which no page knows"),
    ],
)
def test_what_would_leave_the_whole_company_is_refused_by_name(query: str, said: str) -> None:
    read = URL(f"/digest?{query}").query
    with pytest.raises(Refused, match=said):
        asked_in(read, "/digest", START, ZONE)
    assert asked_in({"list": "open"}, "/digest", START, ZONE, ("list",)) == LiveAsked("/digest")
