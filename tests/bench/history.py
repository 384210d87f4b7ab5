"""Past answers, against their rows into a table: CPU, memory, and growth with what is there."""

import csv
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from tests.bench import company
from tests.bench.people import empty
from tests.bench.scale import Scale
from tests.bench.taps import sqlite
from tests.bench.timing import Ratio, of_rounds

_MEGABYTES = 200.0
_FIRST_DAY = datetime(2024, 1, 1, 9, tzinfo=UTC)


def bench(scale: Scale) -> Iterator[Ratio]:
    """Compare `otklik import history` with a reader and executemany, in turns."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        file, few = folder / "history.csv", folder / "few.csv"
        _write(file, scale.answered)
        _write(few, max(scale.answered // 20, 10))
        turns = [_turn(scale, file, few) for _ in range(scale.lists)]
    ours = [one.ours for one in turns]
    what = f"history, {scale.answered:,} rows"
    against = "csv.reader + executemany"
    yield of_rounds(what, ours, against, [one.bare for one in turns], "≤ 10")
    yield of_rounds(what, ours, f"{against} into the same tables", [one.same for one in turns])
    megabytes, limit = [one.megabytes for one in turns], [_MEGABYTES] * len(turns)
    what = "memory of the largest process"
    yield of_rounds(what, megabytes, "200 MB", limit, "≤ 1", unit="MB")
    what = "a twentieth of it beside the large company's answers"
    against = "into an empty file, and a copy of the large company"
    beside, alone = [one.beside for one in turns], [one.alone for one in turns]
    yield of_rounds(what, beside, against, alone, "≤ 1.1")


class _Turn(NamedTuple):
    """CPU seconds of a file, taken by us, into a bare table and into the same tables, and memory.

    `beside`: those of few rows beside a large company; `alone`: into an empty file, and a copy.
    """

    ours: float
    megabytes: float
    bare: float
    same: float
    beside: float
    alone: float


def _turn(scale: Scale, file: Path, few: Path) -> _Turn:
    with TemporaryDirectory() as name:
        folder = Path(name)
        bare, same = str(folder / "bare.db"), str(folder / "same.db")
        ours, megabytes = _imported(scale, file, **empty(sqlite(folder / "ours.db")))
        into_one = scale.spent("tests.bench.bare.lists", "history", str(file), bare)
        empty(sqlite(Path(same)))
        into_the_same = scale.spent("tests.bench.bare.past_answers", str(file), same)
        alone, _ = _imported(scale, few, **empty(sqlite(folder / "few.db")))
        beside_them = {"OTKLIK_DATABASE_URL": sqlite(company.copied(folder, scale.large))}
        # The copy before an import grows with what is there, as it must; nothing else may.
        copy = scale.spent("bot.cli.main", "backup", **beside_them)
        beside, _ = _imported(scale, few, **beside_them)
    return _Turn(
        ours, megabytes, into_one.seconds, into_the_same.seconds, beside, alone + copy.seconds
    )


def _imported(scale: Scale, file: Path, **environment: str) -> tuple[float, float]:
    taken = scale.spent(
        "bot.cli.main", "import", "history", str(file), "--yes", "--score", "score",
        "--date", "date", "--customer", "customer", "--comment", "comment", **environment,
    )  # fmt: skip
    return taken.seconds, taken.megabytes


def _write(path: Path, count: int) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(("customer", "date", "score", "comment"))
        for number in range(count):
            at = _FIRST_DAY + timedelta(minutes=5 * number)
            said = "Спасибо, всё хорошо" if number % 10 == 0 else ""
            score = (0, 5, 7, 8, 9, 9, 10, 10)[number % 8]
            rows.writerow((f"C{number % 40_000}", at.isoformat(), score, said))
