"""`otklik why NAME`: why somebody was not asked."""

from collections.abc import Iterator
from datetime import UTC, datetime
from functools import partial
from typing import Annotated, Any

import typer

from bot.cli.terminal.saying import as_json, one_line, say
from bot.cli.terminal.speaking import reader
from bot.cli.working import perform
from templates.texts import Texts


def why(
    name: Annotated[str, typer.Argument(help="A part of the name, or the CRM's id.")],
    json: Annotated[bool, typer.Option("--json", help="For scripts.")] = False,
) -> None:
    """Say why somebody was or was not asked: every decision about them, and what holds now."""
    result = perform("why", {"person": name})
    if json:
        as_json(result)
        return
    texts = reader()
    if not result["people"]:
        say(texts("There is nobody of that name."))
        raise typer.Exit(1)
    for person in result["people"]:
        say(f"{one_line(person['name'])} ({person['id'] or '—'})")
        past = [*_wishes(texts, person["wishes"]), *_past(texts, person["ledger"])]
        for line in [*map(partial(_now, texts), person["now"]), *past]:
            say(f"  {line}")


def _now(texts: Texts, one: dict[str, Any]) -> str:
    from bot.says.reasons import OUTCOMES

    reason, survey = one["reason"], one["title"][texts.language]
    if reason is None:
        return texts("now, {survey}: may be asked", survey=survey)
    said = texts(OUTCOMES[reason])
    if not one["again_at"]:
        return texts("now, {survey}: {reason}", survey=survey, reason=said)
    day = texts.date(datetime.fromisoformat(one["again_at"]))
    return texts("now, {survey}: {reason}; again from {day}", survey=survey, reason=said, day=day)


def _wishes(texts: Texts, said: list[dict[str, Any]]) -> Iterator[str]:
    from bot.says.reasons import WISHES

    for one in said:
        at = datetime.fromisoformat(one["said_at"])
        yield f"{texts.moment(at, at.tzinfo or UTC)}: {texts(WISHES[one['wanted']])}"


def _past(texts: Texts, ledger: list[dict[str, Any]]) -> Iterator[str]:
    from bot.says.reasons import OUTCOMES

    for line in ledger:
        day = texts.date(datetime.fromisoformat(line["decided_at"]))
        campaign = " ".join(filter(None, (line["campaign"], line["label"])))
        outcome = OUTCOMES[line["outcome"]]
        yield f"{day}, {campaign}: {texts(outcome)}"
