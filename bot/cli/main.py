"""The program `otklik`. Each command imports what it needs when it runs: `--help` stays quick."""

import asyncio
import sys
from pathlib import Path
from typing import Annotated

import typer

from bot.cli import admins, campaigns, company, digests, people
from bot.cli.calc import calc_app
from bot.cli.doctor import doctor
from bot.cli.failing import failing_kindly
from bot.cli.publish import publish
from bot.cli.survey import survey_app
from bot.sandbox.cli import sandbox_command

app = typer.Typer(
    name="otklik",
    help="Ask customers and managers in Telegram, keep the answers, report what they show.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
survey_app.command("publish")(publish)
app.add_typer(survey_app, name="survey")
app.add_typer(calc_app, name="calc")
app.add_typer(campaigns.app, name="campaign")
app.add_typer(admins.app, name="admin")
app.add_typer(people.import_app, name="import")
app.command("links")(people.links)
app.command("company")(company.company)
app.command("digest")(digests.digest)
app.command("doctor")(doctor)
app.command("sandbox")(sandbox_command)


@app.command()
def run() -> None:
    """Serve Telegram by long polling until stopped. Needs OTKLIK_BOT_TOKEN."""
    with failing_kindly():
        from bot.logs import configure
        from bot.settings import Settings

        settings = Settings.load()
        settings.token()
        from bot.app import serve

        configure(settings.log_level)
        asyncio.run(serve(settings, announce=_announce))


@app.command()
def demo(
    out: Annotated[Path, typer.Option(help="Where database, digest and journal go.")] = Path("out"),
    customers: Annotated[int, typer.Option(min=20, max=5000, help="How many customers.")] = 200,
    seed: Annotated[int, typer.Option(help="The same seed gives the same figures.")] = 1,
    headless: Annotated[
        bool, typer.Option("--headless", help="Run one campaign, write the digest, exit.")
    ] = False,
    language: Annotated[str, typer.Option(help="ru or en.")] = "ru",
) -> None:
    """Show the whole product without a token: local Telegram, real bot, a company, a campaign."""
    with failing_kindly():
        from bot.demo.run import run_demo

        run_demo(out=out, customers=customers, seed=seed, headless=headless, language=language)


def _announce(line: str) -> None:
    print(line, flush=True)  # noqa: T201 (for the operator alone, so not through the log)


def main() -> None:
    """Run the command line; a plain interruption is no error."""
    try:
        app()
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    main()
