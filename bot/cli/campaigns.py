"""`otklik campaign …`: the count before, the launch, and how far it came."""

from typing import Annotated, Any

import typer

from bot.cli.working import as_json, perform

app = typer.Typer(help="Invite people to a survey.", no_args_is_help=True)

Survey = Annotated[str, typer.Argument(help="A survey's key: otklik survey list.")]
Segment = Annotated[str | None, typer.Option(help="Only customers of this segment.")]
Json = Annotated[bool, typer.Option("--json", help="For scripts.")]


@app.command()
def preview(survey: Survey, segment: Segment = None, json: Json = False) -> None:
    """Say who would be invited now, and why the others would not."""
    _show(perform("preview_campaign", {"survey": survey, "segment": segment}), json, "to invite")


@app.command()
def start(survey: Survey, segment: Segment = None, json: Json = False) -> None:
    """Invite everybody who may be asked now."""
    _show(perform("start_campaign", {"survey": survey, "segment": segment}), json, "invited")


@app.command("list")
def list_(json: Json = False) -> None:
    """Show every campaign with its funnel."""
    result = perform("list_campaigns", {})
    if json:
        as_json(result)
        return
    for row in result["campaigns"]:
        progress = row["progress"]
        typer.echo(
            f"{row['started_at'][:10]}  {row['survey']:<24} invited {progress['invited']}, "
            f"delivered {progress['delivered']}, started {progress['started']}, "
            f"finished {progress['finished']}"
        )


def _show(result: dict[str, Any], json: bool, verb: str) -> None:
    if json:
        as_json(result)
        return
    typer.echo(f"{result['survey']}: {verb} {result['invited']}")
    for reason, count in result["reasons"].items():
        typer.echo(f"  not asked, {reason.replace('_', ' ')}: {count}")
