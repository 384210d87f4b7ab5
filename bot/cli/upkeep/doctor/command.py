"""The command `otklik doctor`."""

from typing import Annotated

import typer

from bot.cli.terminal.failing import failing_kindly
from bot.cli.terminal.saying import as_json, say
from bot.cli.terminal.speaking import reader
from bot.cli.working import awaited, perform
from bot.telling import told
from surveys.messages import Message

_SIGNS = {"fine": "✓", "look": "!", "bad": "✗"}


def doctor(
    json: Annotated[bool, typer.Option("--json", help="For scripts.")] = False,
    retry: Annotated[
        bool, typer.Option("--retry", help="First give the updates put aside another try.")
    ] = False,
    recount: Annotated[
        bool, typer.Option("--recount", help="First forget the figures kept for digests.")
    ] = False,
    refold: Annotated[
        bool, typer.Option("--refold", help="First write anew what names are searched by.")
    ] = False,
) -> None:
    """Look at the database, its files, the queues and Telegram; exit 1 where something is bad."""
    if retry:
        perform("retry_parked", {})
    if recount:
        perform("recount", {})
    if refold:
        perform("refold", {})
    with failing_kindly():
        from bot.cli.upkeep.doctor.examining import examine
        from bot.settings import Settings

        findings, zone = awaited(examine(Settings.load()))
    if json:
        as_json(
            [
                {"level": one.level, "subject": str(one.subject), "sentence": one.sentence}
                for one in findings
            ]
        )
    else:
        texts = reader()
        for one in findings:
            subject = told(texts, one.subject) if isinstance(one.subject, Message) else one.subject
            say(f"{_SIGNS[one.level]} {subject}: {told(texts, one.message, zone)}")
    raise typer.Exit(int(any(finding.level == "bad" for finding in findings)))
