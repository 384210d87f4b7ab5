"""`otklik import facts`, `facts`, `criteria`, `readiness`: facts in, what they come to out."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from bot.cli.terminal.failing import failing_kindly
from bot.cli.terminal.saying import as_json, print_data, say
from bot.cli.terminal.speaking import reader
from bot.cli.working import awaited, perform
from surveys.messages import Language
from templates.texts import Texts

Json = Annotated[bool, typer.Option("--json", help="For scripts.")]


def import_facts(
    file: Annotated[Path, typer.Argument(help="CSV or XLSX: a month a row, a fact a column.")],
    currency: Annotated[
        str, typer.Option(help="Of the money, as RUB, where no column says it.")
    ] = "",
    check: Annotated[bool, typer.Option("--check", help="Only say what would happen.")] = False,
    json: Json = False,
) -> None:
    """Bring monthly facts in, all rows or none: money, customers, deals. A rerun corrects."""
    with failing_kindly():
        from bot.errors import FileUnreadable
        from bot.operations.facts.file import read_facts

        try:
            rows = read_facts(file.read_bytes())
        except OSError as error:
            raise FileUnreadable(file, error) from error
    told = [
        [row.line, row.month, {key: str(value) for key, value in row.values.items()}, row.currency]
        for row in rows
    ]
    result = perform(
        "import_facts", {"rows": told, "currency": currency.strip().upper(), "check": check}
    )
    if json:
        as_json(result)
        return
    texts = reader()
    say(texts.plural("{n} month read.", "{n} months read.", result["months"]))
    if result["changed"] == 0:
        say(texts("All of it is known already."))
    elif result["changed"] is not None:
        say(
            texts.plural(
                "{n} fact is new or otherwise.",
                "{n} facts are new or otherwise.",
                result["changed"],
            )
        )


def facts(
    month: Annotated[
        str | None, typer.Argument(help="Also what was told of it before, as 2026-09.")
    ] = None,
    json: Json = False,
) -> None:
    """Show the monthly facts that stand."""
    result = perform("list_facts", {"month": month})
    if json:
        as_json(result)
        return
    texts = reader()
    if not result["months"]:
        say(texts("No facts yet: otklik import facts FILE."))
    for one in result["months"]:
        say(f"{one['month']} {one['currency']}".rstrip())
        if not one["values"]:
            say(f"  {texts('Nothing has been told of this month.')}")
        for key, value in one["values"].items():
            say(f"  {_called(texts, key)}: {_number(texts, value)}")
            for version in result["history"].get(key, [])[:-1]:
                say(f"    {_before(texts, version)}")


def _called(texts: Texts, key: str) -> str:
    from surveys.counts.facts import LABELS

    return texts(LABELS[key])


def _number(texts: Texts, value: str | None) -> str:
    from decimal import Decimal

    if value is None:
        return "—"
    amount = Decimal(value)
    return texts.number(amount, digits=0 if amount == amount.to_integral_value() else 2)


def _before(texts: Texts, version: dict[str, Any]) -> str:
    day = texts.date(datetime.fromisoformat(version["recorded_at"]))
    return texts("{value}, told on {day}", value=_number(texts, version["value"]), day=day)


def criteria(
    period: Annotated[
        str | None, typer.Option(help="2026, 2026-Q3 or 2026-09; the last full month by default.")
    ] = None,
    language: Annotated[Language | None, typer.Option(help="The company's by default.")] = None,
    json: Json = False,
    now: Annotated[str | None, typer.Option(hidden=True)] = None,
) -> None:
    """Show all eight criteria, the CRM effectiveness index and what facts come to."""
    with failing_kindly():
        from bot.operations.reports import criteria as page
        from bot.settings import Settings

        moment = datetime.fromisoformat(now) if now else datetime.now(UTC)
        made = awaited(page.make(Settings.load().database_url, period, language, moment))
        print_data(made.json() if json else made.text())


def readiness(
    language: Annotated[Language | None, typer.Option(help="The company's by default.")] = None,
    json: Json = False,
) -> None:
    """Tell whether it is time for a CRM, by the managers' answers to `crm_readiness`."""
    with failing_kindly():
        from dataclasses import asdict

        from bot.operations.reports import readiness as page
        from bot.settings import Settings

        url = Settings.load().database_url
        found, text = awaited(page.make(url, language, datetime.now(UTC)))
        if json:
            as_json(asdict(found))
        else:
            print_data(text)
