"""Scores as tools write them: «9», «9/10», «10 - Very likely», «Not at all likely - 0».

Words beside numbers are read only where the whole column agrees with one scale: every «of 10» says
where that scale ends, and no words go with two numbers.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import NamedTuple

from bot.operations.tables.problems import ColumnProblem, gathered
from surveys.messages import Message

NO_SCORE = frozenset(
    {"", "-", "—", "–", "n/a", "na", "#n/a", "nan", "null", "none", "н/д", "нет", "нет ответа"}
)
"""Cells that say that nobody answered."""
_WHOLE = re.compile(r"(\d{1,9})(?:[.,]0+)?", re.ASCII)
_OF = re.compile(r"(\d{1,3})\s*(?:/|из|of|out of)\s*(\d{1,3})", re.ASCII | re.IGNORECASE)
_BEFORE = re.compile(r"(\d{1,3})(\D+)", re.ASCII)
_BEHIND = re.compile(r"(\D+?)(\d{1,3})\)?", re.ASCII)
_AROUND = " .,:;()[]-–—=\N{NO-BREAK SPACE}"
_UNITS = frozenset(
    [
        *("балл", "балла", "баллов", "звезда", "звезды", "звёзд", "point", "points", "star"),
        *("stars", "★", "⭐", "⭐\N{VARIATION SELECTOR-16}"),
    ]
)
"""Words beside a number that only name what is counted."""


class CellScore(NamedTuple):
    """A number, the words beside it, and the top of its scale where a cell names that."""

    number: int
    words: str = ""
    top: int | None = None


@dataclass(frozen=True, slots=True)
class ColumnScores:
    """Line → score; what is wrong: with single rows, or with the whole column."""

    found: Mapping[int, int]
    problems: tuple[ColumnProblem, ...]


def read_scores(lines: Sequence[int], texts: Sequence[str], scale: tuple[int, int]) -> ColumnScores:
    """Read the cells of one column, each with its line."""
    known = {text: split(text) for text in set(texts)}
    scores = {
        text: one.number
        for text, one in known.items()
        if one is not None and scale[0] <= one.number <= scale[1]
    }
    problems: list[ColumnProblem] = []
    if any(one is not None and one[1:] != ("", None) for one in known.values()):
        said = {line: known[text] for line, text in zip(lines, texts, strict=True)}
        problems += _several_scales(dict(zip(lines, texts, strict=True)), said, scale)
        problems += _contradicting(said)
    if len(scores) == len(known):
        return ColumnScores(
            dict(zip(lines, map(scores.__getitem__, texts), strict=True)), tuple(problems)
        )
    found: dict[int, int] = {}
    wrong: list[tuple[int, str]] = []
    for line, text in zip(lines, texts, strict=True):
        if text in scores:
            found[line] = scores[text]
        elif text.strip().casefold() in NO_SCORE:
            wrong.append((line, ""))
        else:
            wrong.append((line, text))
    problems += gathered(wrong, partial(_no_score, scale))
    return ColumnScores(found, tuple(problems))


@lru_cache(maxsize=1024)
def split(text: str) -> CellScore | None:
    """Return what a cell says, None where no score can be read from it."""
    plain = unicodedata.normalize("NFKC", text).strip()
    if whole := _WHOLE.fullmatch(plain):
        return CellScore(int(whole[1]))
    if of := _OF.fullmatch(plain):
        return CellScore(int(of[1]), top=int(of[2]))
    if before := _BEFORE.fullmatch(plain):
        return _worded(int(before[1]), before[2])
    if behind := _BEHIND.fullmatch(plain):
        return _worded(int(behind[2]), behind[1])
    return None


def _worded(number: int, beside: str) -> CellScore | None:
    words = " ".join(beside.strip(_AROUND).casefold().split())
    if words in _UNITS:
        return CellScore(number)
    return CellScore(number, words) if any(map(str.isalpha, words)) else None


def is_score(text: str, scale: tuple[int, int]) -> bool:
    """Tell whether a cell by itself is a score of the scale."""
    said = split(text)
    return said is not None and scale[0] <= said.number <= scale[1]


def _no_score(scale: tuple[int, int], lines: tuple[int, ...], text: str) -> ColumnProblem:
    if not text:
        return ColumnProblem(lines, Message("there is no score"))
    values = {"text": text[:40], "low": scale[0], "high": scale[1]}
    return ColumnProblem(lines, Message("«{text}» is no whole number from {low} to {high}", values))


def _several_scales(
    texts: Mapping[int, str], said: Mapping[int, CellScore | None], scale: tuple[int, int]
) -> Iterable[ColumnProblem]:
    """Name the rows whose scale ends elsewhere."""
    others: dict[int, list[int]] = defaultdict(list)
    for line, one in said.items():
        if one is not None and one.top not in {None, scale[1]}:
            others[one.top or 0].append(line)
    for _, lines in sorted(others.items()):
        values = {"text": texts[lines[0]][:40], "low": scale[0], "high": scale[1]}
        message = Message("«{text}» is of another scale than {low}-{high}: say --scale", values)
        yield ColumnProblem(tuple(lines), message, of_column=True)


def _contradicting(said: Mapping[int, CellScore | None]) -> Iterable[ColumnProblem]:
    """Name the rows in which the same words go with several numbers."""
    lines: dict[str, list[int]] = defaultdict(list)
    numbers: dict[str, set[int]] = defaultdict(set)
    for line, one in said.items():
        if one is not None and one.words:
            lines[one.words].append(line)
            numbers[one.words].add(one.number)
    for words, found in numbers.items():
        if len(found) > 1:
            values = {"words": words[:40], "numbers": sorted(map(str, found), key=int)}
            message = Message("«{words}» stands at several numbers: {numbers}", values)
            yield ColumnProblem(tuple(lines[words]), message, of_column=True)
