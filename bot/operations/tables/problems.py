"""Why rows of a file cannot be taken: each kind of problem once, with all its lines."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import TypeVar

from surveys.messages import Message

CellT = TypeVar("CellT")
MOST_KINDS = 1_000


@dataclass(frozen=True, slots=True)
class ColumnProblem:
    """Why lines cannot be taken; `advice` is what the command line may do about it.

    `of_column`: the whole column is in doubt, so that it does not help to leave these lines out.
    `are_more`: what is said is true of one of them, and the others are wrong likewise.
    """

    lines: tuple[int, ...]
    message: Message
    advice: Message | None = None
    of_column: bool = False
    are_more: bool = False


def gathered(
    cells: Iterable[tuple[int, CellT]], told: Callable[[tuple[int, ...], CellT], ColumnProblem]
) -> Iterator[ColumnProblem]:
    """Tell of lines by what stands in them: those in which the same does are one problem.

    Each row of a long file may be wrong in a way of its own, and to tell of each would take far
    more memory than the file. So of a thousand different cells more is said than of the others.
    """
    alike: dict[CellT, list[int]] = {}
    others: list[int] = []
    one_of_them: list[CellT] = []
    for line, cell in cells:
        if cell in alike or len(alike) < MOST_KINDS:
            alike.setdefault(cell, []).append(line)
        else:
            others.append(line)
            one_of_them = [cell]
    for cell, lines in alike.items():
        yield told(tuple(lines), cell)
    for cell in one_of_them:
        yield replace(told(tuple(others), cell), are_more=True)
