"""A company that has not said its name asks nobody: people must read who asks them."""

from bot.errors import Refused
from storage.people.workspace import Workspace
from surveys.messages import mark

NAMELESS = mark(
    "The company has no name yet, and people are asked in its name. Set it first: Data and consent "
    "in the bot's menu, or otklik company --name NAME"
)


class CompanyNameless(Refused):
    """Somebody would be asked, or invited, by a company without a name."""

    template = NAMELESS


def check_named(space: Workspace) -> None:
    """Refuse where the company has no name."""
    if not space.company:
        raise CompanyNameless
