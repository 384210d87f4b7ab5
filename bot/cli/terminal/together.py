"""Options that do nothing beside another one: refused by name, so that nobody relies on them."""

from collections.abc import Collection

from typer._click.core import Context, Parameter, ParameterSource
from typer._click.globals import get_current_context

from bot.cli.terminal.failing import failing_kindly
from surveys.messages import mark

_APART = mark("{one} and {other} do not go together: leave one of them out.")
_NEEDS = mark("{one} does nothing without {other}.")


def only_with(option: str, *beside: str) -> None:
    """Refuse what was typed beside an option and would be passed over; `beside` is not."""
    context = get_current_context()
    _apart(context, option, {*context.params} - {option, *beside})


def apart(option: str, *others: str) -> None:
    """Refuse an option typed together with one of these, which it would take no notice of."""
    _apart(get_current_context(), option, others)


def needs(other: str, *options: str) -> None:
    """Refuse options that were typed without the one that makes use of them."""
    context = get_current_context()
    typed = _typed(context, options)
    if typed and not _typed(context, [other]):
        parameters = {one.name: one for one in context.command.params}
        _refuse(_NEEDS, typed[0], parameters[other])


def was_typed(*names: str) -> bool:
    """Tell whether one of these was typed, and not left as it is by default."""
    return bool(_typed(get_current_context(), names))


def _apart(context: Context, option: str, others: Collection[str]) -> None:
    chosen, typed = _typed(context, [option]), _typed(context, others)
    if chosen and typed:
        _refuse(_APART, chosen[0], typed[0])


def _typed(context: Context, names: Collection[str]) -> list[Parameter]:
    """Return those of the parameters that were typed; hidden ones are the program's own."""
    return [
        one
        for one in context.command.params
        if one.name in names
        and not getattr(one, "hidden", False)
        and context.get_parameter_source(one.name) is ParameterSource.COMMANDLINE
    ]


def _refuse(template: str, one: Parameter, other: Parameter) -> None:
    with failing_kindly():
        from bot.errors import Refused

        values = get_current_context().params
        called = [_called(each, values.get(str(each.name))) for each in (one, other)]
        raise Refused(template, one=called[0], other=called[1])


def _called(parameter: Parameter, value: object) -> str:
    """Return what a parameter is called where it is typed: --team, --no-open, or FILE."""
    if parameter.param_type_name == "option":
        is_off = value is False and parameter.secondary_opts
        return max(parameter.secondary_opts if is_off else parameter.opts, key=len)
    return str(parameter.name).upper()
