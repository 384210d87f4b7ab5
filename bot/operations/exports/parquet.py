"""Parquet: typed columns, moments in the company's zone, meanings beside them.

Needs pyarrow, the extra `research`.
"""

import json
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.parquet as pq

from bot.operations.exports.columns import Column
from bot.operations.exports.tables import ExportTable, TableRow

_TOGETHER: Final = 5_000
"""How many rows make one group of the file; they are held until it is written."""


async def write_parquet(path: Path, table: ExportTable, zone: str) -> int:
    """Write a table and return how many rows it has."""
    schema = pa.schema([_field(column, zone) for column in table.columns])
    count, waiting = 0, list[TableRow]()
    with pq.ParquetWriter(path, schema) as writer:
        async for batch in table.batches:
            waiting += batch
            count += len(batch)
            if len(waiting) >= _TOGETHER:
                writer.write_table(_rows(schema, waiting))
                waiting = []
        writer.write_table(_rows(schema, waiting))
    return count


def _field(column: Column, zone: str) -> Any:  # noqa: ANN401 - pyarrow ships no types
    kinds = {
        "text": pa.string(),
        "integer": pa.int64(),
        "number": pa.float64(),
        "moment": pa.timestamp("us", tz=zone),
        "day": pa.date32(),
        "flag": pa.bool_(),
    }
    meaning = {"description": column.says}
    if column.labels:
        labels = {str(code): label for code, label in column.labels.items()}
        meaning["labels"] = json.dumps(labels, ensure_ascii=False)
    return pa.field(column.name, kinds[column.kind], metadata=meaning)


def _rows(schema: Any, rows: Sequence[TableRow]) -> Any:  # noqa: ANN401 - pyarrow ships no types
    columns = [list(cells) for cells in zip(*rows, strict=True)] or [[] for _ in schema]
    typed = [
        pa.array([float(cell) if isinstance(cell, Decimal) else cell for cell in cells], field.type)
        for cells, field in zip(columns, schema, strict=True)
    ]
    return pa.Table.from_arrays(typed, schema=schema)
