"""What is typed after /export: what, and in any order a period, a survey and a form."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, Final

from bot.chat.exports.screens import LABELS
from bot.errors import Refused
from bot.operations.exports.chosen import NO_PERIOD, WORDS, FileForm, What, lacking
from surveys.errors import PeriodInvalid
from surveys.messages import mark
from surveys.periods import Zone, compared

_UNKNOWN: Final = mark("I do not know what “{word}” is.")
_TWICE: Final = mark("“{word}” is one too many: one period, one survey and one form.")
_NO_FORM: Final = mark("{form} needs {library} on the server. XLSX and CSV are always there.")
_LONGEST: Final = 60


def read_words(
    said: Sequence[str], surveys: Collection[str], now: datetime, zone: Zone
) -> dict[str, Any]:
    """Return the fields of `Wanted` that the words name; `surveys` are the keys there are.

    Raises Refused, and PeriodAhead for a period that has not begun.
    """
    first, *rest = said
    what = WORDS.get(first.casefold())
    if what is None:
        raise Refused(_UNKNOWN, word=first[:_LONGEST])
    found: dict[str, Any] = {"what": what}
    for word in rest:
        name, value = _meaning(word, surveys, now, zone)
        if name in found:
            raise Refused(_TWICE, word=word[:_LONGEST])
        found[name] = value
    if what is What.PEOPLE and ("period" in found or "survey" in found):
        raise Refused(NO_PERIOD)
    return found


def _meaning(
    word: str, surveys: Collection[str], now: datetime, zone: Zone
) -> tuple[str, FileForm | str]:
    lower = word.casefold()
    for form in FileForm:
        if lower in {form, LABELS[form].casefold()}:
            if library := lacking(form):
                raise Refused(_NO_FORM, form=LABELS[form], library=library)
            return "form", form
    for key in surveys:
        if key.casefold() == lower:
            return "survey", key
    try:
        return "period", compared([word], now, zone)[0].key
    except (PeriodInvalid, ValueError, OverflowError) as error:
        raise Refused(_UNKNOWN, word=word[:_LONGEST]) from error
