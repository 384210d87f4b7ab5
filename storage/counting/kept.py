"""Figures of past answers, counted once and kept for as long as they hold.

A month's answers hardly change once it is over, and a digest asks for the last twelve of them. So
each figure that was counted is kept beside the answers. Triggers of the database delete it with any
answer of its span that is added, changed, moved to another time or erased, and with any new
question. So code that writes answers need not know of kept figures, and a figure that is found here
holds.

Counting takes a while and must not hold up writers. So a row without cells is written first, then a
reader counts, and the cells are added if the row is still there: any answer that came in between
has deleted it.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, select

from storage.engine.reading import Reader, Transaction
from storage.tables.counting import kept_figures as table
from storage.tables.surveys import answers

Cells = Any
"""What a figure consists of, as JSON keeps it."""
WORTH_KEEPING = 20_000
"""With fewer answers counting is quick enough."""


@dataclass(frozen=True, slots=True)
class KeptFigure:
    """What is counted and between which moments: the start, the end, and borders within."""

    name: str
    moments: tuple[datetime, ...]

    @property
    def row(self) -> dict[str, Any]:
        """Return the columns that tell it from others."""
        moments = json.dumps([moment.isoformat() for moment in self.moments])
        return {"figure": self.name, "moments": moments}


async def cells(reader: Reader, figure: KeptFigure) -> Cells | None:
    """Return what is kept of a figure, or None."""
    found = await reader.scalar(select(table.c.cells).where(*_same(figure)))
    return None if found is None else json.loads(found)


async def worth_keeping(reader: Reader, least: int = WORTH_KEEPING) -> bool:
    """Tell whether there are so many answers that keeping saves anybody time."""
    return (await reader.scalar(select(func.max(answers.c.id))) or 0) >= least


async def missing(reader: Reader, figures: Sequence[KeptFigure]) -> list[KeptFigure]:
    """Return those of the figures that are not kept."""
    rows = await reader.all(
        select(table.c.figure, table.c.moments).where(table.c.cells.is_not(None))
    )
    known = {(row["figure"], row["moments"]) for row in rows}
    return [one for one in figures if tuple(one.row.values()) not in known]


async def announce(tx: Transaction, figure: KeptFigure) -> None:
    """Note that a figure is about to be counted, by a reader that begins after this commit."""
    await tx.run(delete(table).where(*_same(figure)))
    span = {"start_at": figure.moments[0], "end_at": figure.moments[-1]}
    await tx.run(tx.insert(table).values(**figure.row, **span))


async def keep(tx: Transaction, figure: KeptFigure, counted: Cells) -> bool:
    """Keep what was counted; False where an answer changed since it was announced."""
    text = json.dumps(counted, ensure_ascii=False)
    return bool(await tx.run(table.update().where(*_same(figure)).values(cells=text)))


async def everything(reader: Reader) -> list[tuple[KeptFigure, Cells]]:
    """Return all that is kept."""
    rows = await reader.all(select(table).where(table.c.cells.is_not(None)))
    return [
        (
            KeptFigure(
                row["figure"], tuple(map(datetime.fromisoformat, json.loads(row["moments"])))
            ),
            json.loads(row["cells"]),
        )
        for row in rows
    ]


async def forget_all(tx: Transaction) -> int:
    """Forget everything; return how many figures that were."""
    return await tx.run(delete(table))


async def forget_before(tx: Transaction, moment: datetime) -> int:
    """Forget the spans that ended by then."""
    return await tx.run(delete(table).where(table.c.end_at <= moment))


def _same(figure: KeptFigure) -> list[Any]:
    return [table.c[name] == value for name, value in figure.row.items()]
