"""`otklik init`: from a bot's token to a settings file, in a minute."""

import os
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.terminal.asking import confirmed
from bot.cli.terminal.failing import failing_kindly
from bot.cli.terminal.saying import say
from bot.cli.terminal.speaking import reader
from bot.cli.working import awaited
from surveys.messages import mark

if TYPE_CHECKING:  # imports wait until the command runs: --help stays quick
    from bot.settings import Settings

_TRIES = 3
_USUAL_ZONE = "Europe/Moscow"

Token = Annotated[
    str | None,
    typer.Option(envvar="OTKLIK_BOT_TOKEN", help="From @BotFather; asked for, hidden, if absent."),
]


def init(
    token: Token = None,
    name: Annotated[str | None, typer.Option(help="The company, as customers know it.")] = None,
    language: Annotated[str | None, typer.Option(help="ru or en.")] = None,
    zone: Annotated[str | None, typer.Option(help="A city, or a name like Europe/Moscow.")] = None,
    api_url: Annotated[str | None, typer.Option(help="Another Bot API server.")] = None,
    proxy: Annotated[str | None, typer.Option(help="http://… or socks5://…, or several.")] = None,
    force: Annotated[bool, typer.Option("--force", help="Overwrite an earlier file.")] = False,
) -> None:
    """Write the settings file otklik.env: asks what it is not told, checks the token.

    With --token (or OTKLIK_BOT_TOKEN) and --name nothing is asked where there is no terminal.
    """
    with failing_kindly():
        from bot.settings import SETTINGS_FILE

        path = Path(SETTINGS_FILE)
        _may_write(path, force=force)
        given = {"api_url": api_url, "proxy": proxy}
        known = {key: value for key, value in given.items() if value is not None}
        settings, username = _with_token(token, known)
        texts = reader()
        say(texts("The token works: it is @{username}.", username=username))
        profile = {
            "name": _answer("name", texts("Company, as customers know it"), name, None),
            "language": _answer("language", texts("Language (ru or en)"), language, texts.language),
            "zone": _answer("zone", texts("Time zone or city"), zone, _local_zone()),
        }
        _write(path, settings, known, profile)
        _next_steps(path)


def _may_write(path: Path, *, force: bool) -> None:
    from bot.errors import Refused

    if force or not path.exists():
        return
    if not sys.stdin.isatty():
        raise Refused(mark("{path} exists; --force overwrites it."), path=path)
    texts = reader()
    if not confirmed(texts("{path} exists. Overwrite it?", path=path)):
        raise Refused(mark("{path} stays as it is."), path=path)


def _with_token(token: str | None, known: dict[str, str]) -> "tuple[Settings, str]":
    """Return the settings and the bot's username; ask again for a token that does not work."""
    from bot.errors import Refused, SettingsInvalid, TokenRefused
    from bot.settings import Settings
    from bot.telling import told

    texts = reader()
    for attempt in range(1, _TRIES + 1):
        asked = token is None
        if asked and not sys.stdin.isatty():
            raise Refused(
                mark("There is no terminal to ask for the token: give --token or OTKLIK_BOT_TOKEN.")
            )
        said = token or typer.prompt(texts("Token from @BotFather (not shown)"), hide_input=True)
        try:
            settings = Settings.load(bot_token=said.strip(), **known)
            return settings, awaited(_username(settings))
        except (SettingsInvalid, TokenRefused) as error:
            if not asked or attempt == _TRIES:
                raise
            say(told(texts, error), err=True)
    raise AssertionError


async def _username(settings: "Settings") -> str:
    from bot.telegram.reaching import connected_bot, introduce

    async with connected_bot(settings) as bot:
        return await introduce(bot)


def _answer(key: str, question: str, given: str | None, usual: str | None) -> str:
    """Return what is given, or ask until the answer makes sense; earlier answers are kept."""
    from bot.errors import Refused
    from bot.operations.company import checked
    from bot.telling import told

    texts = reader()
    if given is None and not sys.stdin.isatty():
        if usual is None:
            raise Refused(mark("There is no terminal to ask: give {option}."), option=f"--{key}")
        return usual
    said = given
    while True:
        answer = typer.prompt(question, default=usual) if said is None else said
        try:
            checked({key: answer})
        except Refused as error:
            if not sys.stdin.isatty():
                raise
            say(told(texts, error), err=True)
            said = None
        else:
            return str(answer)


def _local_zone() -> str:
    from zoneinfo import available_timezones

    place = str(Path("/etc/localtime").resolve()).partition("zoneinfo/")[2]
    found = os.environ.get("TZ", "").removeprefix(":") or place
    is_of_a_place = "/" in found and not found.startswith("Etc/")  # servers have UTC or Etc/…
    return found if found in available_timezones() and is_of_a_place else _USUAL_ZONE


def _write(
    path: Path, settings: "Settings", known: dict[str, str], profile: dict[str, str]
) -> None:
    """Store the company, then the settings file; a refusal leaves neither."""
    from bot.jobs.upkeep.marked import hold_copy
    from bot.operations import remote
    from bot.operations.registry import OPERATIONS
    from bot.private_files import write_privately
    from bot.settings_file import settings_text

    values = {f"OTKLIK_{key.upper()}": value for key, value in known.items()}
    if "database_url" in settings.model_fields_set:
        values["OTKLIK_DATABASE_URL"] = settings.database_url  # where the company is stored
    values |= {"OTKLIK_BOT_TOKEN": settings.token(), "OTKLIK_LANGUAGE": profile["language"]}
    text = settings_text(values, reader())
    awaited(
        remote.perform(settings, OPERATIONS, "company", _now, profile, reader().language, hold_copy)
    )
    write_privately(path, text)


async def _now() -> datetime:
    return datetime.now(UTC)


def _next_steps(path: Path) -> None:
    program = sys.argv[0] if Path(sys.argv[0]).name == "otklik" else "otklik"
    texts = reader()
    say(texts("Written: {path} (only you can read it).", path=path.absolute()) + "\n")
    say(texts("Two steps more:"))
    say(f"  1. {program} run")
    say("     " + texts("and open the link it prints: it makes you the first admin."))
    say(f"  2. {program} import people people.csv")
    say("     " + texts("or send your list to the bot; then /menu, New campaign."))
