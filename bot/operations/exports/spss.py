"""SPSS, whose library wants all rows at once: they wait on the disk, and it reads them from there.

Needs pyarrow and pyreadstat, the extra `research`.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any, Final, Literal
from zoneinfo import ZoneInfo

import pyarrow as pa

from bot.operations.exports.cells import local
from bot.operations.exports.tables import ExportTable, TableRow
from scoring.rows import spss
from scoring.rows.spss import Variable, as_kept, names_of

_KINDS: Final[Mapping[str, Literal["text", "moment", "day"]]] = {
    "text": "text",
    "moment": "moment",
    "day": "day",
}
"""What a column is for SPSS; all others are numbers."""


async def write_spss(path: Path, table: ExportTable, zone: ZoneInfo) -> int:
    """Write a table and return how many rows it has."""
    variables = [
        Variable(one.name, _KINDS.get(one.kind, "number"), one.says, one.labels)
        for one in table.columns
    ]
    kinds = [pa.string() if one.kind == "text" else pa.float64() for one in variables]
    schema = pa.schema(list(zip(names_of(variables), kinds, strict=True)))
    count = 0
    with NamedTemporaryFile(dir=path.parent, prefix=".", suffix=".arrow") as waiting:
        with pa.ipc.new_file(waiting.name, schema) as written:
            async for batch in table.batches:
                written.write_batch(_rows(schema, variables, batch, zone))
                count += len(batch)
        with pa.memory_map(waiting.name) as kept:
            spss.write_spss(path, variables, pa.ipc.open_file(kept).read_all())
    return count


def _rows(
    schema: Any,  # noqa: ANN401 - pyarrow ships no types
    variables: Sequence[Variable],
    rows: Sequence[TableRow],
    zone: ZoneInfo,
) -> Any:  # noqa: ANN401 - the same
    columns = list(zip(*rows, strict=True)) or [() for _ in variables]
    kept = [
        pa.array(
            [
                as_kept(one, local(cell, zone) if isinstance(cell, datetime) else cell)
                for cell in cells
            ],
            field.type,
        )
        for one, cells, field in zip(variables, columns, schema, strict=True)
    ]
    return pa.record_batch(kept, schema=schema)
