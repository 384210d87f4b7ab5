"""People as a company's list has them; the module loads no database, for a list needs none."""

from collections.abc import Mapping
from datetime import date
from typing import Literal, NamedTuple

from surveys.messages import Language

ListedRole = Literal["customer", "manager"]
_NONE: Mapping[str, str] = {}


class PersonRow(NamedTuple):
    """A customer or manager as the company's list has them; None: the list does not say.

    `company` is the customer's employer; `manager_external_id` is the manager's `external_id` or
    name, the words of a name in any order. `line` is where the row stands in the list. `has_left`:
    no longer with the company. `leads` are the teams that one of the staff leads; `is_lead_only`: a
    lead whom this row does not call a manager.
    """

    role: ListedRole
    external_id: str
    name: str
    company: str | None = None
    manager_external_id: str | None = None
    segment: str | None = None
    team: str | None = None
    language: Language | None = None
    phone: str | None = None
    email: str | None = None
    last_purchase_on: date | None = None
    attributes: Mapping[str, str] = _NONE
    position: str | None = None
    line: int = 0
    has_left: bool = False
    first_name: str | None = None
    leads: tuple[str, ...] | None = None
    is_lead_only: bool = False
