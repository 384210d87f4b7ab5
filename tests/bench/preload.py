"""What the bots and commands import, and read of what is packaged, once for all that are forked."""

from importlib import import_module

for _name in (
    "bot.app",
    "bot.cli.main",
    "bot.operations.reports.digest",
    "tests.bench.bare.bot",
    "tests.bench.bare.broadcast",
    "tests.bench.bare.page",
    "tests.bench.bare.saving_bot",
    "tests.bench.bare.webhook",
    "tests.bench.telegram",
):
    import_module(_name)
import_module("tests.forked.server").read_what_is_packaged()
