"""The command `otklik digest` over a large company, against bare GROUP BY over its answers."""

import asyncio
import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory
from time import process_time

from bot.children import printed
from bot.settings import Settings
from tests.bench import company
from tests.bench.bots import telegram
from tests.bench.scale import Scale
from tests.bench.taps import TAPPING, asked, p95, running, sqlite, waits
from tests.bench.timing import Ratio, Spent, of_rounds

_BARE = (
    "SELECT i.manager_id, i.segment, a.score, count(*) FROM answers a"
    " JOIN invitations i ON i.id = a.invitation_id"
    " WHERE a.answered_at >= ? AND a.answered_at < ? AND a.score IS NOT NULL GROUP BY 1, 2, 3"
)
_MEGABYTES = 250.0
_MILLION_IN_MONTHS = 24


def bench(scale: Scale) -> Iterator[Ratio]:
    """Compare a month's digest, its figures kept or not, its process and imports included."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        files = {}
        for size, shape in (("large", scale.large), ("larger", scale.larger)):
            (folder / size).mkdir()
            files[size] = company.copied(folder / size, shape, counted=True)
        (folder / "cold").mkdir()
        cold = company.copied(folder / "cold", scale.large)
        beside, idle = _tapped_beside(scale, files["large"])
        bare, warm, first, larger, peak = [], [], [], [], []
        for _ in range(scale.rounds):
            bare.append(_grouped(files["large"]))
            taken = _digest(scale, files["large"])
            warm.append(taken.seconds)
            peak.append(taken.megabytes)
            larger.append(_digest(scale, files["larger"]).seconds)
            first.append(_digest(scale, cold).seconds)
    against = "bare GROUP BY over its twelve trend months"
    yield of_rounds("a month's digest", warm, against, bare, "≤ 1")
    yield of_rounds("the same with nothing kept", first, against, bare)
    further = scale.larger.months - scale.large.months
    what = f"the same with {further} earlier months more, of {_MILLION_IN_MONTHS} a million answers"
    yield of_rounds(what, larger, "without them", warm, "≤ 1.01")
    yield Ratio("p95 of a tap beside it", p95(beside), "the same without it", p95(idle), "≤ 2")
    yield of_rounds("its memory", peak, "250 MB", [_MEGABYTES] * len(peak), "≤ 1", unit="MB")


def _tapped_beside(scale: Scale, path: Path) -> tuple[list[float], list[float]]:
    """Return how long taps wait while a digest is made beside the bot, and without it."""
    url = sqlite(path)
    settings = Settings(database_url=url)
    asked(url, TAPPING)

    def made() -> None:
        """Make the digest as the bot itself does, in a patient child."""
        wanted = ("digest", "--period", company.PERIOD, "--format", "html")
        if not asyncio.run(printed(settings, *wanted, language="ru", now=company.END)):
            raise RuntimeError(wanted)

    with telegram() as service, running(service, url), ThreadPoolExecutor(1) as beside:
        service.wait_for_chats(TAPPING)
        idle = waits(service, lambda: False, scale)
        digest = beside.submit(made)
        return waits(service, lambda: not digest.done(), scale), idle


def _digest(scale: Scale, path: Path) -> Spent:
    return digest_of(scale, sqlite(path), path.with_suffix(".html"))


def digest_of(scale: Scale, url: str, page: Path, **settings: str) -> Spent:
    """Make the last month's digest of a company by the command."""
    return scale.spent(
        "bot.cli.main", "digest", "--period", company.PERIOD, "--format", "html",
        "--out", str(page), OTKLIK_DATABASE_URL=url, **settings,
    )  # fmt: skip


def _grouped(path: Path) -> float:
    months = company.month_starts(12)
    with closing(sqlite3.connect(path)) as connection:
        begun = process_time()
        connection.execute(_BARE, (months[0].isoformat(), months[-1].isoformat())).fetchall()
        return process_time() - begun
