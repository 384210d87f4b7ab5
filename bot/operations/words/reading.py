"""Comments made ready for a digest: told by theme, and without what must not be quoted."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from bot.operations.words.company_themes import names, themes_of
from bot.operations.words.masking import masked
from bot.operations.words.themes import ThemeReader
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

    def ready(comments: Sequence[Comment]) -> tuple[Comment, ...]:
        return tuple(_read(comments, tells, staff, language))

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
    comments: Iterable[Comment], tells: ThemeReader, staff: Sequence[str], language: Language
) -> Iterable[Comment]:
    for comment in comments:
        words = masked(comment.text, language, staff)
        yield replace(comment, text=words, themes=tells.themes(comment.text))
