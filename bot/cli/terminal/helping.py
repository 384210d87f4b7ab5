"""Help and usage errors in the reader's language, also what typer itself says in English.

A help text is translated when it is shown: a command that works pays nothing for its help.
"""

from collections.abc import Callable, MutableMapping
from importlib import import_module
from typing import Any, ClassVar, TypeVar

import typer
from typer import _click
from typer._click.exceptions import BadParameter, UsageError
from typer.core import TyperCommand, TyperGroup
from typer.main import get_group

from bot.cli.terminal.misusing import told
from bot.cli.terminal.speaking import reader
from bot.rights import Action, Role, may
from surveys.messages import mark
from templates.texts import Texts, unwrapped

_HELP_OPTION = mark("Show this message and exit.")
TYPES = {
    "<str>": mark("<text>"),
    "<int>": mark("<whole number>"),
    "<int range>": mark("<whole number>"),
    "<float>": mark("<number>"),
    "<float range>": mark("<number>"),
    "<path>": mark("<path>"),
    "<list[str]>": mark("<texts>"),
    "<bool>": "",
}
"""typer's names of types, in words."""
Function = TypeVar("Function", bound=Callable[..., Any])


class _Translated(_click.Command):
    """What a command and a group have in common."""

    def get_usage(self, ctx: _click.Context) -> str:
        """Return the line that shows what may be written."""
        texts = reader()
        line = super().get_usage(ctx).replace("Usage:", texts("Usage:"), 1)
        line = line.replace("[OPTIONS]", texts("[OPTIONS]"))
        return line.replace("COMMAND [ARGS]...", texts("COMMAND [ARGUMENTS]…"))

    def format_help(self, ctx: _click.Context, formatter: _click.HelpFormatter) -> None:
        """Print the whole help."""
        texts = reader()
        _name_panels(texts)
        _translate(self, texts)
        for parameter in self.get_params(ctx):
            if said := getattr(parameter, "help", None):
                vars(parameter)["help"] = texts(said)
            _name_type(parameter, ctx, texts)
        for command in getattr(self, "commands", {}).values():
            _translate(command, texts)
        super().format_help(ctx, formatter)

    def make_context(self, *args: Any, **more: Any) -> _click.Context:
        """Read the arguments; raise what is wrong with them in the reader's words."""
        try:
            return super().make_context(*args, **more)
        except UsageError as error:
            _name_panels(reader())
            raise told(error, reader()) from None

    def invoke(self, ctx: _click.Context) -> object:
        """Run the command; what it finds wrong with an option is told in the same way."""
        try:
            return super().invoke(ctx)
        except BadParameter as error:
            _name_panels(reader())
            raise told(error, reader()) from None
        except typer.Abort:
            _name_panels(reader())
            raise


class HelpedCommand(_Translated, TyperCommand):
    """A command, and what is done by it."""

    does: ClassVar[Action]

    def invoke(self, ctx: _click.Context) -> object:
        """Run the command where the operator may."""
        if not may(self.does, Role.OPERATOR):
            texts = reader()
            raise UsageError(texts("The command line may not do this."), ctx)
        return super().invoke(ctx)


class _Group(_Translated, TyperGroup):
    """A group of commands."""

    def resolve_command(
        self, ctx: _click.Context, args: list[str]
    ) -> tuple[str | None, _click.Command | None, list[str]]:
        """Return the command that was named; raise in the reader's words where there is none."""
        try:
            return super().resolve_command(ctx, args)
        except UsageError as error:
            texts = reader()
            _name_panels(texts)
            if args[0].startswith("-"):
                raise told(error, texts) from None
            said = texts(
                "There is no command {name}. There are: {known}.",
                name=args[0],
                known=", ".join(self.commands),
            )
            raise UsageError(said, ctx) from None


class _Later(_Group):
    """A group whose commands are imported when one of them, or their list, is asked for."""

    place: ClassVar[str]
    """Where its `App` stands: "module:name"."""

    @property
    def commands(self) -> MutableMapping[str, _click.Command]:
        """Return name → command."""
        module, _, name = self.place.partition(":")
        if not self._known:
            self._known.update(get_group(getattr(import_module(module), name)).commands)
        return self._known

    @commands.setter
    def commands(self, known: MutableMapping[str, _click.Command]) -> None:
        self._known = known


class App(typer.Typer):
    """Commands whose help and mistakes are told in the reader's language."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(**{"cls": _Group, "no_args_is_help": True, **settings})

    def add_later(self, name: str, place: str, help: str) -> None:  # noqa: A002 (catalogs look for it)
        """Add the `App` that stands at "module:name"; its help is told without importing it."""
        self.add_typer(App(cls=type("Later", (_Later,), {"place": place})), name=name, help=help)

    def command(  # type: ignore[override]  # nobody may leave out what a command does
        self, name: str | None = None, *, does: Action, **settings: Any
    ) -> Callable[[Function], Function]:
        """Make a function a command; whoever runs it acts as the operator."""
        settings["cls"] = type("Doing", (HelpedCommand,), {"does": does})
        return super().command(name, **settings)


def _translate(command: _click.Command, texts: Texts) -> None:
    if command.help:
        command.help = texts(unwrapped(command.help))


def _name_type(parameter: Any, ctx: _click.Context, texts: Texts) -> None:  # noqa: ANN401 (click's, or typer's)
    """Name the kind of value that a parameter takes; an option without one takes none."""
    kind = parameter.display_type_rich(ctx=ctx)
    if kind in TYPES:
        said = texts(TYPES[kind]) if TYPES[kind] else None
        vars(parameter)["display_type_rich"] = lambda **_: said


def _name_panels(texts: Texts) -> None:
    """Replace typer's own words by ours before it reads them, once, when it is imported."""
    from typer import rich_utils

    rich_utils.ARGUMENTS_PANEL_TITLE = texts("Arguments")
    rich_utils.OPTIONS_PANEL_TITLE = texts("Options")
    rich_utils.COMMANDS_PANEL_TITLE = texts("Commands")
    rich_utils.ERRORS_PANEL_TITLE = texts("Error")
    rich_utils.ABORTED_TEXT = texts("Aborted.")
    rich_utils.REQUIRED_LONG_STRING = texts("[required]")
    rich_utils.DEFAULT_STRING = texts("[default: {value}]", value="{}")
    rich_utils.RICH_HELP = texts("Help: {command}", command="[blue]{command_path} {help_option}[/]")
