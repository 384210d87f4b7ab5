"""Whether a case was put right: asked last in the customer's next survey, kept in the case.

The question belongs to no survey: it stands after the last one of whichever comes next, once for a
resolved case, and its answer goes into the case's history and no other figure.
"""

from datetime import datetime
from typing import Final

from bot.operations.cases import casework, crm
from bot.operations.cases.overdue import responsible
from bot.operations.compose import texts_for, to_staff
from bot.rights import Action
from bot.says.markup import literal
from bot.says.said import Show
from bot.says.screens import Screen
from storage.answering.invitations import Invitation
from storage.cases import asking, cases
from storage.cases.cases import Case
from storage.database import Transaction
from storage.people import workspace
from storage.sending import outbox
from surveys.cases import Recovered
from surveys.messages import LANGUAGES, mark
from surveys.survey.definition import LocalText, Survey, YesNoQuestion
from templates.texts import Texts

KEY: Final = "put right?"
"""The question's key, which no file can give to one of its own."""
_ASKED: Final = mark(
    "Last time you were not happy with us, and we promised to see to it. Was it put right?"
)


async def due(tx: Transaction, invitation: Invitation, survey: Survey) -> Case | None:
    """Return the resolved case that this survey is to ask about; None: there is none."""
    if survey.anonymous or survey.audience != "customers":
        return None
    return await asking.due(tx, invitation.person_id, invitation.id)


def asked() -> YesNoQuestion:
    """Return the question."""
    words = {language: Texts(language)(_ASKED) for language in LANGUAGES}
    text = LocalText(ru=words["ru"], en=words["en"])
    return YesNoQuestion.model_construct(
        key=KEY,
        kind="yes_no",
        text=text,
        optional=True,
        same_as=(),
        variants=(),
        measures=(),
        mirror=None,
        show_if=None,
        alert_at="never",
    )


def with_question(survey: Survey) -> Survey:
    """Return a survey that asks it last."""
    return survey.model_copy(update={"questions": (*survey.questions, asked())})


async def answered(tx: Transaction, case: Case, *, put_right: bool | None, now: datetime) -> None:
    """Keep what the customer says (None: nothing); of a no, tell who has the case."""
    said: Recovered | None = None
    if put_right is not None:
        said = "yes" if put_right else "no"
    if not await asking.answered(tx, case, said, now):
        return
    space = await workspace.get(tx)
    await crm.tell(tx, await cases.get(tx, case.id), "case.recovered", space, now)
    if said == "no":
        await _tell(tx, case, now)


async def _tell(tx: Transaction, case: Case, now: datetime) -> None:
    space = await workspace.get(tx)
    for reader in await responsible(tx, case, space):
        texts = texts_for(reader, space)
        said = texts(
            "<b>{customer} says that it was not put right.</b> The case is resolved; you can open "
            "it again.",
            customer=literal(case.customer),
        )
        rows = tuple((one,) for one in casework.buttons(texts, case))
        key = f"case:{case.id}:not_recovered:{now.isoformat()}:{reader.id}"
        draft = to_staff(
            key, reader, Show(Screen(said, rows)), now, Action.WORK_CASES, case.person_id
        )
        await outbox.put(tx, draft, now)
