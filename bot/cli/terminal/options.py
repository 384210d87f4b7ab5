"""A command that takes one dataclass instead of a parameter for each of its options."""

from collections.abc import Callable
from dataclasses import MISSING, fields
from functools import wraps
from inspect import Parameter, Signature
from typing import Any, ClassVar, Protocol, TypeVar, get_type_hints


class Dataclass(Protocol):
    """What every dataclass is."""

    __dataclass_fields__: ClassVar[dict[str, Any]]


OptionsT = TypeVar("OptionsT", bound=Dataclass)


def takes(kind: type[OptionsT]) -> Callable[[Callable[[OptionsT], None]], Callable[..., None]]:
    """Let typer see a parameter for each field of `kind`, and the command all of them as one.

    The fields are annotated as parameters are: ``Annotated[str, typer.Option(…)]``.
    """
    hints = get_type_hints(kind, include_extras=True)
    parameters = [
        Parameter(
            one.name,
            Parameter.KEYWORD_ONLY,
            default=Parameter.empty if one.default is MISSING else one.default,
            annotation=hints[one.name],
        )
        for one in fields(kind)
    ]

    def made(command: Callable[[OptionsT], None]) -> Callable[..., None]:
        @wraps(command)
        def called(**given: Any) -> None:
            command(kind(**given))

        called.__annotations__ = hints
        vars(called)["__signature__"] = Signature(parameters)
        return called

    return made
