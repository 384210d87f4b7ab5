"""What to advise where the columns of a list do not say who is who."""

from collections.abc import Iterator

from bot.errors import Refused
from bot.operations.lists.found import ListFound
from bot.operations.lists.headings import FIELDS
from bot.operations.lists.likely import may_be_a_number
from surveys.messages import Message, mark

_MOST = 5
WHAT_A_NUMBER_IS = mark(
    "By a number of each person (id) people of one name are told apart, and known again in the "
    "next list."
)
PAST_ANSWERS = mark(
    "These look like past answers, not people. They are brought in on the server: otklik import "
    "history FILE"
)


class ColumnsLacking(Refused):
    """A list lacks columns that every list must have; says which options or columns help."""

    def __init__(self, found: ListFound) -> None:
        super().__init__()
        self.found = found

    def messages(self) -> tuple[Message, ...]:
        """Return what is to be said, a line each."""
        found = self.found
        said: list[Message] = []
        if found.is_past:
            said.append(Message(PAST_ANSWERS))
        if "external_id" in found.lacks:
            said += _without_number(found)
        if "name" in found.lacks:
            said.append(
                Message("No column is headed as a name. Say which it is: --column 'HEADING=name'")
            )
        headings = [f"«{heading}»" for heading in found.headings if heading]
        said.append(Message("Columns: {headings}.", {"headings": headings}))
        said.append(
            Message(
                "Other headings are stated likewise, --column 'HEADING=FIELD'; fields: {known}. "
                "Where the headings stand lower: --skip-lines N",
                {"known": list(FIELDS)},
            )
        )
        return tuple(said)


def _without_number(found: ListFound) -> Iterator[Message]:
    yield Message("No column holds a number of each person.")
    yield Message(WHAT_A_NUMBER_IS)
    for heading in likely_numbers(found):
        yield Message(
            "If «{heading}» is one: --column '{heading}=external_id'", {"heading": heading}
        )
    if "phone" in found.columns:
        yield Message("To go by their phones instead: --identity phone")
    if "email" in found.columns:
        yield Message("To go by their e-mail addresses instead: --identity email")
    yield Message("Else add a column headed id with a number that stays with the person: 1, 2, 3 …")


def likely_numbers(found: ListFound) -> list[str]:
    """Return headings of columns that may hold a number of each person."""
    return [heading for heading in found.unused() if may_be_a_number(heading)][:_MOST]
