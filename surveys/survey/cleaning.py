"""Text as it may be kept, for what people type and what files hold."""

import re
from collections.abc import Iterable, Sequence

_LINE_ENDS = re.compile(r"\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
_UNWRITABLE = re.compile(r"[\x00-\x08\x0e-\x1f\x7f\ud800-\udfff]")


def clean_text(text: str) -> str:
    """Trim, unify line ends, drop what cannot be stored: NUL, controls, lone surrogates."""
    if text.isprintable():  # quick, for the cells of long lists
        return text.strip()
    return _UNWRITABLE.sub("", _LINE_ENDS.sub("\n", text)).strip()


def clean_cells(cells: Sequence[str]) -> list[str]:
    """Do the same for the cells of a row, most of which need one look together."""
    return list(cells) if _is_clean("|".join(cells)) else [clean_text(cell) for cell in cells]


def clean_rows(rows: Iterable[list[str]]) -> list[list[str]]:
    """Do the same for many rows, which mostly need one look together as well."""
    found = list(rows)
    return found if _is_clean("|".join(map("|".join, found))) else list(map(clean_cells, found))


def _is_clean(together: str) -> bool:
    """Tell of texts with bars between them whether there is nothing to do."""
    spaced = " |" in together or "| " in together or together != together.strip()
    return not spaced and together.isprintable()
