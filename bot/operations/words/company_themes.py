"""The themes that a company counts its comments by: shown, tried, changed."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from bot.errors import Refused
from bot.operations.words.themes import reader as reader_of
from storage.database import Database, Transaction
from storage.people import workspace
from storage.people.workspace import Workspace
from surveys.messages import mark
from surveys.survey.cleaning import clean_text
from surveys.themes.rules import (
    MOST_WORDS,
    Theme,
    Themes,
    parse_themes,
    themes_from_json,
    themes_to_json,
    usual,
)

_LONGEST_WORD = 60


def themes_of(space: Workspace) -> Themes:
    """Return the themes that hold: the company's own, else the usual ones."""
    return usual() if space.themes is None else themes_from_json(space.themes)


async def themes(
    database: Database,
    now: datetime,
    /,
    *,
    source: str | None = None,
    usual_again: bool = False,
    tried: str | None = None,
) -> dict[str, Any]:
    """Operation: take the themes of a YAML `source` or the usual ones again; return what holds.

    `tried` is a comment whose themes are returned too. Raises ThemesInvalid.
    """
    del now
    given = None if source is None else parse_themes(source)
    if given is not None or usual_again:
        async with database.transaction() as tx:
            await _keep(tx, given)
    async with database.reading() as reader:
        space = await workspace.get(reader)
    held = themes_of(space)
    return {
        "own": space.themes is not None,
        "themes": [theme.model_dump(mode="json") for theme in held.themes],
        "told": [] if tried is None else list(reader_of(held).themes(tried)),
    }


async def add_word(tx: Transaction, key: str, said: str) -> Theme:
    """Add a word, or several divided by commas or lines, to a theme; raises Refused."""
    held = themes_of(await workspace.get(tx))
    words = [folded for one in said.replace("\n", ",").split(",") if (folded := clean_text(one))]
    if not words or any(len(word) > _LONGEST_WORD for word in words):
        raise Refused(mark("Write a word or a short phrase, at most {most} characters."), most=60)
    theme = _found(held, key)
    every = tuple(dict.fromkeys((*theme.words, *words)))
    if len(every) > MOST_WORDS:
        raise Refused(mark("A theme holds {most} words at most."), most=MOST_WORDS)
    return await _replaced(tx, held, theme.model_copy(update={"words": every}))


async def remove_word(tx: Transaction, key: str, word: str) -> Theme:
    """Take a word out of a theme; the last one stays. Raises Refused."""
    held = themes_of(await workspace.get(tx))
    theme = _found(held, key)
    rest = tuple(one for one in theme.words if one != word)
    if not rest:
        raise Refused(mark("A theme needs a word: add another one first."))
    return await _replaced(tx, held, theme.model_copy(update={"words": rest}))


async def forget_own(tx: Transaction) -> Themes:
    """Return to the usual themes."""
    await _keep(tx, None)
    return usual()


def _found(held: Themes, key: str) -> Theme:
    found = next((theme for theme in held.themes if theme.key == key), None)
    if found is None:
        raise Refused(mark("There is no theme {key} any more."), key=key)
    return found


async def _replaced(tx: Transaction, held: Themes, theme: Theme) -> Theme:
    rest = tuple(theme if one.key == theme.key else one for one in held.themes)
    await _keep(tx, Themes(themes=rest))
    return theme


async def _keep(tx: Transaction, themes: Themes | None) -> None:
    space = await workspace.get(tx)
    written = None if themes is None else themes_to_json(themes)
    await workspace.save(tx, replace(space, themes=written))


def names(held: Themes, language: str) -> Mapping[str, str]:
    """Return each theme's name in a language, by key."""
    return {
        theme.key: theme.name.ru if language == "ru" else theme.name.en for theme in held.themes
    }
