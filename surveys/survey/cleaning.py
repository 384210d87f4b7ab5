"""Text as it may be kept, for what people type and what files hold."""

import re
from collections.abc import Sequence

_LINE_ENDS = re.compile(r"\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
_UNWRITABLE = re.compile(r"[\x00-\x08\x0e-\x1f\x7f\ud800-\udfff]")


def clean_text(text: str) -> str:
    """Trim, unify line ends, drop what cannot be stored: NUL, controls, lone surrogates."""
    if text.isprintable():  # quick, for the cells of long lists
        return text.strip()
    return _UNWRITABLE.sub("", _LINE_ENDS.sub("\n", text)).strip()


def clean_cells(cells: Sequence[str]) -> list[str]:
    """Do the same for the cells of a row, most of which need one look together."""
    together = "|".join(cells)
    if not together.isprintable():
        return [clean_text(cell) for cell in cells]
    if " |" in together or "| " in together or together != together.strip():
        return [cell.strip() for cell in cells]
    return list(cells)
