"""Messages that only the operator at the console may see: the first admin's one-time link."""

import os
import sys
from pathlib import Path

from bot.cli.terminal.saying import say
from bot.cli.terminal.speaking import reader
from bot.errors import FileUnwritable
from bot.telling import told
from surveys.messages import Message


def announce(folder: Path, said: Message) -> None:
    """Print a message; a terminal shows the link in it too, with a QR code for a phone's camera.

    Redirected output is a log, which others may read, so the link goes into a file in `folder` that
    only its owner can read. Where nothing can be printed the program goes on, and its log says so.
    """
    link = said.values.get("link")
    if link is not None and not sys.stdout.isatty():
        said, link = _left_in_a_file(folder, str(link)), None
    try:
        say(told(reader(), said))
        if link is not None:
            import segno

            segno.make(str(link), error="l").terminal(compact=True)
        sys.stdout.flush()
    except OSError as error:
        if link is not None:
            said = _left_in_a_file(folder, str(link))
        import structlog

        log = structlog.get_logger()
        log.warning("console_unwritable", error=type(error).__name__, unsaid=str(said))
        _print_nowhere()


def _left_in_a_file(folder: Path, link: str) -> Message:
    from bot.private_files import write_privately
    from bot.settings import ADMIN_LINK  # imports wait until the command runs: --help stays quick

    path = folder / ADMIN_LINK
    try:
        write_privately(path, f"{link}\n")
    except FileUnwritable as error:
        return Message(
            "{problem} It would hold the first admin's link. Make room, or start otklik run in a "
            "terminal, or name an admin: otklik admin add ID",
            {"problem": error.messages()[0]},
        )
    return Message("To become the first admin, open the link in {path} once.", {"path": path})


def _print_nowhere() -> None:
    """Point standard output nowhere, so that what its buffer holds cannot fail at the end."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    os.close(nowhere)
