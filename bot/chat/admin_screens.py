"""What the admin's menus look like: pure functions to screens."""

from collections.abc import Collection, Sequence

from bot.says.markup import literal
from bot.says.screens import Button, Rows, Screen
from bot.says.taps import MenuTap
from bot.telling import told
from surveys.errors import SurveyError
from templates.texts import Texts


def back(texts: Texts) -> Rows:
    """Return the row that leads to the menu."""
    return ((Button(texts("‹ Menu"), MenuTap("menu").pack()),),)


def pager(page: int, place: str, *arguments: str, more: bool) -> tuple[Button, ...]:
    """Return the buttons to the previous and the next page, where there are such."""
    moves = []
    if page:
        moves.append(Button("‹", MenuTap(place, (*arguments, str(page - 1))).pack()))
    if more:
        moves.append(Button("›", MenuTap(place, (*arguments, str(page + 1))).pack()))
    return tuple(moves)


def choose_period(
    texts: Texts, keys: Sequence[str], under_way: Collection[str], said: str = ""
) -> Screen:
    """Return the periods to choose from; `said` stands above the question."""
    buttons = [Button(texts.period(key), MenuTap("period", (key,)).pack()) for key in keys]
    rows = tuple(tuple(buttons[start : start + 2]) for start in range(0, len(buttons), 2))
    periods = ", ".join(texts.period(key) for key in keys if key in under_way)
    now = texts("Not over yet: {periods}.", periods=periods)
    text = "\n".join(filter(None, [said, texts("Digest for which period?"), now]))
    return Screen(text, (*rows, *by_attributes(texts), *back(texts)))


def wrong_period(texts: Texts, error: SurveyError) -> str:
    """Return what is wrong with the periods typed behind /digest, and what may be typed there."""
    examples = (
        texts("/digest now — this month so far"),
        texts("/digest 2026-09 — a month; 2026-Q3 a quarter, 2026 a year, 2026-W36 a week"),
        texts("/digest 2026-Q3 2025-Q3 — the first, compared with the second"),
    )
    return "\n".join((literal(told(texts, error)), *examples, ""))


def by_attributes(texts: Texts) -> Rows:
    """Return the buttons to what a digest is broken down by, and its themes."""
    return (
        (Button(texts("By attributes"), MenuTap("breakdowns").pack()),),
        (Button(texts("Themes of comments"), MenuTap("themes").pack()),),
    )
