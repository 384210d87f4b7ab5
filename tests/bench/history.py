"""Past answers, against their rows into a table: CPU, memory, and growth with what is there."""

import csv
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.bench import company
from tests.bench.people import empty
from tests.bench.scale import Scale
from tests.bench.taps import sqlite
from tests.bench.timing import Ratio, of_rounds

_MEGABYTES = 200.0
_FIRST_DAY = datetime(2024, 1, 1, 9, tzinfo=UTC)


def bench(scale: Scale) -> Iterator[Ratio]:
    """Compare `otklik import history` with a reader and executemany."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        file, few = folder / "history.csv", folder / "few.csv"
        _write(file, scale.answered)
        _write(few, max(scale.answered // 20, 10))
        ours = _imported(scale, file, **empty(sqlite(folder / "otklik.db")))
        bare = ("tests.bench.bare.lists", "history", str(file), str(folder / "bare.db"))
        theirs = scale.spent(*bare)
        empty(sqlite(folder / "same.db"))
        same = scale.spent("tests.bench.bare.past_answers", str(file), str(folder / "same.db"))
        what = f"history, {scale.answered:,} rows"
        yield of_rounds(what, [ours[0]], "csv.reader + executemany", [theirs.seconds], "≤ 10")
        against = "csv.reader + executemany into the same tables"
        yield of_rounds(what, [ours[0]], against, [same.seconds])
        what = "memory of the largest process"
        yield of_rounds(what, [ours[1]], "200 MB", [_MEGABYTES], "≤ 1", unit="MB")
        alone = _imported(scale, few, **empty(sqlite(folder / "few.db")))
        (folder / "large").mkdir()
        large = company.copied(folder / "large", scale.large)
        beside_them = {"OTKLIK_DATABASE_URL": f"sqlite:///{large}"}
        copy = scale.spent("bot.cli.main", "backup", **beside_them)
        beside = _imported(scale, few, **beside_them)
        # The copy before an import grows with what is there, as it must; nothing else may.
        what = "a twentieth of it beside the large company's answers"
        against = "into an empty file, and a copy of the large company"
        yield of_rounds(what, [beside[0]], against, [alone[0] + copy.seconds], "≤ 1.1")


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
