"""The demo's last words: what happened, and where to look."""

from collections.abc import Iterator
from pathlib import Path

from rich.console import Console
from rich.table import Table

from bot.demo.campaign import PlayedCampaign
from surveys.messages import mark
from templates.texts import Texts


def report(outcome: PlayedCampaign, out: Path, texts: Texts) -> None:
    """Print the summary."""
    table = Table(*map(texts, _COLUMNS))
    for name, progress in outcome.waves:
        counts = (
            progress.invited,
            progress.delivered,
            progress.started,
            progress.finished,
            sum(progress.not_asked.values()),
        )
        table.add_row(name, *map(texts.number, counts))
    console = Console()
    console.print(table)
    console.print("\n".join(_sentences(outcome, texts)))
    digest, numbers, journal = (
        out / name for name in ("digest.html", "digest.json", "journal.jsonl")
    )
    console.print(texts("The digest: {file}", file=digest), soft_wrap=True)
    console.print(
        texts("Its numbers: {file}, every step: {journal}", file=numbers, journal=journal),
        soft_wrap=True,
    )


_COLUMNS = (
    mark("Campaign"),
    mark("Invited"),
    mark("Delivered"),
    mark("Started"),
    mark("Finished"),
    mark("Not asked"),
)


def _sentences(outcome: PlayedCampaign, texts: Texts) -> Iterator[str]:
    counts = {
        "taps": outcome.taps,
        "words": outcome.words,
        "came": outcome.came_by_link,
        "reminded": outcome.reminded,
        "late": outcome.late,
        "changed": outcome.changed_mind,
        "stopped": outcome.stopped,
        "blocked": outcome.blocked,
        "expired": outcome.expired,
    }
    for sentence in (
        mark("Through the bot went: taps {taps}, messages {words}."),
        mark("Came by their personal links: {came}. Reminded: {reminded}, began then: {late}."),
        mark("Changed their mind: {changed}. Unsubscribed: {stopped}. Blocked the bot: {blocked}."),
        mark("Surveys that expired: {expired}."),
    ):
        yield texts(sentence, **{name: texts.number(count) for name, count in counts.items()})
