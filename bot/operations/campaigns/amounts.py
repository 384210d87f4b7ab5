"""Sums of money as a CRM or a person writes them."""

import re
from decimal import Decimal

_SPACES = " \N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}"
_THOUSANDS = rf"[0-9]{{1,3}}(?:[{_SPACES}][0-9]{{3}})+"
_WRITTEN = re.compile(
    rf"(?P<whole>{_THOUSANDS}|[0-9]{{1,15}})(?:[.,](?P<cents>[0-9]{{1,2}}))?"
    r"(?P<currency>[^\d.,+-]{0,12})\.?"
)
_MOST_DIGITS = 15


def amount_of(text: str) -> Decimal | None:
    """Return the sum, None where none can be read for certain.

    It reads `12500`, `12 500,50`, `12500.5`, `12500.00|RUB` and `12 500 руб.`, but not `12,500`,
    which means one number to some readers and another to others.
    """
    found = _WRITTEN.fullmatch(text.strip())
    if found is None:
        return None
    whole = re.sub(rf"[{_SPACES}]", "", found["whole"])
    if len(whole) > _MOST_DIGITS:
        return None
    return Decimal(f"{int(whole)}.{found['cents'] or '0':0<2}")
