"""The program, with guards taken off: ``python -m tests.prove.running [GUARD…]``."""

import sys

from bot.cli.main import app
from tests.prove.guards import take_off

if __name__ == "__main__":
    take_off(sys.argv[1:])
    app(["run"])
