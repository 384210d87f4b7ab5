"""A manager's questionnaires and card, a team lead's team: pure functions to screens."""

from collections.abc import Mapping, Sequence

from bot.says.fitting import shortened
from bot.says.markup import literal
from bot.says.screens import Button, Screen
from bot.says.taps import MenuTap
from storage.answering.own import Questionnaire
from storage.people.people import Person
from storage.people.teams import Member
from storage.people.workspace import Workspace
from storage.sending.schedules import Schedule
from surveys.counts.stages import Stage, Stages
from surveys.messages import mark
from surveys.reports.estimates import Estimate
from surveys.reports.mirror import MirrorManager, MirrorRow
from surveys.reports.own import OwnCard
from surveys.survey.definition import localized
from templates.digest.sections.mirror import AGREEMENT
from templates.texts import Texts
from templates.wording import FigureUnit, answers, figure, interval, missing

CARD_HOURS = (8, 9, 12, 18)
STAGES: Mapping[Stage, str] = {
    "invited": mark("invited"),
    "delivered": mark("delivered"),
    "opened": mark("opened"),
    "started": mark("started"),
    "finished": mark("answered"),
}


def _button(label: str, place: str, *arguments: str) -> tuple[Button]:
    return (Button(label, MenuTap(place, arguments).pack()),)


def _plain(text: str, longest: int = 100) -> str:
    return literal(shortened(text, longest))


def questionnaires(
    texts: Texts, due: Sequence[Questionnaire], done: Sequence[Questionnaire], space: Workspace
) -> Screen:
    """Return what is to be answered, to go on with, and what was."""
    lines = [texts("<b>My questionnaires</b>")]
    rows = []
    for one in due:
        day = texts.date(one.closes_at.astimezone(space.tzinfo).date())
        lines.append(texts("{title}: open until {day}", title=_title(texts, one), day=day))
    if due:
        rows.append(_button(texts("Go on"), "own_resume"))
    else:
        lines.append(texts("There is none to answer now: the next one comes by itself."))
    if done:
        lines += ["", texts("Answered:")]
        lines += [_done(texts, one, space) for one in done]
    return Screen("\n".join(lines), (*rows, _back(texts)))


def _title(texts: Texts, one: Questionnaire) -> str:
    return _plain(localized(one.survey.title, texts.language))


def _done(texts: Texts, one: Questionnaire, space: Workspace) -> str:
    moment = one.finished_at or one.closes_at
    return f"• {_title(texts, one)}, {texts.date(moment.astimezone(space.tzinfo).date())}"


def _back(texts: Texts) -> tuple[Button]:
    return _button(texts("‹ Menu"), "menu")


def card(texts: Texts, person: Person, found: OwnCard | None, *, own: bool) -> Screen:
    """Return a manager's figures as the company's digest has them; `own`: that manager reads it."""
    title = texts("<b>My card</b>") if own else f"<b>{_plain(person.name)}</b>"
    back = _back(texts) if own else _button(texts("‹ My team"), "team")
    if found is None:
        said = texts(
            "The figures come with the company's digest, and none has been sent yet. An admin can "
            "make one: Digest now."
        )
        return Screen(f"{title}\n{said}", (back,))
    lines = [f"{title}, {texts.period(found.period)}", "", _score(texts, found)]
    if found.mirror is not None:
        lines += ["", *_views(texts, found.mirror)]
    if len(found.trend) > 1:
        lines += ["", texts("<b>NPS by month</b>")]
        lines += [_month(texts, period, score) for period, score in found.trend]
    lines += ["", texts("As the company's digest has it, with 95% intervals.")]
    return Screen("\n".join(lines), (back,))


def with_schedule(texts: Texts, shown: Screen, planned: Sequence[Schedule]) -> Screen:
    """Return one's card with the buttons by which it comes each month, or comes no more."""
    if planned:
        hour = planned[0].rule.hour
        said = texts("It comes by itself on the 1st of each month at {hour}:00.", hour=hour)
        row = _button(texts("Stop sending this"), "card_off")
        return Screen(f"{shown.text}\n\n{said}", (row, *shown.rows))
    said = texts("Shall it come by itself on the 1st of each month? Choose the hour.")
    hours = tuple(
        Button(f"{hour}:00", MenuTap("card_at", (str(hour),)).pack()) for hour in CARD_HOURS
    )
    return Screen(f"{shown.text}\n\n{said}", (hours, *shown.rows))


def _score(texts: Texts, found: OwnCard) -> str:
    if found.score is None:
        return texts("NPS of the customers: nobody answered.")
    score = found.score.score
    if score is None:
        return texts("NPS of the customers: {missing}", missing=missing(texts, found.score.missing))
    return texts("NPS of the customers: {score}", score=_estimate(texts, "points", score))


def _estimate(texts: Texts, unit: FigureUnit, found: Estimate) -> str:
    return texts(
        "{value} ({interval}; {answers})",
        value=figure(texts, unit, found.value),
        interval=interval(texts, unit, found.low, found.high),
        answers=answers(texts, found.n),
    )


def _month(texts: Texts, period: str, score: Estimate) -> str:
    return f"• {texts.period(period)}: {_estimate(texts, 'points', score)}"


def _views(texts: Texts, found: MirrorManager) -> list[str]:
    lines = [texts("<b>Three views</b>: the manager, the customers, the company’s average")]
    lines += [_view(texts, row) for row in found.items]
    whole = None if found.profile is None else found.profile.agreement
    if whole is not None:
        lines.append(texts("All together: {word}", word=texts(AGREEMENT[whole])))
    return lines


def _view(texts: Texts, row: MirrorRow) -> str:
    theirs = missing(texts, row.missing)
    if row.customers is not None:
        theirs = _estimate(texts, "item", row.customers)
    told = [
        texts("no self-assessment yet")
        if row.self is None
        else texts("self {value}", value=figure(texts, "item", row.self)),
        texts("customers: {value}", value=theirs),
        texts("no company average yet")
        if row.company is None
        else texts("company {value}", value=figure(texts, "item", row.company.value)),
    ]
    told += [] if row.agreement is None else [texts(AGREEMENT[row.agreement])]
    return f"• {_plain(row.label.rstrip('.'))}: {'; '.join(told)}"


def team(
    texts: Texts, person: Person, members: Sequence[Member], funnel: Stages[int], days: int
) -> Screen:
    """Return a lead's managers, and how far the invitations of the team's customers came."""
    named = ", ".join(f"«{_plain(one)}»" for one in person.leads)
    lines = [texts("<b>My team</b>: {teams}", teams=named)]
    if not members:
        lines.append(texts("Nobody stands in the list as a manager of this team."))
    for one in members:
        said = texts.plural("{n} customer", "{n} customers", one.customers)
        here = texts("in Telegram {n}", n=texts.number(one.customers_here))
        lines.append(f"• {_plain(one.name)}: {said}, {here}")
    reached = [f"{texts(STAGES[stage])} {texts.number(getattr(funnel, stage))}" for stage in STAGES]
    when = texts.plural("Invitations of {n} day", "Invitations of {n} days", days)
    lines += ["", f"{when}: {', '.join(reached)}"]
    rows = [_button(shortened(one.name, 60), "team_card", str(one.id)) for one in members[:20]]
    customers = _button(texts("The team's customers"), "cards")
    return Screen("\n".join(lines), (*rows, customers, _back(texts)))
