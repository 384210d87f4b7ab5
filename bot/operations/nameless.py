"""A company that has not said its name asks nobody: people must read who asks them."""

from datetime import datetime

from bot.errors import Refused
from bot.operations.upkeep.trouble import tell_admins
from storage.asking.campaigns import Campaign
from storage.database import Transaction
from storage.people.workspace import Workspace
from surveys.messages import mark
from templates.texts import Texts

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


async def tell_nobody_was_asked(tx: Transaction, campaign: Campaign, now: datetime) -> None:
    """Tell the admins, once a campaign, that its moment came and nobody was asked."""

    def sentence(texts: Texts) -> str:
        return texts(
            "«{campaign}» was due and asked nobody: the company has no name yet. Set it: Data and "
            "consent in the menu. From then on the campaign asks again by itself.",
            campaign=campaign.name,
        )

    await tell_admins(tx, f"nameless:{campaign.id}", sentence, now)
