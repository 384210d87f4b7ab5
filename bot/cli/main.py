"""The program `otklik`. Each command imports what it needs when it runs: `--help` stays quick."""

import asyncio
import gc
import sys
from functools import partial
from typing import Annotated

import typer

from bot.cli import company, digests, facts, themes
from bot.cli.asking import campaigns
from bot.cli.asking.comparing import baseline, compare
from bot.cli.asking.event import event
from bot.cli.asking.publish import publish
from bot.cli.asking.survey import survey_app
from bot.cli.asking.why import why
from bot.cli.calc.commands import calc_app
from bot.cli.demo import demo
from bot.cli.people import admins, people, staff
from bot.cli.people.leaving import leave
from bot.cli.sandbox import sandbox_command
from bot.cli.terminal.announcing import announce
from bot.cli.terminal.failing import failing_kindly
from bot.cli.terminal.helping import App
from bot.cli.upkeep.backups import backup, restore
from bot.cli.upkeep.doctor import doctor
from bot.cli.upkeep.init import init
from bot.rights import Action

app = App(
    name="otklik",
    help="Ask customers and managers in Telegram, keep the answers, report what they show.",
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
survey_app.command("publish", does=Action.EDIT_SURVEYS)(publish)
app.add_typer(survey_app, name="survey")
app.add_typer(calc_app, name="calc")
campaigns.app.command("compare", does=Action.MAKE_DIGESTS)(compare)
campaigns.app.command("baseline", does=Action.MAKE_DIGESTS)(baseline)
app.add_typer(campaigns.app, name="campaign")
app.add_typer(admins.app, name="admin")
app.add_typer(staff.leads_app, name="lead")
app.add_typer(staff.managers_app, name="manager")
app.add_typer(people.import_app, name="import")
app.command("init", does=Action.OPERATE)(init)
app.command("links", does=Action.GIVE_LINKS)(people.links)
app.command("open-link", does=Action.GIVE_LINKS)(people.open_link)
app.command("event", does=Action.TELL_EVENTS)(event)
app.command("leave", does=Action.LET_GO)(leave)
app.command("why", does=Action.SEE_DECISIONS)(why)
app.command("company", does=Action.SET_UP)(company.company)
app.command("demo", does=Action.OPERATE)(demo)
app.command("digest", does=Action.MAKE_DIGESTS)(digests.digest)
people.import_app.command("facts", does=Action.KEEP_FACTS)(facts.import_facts)
app.command("facts", does=Action.KEEP_FACTS)(facts.facts)
app.command("criteria", does=Action.KEEP_FACTS)(facts.criteria)
app.command("themes", does=Action.PLAN_DIGESTS)(themes.themes)
app.command("doctor", does=Action.OPERATE)(doctor)
app.command("backup", does=Action.OPERATE)(backup)
app.command("restore", does=Action.OPERATE)(restore)
app.command("sandbox", does=Action.OPERATE)(sandbox_command)


@app.command(does=Action.OPERATE)
def run(
    new: Annotated[
        bool, typer.Option("--new", help="Begin an empty database where the former is missing.")
    ] = False,
) -> None:
    """Serve Telegram by long polling until stopped. Needs OTKLIK_BOT_TOKEN."""
    with failing_kindly():
        from bot.logs import configure
        from bot.settings import Settings

        settings = Settings.load()
        settings.token()
        gc.disable()  # what is imported stays; looking for garbage is a quarter of the start
        from bot.app import serve

        configure(settings.log_level)
        gc.freeze()  # never looked through again: that would stall replies
        gc.enable()
        told = partial(announce, settings.data_directory)
        asyncio.run(serve(settings, announce=told, new=new))


def main() -> None:
    """Run the command line; a plain interruption is no error."""
    try:
        app()
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    main()
