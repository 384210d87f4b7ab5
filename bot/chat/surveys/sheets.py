"""Where a survey's answers stand while it is being answered.

A named survey keeps them with the invitation. An anonymous one keeps them under a handle that only
the chat's buttons carry: the database never links it to a person.
"""

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.operations.cases import batches, recovering
from storage.answering import anonymous, answers, invitations, remarks
from storage.answering.invitations import Invitation
from storage.cases import asking, cases
from storage.cases.cases import Case
from storage.database import Transaction
from storage.people import workspace
from storage.sending import outbox
from surveys.survey import answers as codec
from surveys.survey import flow
from surveys.survey.answers import Answer
from surveys.survey.definition import LocalText, Question, Survey, TextQuestion

_REMEMBERED = 10_000


class Sheet(Protocol):
    """The answers of one invitation."""

    handle: str

    async def answers(self) -> dict[str, Answer]:
        """Return the answers given so far by question key; None marks a skipped question."""

    async def current(self) -> str | None:
        """Return the key of the question last shown; None when none is open."""

    async def asked(self, question: Question) -> LocalText | None:
        """Return the wording under which words were typed; None where there was no other."""

    async def answer(self, question: Question, answer: Answer) -> None:
        """Keep an answer, in place of an earlier one."""

    async def show(self, question: Question) -> None:
        """Remember that this question is now before the person."""

    async def forget(self, keys: frozenset[str]) -> None:
        """Drop answers to questions that no longer apply."""

    async def finish(self) -> None:
        """Note that the survey has been answered."""


def decoded(survey: Survey, stored: Mapping[str, str]) -> dict[str, Answer]:
    """Return stored answers to the survey's questions."""
    keys = {question.key for question in survey.questions}
    return {
        key: codec.from_json(survey.question(key), value)
        for key, value in stored.items()
        if key in keys
    }


@dataclass
class NamedSheet:
    """Answers kept with the invitation."""

    tx: Transaction
    invitation: Invitation
    survey: Survey
    now: datetime
    handle: str = ""
    known: dict[str, Answer] | None = None
    """The answers as they were last read or given; None: they are to be read."""

    async def answers(self) -> dict[str, Answer]:
        if self.known is None:
            stored = await answers.given(self.tx, self.invitation.id)
            self.known = decoded(self.survey, stored)
        return self.known

    async def current(self) -> str | None:
        return self.invitation.current_question

    async def asked(self, question: Question) -> LocalText | None:
        if not isinstance(question, TextQuestion) or not question.variants:
            return None
        stored = await answers.asked(self.tx, self.invitation.id, question.key)
        return None if stored is None else LocalText.model_validate_json(stored)

    async def answer(self, question: Question, answer: Answer) -> None:
        """Keep an answer; words that it takes the place of become a remark."""
        given, number, value = await self.answers(), self.invitation.id, codec.to_json(answer)
        if isinstance(question, TextQuestion):
            await remarks.set_aside(self.tx, self.invitation, [question.key], value)
        await answers.keep(
            self.tx,
            number,
            question.key,
            value,
            codec.score(question, answer),
            self.now,
            first=self.invitation.started_at is None,
        )
        self.known = {**given, question.key: codec.from_json(question, value)}
        if isinstance(answer, str) and isinstance(question, TextQuestion) and question.variants:
            asked = flow.wording(question, self.known)
            await answers.note_asked(self.tx, number, question.key, asked.model_dump_json())

    async def show(self, question: Question) -> None:
        await invitations.show(self.tx, self.invitation.id, question.key, self.now)

    async def forget(self, keys: frozenset[str]) -> None:
        self.known = None
        await remarks.set_aside(self.tx, self.invitation, keys)
        await answers.drop(self.tx, self.invitation.id, keys)

    async def finish(self) -> None:
        await invitations.finish(self.tx, self.invitation.id, self.now)
        await outbox.cancel_for_invitation(self.tx, self.invitation.id, self.now)


@dataclass
class AskingSheet(NamedSheet):
    """Answers kept with the invitation; that to whether a case was put right, with the case."""

    case: Case | None = None

    async def answers(self) -> dict[str, Answer]:
        given = dict(await super().answers())
        if self.case is not None and self.case.recovered is not None:
            given[recovering.KEY] = self.case.recovered == "yes"
        return given

    async def answer(self, question: Question, answer: Answer) -> None:
        if question.key != recovering.KEY or self.case is None:
            await super().answer(question, answer)
            return
        said = None if answer is None else bool(answer)
        await recovering.answered(self.tx, self.case, put_right=said, now=self.now)
        self.case = await cases.get(self.tx, self.case.id)

    async def show(self, question: Question) -> None:
        if question.key == recovering.KEY and self.case is not None:
            await asking.put(self.tx, self.case.id, self.invitation.id, self.now)
        await super().show(question)


@dataclass
class AnonymousSheet:
    """Answers kept under a handle."""

    tx: Transaction
    invitation: Invitation
    survey: Survey
    now: datetime
    handle: str

    async def answers(self) -> dict[str, Answer]:
        return decoded(self.survey, await anonymous.answers(self.tx, self.handle))

    async def current(self) -> str | None:
        return await anonymous.current(self.tx, self.handle)

    async def asked(self, _question: Question) -> LocalText | None:
        return None

    async def answer(self, question: Question, answer: Answer) -> None:
        await anonymous.answer(
            self.tx,
            self.handle,
            question.key,
            codec.to_json(answer),
            codec.score(question, answer),
        )

    async def show(self, question: Question) -> None:
        await anonymous.show(self.tx, self.handle, question.key)

    async def forget(self, keys: frozenset[str]) -> None:
        await anonymous.forget_answers(self.tx, self.handle, keys)

    async def finish(self) -> None:
        done = await anonymous.finish(self.tx, self.handle, self.invitation.id, self.now)
        await outbox.cancel_for_invitation(self.tx, self.invitation.id, done.kept_at)
        if done.batches:
            space = await workspace.get(self.tx)
            await batches.tell(self.tx, self.survey, done.batches, space, self.now)


class Handles:
    """The running program's memory of which anonymous sheet lies open in which chat.

    Typed text carries no handle, so this is how it finds its sheet; a restart forgets it, and the
    next tap brings it back.
    """

    def __init__(self) -> None:
        self._by_invitation: OrderedDict[int, str] = OrderedDict()

    def remember(self, invitation_id: int, handle: str) -> None:
        """Keep the handle of an invitation's open sheet."""
        self._by_invitation[invitation_id] = handle
        self._by_invitation.move_to_end(invitation_id)
        if len(self._by_invitation) > _REMEMBERED:
            self._by_invitation.popitem(last=False)

    def recall(self, invitation_id: int) -> str:
        """Return the handle, or an empty string where it is not known."""
        return self._by_invitation.get(invitation_id, "")

    def forget(self, invitation_id: int) -> None:
        """Drop the handle of a finished sheet."""
        self._by_invitation.pop(invitation_id, None)
