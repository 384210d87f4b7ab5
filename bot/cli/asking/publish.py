"""`otklik survey publish FILE`: a survey of one's own, or a new version of a known one."""

from pathlib import Path
from typing import Annotated

import typer

from bot.cli.terminal.failing import failing_kindly
from bot.cli.terminal.saying import say
from bot.cli.terminal.speaking import reader
from bot.cli.working import perform, read_text


def publish(
    file: Annotated[Path, typer.Argument(help="A survey file; lint it first.")],
) -> None:
    """Store a survey file as the newest version; earlier invitations keep theirs."""
    with failing_kindly():
        text = read_text(file)
    result = perform("save_survey", {"text": text})
    texts = reader()
    say(texts("{survey} {version} is what new campaigns ask.", **result))
