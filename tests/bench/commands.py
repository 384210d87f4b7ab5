"""What commands take that somebody waits for, against the help of a typer app of two commands."""

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.bench.people import empty
from tests.bench.scale import Scale
from tests.bench.taps import sqlite
from tests.bench.timing import Ratio, of_rounds

_AGAINST = "`--help` of a typer app of two commands"


def bench(scale: Scale) -> Iterator[Ratio]:
    """Compare CPU seconds, in turns."""
    with TemporaryDirectory() as folder:
        settings = empty(sqlite(Path(folder) / "otklik.db"))
        rounds = [
            (
                scale.spent("tests.bench.bare.typer_app", "--help").seconds,
                scale.spent("bot.cli.main", "--help").seconds,
                scale.spent("bot.cli.main", "doctor", **settings).seconds,
            )
            for _ in range(scale.starts)
        ]
    base, helped, examined = zip(*rounds, strict=True)
    yield of_rounds("`otklik --help`", helped, _AGAINST, base, "≤ 1.4")
    yield of_rounds("`otklik doctor`, no token", examined, _AGAINST, base, "≤ 3")
