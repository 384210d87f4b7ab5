"""One request about one link: what is shown, and what somebody did."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot.chat.conversation import answer_on_page
from bot.chat.people import forgetting_screens
from bot.chat.people.forgetting import may_be_forgotten_here
from bot.chat.standing import standing
from bot.chat.surveys.sheets import Handles
from bot.chat.visit import Visit, language_of
from bot.operations.ways_in.admins import deep_link
from bot.says.channels import ways
from bot.says.heard import Command, Heard, Sender, Tap, Words
from bot.says.markup import plain
from bot.says.said import Said, Show, Toast
from bot.says.screens import Screen
from bot.says.taps import MenuTap, SurveyTap, unpack
from bot.web import pages
from bot.web.asked import Form
from bot.web.memory import Memory, with_answer
from bot.web.pages import PageSurroundings, page_of
from bot.web.refusals import NONE, Refusal
from bot.web.signing import Signer, new_nonce
from storage.answering import anonymous, answers, invitations
from storage.asking import definitions
from storage.database import Transaction
from storage.people import page_links, people, workspace
from storage.people.page_links import PageLink
from surveys.messages import LANGUAGES, known_language
from templates.answer_page import PageButton, render
from templates.texts import Texts

CHANNEL = "web"
STOP = "stop"
LANGUAGE_NAMES = {"ru": "Русский", "en": "English"}
_AN_HOUR = 3_600
_AGREED = MenuTap("consent", ("yes",))
_WITHDRAW = MenuTap("withdraw").pack()
_FORGET = MenuTap("forget", ("yes",)).pack()


@dataclass(frozen=True, slots=True)
class FormOutcome:
    """What follows from a form: a `place` to go to, or a page to show at once.

    With a place, `html` is the page there, made together with the answer for the browser that is
    sent there. `memory` is what the browser is to keep for `remembered_for` seconds; None: what it
    has stays. `refusal` is what it keeps where nothing was taken.
    """

    place: str = ""
    html: str = ""
    memory: Memory | None = None
    remembered_for: int = 0
    refusal: Refusal = NONE


@dataclass(frozen=True, slots=True)
class Answering:
    """A request about the link of `token`, by a browser that speaks `language`.

    `option` is what its address proposes, `refusal` what was not taken here a moment ago.
    """

    signer: Signer
    token: str
    path: str
    language: str
    memory: Memory
    handles: Handles
    now: datetime
    option: str = ""
    refusal: Refusal = NONE

    async def show(self, tx: Transaction) -> FormOutcome:
        """Return the page where somebody stands; record nothing.

        The page of an open link is one and the same in a browser until somebody has come by it:
        opened again, after an answer that got lost, it makes no second person. Raises LinkUnknown,
        LinkExpired.
        """
        link = await page_links.look(tx, self.token, self.now)
        visit = await self._visit(tx, link)
        fresh = link.person_id is None and not self.memory.handle
        memory = Memory(new_nonce()) if fresh else None
        here = replace(self, memory=memory or self.memory)
        screen, around = await here.stands(visit)
        return FormOutcome(
            html=here.rendered(screen, around), memory=memory, remembered_for=_AN_HOUR
        )

    async def take(self, tx: Transaction, form: Form) -> FormOutcome:
        """Do what was pressed. Raises LinkUnknown, LinkExpired, LinkUsedUp."""
        link = await page_links.look(tx, self.token, self.now)
        visit = await self._visit(tx, link)
        if unpack(form.do) == _AGREED:
            if visit.person is None:
                return await self._newcomer(tx, link, visit, form)
            if visit.person.consented_at is None:
                await page_links.used(tx, link, self.now)
        heard = _heard(visit, form)
        note = _note(heard, await answer_on_page(heard, visit))
        if visit.person is None:
            note = note or visit.texts(ways(CHANNEL).declined)
        if _answer_in(heard) is not None:
            return await self._answered(visit, heard, note)
        after = await self._visit(tx, link)
        if visit.person is not None and after.person is None:
            return self._erased(visit)
        if note:
            return await self._answered(after, heard, note)
        menu = isinstance(unpack(form.do), MenuTap)
        return FormOutcome(self.place(visit, self.option if menu else ""))

    async def _answered(self, visit: Visit, heard: Heard, note: str) -> FormOutcome:
        """Return the page where somebody stands now; with a `note` nothing was taken."""
        memory, seconds = await self._remembered(visit.tx, heard, note)
        here = replace(self, memory=memory or self.memory, option="", refusal=NONE)
        screen, around = await here.stands(visit)
        if note:
            typed = heard.text if isinstance(heard, Words) else ""
            here = replace(here, refusal=Refusal(note, typed, _field_of(screen)))
        html = here.rendered(screen, around)
        return FormOutcome(around.path, html, memory, seconds, here.refusal)

    async def _newcomer(
        self, tx: Transaction, link: PageLink, visit: Visit, form: Form
    ) -> FormOutcome:
        """Make whoever came by an open link a person, and go on by a link of their own."""
        own = self.signer.newcomer(self.token, form.form)
        name = visit.texts("Guest")
        language = visit.texts.language
        person = await page_links.newcomer(tx, link, own, name, language, self.now)
        visit = replace(visit, person=person)
        if person.consented_at is None:
            await answer_on_page(_heard(visit, form), visit)
        theirs = replace(self, path=f"{self.path.removesuffix(self.token)}{own}")
        return FormOutcome(theirs.place(visit, self.option), memory=Memory())

    def _erased(self, visit: Visit) -> FormOutcome:
        """Return the last page: the link and what the browser kept lead nowhere any more."""
        around = PageSurroundings(visit.texts, visit.workspace.company)
        html = render(page_of(forgetting_screens.own_done(visit.texts), around))
        return FormOutcome(html=html, memory=Memory())

    def again(self, form: Form) -> str:
        """Return a page with what could not be saved, so that it can be sent once more."""
        texts = Texts(known_language(self.language) or LANGUAGES[0])
        said = texts("Your answer could not be kept just now. Please send it again in a minute.")
        around = PageSurroundings(texts, "", self.path, form.form)
        return render(pages.to_send_again(said, around, form.do, form.words))

    async def _visit(self, tx: Transaction, link: PageLink) -> Visit:
        space = await workspace.get(tx)
        person = None if link.person_id is None else await people.by_id(tx, link.person_id)
        who = Sender(CHANNEL, "", "", self.language)
        texts = Texts(language_of(person, who, space))
        return Visit(tx, self.now, who, person, space, texts, self.handles)

    async def stands(self, visit: Visit) -> tuple[Screen, PageSurroundings]:
        """Return the screen where somebody stands, and what is around it."""
        screen, about = await standing(visit, self.memory.handle, self._is_shown)
        around = self._around(visit)
        if about is not None and (about.finished_at or about.closed_at):
            around = replace(around, telegram="")
        return screen, around

    def rendered(self, screen: Screen, around: PageSurroundings) -> str:
        """Return the page of a screen, with what was not taken where it still stands there."""
        refusal = self.refusal if self.refusal.field == _field_of(screen) else NONE
        also = pages.PageExtras(refusal.note, refusal.typed, self.option)
        return render(page_of(screen, around, also))

    def place(self, visit: Visit, option: str) -> str:
        """Return the address of the page, in the language that a stranger has chosen."""
        path = f"{self.path}/{option}" if option else self.path
        return f"{path}?l={self.language}" if visit.person is None and self.language else path

    def _is_shown(self, invitation_id: int, question: str, answer: str) -> bool:
        return self.signer.proof(invitation_id, question, answer) in self.memory.proofs

    def _around(self, visit: Visit) -> PageSurroundings:
        person, bot = visit.person, visit.workspace.bot_username
        in_telegram = person is not None and person.address is not None
        telegram = "" if not bot or in_telegram else deep_link(bot, self.token)
        here = visit.texts.language
        return PageSurroundings(
            texts=visit.texts,
            company=visit.workspace.company,
            path=self.place(visit, self.option),
            form=self.signer.form(self.token, self.memory.handle if person is None else ""),
            telegram=telegram,
            languages=tuple(
                PageButton(LANGUAGE_NAMES[one], url=f"{self.path}?l={one}")
                if person is None
                else PageButton(LANGUAGE_NAMES[one], MenuTap("language", (one,)).pack())
                for one in LANGUAGES
                if one != here
            ),
            may_stop=person is not None and person.opted_out_at is None,
            withdraw=_WITHDRAW if person is not None and person.consented_at else "",
            forget=_FORGET if person is not None and may_be_forgotten_here(person) else "",
        )

    async def _remembered(
        self, tx: Transaction, heard: Heard, note: str
    ) -> tuple[Memory | None, int]:
        """Return what the browser is to keep after an answer, and for how many seconds.

        An answer about which there is a `note` was not taken: it leaves nothing to keep.
        """
        tap = _answer_in(heard)
        invitation = None if tap is None else await invitations.by_id(tx, tap.invitation_id)
        if tap is None or invitation is None:
            return None, 0
        survey = (await definitions.get(tx, invitation.definition_id)).survey
        if survey.anonymous and invitation.finished_at is not None:
            return Memory(), 0
        handle = self.handles.recall(invitation.id) if survey.anonymous else ""
        if survey.anonymous:
            known = await anonymous.answers(tx, handle) if handle else {}
        else:
            known = await answers.given(tx, invitation.id)
        answered = tap.action == "answer" and tap.question < len(survey.questions) and not note
        given = survey.questions[tap.question].key if answered else ""
        proofs = with_answer(self.memory, self.signer, invitation.id, known, given)
        left = int((invitation.closes_at - self.now).total_seconds())
        return Memory(handle, proofs), max(0, left)


def _heard(visit: Visit, form: Form) -> Heard:
    """Return what a form tells; whatever it names is checked by whoever answers it."""
    if form.do == STOP:
        return Command(visit.who, 0, visit.now, STOP, "")
    button = unpack(form.do)
    match button:
        case SurveyTap(action="answer", option=""):
            return Words(visit.who, 0, visit.now, form.words, button)
        case _:
            return Tap(visit.who, 0, visit.now, "", button)


def _answer_in(heard: Heard) -> SurveyTap | None:
    match heard:
        case Tap(button=SurveyTap() as tap) | Words(below=SurveyTap() as tap):
            return tap
        case _:
            return None


def _field_of(screen: Screen) -> str:
    return "" if screen.field is None else screen.field.data


def _note(heard: Heard, said: Sequence[Said]) -> str:
    """Return what is to be said beside the page: toasts, and what is wrong with typed words."""
    for one in said:
        if isinstance(one, Toast) and one.text:
            return one.text
        if isinstance(heard, Words) and isinstance(one, Show) and one.invitation_id is None:
            return plain(one.screen.text)
    return ""
