"""What the operator at the console may see and nobody else: the first admin's one-time link."""

import sys

import typer

from bot.cli.speaking import reader
from bot.telling import told
from surveys.messages import Message


def announce(said: Message) -> None:
    """Print a message; in a terminal also the link in it as a QR code, for a phone's camera."""
    typer.echo(told(reader(), said))
    link = said.values.get("link")
    if link is not None and sys.stdout.isatty():
        import segno

        segno.make(str(link), error="l").terminal(compact=True)
    sys.stdout.flush()
