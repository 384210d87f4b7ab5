"""People as a company's list has them; the module loads no database, for a list needs none."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal, NamedTuple, overload

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


@dataclass(frozen=True, slots=True)
class ListedRows(Sequence[PersonRow]):
    """People by column, each named as in `PersonRow`: a long list is handed on without its rows."""

    columns: Mapping[str, Sequence[Any]]

    def __len__(self) -> int:
        """Return how many people there are."""
        return len(self.columns["external_id"])

    @overload
    def __getitem__(self, place: int) -> PersonRow: ...
    @overload
    def __getitem__(self, place: slice) -> "ListedRows": ...
    def __getitem__(self, place: "int | slice") -> "PersonRow | ListedRows":
        """Return one person, or several."""
        found: dict[str, Any] = {name: column[place] for name, column in self.columns.items()}
        return ListedRows(found) if isinstance(place, slice) else PersonRow(**found)


def by_column(rows: Iterable[PersonRow]) -> ListedRows:
    """Return the same people by column."""
    columns = [list(column) for column in zip(*rows, strict=True)] or [
        [] for _ in PersonRow._fields
    ]
    return ListedRows(dict(zip(PersonRow._fields, columns, strict=True)))


def folded(contacts: Sequence[str | None]) -> Sequence[str | None]:
    """Return what contacts are compared by, which mostly is how they are written."""
    together = "\0".join(filter(None, contacts))
    if together == together.casefold():
        return contacts
    return [contact and contact.casefold() for contact in contacts]
