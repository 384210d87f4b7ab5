"""Comments made ready for a digest: told by theme, and without what must not be quoted."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from functools import cache

from bot.operations.words.company_themes import names, themes_of
from bot.operations.words.masking import masked
from bot.operations.words.themes import reader as reader_of
from storage.database import Reader
from storage.people import people, workspace
from surveys.counts.figures import Comment, DigestFigures
from surveys.messages import Language


async def read_words(reader: Reader, figures: DigestFigures, language: Language) -> DigestFigures:
    """Return a digest's figures with every comment's themes, and its words fit to quote."""
    held = themes_of(await workspace.get(reader))
    staff = [one.name for one in await people.managers(reader)]
    tells = reader_of(held)

    @cache
    def read(text: str) -> tuple[str, tuple[str, ...]]:
        return masked(text, language, staff), tells.themes(text)

    def ready(comments: Sequence[Comment]) -> tuple[Comment, ...]:
        return tuple(_read(comments, read))

    return replace(
        figures,
        comments=ready(figures.comments),
        earlier=ready(figures.earlier),
        events=replace(
            figures.events,
            comments=ready(figures.events.comments),
            earlier=ready(figures.events.earlier),
        ),
        themes=names(held, language),
    )


def _read(
    comments: Iterable[Comment], read: Callable[[str], tuple[str, tuple[str, ...]]]
) -> Iterable[Comment]:
    for comment in comments:
        words, themes = read(comment.text)
        yield replace(comment, text=words, themes=themes)
