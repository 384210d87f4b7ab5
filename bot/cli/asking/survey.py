"""`otklik survey`: check a survey file, read the catalog, print the format's JSON Schema."""

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from bot.cli.asking.publish import publish
from bot.cli.terminal.failing import failing_kindly
from bot.cli.terminal.helping import App
from bot.cli.terminal.saying import as_json, print_data, say
from bot.cli.terminal.speaking import reader
from bot.cli.terminal.together import apart
from bot.cli.working import perform
from bot.rights import Action
from surveys.messages import Language, mark
from templates.texts import Texts

if TYPE_CHECKING:  # imports wait until a command runs: --help stays quick
    from surveys.errors import Problem
    from surveys.survey.definition import LocalText, Question, Survey

Chosen = Annotated[
    Language | None, typer.Option(help="ru or en; by default that of the command line.")
]

survey_app = App()
_MISUSE = 2
KINDS: Final = {
    "nps": mark("0 to 10"),
    "scale": mark("a scale"),
    "choice": mark("one of several"),
    "choices": mark("any of several"),
    "number": mark("a number"),
    "text": mark("free text"),
    "yes_no": mark("yes or no"),
}
_AUDIENCES = {"customers": mark("customers"), "managers": mark("managers")}


@survey_app.command(does=Action.CALCULATE)
def lint(
    files: Annotated[list[str], typer.Argument(metavar="FILE…", help="Survey files, YAML.")],
    json: Annotated[bool, typer.Option("--json", help="Print the result as JSON.")] = False,
) -> None:
    """Check survey files; every mistake is named with its line, column and place."""
    found = {name: _checked(name) for name in files}
    if json:
        as_json(_report(found))
    else:
        _print(found)
    if any(isinstance(result, tuple) for result in found.values()):
        raise typer.Exit(_MISUSE)


@survey_app.command(does=Action.CALCULATE)
def schema() -> None:
    """Print the JSON Schema of a survey file, for your editor."""
    from surveys.survey.loading import json_schema

    as_json(json_schema())


@survey_app.command(name="list", does=Action.EDIT_SURVEYS)
def list_surveys(language: Chosen = None) -> None:
    """List the surveys that come with the program, and the company's own."""
    with failing_kindly():
        from surveys.survey.catalog import catalog
        from surveys.survey.loading import survey_from_json

        own = perform("own_surveys", {})["surveys"] if _is_any_database() else []
        known = [(survey_from_json(one["content"]), one["is_asked"]) for one in own]
    texts = reader() if language is None else Texts(language)
    states = {survey.key: _state(texts, survey, is_asked=asked) for survey, asked in known}
    listed = catalog() | {survey.key: survey for survey, _ in known}
    for key, survey in listed.items():
        number = texts.plural("{n} question", "{n} questions", len(survey.questions))
        minutes = texts("{n} min", n=survey.minutes)
        asked = f"{number}, {minutes}"
        title = _in(survey.title, texts.language)
        audience = texts(_AUDIENCES[survey.audience])
        line = f"{key:24} {survey.version}  {audience:10}  {asked:20}  {title}"
        say(f"{line} ({states[key]})" if key in states else line)


def _is_any_database() -> bool:
    """Tell whether there is one to look into: the catalog is looked at before there is."""
    from bot.settings import SQLITE, Settings

    url = Settings.load().database_url
    return not url.startswith(SQLITE) or Path(url.removeprefix(SQLITE)).exists()


def _state(texts: Texts, survey: "Survey", *, is_asked: bool) -> str:
    from surveys.survey.catalog import catalog

    whose = texts("your own version") if survey.key in catalog() else texts("your own")
    return f"{whose}, {texts('asked') if is_asked else texts('not asked yet')}"


@survey_app.command(does=Action.EDIT_SURVEYS)
def show(
    key: Annotated[str, typer.Argument(metavar="KEY", help="One of otklik survey list.")],
    language: Chosen = None,
    as_yaml: Annotated[bool, typer.Option("--yaml", help="Print its file, to edit.")] = False,
) -> None:
    """Show one survey as it will be asked."""
    apart("as_yaml", "language")
    with failing_kindly():
        from surveys.survey.catalog import catalog, source
        from surveys.survey.loading import survey_from_json
        from surveys.survey.writing import survey_to_yaml

        own = perform("own_survey", {"key": key})["content"] if _is_any_database() else None
        text = source(key) if own is None else survey_to_yaml(survey_from_json(own))
        survey = catalog()[key] if own is None else survey_from_json(own)
        if as_yaml:
            print_data(f"{text.rstrip()}\n")
        else:
            say(_preview(survey, language or reader().language))


def _in(text: "LocalText", language: Language) -> str:
    return text.ru if language == "ru" else text.en


def _checked(name: str) -> "Survey | tuple[Problem, ...]":
    from surveys.errors import Problem, SurveyInvalid
    from surveys.messages import Message, reason_of
    from surveys.survey.loading import parse_survey
    from surveys.survey.yaml_nodes import MAX_BYTES

    try:
        with Path(name).open("rb") as file:
            content = file.read(MAX_BYTES + 1)
        too_large = len(content) > MAX_BYTES  # cut, perhaps within a letter
        return parse_survey(content.decode(errors="replace" if too_large else "strict"))
    except SurveyInvalid as error:
        return error.problems
    except UnicodeDecodeError:
        return (Problem(1, 1, "file", Message("Save the file as UTF-8 text.")),)
    except (OSError, ValueError) as error:
        not_a_name = Message("it is not a file's name")
        reason = reason_of(error) if isinstance(error, OSError) else not_a_name
        message = Message("The file cannot be read: {reason}.", {"reason": reason})
        return (Problem(1, 1, "file", message),)


def _report(found: "dict[str, Survey | tuple[Problem, ...]]") -> list[dict[str, object]]:
    from surveys.survey.advice import advice

    return [
        {"file": name, "problems": [_plain(problem) for problem in result]}
        if isinstance(result, tuple)
        else {
            "file": name,
            "problems": [],
            "advice": [{"field": place, "message": str(said)} for place, said in advice(result)],
            "key": result.key,
            "version": result.version,
        }
        for name, result in found.items()
    ]


def _plain(problem: "Problem") -> dict[str, object]:
    return {**asdict(problem), "message": str(problem.message)}


def _print(found: "dict[str, Survey | tuple[Problem, ...]]") -> None:
    from bot.telling import told
    from surveys.survey.advice import advice

    texts = reader()
    for name, result in found.items():
        if isinstance(result, tuple):
            for problem in result:
                say(f"{name}:{told(texts, problem.sentence())}", err=True)
        else:
            said = texts("{survey} {version} is fine", survey=result.key, version=result.version)
            say(f"{name}: {said}")
            for place, message in advice(result):
                say(f"{name}: {place}: {told(texts, message)}", err=True)


def _preview(survey: "Survey", language: Language) -> str:
    lines = [_in(survey.title, language), f"{survey.key} {survey.version}"]
    if survey.sees:
        lines.append(_in(survey.sees, language))
    if survey.about:
        lines += ["", _in(survey.about, language)]
    for number, question in enumerate(survey.questions, start=1):
        lines += ["", f"{number}. {_in(question.text, language)}"]
        lines += [f"   / {_in(variant.text, language)}" for variant in question.variants]
        lines.append(f"   [{_manner(question, language)}]")
    thanks = survey.thanks
    lines += ["", _in(thanks.default, language)]
    by_segment = (("0–6", thanks.detractor), ("7–8", thanks.passive), ("9–10", thanks.promoter))
    lines += [f"   {scores}: {_in(text, language)}" for scores, text in by_segment if text]
    return "\n".join(lines)


def _manner(question: "Question", language: Language) -> str:
    from templates.wording import MEASURES, named

    texts = Texts(language)
    parts = [question.key, texts(KINDS[question.kind])]
    if question.kind in {"nps", "scale"}:
        low, high = (_in(label, language) for label in (question.low_label, question.high_label))
        parts.append(f"{question.low} {low} … {question.high} {high}")
    elif question.kind in {"choice", "choices"}:
        parts.append(" | ".join(_in(option.text, language) for option in question.options))
    elif question.kind == "number":
        low, high = texts.number(question.min, None), texts.number(question.max, None)
        parts.append(f"{low}–{high} {_in(question.unit, language)}")
    parts += [texts("optional")] if question.optional else []
    parts += [texts("asked by a condition")] if question.show_if else []
    parts += [
        texts("measures {index}", index=named(texts, MEASURES, name)) for name in question.measures
    ]
    return "; ".join(parts)


survey_app.command("publish", does=Action.EDIT_SURVEYS)(publish)
