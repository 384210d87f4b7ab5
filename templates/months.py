"""The names of months in each language.

babel knows them, but reads all of a language for them, which takes longer than to write a page.
"""

from collections.abc import Mapping, Sequence
from typing import Final

from surveys.messages import Language

_ENGLISH = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
ALONE: Final[Mapping[Language, Sequence[str]]] = {
    "en": _ENGLISH,
    "ru": (
        "январь", "февраль", "март", "апрель", "май", "июнь",
        "июль", "август", "сентябрь", "октябрь", "ноябрь", "декабрь",
    ),
}  # fmt: skip
BESIDE_DAY: Final[Mapping[Language, Sequence[str]]] = {
    "en": _ENGLISH,
    "ru": (
        "января", "февраля", "марта", "апреля", "мая", "июня",
        "июля", "августа", "сентября", "октября", "ноября", "декабря",
    ),
}  # fmt: skip
SHORT: Final[Mapping[Language, Sequence[str]]] = {
    "en": (
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ),
    "ru": (
        "янв.", "февр.", "март", "апр.", "май", "июнь",
        "июль", "авг.", "сент.", "окт.", "нояб.", "дек.",
    ),
}  # fmt: skip
"""Of an axis, where room is short."""
