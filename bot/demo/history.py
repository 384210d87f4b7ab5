"""The half-year before the demo's campaign: the only part that is written through storage."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.demo.comments import Comments, Tone, quarter, shuffled, tone
from bot.demo.company import Company, Customer, Manager
from bot.demo.experts import adopt_weights
from bot.demo.numbers import CURRENCY, monthly_facts, number, yes
from bot.demo.past_cases import open_cases
from bot.demo.temper import Temper
from bot.operations.campaigns.inviting import TOUCHPOINT
from bot.operations.surveys import save_catalog
from storage.answering import past
from storage.answering.past import PastAnswer
from storage.asking import campaigns, definitions
from storage.asking.campaigns import CampaignDraft, Wave
from storage.database import Database, Transaction, open_database
from storage.facts import facts
from storage.facts.facts import Teller
from storage.people import links, people, workspace
from storage.people.addresses import of_telegram
from storage.people.lists import people_import
from storage.people.lists.listed import ListedRole, PersonRow
from storage.people.people import Person
from storage.people.workspace import Workspace
from surveys.counts.departures import EXIT, LOSSES
from surveys.survey import answers as codec
from surveys.survey import flow
from surveys.survey.answers import Answer
from surveys.survey.definition import (
    ChoiceQuestion,
    ChoicesQuestion,
    NpsQuestion,
    NumberQuestion,
    Question,
    ScaleQuestion,
    Survey,
    TextQuestion,
    YesNoQuestion,
)

WAVES = (
    (-196, "nps", ""),
    (-195, "crm_readiness", ""),
    (-180, "crm_adoption", "before"),
    (-179, "time_study", "before"),
    (-161, "loyalty", ""),
    (-160, "manager_self_assessment", ""),
    (-128, "manager_self_assessment", ""),
    (-126, "service_quality", ""),
    (-98, "nps", ""),
    (-97, "manager_self_assessment", ""),
    (-66, "manager_self_assessment", ""),
    (-55, EXIT, ""),
    (-50, "time_study", "after"),
    (-45, "crm_adoption", "after"),
    (-43, "service_quality", ""),
    (-40, LOSSES, ""),
    (-34, "manager_self_assessment", ""),
    (-32, "loyalty", ""),
)
"""When each earlier wave began, in days from the campaign, what it asked, and its label.

Those of the last month fill all criteria of it: that is the month which the admin's page shows.
"""
_RUSSIAN = {"before": "до", "after": "после"}
_WITH_CASES = -100
"""Since when, in days from the campaign, low answers open cases."""
_LEAVING = 9
"""One customer of so many leaves, the unhappiest, and of few customers no less than `_LEAST`."""
_LEAST = 5
_ANSWERING = 0.62
_COMMENTING = 0.3
_IMPROVEMENT = 0.8


@dataclass(frozen=True, slots=True)
class Respondent:
    """Somebody of the invented company in the database; `mood` on 0–10."""

    person: Person
    mood: float
    temper: int


async def write_history(database_url: str, company: Company, start: datetime) -> None:
    """Fill a new database with the company and its half-year up to `start`."""
    began = start - timedelta(days=200)
    async with open_database(database_url) as database:
        await save_catalog(database, began)
        async with database.transaction() as tx:
            await workspace.save(tx, Workspace(company=company.name, language=company.language))
            await people_import.apply(tx, _rows(company), began)
            everybody = await _arrivals(tx, company, began)
        await _write_waves(database, company, everybody, start)
        async with database.transaction() as tx:
            managers = [one.person for one in everybody if one.person.is_manager]
            await adopt_weights(tx, managers, start - timedelta(days=20))
            told = Teller("file", start - timedelta(days=1))
            for month, values in list(monthly_facts(start.date()))[:-1]:
                await facts.record(tx, month, values, CURRENCY[company.language], told)


async def _write_waves(
    database: Database, company: Company, everybody: list[Respondent], start: datetime
) -> None:
    """Write every earlier wave, each in a transaction of its own, and the cases it opened."""
    packs: dict[int, Comments] = {}
    respondents = [one.person for one in everybody]
    for days, survey_key, label in WAVES:
        moment = start + timedelta(days=days)
        season = quarter(moment)
        comments = packs.setdefault(season, shuffled(company.language, season)[0])
        asked = survey_key, _RUSSIAN.get(label, label) if company.language == "ru" else label
        async with database.transaction() as tx:
            given = await _write_wave(tx, asked, everybody, moment, start, comments)
            if days > _WITH_CASES:
                await open_cases(tx, respondents, given, start, latest=survey_key == "loyalty")


def _rows(company: Company) -> list[PersonRow]:
    managers = [_manager_row(manager) for manager in company.managers]
    return managers + [_customer_row(client) for client in company.customers]


def _manager_row(manager: Manager) -> PersonRow:
    return PersonRow(
        role="manager", external_id=manager.external_id, name=manager.name, team=manager.team
    )


def _customer_row(client: Customer) -> PersonRow:
    return PersonRow(
        role="customer",
        external_id=client.external_id,
        name=client.name,
        first_name=client.name.partition(" ")[0],
        company=client.company,
        manager_external_id=client.manager.external_id,
        segment=client.segment,
    )


async def _arrivals(tx: Transaction, company: Company, began: datetime) -> list[Respondent]:
    """Let everybody who is in Telegram come by a personal link and agree."""
    coming: list[tuple[ListedRole, Manager | Customer, float, int]] = [
        ("manager", one, one.self_view * 2, one.telegram_id) for one in company.managers
    ]
    coming += [
        ("customer", one, one.mood, one.temper) for one in company.customers if one.in_telegram
    ]
    everybody = []
    for role, one, mood, temper in coming:
        person = await people.by_external(tx, one.external_id, role)
        if person is None:
            continue
        token = await links.issue(tx, "personal", person.id, began)
        redeemed = await links.redeem(
            tx, token, of_telegram(one.telegram_id), one.name, company.language, began
        )
        await people.consent(tx, person.id, "1", began)
        everybody.append(Respondent(redeemed.person, mood, temper))
    return everybody


async def _write_wave(
    tx: Transaction,
    asked: tuple[str, str],
    everybody: list[Respondent],
    began: datetime,
    start: datetime,
    comments: Comments,
) -> dict[int, list[PastAnswer]]:
    """Write a wave of a survey, `asked` being its key and the wave's label; return the answers."""
    survey_key, label = asked
    definition = await definitions.latest(tx, survey_key)
    if definition is None:
        return {}
    survey = definition.survey
    closes = began + timedelta(days=survey.closes_after_days)
    draft = CampaignDraft(
        definition_id=definition.id,
        name=survey.title.ru,
        remind_after_days=survey.remind_after_days,
        closes_after_days=survey.closes_after_days,
    )
    campaign = await campaigns.create(tx, draft, None, began)
    wave = await campaigns.start_wave(tx, campaign.id, label, began, closes)
    age = (start - began) / timedelta(days=200)
    moods = sorted(one.mood for one in everybody if one.person.is_customer)
    leaving = moods[: max(len(moods) // _LEAVING, _LEAST)]
    given = {
        member.person.id: _answers(wave, survey, member, age, comments)
        for member in everybody
        if member.person.is_manager is (survey.audience == "managers")
        and (survey_key != EXIT or member.mood in leaving)
    }
    await past.record(tx, wave, definition.id, TOUCHPOINT, given)
    return given


def _answers(
    wave: Wave, survey: Survey, member: Respondent, age: float, comments: Comments
) -> list[PastAnswer]:
    """Return what one person answered; `age` runs from 0 (now) to 1 (the first wave).

    Managers answer every time.
    """
    temper = Temper(member.temper ^ wave.id, member.mood - age * _IMPROVEMENT)
    if not (temper.agrees(_ANSWERING) or member.person.is_manager):
        return []
    moment = wave.started_at + temper.plan().delay
    answers = []
    own_tone: Tone | None = "manager" if member.person.is_manager else None
    for key, answer in _sitting(survey, temper, comments, own_tone, age).items():
        score = codec.score(survey.question(key), answer)
        answers.append(PastAnswer(key, codec.to_json(answer), score, moment))
        moment += timedelta(seconds=20)
    return answers


def _sitting(
    survey: Survey, temper: Temper, comments: Comments, own_tone: Tone | None, age: float
) -> dict[str, Answer]:
    given: dict[str, Answer] = {}
    sounds = own_tone
    question = flow.after(survey, given, None)
    while question is not None:
        if isinstance(question, TextQuestion):
            speaks = temper.agrees(_COMMENTING)
            given[question.key] = comments.deal(sounds or "middle") if speaks else None
        else:
            given[question.key] = answer_to(question, temper, age)
            sounds = sounds or _tone(question, given[question.key])
        question = flow.after(survey, given, question.key)
    return given


def _tone(question: Question, answer: Answer) -> Tone | None:
    """Return the tone of somebody who answers so; None where the answer is no number."""
    score, ends = codec.score(question, answer), codec.bounds(question)
    if score is None or ends is None:
        return None
    low, high = map(float, ends)
    return tone((score - low) / (high - low))


def answer_to(question: Question, temper: Temper, age: float) -> Answer:  # noqa: PLR0911 (one for each kind)
    """Return what somebody of this temper answers to any question, `age` as in `_answers`."""
    match question:
        case NpsQuestion():
            return temper.point(0, 10)
        case ScaleQuestion():
            point = temper.point(question.low, question.high)
            return question.low + question.high - point if question.reverse else point
        case YesNoQuestion():
            return yes(question, temper, age)
        case ChoiceQuestion():
            return question.options[temper.index(len(question.options))].key
        case ChoicesQuestion():
            return (question.options[temper.index(len(question.options))].key,)
        case NumberQuestion():
            return number(question, temper, age)
        case _:
            return None
