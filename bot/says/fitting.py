"""Long screens: as many whole entries as fit in a message, and the number of the others."""

from collections.abc import Callable, Sequence

from bot.says.markup import plain

LONGEST_MESSAGE = 4096
"""Telegram's limit in UTF-16 code units, markup not counted."""


def units(markup: str) -> int:
    """Count a message's UTF-16 code units as Telegram does, after its tags and entities."""
    return len(plain(markup).encode("utf-16-le")) // 2


def shortened(text: str, longest: int) -> str:
    """Return the beginning of a text, at most so many units long, with an ellipsis where cut."""
    raw = text.encode("utf-16-le")
    if len(raw) <= 2 * longest:
        return text
    return raw[: 2 * (longest - 1)].decode("utf-16-le", errors="ignore") + "…"


def within(entries: Sequence[str], room: int, left_out: Callable[[int], str]) -> list[str]:
    """Return the first entries that fit in `room` units as lines, with a last line for the rest.

    `left_out(n)` says that n entries are left out. Empty where not even that line fits.
    """
    if _lines(entries) <= room:
        return list(entries)
    for taken in range(len(entries) - 1, -1, -1):
        shown = [*entries[:taken], left_out(len(entries) - taken)]
        if _lines(shown) <= room:
            return shown
    return []


def _lines(entries: Sequence[str]) -> int:
    return sum(units(entry) + 1 for entry in entries)
