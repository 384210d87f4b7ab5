"""The small pages beside the live digest, from what is known to finished HTML."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, tzinfo
from typing import Final

from bot.chat.cases.screens import KINDS
from bot.chat.own import screens as own_screens
from bot.chat.own.own import cards
from bot.chat.web.screens import HEADINGS, TITLES, PageKind, page_of
from bot.operations.cases import casework
from bot.operations.exports.chosen import NAMES, FileForm, Wanted, What
from bot.operations.reports.live import LiveAsked
from bot.says.markup import literal
from bot.web.live.standing import WebStanding
from bot.web.pages import paragraph
from storage.cases.cases import Case, CaseFilter
from storage.database import Reader
from surveys.reports.criteria import Criteria
from surveys.reports.scope import COMPANY, NamedPart, Scope
from templates.answer_page import PageButton, Paragraph
from templates.criteria_page import PARTS, blocks_of
from templates.digest.part import titled
from templates.live.bar import BarChoice, Way, query_of, ways
from templates.live.page import LiveForm, SmallPage, render
from templates.texts import Texts

CASES_A_PAGE: Final = 50
DOWNLOADS: Final = (FileForm.XLSX, FileForm.CSV)
_LABELS: Final = {FileForm.XLSX: "XLSX", FileForm.CSV: "CSV"}


def said(texts: Texts, sentence: str, links: Sequence[Way] = ()) -> str:
    """Return a page of one sentence."""
    return render(SmallPage(texts.language, "", sentence, links=links))


def back(texts: Texts, path: str, page: PageKind = "digest") -> Sequence[Way]:
    """Return the way back to the digest, or to one's own card."""
    return (Way(texts(HEADINGS[page]), path),)


def door(texts: Texts, company: str, action: str, form: str, page: PageKind) -> str:
    """Return the page with the one button that uses a link up."""
    sentence = texts(
        "The button works once. The page stays open for an hour, and you can end it in the chat at "
        "any time."
    )
    open_it = LiveForm(action, form, [("", [PageButton(texts("Open"), "open", chosen=True)])])
    return render(
        SmallPage(
            texts.language,
            company,
            texts(TITLES[page]),
            paragraphs=_paragraphs(sentence),
            forms=(open_it,),
        )
    )


def out(standing: WebStanding, asked: LiveAsked, form: str) -> str:
    """Return the page that ends the session."""
    texts = standing.texts
    button = PageButton(texts("End the session"), "out", chosen=True)
    until = texts.moment(standing.session.until, standing.space.zone)
    page = _page(standing, asked, "/out", texts("End the session"))
    if not standing.sees_all:
        page = replace(page, ways=())
    said = _paragraphs(texts("It ends by itself on {moment}.", moment=until))
    leave = LiveForm(f"{asked.path}/out", form, [("", [button])])
    return render(replace(page, paragraphs=said, forms=(leave,)))


async def own(reader: Reader, standing: WebStanding, path: str, form: str) -> str:
    """Return somebody's own card, and those of the managers whom they lead."""
    texts, person = standing.texts, standing.person
    found = await cards(reader, person)
    shown = [
        own_screens.card(texts, one, card, own=one.id == person.id).text for one, card in found
    ]
    end = LiveForm(f"{path}/out", form, [("", [PageButton(texts("End the session"), "out")])])
    heading = texts(HEADINGS[page_of(person)])
    return render(
        SmallPage(
            texts.language,
            standing.space.company,
            heading,
            paragraphs=_paragraphs(*shown),
            forms=(end,),
        )
    )


def criteria(standing: WebStanding, asked: LiveAsked, document: Criteria) -> str:
    """Return the criteria of a period."""
    texts, zone = standing.texts, standing.space.zone
    blocks = [block for part in PARTS for block in blocks_of(texts, document, zone, part)]
    paragraphs: list[Paragraph] = []
    for block in blocks:
        paragraphs.append((((block.title, "b"),),))
        paragraphs += [
            tuple(((text, "i" if place else ""),) for place, text in enumerate(entry))
            for entry in block.entries
        ]
    page = _page(standing, asked, "/criteria", texts("Criteria"))
    return render(replace(page, paragraphs=[*_whole(texts, asked), *paragraphs]))


@dataclass(frozen=True, slots=True)
class CasesShown:
    """One page of one list of cases: `found` may be one too many."""

    which: CaseFilter
    found: Sequence[Case]
    counts: Mapping[CaseFilter, int]
    page: int
    now: datetime


def cases(standing: WebStanding, asked: LiveAsked, shown: CasesShown) -> str:
    """Return a page of cases, the first due first."""
    texts, zone = standing.texts, standing.space.tzinfo
    begun = query_of(asked.period, asked.scope, asked.against)
    begun = f"{asked.path}/cases{begun}{'&' if begun else '?'}list="
    lists = {kind: f"{begun}{kind}" for kind in KINDS}
    here = lists[shown.which]
    links = [
        Way(
            f"{texts(name)} · {shown.counts[kind]}",
            lists[kind],
            kind == shown.which,
        )
        for kind, name in KINDS.items()
    ]
    links += [Way("‹", f"{here}&page={shown.page - 1}")] if shown.page else []
    more = len(shown.found) > CASES_A_PAGE
    links += [Way("›", f"{here}&page={shown.page + 1}")] if more else []
    lines = [_case(texts, one, zone, shown.now) for one in shown.found[:CASES_A_PAGE]]
    nothing = [] if lines else _paragraphs(texts("There are none."))
    told = [*_whole(texts, asked), *nothing, *_paragraphs(*lines)]
    page = _page(standing, asked, "/cases", texts("Cases"))
    return render(replace(page, paragraphs=told, links=links))


def _case(texts: Texts, one: Case, zone: tzinfo, now: datetime) -> str:
    """Return a case in a few lines: whose, by which score, who has it, when it is due."""
    name = f"<b>{literal(one.customer)}</b>"
    score = "" if one.score is None else texts("answered {score}", score=one.score)
    lines = [", ".join(filter(None, (name, score))), casework.state(texts, one)]
    if one.state != "resolved":
        due = texts("Due: {moment}", moment=texts.moment(one.due_at, zone))
        late = texts("it is overdue") if one.due_at <= now else ""
        lines.append(" — ".join(filter(None, (due, late))))
    return "\n".join(lines)


def rows(standing: WebStanding, asked: LiveAsked, form: str, part: NamedPart | None) -> str:
    """Return the page from which rows are fetched as files: of the part that is chosen, or all."""
    texts, period = standing.texts, asked.period
    about = texts(
        "A row a response, a person, a case or a decision, of the whole company. Anonymous answers "
        "are there as totals only. The file holds people's data: keep it to yourself."
    )
    links = []
    if part is not None:
        about = texts(
            "A row a response, a person, a case or a decision of a part of the company: {part}. "
            "Anonymous answers are there for the whole company alone. The file holds people's "
            "data: keep it to yourself.",
            part=literal(titled(texts, part)),
        )
        whole = f"{asked.path}/rows{query_of(period, against=asked.against)}"
        links = [Way(texts("The whole company"), whole)]
    choices = [BarChoice("", texts("everything"))]
    if period:
        choices = [BarChoice(period, texts.period(period), chosen=True), *choices]
    buttons = [
        (
            texts(name),
            [PageButton(_LABELS[one], f"{what}.{one}") for one in DOWNLOADS],
        )
        for what, name in NAMES.items()
    ]
    action = f"{asked.path}/rows{query_of(None, asked.scope)}"
    fetch = LiveForm(action, form, buttons, texts("Period"), choices)
    page = _page(standing, asked, "/rows", texts("Data"))
    return render(replace(page, paragraphs=_paragraphs(about), forms=(fetch,), links=links))


def wanted(button: str, period: str | None, scope: Scope) -> Wanted | None:
    """Return what a button of that page asks for, None where it is none of them."""
    for what in What:
        for form in DOWNLOADS:
            if button == f"{what}.{form}":
                when = None if what is What.PEOPLE else period
                return Wanted(what, form, when, scope=scope)
    return None


def _page(standing: WebStanding, asked: LiveAsked, here: str, heading: str) -> SmallPage:
    """Return a page with its heading and the ways to the others, and nothing on it yet."""
    texts = standing.texts
    found = ways(texts, asked.path, here, query_of(asked.period, asked.scope, asked.against))
    return SmallPage(texts.language, standing.space.company, heading, ways=found)


def _whole(texts: Texts, asked: LiveAsked) -> list[Paragraph]:
    """Say on a page of the whole company that the chosen part does not narrow it."""
    if asked.scope == COMPANY:
        return []
    said = texts(
        "This page is of the whole company: the chosen part narrows the digest and the data."
    )
    return _paragraphs(said)


def _paragraphs(*markup: str) -> list[Paragraph]:
    return [paragraph(part) for text in markup for part in text.split("\n\n") if part]
