"""A trial alert: what a low score looks like, sent to oneself along the path of a real one."""

from dataclasses import replace
from datetime import datetime
from secrets import token_hex

from bot.operations.campaigns.low_score import LowScore, SaidThen, alert_text
from bot.operations.compose import texts_for, to_staff
from bot.rights import Action
from bot.says.said import Show
from bot.says.screens import Screen
from storage.asking import definitions
from storage.database import Transaction
from storage.people.people import Person
from storage.people.workspace import Workspace
from storage.sending import outbox
from surveys.survey.definition import NpsQuestion
from surveys.survey.placeholders import Placeholders

_SCORE = 3


async def send(tx: Transaction, person: Person, space: Workspace, now: datetime) -> bool:
    """Queue a trial alert to somebody; False where no survey asks the question of recommending."""
    texts = texts_for(person, space)
    survey = next(
        (
            one.survey
            for one in await definitions.all_latest(tx)
            if any(isinstance(asked, NpsQuestion) for asked in one.survey.questions)
        ),
        None,
    )
    if survey is None:
        return False
    first = next(one for one in survey.questions if isinstance(one, NpsQuestion))
    customer = replace(person, id=0, name=texts("Anna Example"), account=None, phone="+79120000000")
    told = LowScore(
        customer=customer,
        survey=survey,
        answers={first.key: _SCORE},
        first=first,
        before=None,
        low=[first],
        said=[SaidThen(texts("The delivery was late again."))],
        managers=[],
        of_manager=False,
        names=Placeholders(space.company, "", ""),
    )
    head = texts("<b>A trial.</b> This is how a low score reaches you; there is no such customer.")
    said = Show(Screen(f"{head}\n\n{alert_text(texts, told, person)}"))
    key = f"trial:{person.id}:{token_hex(8)}"
    return await outbox.put(tx, to_staff(key, person, said, now, Action.GET_ALERTS), now)
