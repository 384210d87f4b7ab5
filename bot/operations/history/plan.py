"""How a file of past answers is to be read: what options and a map say."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from bot.errors import Refused
from bot.operations.tables.date_cells import stated_formats
from bot.operations.tables.dates import DateCell, read_dates
from surveys.messages import mark

COLUMNS = (
    "score",
    "date",
    "id",
    "customer",
    "name",
    "manager",
    "segment",
    "touchpoint",
    "comment",
    "month",
    "quarter",
)
"""The columns of a file; a score is required, and a date or one day for all."""
CALENDAR: Mapping[str, tuple[str, ...]] = {
    "month": ("month", "месяц"),
    "quarter": ("quarter", "квартал"),
}
"""Headings of a month or quarter, which help to tell how a date is meant."""
OWN = "attribute "
"""Prefix of the heading of one of the company's own columns."""
NONE = "-"
"""Marks a column that is not to be read, whatever its heading says."""
_LISTS = ("date_format", "attribute")
_SWITCHES = ("utc", "skip_refused")
_SETTINGS = (*_LISTS, *_SWITCHES, "scale", "survey", "question", "on", "skip_lines", "encoding")
_SCALE = re.compile(r"(\d{1,3})\s*[-–—]\s*(\d{1,3})", re.ASCII)
_MOST_SKIPPED = 10_000


@dataclass(frozen=True, slots=True)
class ReadingPlan:
    """Which heading holds what (`columns`: a name of `COLUMNS` → a heading), and how to read it.

    `scale` are the ends of the score, `scale_stated` unless they are taken for granted; `question`
    None: the survey's own score. `attributes` are the headings of the company's own columns. `on`
    is the ISO day of answers that have no date. `utc`: times that name no zone are UTC.
    `skip_refused` takes the other rows where some cannot be taken.
    """

    columns: Mapping[str, str]
    attributes: tuple[str, ...] = ()
    date_formats: tuple[str, ...] = ()
    scale: tuple[int, int] = (0, 10)
    scale_stated: bool = False
    survey: str = "nps"
    question: str | None = None
    on: str | None = None
    utc: bool = False
    skip_refused: bool = False
    skip_lines: int = 0
    encoding: str = ""

    def asked(self) -> dict[str, str]:
        """Return what is read → the heading that was named for it."""
        named = {name: heading for name, heading in self.columns.items() if heading != NONE}
        return named | {OWN + heading: heading for heading in self.attributes}


def plan_from(options: Mapping[str, Any], text: str | None) -> ReadingPlan:
    """Return the plan of the command line's options over those of a YAML document."""
    known = {*COLUMNS, *_SETTINGS}
    said = {} if text is None else _document(text, known)
    said |= {name: value for name, value in options.items() if value}
    listed = {name: _several(said.get(name, ())) for name in _LISTS}
    return ReadingPlan(
        columns={name: str(said[name]) for name in COLUMNS if name in said},
        attributes=listed["attribute"],
        date_formats=listed["date_format"],
        scale=_scale(str(said.get("scale", "0-10"))),
        scale_stated="scale" in said,
        survey=str(said.get("survey", "nps")),
        question=str(said["question"]) if "question" in said else None,
        on=_day(str(said["on"])) if "on" in said else None,
        utc=_switch(said, "utc"),
        skip_refused=_switch(said, "skip_refused"),
        skip_lines=_lines(said.get("skip_lines", 0)),
        encoding=str(said.get("encoding", "")),
    )


def _several(said: object) -> tuple[str, ...]:
    return tuple(map(str, said)) if isinstance(said, list | tuple) else (str(said),)


def _switch(said: Mapping[str, Any], name: str) -> bool:
    value = said.get(name, False)
    if not isinstance(value, bool):
        raise Refused(mark("In the map, {name} is yes or no."), name=name)
    return value


def _lines(said: object) -> int:
    if not isinstance(said, int) or isinstance(said, bool) or not 0 <= said <= _MOST_SKIPPED:
        raise Refused(mark("{text} is no number of lines to skip."), text=str(said)[:20])
    return said


def _day(text: str) -> str:
    found = read_dates([DateCell(0, text)], stated_formats(())).found.get(0, "")
    if not found or "T" in found:
        raise Refused(mark("«{text}» is no day; write 2026-09-30 or 30.09.2026."), text=text[:30])
    return found


def _document(text: str, known: Iterable[str]) -> dict[str, Any]:
    import yaml  # noqa: PLC0415 (mostly nothing but options says how a file is read)

    try:
        found = yaml.safe_load(text)
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise Refused(mark("The map is not YAML. Write lines such as: score: rating")) from error
    if not isinstance(found, dict):
        raise Refused(mark("The map must hold lines such as: score: rating"))
    # YAML takes a bare «on» for yes.
    found = {"on" if name is True else name: value for name, value in found.items()}
    unknown = sorted(str(name) for name in found if name not in known)
    listed = [name for name, value in found.items() if isinstance(value, dict | list)]
    if unknown or [name for name in listed if name not in _LISTS or isinstance(found[name], dict)]:
        raise Refused(mark("The map may hold, each with one value: {known}."), known=sorted(known))
    return {str(name): value for name, value in found.items() if value is not None}


def _scale(text: str) -> tuple[int, int]:
    match = _SCALE.fullmatch(text.strip())
    if match is None or int(match[1]) >= int(match[2]):
        raise Refused(mark("{text} is no scale; write 0-10 or 1-5."), text=text[:20])
    return int(match[1]), int(match[2])
