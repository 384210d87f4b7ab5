"""`otklik themes`: what customers' comments are counted by."""

from pathlib import Path
from typing import Annotated, Any

import typer

from bot.cli.terminal.failing import failing_kindly
from bot.cli.terminal.saying import as_json, print_data, say
from bot.cli.terminal.speaking import reader
from bot.cli.terminal.together import apart, only_with
from bot.cli.working import perform, read_text
from templates.texts import Texts


def themes(
    file: Annotated[
        Path | None, typer.Argument(help="YAML with the company's themes; none: show what holds.")
    ] = None,
    usual: Annotated[
        bool, typer.Option("--usual", help="Return to the themes that come with the program.")
    ] = False,
    yaml: Annotated[
        bool, typer.Option("--yaml", help="Print those that come with it, to begin one's own with.")
    ] = False,
    tried: Annotated[
        str | None, typer.Option("--try", metavar="COMMENT", help="Say what it would be about.")
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="For scripts.")] = False,
) -> None:
    """Show, try or replace the themes that the digest counts customers' comments by."""
    only_with("yaml")
    apart("usual", "file")
    if yaml:
        from surveys.themes.rules import usual_source

        print_data(usual_source())
        return
    with failing_kindly():
        source = None if file is None else read_text(file)
    result = perform("themes", {"source": source, "usual_again": usual, "tried": tried})
    if json:
        as_json(result)
        return
    texts = reader()
    names = {one["key"]: one["name"][texts.language] for one in result["themes"]}
    if tried is not None:
        about = ", ".join(names[key] for key in result["told"])
        say(about or texts("About none of the themes."))
        return
    say(texts("The company's own themes:") if result["own"] else texts("The usual themes:"))
    for one in result["themes"]:
        say(_line(texts, names[one["key"]], one))


def _line(texts: Texts, name: str, theme: dict[str, Any]) -> str:
    words = ", ".join(theme["words"])
    negated = texts("; what is negated does not count") if theme["negation"] == "cancels" else ""
    return f"• {name}: {words}{negated}"
