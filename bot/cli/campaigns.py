"""`otklik campaign …`: the count before, the launch, the course, and everything the chat can do."""

from pathlib import Path
from typing import Annotated, Any

import typer

from bot.cli.failing import failing_kindly
from bot.cli.helping import App
from bot.cli.working import as_json, perform, read_text
from surveys.messages import mark

app = App(help="Invite people to a survey.")

Survey = Annotated[str | None, typer.Argument(help="A survey's key: otklik survey list.")]
Segment = Annotated[str | None, typer.Option(help="Only customers of this segment.")]
Plan = Annotated[
    Path | None, typer.Option("--file", help="A whole campaign as YAML: docs/campaigns.md.")
]
Number = Annotated[int, typer.Argument(help="A campaign's number: otklik campaign list.")]
Wave = Annotated[int, typer.Argument(help="A wave's number: otklik campaign list.")]
Json = Annotated[bool, typer.Option("--json", help="For scripts.")]


@app.command()
def preview(
    survey: Survey = None, segment: Segment = None, file: Plan = None, json: Json = False
) -> None:
    """Say who would be invited now, and why the others would not."""
    _show(perform("preview_campaign", _asked(survey, segment, file)), json, "to invite")


@app.command()
def start(
    survey: Survey = None, segment: Segment = None, file: Plan = None, json: Json = False
) -> None:
    """Invite everybody who may be asked now, or let a campaign wait for its moment."""
    _show(perform("start_campaign", _asked(survey, segment, file)), json, "invited")


@app.command("list")
def list_(json: Json = False) -> None:
    """Show every wave with its funnel, and the campaigns that wait for their moment."""
    result = perform("list_campaigns", {})
    if json:
        as_json(result)
        return
    for row in result["campaigns"]:
        progress = row["progress"]
        typer.echo(
            f"{row['started_at'][:10]}  campaign {row['campaign']}, wave {row['wave']}  "
            f"{row['survey']:<24} invited {progress['invited']}, "
            f"delivered {progress['delivered']}, started {progress['started']}, "
            f"finished {progress['finished']}"
        )
    for row in result["all"]:
        if row["when"] != "once":
            waits = f"next {row['next_at'][:16]}" if row["next_at"] else row["state"]
            typer.echo(f"campaign {row['campaign']}  {row['survey']:<24} {row['when']}, {waits}")


@app.command()
def status(campaign: Number, json: Json = False) -> None:
    """Show what was really sent and how far the latest wave came."""
    _course(perform("campaign_status", {"campaign": campaign}), json)


@app.command()
def pause(campaign: Number, json: Json = False) -> None:
    """Send nothing more for now; what is queued is kept."""
    _course(perform("pause_campaign", {"campaign": campaign}), json)


@app.command()
def resume(campaign: Number, json: Json = False) -> None:
    """Go on after a pause, outside quiet hours."""
    _course(perform("resume_campaign", {"campaign": campaign}), json)


@app.command()
def cancel(campaign: Number, json: Json = False) -> None:
    """End a campaign for good; what was sent stays sent, open surveys can be answered."""
    _course(perform("cancel_campaign", {"campaign": campaign}), json)


@app.command()
def wave(
    campaign: Number,
    label: Annotated[str, typer.Option(help="Its name, as in before and after.")],
    json: Json = False,
) -> None:
    """Ask the same survey of the same audience again."""
    _show(perform("next_wave", {"campaign": campaign, "label": label}), json, "invited")


@app.command()
def links(
    wave: Wave,
    out: Annotated[Path, typer.Option(help="A file, .xlsx or .csv.")] = Path("links.xlsx"),
    json: Json = False,
) -> None:
    """Make personal links for those of a wave who are not in Telegram yet.

    Each opens that wave's survey and counts in its funnel: for your own SMS and letters.
    """
    result = perform("wave_links", {"wave": wave})
    if json:
        as_json(result)
        return
    with failing_kindly():
        from bot.errors import FileUnwritable
        from bot.operations.campaign_links import as_csv, as_xlsx

        write = as_csv if out.suffix.lower() == ".csv" else as_xlsx
        try:
            out.write_bytes(write(result["links"]))
        except OSError as error:
            raise FileUnwritable(out, error) from error
    typer.echo(f"{len(result['links'])} links in {out}")


def _asked(survey: str | None, segment: str | None, file: Path | None) -> dict[str, Any]:
    with failing_kindly():
        from bot.errors import Refused

        if (survey is None) is (file is None):
            raise Refused(mark("Name a survey, or give a whole campaign with --file."))
        if file is None:
            return {"survey": survey, "segment": segment}
        return {"text": read_text(file)}


def _show(result: dict[str, Any], json: bool, verb: str) -> None:
    if json:
        as_json(result)
        return
    if result.get("next_at"):
        typer.echo(f"{result['survey']}: waits for {result['next_at'][:16]}; if it were now:")
    typer.echo(f"{result['survey']}: {verb} {result['invited']}")
    for reason, count in result["reasons"].items():
        typer.echo(f"  not asked, {reason.replace('_', ' ')}: {count}")
    if result["by_link"]:
        typer.echo(f"  by a personal link of your own sending: {result['by_link']}")


def _course(result: dict[str, Any], json: bool) -> None:
    if json:
        as_json(result)
        return
    typer.echo(f"campaign {result['campaign']}, {result['survey']}: {result['state']}")
    counts = {key: value for key, value in result["account"].items() if key != "next_at"}
    progress = result["progress"] or {}
    stages = ("invited", "delivered", "opened", "started", "finished")
    for line in (
        ", ".join(f"{key} {count}" for key, count in counts.items() if count),
        ", ".join(f"{key} {progress[key]}" for key in stages if key in progress),
    ):
        if line:
            typer.echo(f"  {line}")
