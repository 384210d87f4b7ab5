"""Ten thousand guesses of links: none is right, and few are looked up at all."""

import random
import string
from collections import Counter
from pathlib import Path

from aiohttp.test_utils import make_mocked_request
from aiohttp.web import Response
from yarl import URL

from bot.chat.surveys.sheets import Handles
from bot.serving import dispatcher
from bot.web.callers import Callers
from bot.web.kept import KeptPages
from bot.web.limits import GUESS, PAGES_A_SECOND, Limits
from bot.web.signing import signer_of
from bot.web.site import Pages, Site
from storage.database import open_database
from storage.people import links, people
from tests.bot.world import START
from tests.engines import ON_POSTGRES, database_in

GUESSES = 10_000
A_SECOND = 100
_LETTERS = string.ascii_letters + string.digits + "-_"


def near(token: str, chance: random.Random) -> str:
    """Return a token that differs from a real one in a letter, in case, in length, or wholly."""
    place = chance.randrange(len(token))
    other = chance.choice([one for one in _LETTERS if one != token[place]])
    return chance.choice(
        [
            f"{token[:place]}{other}{token[place + 1 :]}",
            token.swapcase(),
            token[:-1],
            f"{token}{other}",
            "".join(chance.choices(_LETTERS, k=len(token))),
        ]
    )


async def test_ten_thousand_guesses_find_nothing_and_are_slowed_down(tmp_path: Path) -> None:
    chance, now = random.Random(1), 0.0
    async with open_database(database_in(tmp_path)) as database:
        async with database.transaction() as tx:
            anna = await people.add(tx, START, name="Анна", is_customer=True)
            tokens = [await links.issue(tx, "personal", anna.id, START) for _ in range(8)]
        callers, kept = Callers(Limits(lambda: now)), KeptPages(lambda: now)
        site = Site("", signer_of("secret"))
        pages = Pages(site, database, lambda: START, lambda: None, Handles(), callers, kept)
        ask, written = dispatcher(pages.routes()), database.version
        request, found = make_mocked_request("GET", "/"), Counter[int]()
        for number in range(GUESSES):
            now = number / A_SECOND
            path = URL(f"/a/{near(chance.choice(tokens), chance)}")
            answer = await ask(request.clone(rel_url=path))
            assert isinstance(answer, Response)
            found[answer.status] += 1
        assert found.keys() == {404, 429}, "no page was shown"
        a_second = PAGES_A_SECOND / GUESS
        assert found[404] <= 200 / GUESS + a_second * GUESSES / A_SECOND + 1
        assert callers.guesses == found[404] >= GUESSES / A_SECOND * a_second / 2
        assert ON_POSTGRES or database.version == written  # a server's counts readings, too
        now += 3_600
        answer = await ask(request.clone(rel_url=URL(f"/a/{tokens[-1]}")))
        assert answer.status == 200, "whoever has the link is let in afterwards"
