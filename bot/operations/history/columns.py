"""Which column of past answers is what: named by a person, known by its heading, or asked for."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet

from bot.errors import Refused
from bot.operations.history.exports import Export
from bot.operations.history.heads import (
    ALSO,
    KNOWN,
    OF_CUSTOMER,
    Heads,
    answers,
    fits,
    place_of,
    spelt,
    text_at,
)
from bot.operations.history.plan import CALENDAR, OWN, ReadingPlan
from bot.operations.history.scores import NO_SCORE, is_score
from bot.operations.lists.headings import heading_key
from bot.operations.tables import date_cells
from bot.operations.tables.date_cells import stated_formats
from surveys.messages import Message, mark

_ASKS_TO_RECOMMEND = ("recommend", "рекоменд")
_LONGEST_SCORE = 40
"""A longer cell is a numbered sentence («1. My work is valued»), not a score in words."""
_SHOWN_HEADINGS = 40
_LONGEST_HEADING = 60


def places_of(heads: Heads, plan: ReadingPlan) -> dict[str, int]:
    """Return field → its column; raises Refused naming the headings there are."""
    asked = plan.asked()
    wanted = {name: place_of(heads.names, heading) for name, heading in asked.items()}
    missing = [asked[name] for name, at in wanted.items() if at is None]
    if missing:
        raise Refused(
            mark(
                "There is no column {missing}, or it stands there twice. "
                "The first line names: {headings}."
            ),
            missing=missing,
            headings=_shown(names[0] for names in heads.names),
        )
    places = {
        OWN + heads.names[at][0] if name.startswith(OWN) else name: at
        for name, at in wanted.items()
        if at is not None
    }
    known = {name: at for name, at in _known(heads).items() if name not in plan.columns}
    places |= known
    places |= _also(heads, places, settled={*places, *plan.columns})
    _require(places, heads, plan)
    return places


def _known(heads: Heads) -> dict[str, int]:
    """Return the columns that are known by their headings, where nobody named them."""
    found: dict[str, int | None] = {}
    if heads.export is not None:
        for name, headings in heads.export.columns.items():
            places = (place_of(heads.names, heading) for heading in headings)
            found[name] = next((at for at in places if at is not None), None)
    keys = [heading_key(names[0]) for names in heads.names]
    for name in KNOWN:
        fitting = [at for at, key in enumerate(keys) if fits(key, name)]
        if found.get(name) is None and len(fitting) == 1:
            found[name] = fitting[0]
    if found.get("score") is None:
        asking = [at for at in answers(heads) if _asks_to_recommend(heads.names[at])]
        found["score"] = asking[0] if len(asking) == 1 else None
    for name, headings in CALENDAR.items():
        places = (place_of(heads.names, heading) for heading in headings)
        found[name] = next((at for at in places if at is not None), None)
    return {name: at for name, at in found.items() if at is not None}


def _also(heads: Heads, places: Mapping[str, int], settled: AbstractSet[str]) -> dict[str, int]:
    """Return optional columns that nobody named, where plain headings say what they hold."""
    free = {
        at: spelt(heading_key(names[0]))
        for at, names in enumerate(heads.names)
        if at not in places.values()
    }
    found: dict[str, int] = {}
    for name, kinds in ALSO.items():
        fitting = ([at for at, key in free.items() if key in kind] for kind in kinds)
        best = next((some for some in fitting if some), [])
        if name not in settled and len(best) == 1:
            found[name] = best[0]
    named = [at for at, key in free.items() if key in OF_CUSTOMER and at not in found.values()]
    if "customer" in {*places, *found} and "name" not in settled and len(named) == 1:
        found["name"] = named[0]
    return found


def _asks_to_recommend(names: Sequence[str]) -> bool:
    if names[0].endswith("_NPS_GROUP"):
        return False
    return any(word in heading_key(name) for name in names for word in _ASKS_TO_RECOMMEND)


def _require(places: Mapping[str, int], heads: Heads, plan: ReadingPlan) -> None:
    lacks = [name for name in ("score", "date") if name not in places]
    if plan.on is not None:
        lacks = [name for name in lacks if name != "date"]
    if not lacks:
        return
    said = [] if heads.export is None else [_export_of(heads.export)]
    if "score" in lacks:
        said.append(Message("Say which column holds the score: --score COLUMN."))
        said += _likely(mark("These look like scores: {headings}."), heads, _is_score(plan))
    if "date" in lacks:
        said.append(
            Message(
                "Say which column holds the date: --date COLUMN; where there is none, the day of "
                "all answers: --on DAY."
            )
        )
        said += _likely(mark("These look like dates: {headings}."), heads, _is_date(plan))
    headings = _shown(names[0] for names in heads.names)
    said.append(Message("Columns: {headings}.", {"headings": headings}))
    raise ColumnsMissing(*said)


def _export_of(export: Export) -> Message:
    return Message("This is an export of {tool}.", {"tool": Message(export.name)})


def _is_score(plan: ReadingPlan) -> Callable[[str], bool]:
    return lambda text: (
        text.casefold() in NO_SCORE or (len(text) <= _LONGEST_SCORE and is_score(text, plan.scale))
    )


def _is_date(plan: ReadingPlan) -> Callable[[str], bool]:
    stated = stated_formats(plan.date_formats)
    return lambda text: not text or date_cells.split(text, stated) is not None


def _likely(template: str, heads: Heads, fits: Callable[[str], bool]) -> Iterator[Message]:
    """Yield which columns hold nothing else among their first rows."""
    found = []
    for at in answers(heads):
        said = [text_at(cells, at) for _, cells in heads.ahead]
        if any(said) and all(map(fits, said)):
            found.append(heads.names[at][0])
    if found:
        yield Message(template, {"headings": _shown(found)})


class ColumnsMissing(Refused):
    """It is unclear which columns hold the score and the date; `said` helps to name them."""

    def __init__(self, *said: Message) -> None:
        super().__init__()
        self.said = said

    def messages(self) -> tuple[Message, ...]:
        """Return what is to be said, a line each."""
        return self.said


def _shown(headings: Iterable[str]) -> list[str]:
    """Return headings for a message: not too many, none too long."""
    known = [heading for heading in headings if heading]
    cut = [
        f"«{text}»" if len(text) <= _LONGEST_HEADING else f"«{text[:_LONGEST_HEADING]}…»"
        for text in known[:_SHOWN_HEADINGS]
    ]
    return cut if len(known) <= _SHOWN_HEADINGS else [*cut, "…"]
