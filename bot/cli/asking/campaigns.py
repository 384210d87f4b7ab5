"""`otklik campaign …`: the count before, the launch, the course, and everything the chat can do."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from bot.cli.asking.comparing import baseline, compare
from bot.cli.people.handing import Gateway, check_asked, hand_over
from bot.cli.terminal.failing import failing_kindly
from bot.cli.terminal.helping import App
from bot.cli.terminal.saying import as_json, say
from bot.cli.terminal.speaking import reader
from bot.cli.terminal.together import apart
from bot.cli.working import perform, read_text
from bot.rights import Action
from surveys.messages import mark
from templates.texts import Texts

app = App()

SurveyKey = Annotated[str | None, typer.Argument(help="A survey's key: otklik survey list.")]
Segment = Annotated[str | None, typer.Option(help="Only customers of this segment.")]
PlanFile = Annotated[
    Path | None, typer.Option("--file", help="A whole campaign as YAML: docs/campaigns.md.")
]
CampaignNumber = Annotated[int, typer.Argument(help="A campaign's number: otklik campaign list.")]
WaveNumber = Annotated[int, typer.Argument(help="A wave's number: otklik campaign list.")]
Json = Annotated[bool, typer.Option("--json", help="For scripts.")]


@app.command(does=Action.RUN_CAMPAIGNS)
def preview(
    survey: SurveyKey = None, segment: Segment = None, file: PlanFile = None, json: Json = False
) -> None:
    """Say who would be invited now, and why the others would not."""
    _show(
        perform("preview_campaign", _asked(survey, segment, file)),
        json,
        mark("{survey}: to invite: {n}"),
    )


@app.command(does=Action.RUN_CAMPAIGNS)
def start(
    survey: SurveyKey = None, segment: Segment = None, file: PlanFile = None, json: Json = False
) -> None:
    """Invite everybody who may be asked now, or let a campaign wait for its moment."""
    _show(
        perform("start_campaign", _asked(survey, segment, file)),
        json,
        mark("{survey}: invited: {n}"),
    )


@app.command("list", does=Action.RUN_CAMPAIGNS)
def list_(json: Json = False) -> None:
    """Show every wave with its funnel, and the campaigns that wait for their moment."""
    result = perform("list_campaigns", {})
    if json:
        as_json(result)
        return
    texts = reader()
    for row in result["campaigns"]:
        _wave(texts, row)
    for row in result["all"]:
        _waiting(texts, row)


@app.command(does=Action.RUN_CAMPAIGNS)
def status(campaign: CampaignNumber, json: Json = False) -> None:
    """Show what was really sent and how far the latest wave came."""
    _course(perform("campaign_status", {"campaign": campaign}), json)


@app.command(does=Action.RUN_CAMPAIGNS)
def pause(campaign: CampaignNumber, json: Json = False) -> None:
    """Send nothing more for now; what is queued is kept."""
    _course(perform("pause_campaign", {"campaign": campaign}), json)


@app.command(does=Action.RUN_CAMPAIGNS)
def resume(campaign: CampaignNumber, json: Json = False) -> None:
    """Go on after a pause, outside quiet hours."""
    _course(perform("resume_campaign", {"campaign": campaign}), json)


@app.command(does=Action.RUN_CAMPAIGNS)
def cancel(campaign: CampaignNumber, json: Json = False) -> None:
    """End a campaign for good; what was sent stays sent, open surveys can be answered."""
    _course(perform("cancel_campaign", {"campaign": campaign}), json)


@app.command(does=Action.RUN_CAMPAIGNS)
def wave(
    campaign: CampaignNumber,
    label: Annotated[str, typer.Option(help="Its name, as in before and after.")],
    json: Json = False,
) -> None:
    """Ask the same survey of the same audience again."""
    _show(
        perform("next_wave", {"campaign": campaign, "label": label}),
        json,
        mark("{survey}: invited: {n}"),
    )


@app.command(does=Action.RUN_CAMPAIGNS)
def links(
    wave: WaveNumber,
    out: Annotated[Path | None, typer.Option(help="A file, .xlsx or .csv.")] = None,
    gateway: Gateway = None,
    json: Json = False,
) -> None:
    """Make personal links for those of a wave who are not in Telegram yet.

    Each opens that wave's survey and counts in its funnel: for your own SMS and letters.
    """
    apart("json", "out", "gateway")
    with failing_kindly():
        check_asked(out, gateway)
    rows = _all_links(wave)
    if json:
        as_json({"wave": wave, "links": rows})
        return
    with failing_kindly():
        out = out or Path("links.csv" if gateway else "links.xlsx")
        hand_over(rows, out, gateway=gateway, company="", language=reader().language)


def _all_links(wave: int) -> list[dict[str, Any]]:
    result = perform("wave_links", {"wave": wave})
    rows = list(result["links"])
    while result["after"] is not None:
        result = perform("wave_links", {"wave": wave, "after": result["after"]})
        rows += result["links"]
    return rows


def _asked(survey: str | None, segment: str | None, file: Path | None) -> dict[str, Any]:
    apart("file", "segment")
    with failing_kindly():
        from bot.errors import Refused

        if (survey is None) is (file is None):
            raise Refused(mark("Name a survey, or give a whole campaign with --file."))
        if file is None:
            return {"survey": survey, "segment": segment}
        return {"text": read_text(file)}


def _wave(texts: Texts, row: dict[str, Any]) -> None:
    from bot.operations.campaigns.words import funnel

    said = texts(
        "{moment}, wave {wave} of campaign {campaign} ({state}), {survey}: {funnel}",
        moment=_moment(texts, row["started_at"]),
        campaign=_named(texts, row),
        state=_standing(texts, row),
        wave=f"{row['wave']} {texts.quoted(row['label'])}" if row["label"] else row["wave"],
        survey=row["survey"],
        funnel=funnel(texts, row["progress"]),
    )
    say(said)


def _waiting(texts: Texts, row: dict[str, Any]) -> None:
    from bot.operations.campaigns.words import WHEN

    when = row["when"]
    if when not in WHEN:
        return
    said = [_standing(texts, row), texts(WHEN[when])]
    if row["next_at"]:
        said.append(texts("Next wave: {moment}", moment=_moment(texts, row["next_at"])))
    head = texts(
        "{moment}, campaign {campaign}, {survey}",
        moment=_moment(texts, row["created_at"]),
        campaign=_named(texts, row),
        survey=row["survey"],
    )
    say(f"{head}: {'; '.join(said)}")


def _named(texts: Texts, row: dict[str, Any]) -> str:
    return f"{row['campaign']} {texts.quoted(row['name'])}"


def _standing(texts: Texts, row: dict[str, Any]) -> str:
    from bot.operations.campaigns.words import standing

    return texts(standing(row["state"], over=row.get("over", False)))


def _moment(texts: Texts, text: str) -> str:
    """Write a moment of the result; it is in the company's time zone already."""
    moment = datetime.fromisoformat(text)
    return texts.moment(moment, moment.tzinfo or UTC)


def _show(result: dict[str, Any], json: bool, told: str) -> None:
    if json:
        as_json(result)
        return
    from bot.operations.campaigns.words import noticed
    from bot.says.reasons import OUTCOMES

    texts = reader()
    if waits := _waits(texts, result):
        say(waits)
        told = mark("{survey}: to invite: {n}")
    say(texts(told, survey=result["survey"], n=texts.number(result["invited"])))
    for reason, count in result["reasons"].items():
        say(f"  {texts(OUTCOMES[reason])}: {texts.number(count)}")
    words = [word for known in result["nobody_has"].values() for word in known]
    if words:
        say("  " + texts("nobody has: {words}", words=", ".join(words)))
    for n, fall in result["noticeable"]:
        say("  " + noticed(texts, n, fall))
    if result["by_link"]:
        links = texts.number(result["by_link"])
        say("  " + texts("by a personal link of your own sending: {n}", n=links))


def _waits(texts: Texts, result: dict[str, Any]) -> str:
    """Say what a campaign waits for before it invites anybody."""
    survey = result["survey"]
    if result["when"] == "event":
        return texts(
            "{survey}: asks after each event; nobody is invited before. If it were now:",
            survey=survey,
        )
    if not result.get("next_at"):
        return ""
    moment = _moment(texts, result["next_at"])
    return texts("{survey}: waits for {moment}; if it were now:", survey=survey, moment=moment)


def _course(result: dict[str, Any], json: bool) -> None:
    if json:
        as_json(result)
        return
    from bot.operations.campaigns.words import FATES, far

    texts, account = reader(), result["account"]
    head = texts(
        "campaign {campaign}, {survey}", campaign=result["campaign"], survey=result["survey"]
    )
    say(f"{head}: {_standing(texts, result)}")
    fates = {"sent": mark("sent: {n}"), **FATES}
    counts = [
        texts(said, n=texts.number(account[name])) for name, said in fates.items() if account[name]
    ]
    progress = [far(texts, result)] if result["progress"] else []
    for line in filter(None, [", ".join(counts), *progress]):
        say(f"  {line}")


app.command("compare", does=Action.MAKE_DIGESTS)(compare)
app.command("baseline", does=Action.MAKE_DIGESTS)(baseline)
