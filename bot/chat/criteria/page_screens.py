"""What the criteria page looks like in the chat: pure functions to screens."""

from collections.abc import Iterator, Sequence

from bot.chat.admin_screens import back
from bot.says.fitting import LONGEST_MESSAGE, within
from bot.says.markup import literal
from bot.says.screens import Button, Rows, Screen
from bot.says.taps import MenuTap
from surveys.reports.criteria import Criteria
from templates.criteria_page import KNOWN, PARTS, PagePart, blocks_of
from templates.texts import Texts

_REPEATS = (1, 2, 3)


def part(texts: Texts, document: Criteria, zone: str, shown: PagePart) -> Screen:
    """Return one part of the page, with buttons to the others and to what is missing."""
    blocks = blocks_of(texts, document, zone, shown)
    entries = [entry for block in blocks for entry in _entries(block.title, block.entries)]
    if not entries:
        entries = [texts("There is nothing to say here: no criterion is weak, or none is known.")]
    lines = within(entries, LONGEST_MESSAGE, lambda n: texts("… and {n} more.", n=n))
    return Screen("\n".join(lines), (*_turns(texts, document, shown), *_leads(texts)))


def _entries(title: str, entries: Sequence[tuple[str, ...]]) -> Iterator[str]:
    yield f"<b>{literal(title)}</b>"
    for first, *rest in entries:
        lines = [f"• {literal(first)}"]
        lines += [f"<i>{literal(line)}</i>" for line in rest]
        yield "\n".join(lines)


def _turns(texts: Texts, document: Criteria, shown: PagePart) -> Rows:
    others = [
        Button(texts(KNOWN[one]), MenuTap("criteria_part", (one,)).pack())
        for one in PARTS
        if one != shown and (one != "look" or any(row.is_weak for row in document.rows))
    ]
    return tuple((one,) for one in others)


def _leads(texts: Texts) -> Rows:
    return (
        (
            Button(texts("Facts"), MenuTap("facts").pack()),
            Button(texts("Weights"), MenuTap("weights").pack()),
        ),
        (
            Button(texts("Who is loyal"), MenuTap("loyal").pack()),
            Button(texts("Another period"), MenuTap("criteria", ("pick",)).pack()),
        ),
        *back(texts),
    )


def choose_period(texts: Texts, keys: Sequence[str]) -> Screen:
    """Return the periods to choose from."""
    buttons = [Button(texts.period(key), MenuTap("criteria", (key,)).pack()) for key in keys]
    rows = tuple(tuple(buttons[start : start + 2]) for start in range(0, len(buttons), 2))
    return Screen(texts("The criteria of which period?"), (*rows, *back(texts)))


def choose_loyal(texts: Texts, repeats: int | None) -> Screen:
    """Return whom the company may call loyal, with the present choice marked."""
    said = texts(
        "<b>Who is loyal</b>\nThe cost of a loyal customer rests on it, so it is decided once. "
        "Promoters are a share of those who answered; purchases are known where your CRM tells of "
        "closed deals."
    )
    names = [(0, texts("Promoters: 9 or 10"))]
    names += [
        (one, texts.plural("Bought again {n} time", "Bought again {n} times", one))
        for one in _REPEATS
    ]
    rows = tuple(
        (
            Button(
                ("✓ " if one == (repeats or 0) else "") + name, MenuTap("loyal", (str(one),)).pack()
            ),
        )
        for one, name in names
    )
    return Screen(said, (*rows, *back(texts)))
