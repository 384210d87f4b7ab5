"""What is wrong with a command's arguments, in the reader's words and never in a library's."""

from enum import Enum

from typer._click.exceptions import (
    BadArgumentUsage,
    BadOptionUsage,
    BadParameter,
    MissingParameter,
    NoArgsIsHelpError,
    NoSuchOption,
    UsageError,
)

from surveys.messages import mark
from templates.texts import Texts

_PROBLEMS = {
    "int_parsing": mark("«{given}» is no whole number: write its digits one after another."),
    "int_from_float": mark("«{given}» is no whole number: write its digits one after another."),
    "int_parsing_size": mark("«{given}» is too large."),
    "float_parsing": mark("«{given}» is no number: write it as in 0.95."),
    "finite_number": mark("«{given}» is no number: write it as in 0.95."),
}
_OTHER = mark("«{given}» cannot be used here.")


def told(error: UsageError, texts: Texts) -> UsageError:
    """Return the error with what it says in the reader's language."""
    said = _said(error, texts)
    return error if said is None else UsageError(said, error.ctx)


def _said(error: UsageError, texts: Texts) -> str | None:
    match error:
        case NoArgsIsHelpError():
            return None
        case MissingParameter():
            return texts("Missing: {what}.", what=_what(error))
        case BadParameter():
            problem = _problem(error, texts)
            return texts("{what} does not fit: {problem}", what=_what(error), problem=problem)
        case NoSuchOption() | BadOptionUsage():
            return _of_option(error, texts)
        case BadArgumentUsage():
            return texts("There are too few arguments.")
    return texts("There are more arguments than the command takes.")


def _of_option(error: NoSuchOption | BadOptionUsage, texts: Texts) -> str:
    name = error.option_name
    if isinstance(error, BadOptionUsage):
        if "requires" in error.message:
            return texts("The option {name} needs a value after it.", name=name)
        return texts("The option {name} takes no value.", name=name)
    if not error.possibilities:
        return texts("There is no option {name}.", name=name)
    known = ", ".join(error.possibilities)
    return texts("There is no option {name}; did you mean {known}?", name=name, known=known)


def _problem(error: BadParameter, texts: Texts) -> str:
    """Return what a command says of a value, or what pydantic found for typer."""
    from pydantic import ValidationError

    cause = error.__cause__
    if not isinstance(cause, ValidationError):
        # A command's own refusals name no parameter. What typer refuses by itself is a path.
        return error.message if error.param is None else texts("permission denied")
    first = cause.errors(include_url=False)[0]
    given = str(first["input"])
    if choices := getattr(getattr(error.param, "type_descriptor", None), "choices", None):
        known = ", ".join(str(one.value if isinstance(one, Enum) else one) for one in choices)
        return texts("«{given}» is none of {known}.", given=given, known=known)
    return texts(_PROBLEMS.get(first["type"], _OTHER), given=given)


def _what(error: BadParameter) -> str:
    if error.param_hint is not None:
        return " / ".join(
            [error.param_hint] if isinstance(error.param_hint, str) else error.param_hint
        )
    return error.param.get_error_hint().replace("'", "") if error.param is not None else ""
