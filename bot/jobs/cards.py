"""A manager's own card, each month: their part of the company's digest of the last month."""

from typing import Final

from bot.chat.own import screens
from bot.jobs.documents import DigestFiles, digest_files, wanted_by
from bot.jobs.making import End, Work
from bot.rights import Action
from bot.says.said import Show
from bot.says.screens import Button, Rows, Screen
from bot.says.taps import MenuTap
from storage.sending import digests
from surveys.messages import mark
from surveys.reports.as_json import own_card, written
from surveys.reports.own import OwnCard

NOBODY: Final = mark("My card: nobody answered about you in {period}, so there is nothing new.")
_ACTION = Action.SEE_OWN_CARD


async def make(work: Work) -> End:
    """Make the card of the last month; without anything new it is a sentence."""
    texts, wanted, person = work.texts, wanted_by(work), work.person
    if person is None:
        return End("skipped")
    made = await digest_files(work, wanted)
    if made is None:
        said = texts("The card could not be made.")
        return End("failed", Show(Screen(said, _stop(work))), action=_ACTION)
    found = await _card(work, made, person.id)
    if found is None or (found.score is None and found.mirror is None):
        said = texts(NOBODY, period=texts.period(wanted.period))
        shown = Show(Screen(said, _stop(work)))
        return End("skipped", shown, details=made.details, action=_ACTION)
    card = screens.card(texts, person, found, own=True)
    shown = Show(Screen(card.text, (*_stop(work), *card.rows)))
    return End("done", shown, details=made.details, action=_ACTION)


async def _card(work: Work, made: DigestFiles, manager_id: int) -> OwnCard | None:
    """Return the card of this month; earlier months are those of the digests that were sent."""
    async with work.database.reading() as reader:
        sent = await digests.latest(reader)
    period = made.wanted.period
    earlier = [one for one in sent if one[0] < period]
    return own_card([(period, written(made.document)), *earlier], manager_id)


def _stop(work: Work) -> Rows:
    data = MenuTap("card_off").pack()
    return ((Button(work.texts("Stop sending this"), data),),)
