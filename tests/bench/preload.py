"""What the bots and commands import, once for all that are forked."""

from importlib import import_module

for _name in (
    "bot.app",
    "bot.cli.main",
    "bot.operations.reports.digest",
    "tests.bench.bare_bot",
    "tests.bench.bare_broadcast",
    "tests.bench.bare_page",
    "tests.bench.bare_saving_bot",
    "tests.bench.bare_webhook",
    "tests.bench.telegram",
):
    import_module(_name)
