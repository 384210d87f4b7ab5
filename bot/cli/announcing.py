"""What the operator at the console may see and nobody else: the first admin's one-time link."""

import re
import sys

import typer


def announce(line: str) -> None:
    """Print a line; in a terminal also its link as a QR code, for a phone's camera."""
    typer.echo(line)
    link = re.search(r"https://t\.me/\S+", line)
    if link is not None and sys.stdout.isatty():
        import segno

        segno.make(link[0], error="l").terminal(compact=True)
    sys.stdout.flush()
