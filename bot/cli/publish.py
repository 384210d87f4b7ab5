"""`otklik survey publish FILE`: a survey of one's own, or a new version of a known one."""

from pathlib import Path
from typing import Annotated

import typer

from bot.cli.failing import failing_kindly
from bot.cli.working import perform


def publish(
    file: Annotated[Path, typer.Argument(help="A survey file; lint it first.")],
) -> None:
    """Store a survey file as the newest version; earlier invitations keep theirs."""
    with failing_kindly():
        from bot.errors import Refused

        try:
            text = file.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            message = f"Cannot read {file}: {getattr(error, 'strerror', None) or 'not UTF-8'}."
            raise Refused(message) from error
    result = perform("save_survey", {"text": text})
    typer.echo(f"{result['survey']} {result['version']} is what new campaigns ask.")
