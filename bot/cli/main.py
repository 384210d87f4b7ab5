"""The program `otklik`. What a command needs is imported when it runs: `--help` stays quick."""

import atexit
import gc
import os
import sys
from typing import Annotated

import typer

from bot.cli.asking.event import event
from bot.cli.asking.why import why
from bot.cli.company import company
from bot.cli.demo import demo
from bot.cli.digests import digest
from bot.cli.exporting import export
from bot.cli.facts import criteria, facts, readiness
from bot.cli.people.audit import audit
from bot.cli.people.consents import consent
from bot.cli.people.forgetting import forget
from bot.cli.people.leaving import leave
from bot.cli.people.links import links, open_link
from bot.cli.people.mydata import mydata
from bot.cli.people.retention import retention
from bot.cli.people.working_days import calendar
from bot.cli.sandbox import sandbox_command
from bot.cli.terminal.failing import failing_kindly
from bot.cli.terminal.helping import App
from bot.cli.themes import themes
from bot.cli.upkeep.backups import backup, restore
from bot.cli.upkeep.doctor.command import doctor
from bot.cli.upkeep.init import init
from bot.cli.upkeep.moving import migrate_to
from bot.cli.weights import weights
from bot.cli.working import awaited
from bot.rights import Action

app = App(
    name="otklik",
    help="Ask customers and managers in Telegram, keep the answers, report what they show.",
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.add_later("survey", "bot.cli.asking.survey:survey_app", help="Survey files and the catalog.")
app.add_later(
    "calc",
    "bot.cli.calc.commands:calc_app",
    help="Scores, intervals, weights and payback from your own numbers, scores in points.",
)
app.add_later("campaign", "bot.cli.asking.campaigns:app", help="Invite people to a survey.")
app.add_later("admin", "bot.cli.people.admins:app", help="Who may do everything.")
app.add_later("lead", "bot.cli.people.staff:leads_app", help="Who leads which teams.")
app.add_later(
    "manager",
    "bot.cli.people.staff:managers_app",
    help="Managers, one at a time; many come by a list.",
)
app.add_later("import", "bot.cli.people.people:import_app", help="Bring data in.")
app.command("init", does=Action.OPERATE)(init)
app.command("links", does=Action.GIVE_LINKS)(links)
app.command("open-link", does=Action.GIVE_LINKS)(open_link)
app.command("event", does=Action.TELL_EVENTS)(event)
app.command("leave", does=Action.LET_GO)(leave)
app.command("consent", does=Action.KEEP_PRIVACY)(consent)
app.command("forget", does=Action.ERASE)(forget)
app.command("mydata", does=Action.HAND_OUT)(mydata)
app.command("retention", does=Action.KEEP_PRIVACY)(retention)
app.command("why", does=Action.SEE_DECISIONS)(why)
app.command("company", does=Action.SET_UP)(company)
app.command("audit", does=Action.SEE_AUDIT)(audit)
app.command("calendar", does=Action.SET_WORKING_DAYS)(calendar)
app.command("demo", does=Action.OPERATE)(demo)
app.command("digest", does=Action.MAKE_DIGESTS)(digest)
app.command("export", does=Action.EXPORT)(export)
app.command("facts", does=Action.KEEP_FACTS)(facts)
app.command("criteria", does=Action.SEE_CRITERIA)(criteria)
app.command("readiness", does=Action.MAKE_DIGESTS)(readiness)
app.command("weights", does=Action.WEIGH)(weights)
app.command("themes", does=Action.PLAN_DIGESTS)(themes)
app.command("doctor", does=Action.OPERATE)(doctor)
app.command("backup", does=Action.OPERATE)(backup)
app.command("restore", does=Action.OPERATE)(restore)
app.command("migrate-to", does=Action.OPERATE)(migrate_to)
app.command("sandbox", does=Action.OPERATE)(sandbox_command)


@app.command(does=Action.OPERATE)
def run(
    new: Annotated[
        bool, typer.Option("--new", help="Begin an empty database where the former is missing.")
    ] = False,
) -> None:
    """Serve Telegram by long polling until stopped. Needs OTKLIK_BOT_TOKEN."""
    with failing_kindly():
        from functools import partial

        from bot.cli.terminal.announcing import announce
        from bot.logs import configure
        from bot.settings import Settings

        settings = Settings.load()
        settings.token()
        from bot.app import serve

        configure(settings.log_level)
        told = partial(announce, settings.data_directory)
        awaited(serve(settings, announce=told, new=new))


def main() -> None:
    """Run the command line; a plain interruption is no error.

    Garbage collection is off while modules are imported, which saves a quarter of the start; they
    stay until the end, so it never looks at them. pydantic is kept from searching every installed
    package for plugins, and numpy from more threads than one: after the small products here the
    others would wait for work in vain, which costs more than the products.
    """
    gc.disable()
    atexit.register(gc.freeze)
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    try:
        app()
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    main()
