"""How a file is to be written: as an option says, else as the file is called."""

from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from typing import TypeVar

from surveys.messages import mark

Form = TypeVar("Form", bound=StrEnum)


def form_of(form: Form | None, out: Path | None, ends: Mapping[str, Form]) -> Form | None:
    """Return the form of a file, None where nothing says it; `ends` are the ends of names.

    Raises Refused where the name says another form than the option, or neither says any.
    """
    from bot.errors import Refused

    end = "" if out is None else out.suffix.removeprefix(".").lower()
    named = ends.get(end)
    if form is None and named is None and end:
        raise Refused(mark("Say by --format how {file} is to be written."), file=str(out))
    if form is not None and named is not None and form is not named:
        raise Refused(
            mark("{file} is called {named}, and --format says {form}: let them agree."),
            file=str(out),
            named=named,
            form=form,
        )
    return form or named
