"""What the demo's customers say: as people write, in keeping with the score, and never twice."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.demo.comments import shuffled, tone
from bot.demo.company import invent
from bot.demo.history import write_history
from bot.demo.stage import START
from storage.database import open_reading
from storage.tables.surveys import answers, invitations, questions
from surveys.messages import LANGUAGES, Language
from tests.engines import database_in

AUTUMN = START - timedelta(days=80)


@pytest.mark.parametrize("language", LANGUAGES)
def test_there_are_enough_and_none_twice(language: Language) -> None:
    before, now = shuffled(language, 1)
    written = [line for half in (before, now) for pack in half.packs.values() for line in pack]
    assert len(written) >= 300
    assert len({line.casefold() for line in written}) == len(written)
    assert not {line for line in written if re.search(r"[<>]", line)}
    without_stop = [line for line in written if line[-1].isalnum()]
    assert len(without_stop) > len(written) / 2, "people seldom end with a full stop"


def test_a_pack_is_dealt_once() -> None:
    pack, _ = shuffled("en", 7)
    dealt = [pack.deal("high") for _ in range(len(pack.packs["high"]) + 1)]
    assert None in dealt
    assert len(set(dealt)) == len(dealt)


@pytest.mark.parametrize(
    ("score", "sounds"), [(0, "low"), (6, "low"), (7, "middle"), (8, "middle"), (9, "high")]
)
def test_the_tone_is_that_of_the_score(score: int, sounds: str) -> None:
    assert tone(score / 10) == sounds


async def test_the_last_quarter_of_the_past_says_nothing_twice(tmp_path: Path) -> None:
    url = database_in(tmp_path)
    await write_history(url, invent(60, 1, "ru"), START)
    said = (
        select(answers.c.value)
        .select_from(answers.join(questions).join(invitations))
        .where(questions.c.kind == "text", invitations.c.created_at > AUTUMN)
    )
    async with open_reading(url) as database, database.reading() as reader:
        words = [one for one in await reader.scalars(said) if one != "null"]
    assert len(words) > 10
    assert len(set(words)) == len(words)
