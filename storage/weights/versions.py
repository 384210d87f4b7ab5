"""Versions of the criteria's weights: only added, and the latest holds."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import RowMapping, select

from storage.engine.reading import Reader, Transaction
from storage.tables.weights import weights as table
from surveys.counts.weights import Adopted


async def adopt(
    tx: Transaction,
    weights: Mapping[str, float],
    consistency_ratio: float | None,
    experts: Mapping[int, float | None],
    by: int | None,
    now: datetime,
) -> Adopted:
    """Keep a new version; without weights all criteria weigh the same from now on.

    `experts`: those who counted → their own consistency ratios.
    """
    content = {
        "weights": dict(weights),
        "consistency_ratio": consistency_ratio,
        "experts": [[number, ratio] for number, ratio in experts.items()],
    }
    values = {"adopted_by": by, "adopted_at": now, "content": json.dumps(content)}
    await tx.run(tx.insert(table).values(**values))
    found = await latest(tx)
    if found is None:
        raise LookupError(values)
    return found


async def latest(reader: Reader) -> Adopted | None:
    """Return the version in force, None where none was ever adopted."""
    row = await reader.first(select(table).order_by(table.c.id.desc()).limit(1))
    return None if row is None else _adopted(row)


async def every(reader: Reader) -> Sequence[Adopted]:
    """Return all versions, the latest first."""
    rows = await reader.all(select(table).order_by(table.c.id.desc()))
    return [_adopted(row) for row in rows]


def _adopted(row: RowMapping) -> Adopted:
    content = json.loads(row["content"])
    return Adopted(
        version=row["id"],
        adopted_at=row["adopted_at"],
        weights=content["weights"],
        experts=len(content["experts"]),
        consistency_ratio=content["consistency_ratio"],
    )
