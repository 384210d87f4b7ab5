"""`otklik consent`: what people are asked to agree to, and who agreed to which version."""

from pathlib import Path
from typing import Annotated

import typer

from bot.cli.terminal.failing import failing_kindly
from bot.cli.terminal.saying import as_json, print_data, say
from bot.cli.terminal.speaking import reader
from bot.cli.terminal.together import apart
from bot.cli.working import perform, read_text
from templates.texts import Texts


def consent(
    file: Annotated[
        Path | None, typer.Argument(help="The company's own text, UTF-8; none: show what holds.")
    ] = None,
    language: Annotated[str, typer.Option(help="Whose text it is: ru or en.")] = "ru",
    staff: Annotated[bool, typer.Option("--staff", help="The text for staff.")] = False,
    usual: Annotated[
        bool, typer.Option("--usual", help="Return to the text that comes with the program.")
    ] = False,
    ask_anew: Annotated[
        bool,
        typer.Option(
            "--ask-anew", help="Everybody who agreed before is asked again, before the next survey."
        ),
    ] = False,
    template: Annotated[
        bool, typer.Option("--template", help="Print the text as it is written, to change it.")
    ] = False,
    json: Annotated[bool, typer.Option("--json", help="All texts and versions.")] = False,
) -> None:
    """Show or replace the text of consent, and count who agreed to which version."""
    texts = reader()
    if language not in {"ru", "en"}:
        raise typer.BadParameter(texts("The language must be ru or en."))
    apart("usual", "file")
    apart("template", "ask_anew", "json")
    audience = "staff" if staff else "customers"
    with failing_kindly():
        source = None if file is None else read_text(file)
    given = {"language": language, "audience": audience, "anew": ask_anew}
    result = perform("consent", {**given, "source": source, "usual_again": usual})
    if json:
        as_json(result)
        return
    text = next(
        one for one in result["texts"] if (one["language"], one["audience"]) == (language, audience)
    )
    if template:
        print_data(text["template"])
        return
    say(text["shown"])
    if ask_anew:
        say(_asked(texts, result["asked_anew"]))
    for one in result["versions"]:
        if one["audience"] == audience:
            agreed = texts.number(one["agreed"])
            version = one["version"]
            say(texts("Version {version}: {agreed} agree to it.", version=version, agreed=agreed))


def _asked(texts: Texts, asked: int) -> str:
    if not asked:
        return texts("Nobody has agreed so far: nobody is to be asked anew.")
    return texts.plural(
        "{n} person agreed before, and is asked anew before the next survey.",
        "{n} people agreed before, and are asked anew before their next survey.",
        asked,
    )
