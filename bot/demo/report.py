"""The demo's last words: what happened, and where to look."""

from pathlib import Path

from rich.console import Console
from rich.table import Table

from bot.demo.campaign import Outcome


def report(outcome: Outcome, out: Path) -> None:
    """Print the summary."""
    table = Table("campaign", "invited", "delivered", "started", "finished", "not asked")
    for name, progress in outcome.waves:
        table.add_row(
            name,
            str(progress.invited),
            str(progress.delivered),
            str(progress.started),
            str(progress.finished),
            str(sum(progress.not_asked.values())),
        )
    console = Console()
    console.print(table)
    console.print(
        f"{outcome.taps} taps and {outcome.words} messages went through the bot. "
        f"{outcome.came_by_link} people came by their personal links, {outcome.reminded} were "
        f"reminded and {outcome.late} of them began then, {outcome.changed_mind} changed their "
        f"mind, {outcome.stopped} unsubscribed, {outcome.blocked} blocked the bot; "
        f"{outcome.expired} surveys expired."
    )
    console.print(f"The digest: {out / 'digest.html'}", soft_wrap=True)
    console.print(f"Its numbers: {out / 'digest.json'}, every step: {out / 'journal.jsonl'}")
