"""A measure of the company's own: from its YAML file through answers to the digest."""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.operations.reports import digest as digest_document
from bot.operations.reports.digest import Made
from bot.operations.surveys import save_survey
from scoring.estimates import means
from scoring.estimates.counts import Scale
from storage.answering import past
from storage.answering.past import PastAnswer
from storage.asking import campaigns, definitions, sides
from storage.asking.campaigns import CampaignDraft
from storage.database import Transaction, open_database
from storage.people import people, workspace
from storage.people.workspace import Workspace
from surveys.errors import SurveyInvalid
from surveys.messages import Language
from surveys.reports.digest import ScorecardRow
from surveys.reports.estimates import Verdict
from surveys.survey import answers as codec
from surveys.survey.definition import Survey
from surveys.survey.loading import parse_survey
from tests.engines import database_in

SURVEY = """
key: our_delivery
title: {ru: О доставке, en: About the delivery}
audience: customers
kind: relationship
period_days: 30
minutes: 1
questions:
  - key: on_time
    kind: scale
    measures: delivery
    text: {ru: Привозим вовремя, en: We deliver on time}
    low_label: {ru: нет, en: never}
    high_label: {ru: да, en: always}
  - key: whole
    kind: scale
    measures: delivery
    text: {ru: Привозим всё, en: We deliver everything}
    low_label: {ru: нет, en: never}
    high_label: {ru: да, en: always}
  - key: waited
    kind: number
    measures: waiting
    better: down
    unit: {ru: дней, en: days}
    max: 10
    text: {ru: Сколько дней Вы ждали, en: How many days did you wait}
own_measures:
  - key: delivery
    title: {ru: Качество доставки, en: Delivery quality}
thanks:
  default: {ru: Спасибо!, en: Thank you!}
"""
THEN, NOW = datetime(2026, 8, 10, 9, tzinfo=UTC), datetime(2026, 9, 10, 9, tzinfo=UTC)
LATER = datetime(2026, 10, 1, 6, tzinfo=UTC)
Sitting = tuple[int, int, int]
BEFORE: list[Sitting] = [(3, 3, 8)] * 10 + [(2, 3, 9)] * 10
AFTER: list[Sitting] = [(5, 4, 2)] * 15 + [(4, 4, 3)] * 5


async def _answer(
    tx: Transaction, survey: Survey, number: int, at: datetime, sittings: Sequence[Sitting]
) -> None:
    campaign = await campaigns.create(tx, CampaignDraft(number, "Доставка", 14), None, at)
    wave = await campaigns.start_wave(tx, campaign.id, "1", at, at)
    given = {}
    for sitting in sittings:
        person = await people.add(tx, at, name="Клиент", is_customer=True)
        given[person.id] = [
            PastAnswer(question.key, codec.to_json(value), codec.score(question, value), at)
            for question, value in zip(survey.questions, sitting, strict=True)
        ]
    await past.record(tx, wave, number, "invitation", given)


async def _made(folder: Path, language: Language = "ru") -> Made:
    url = database_in(folder)
    survey = parse_survey(SURVEY)
    async with open_database(url) as database, database.transaction() as tx:
        await workspace.save(tx, Workspace(company="Ромашка"))
        number = await definitions.save(tx, survey, THEN)
        await _answer(tx, survey, number, THEN, BEFORE)
        await _answer(tx, survey, number, NOW, AFTER)
    return await digest_document.make(url, "2026-09", language, LATER)


def _row(made: Made, key: str) -> ScorecardRow:
    return next(row for row in made.document.scorecard.criteria if row.key == key)


async def test_it_stands_in_the_scorecard_with_its_interval_and_its_change(tmp_path: Path) -> None:
    made = await _made(tmp_path)
    row = _row(made, "delivery")
    counts = {100 * (a + b - 2) / 8: 0 for a, b, _ in AFTER}
    for a, b, _ in AFTER:
        counts[100 * (a + b - 2) / 8] += 1
    expected = means.estimate(counts, Scale(0, 100, 9), level=0.95)
    assert row.current
    assert row.current.value == pytest.approx(expected.mean)
    assert (row.current.low, row.current.high) == pytest.approx((expected.low, expected.high))
    assert row.verdict is Verdict.BETTER
    assert made.document.headline.measure == "delivery"
    assert made.document.scorecard.compared == 2
    for shown in (made.html(), made.text()):
        assert "Качество доставки" in shown
    assert "Ответили" not in made.text()


async def test_fewer_days_are_better_where_the_question_says_so(tmp_path: Path) -> None:
    made = await _made(tmp_path)
    row = _row(made, "waiting")
    assert row.change
    assert row.change.value < 0
    assert row.verdict is Verdict.BETTER
    assert "• waiting: " in made.text(), "a measure without a name stands by its key"


async def test_the_other_language_has_its_own_name(tmp_path: Path) -> None:
    assert "Delivery quality" in (await _made(tmp_path, "en")).html()


_OF_MANAGERS = SURVEY.replace("key: our_delivery", "key: our_drivers").replace(
    "audience: customers", "audience: managers"
)


async def test_customers_and_managers_do_not_come_into_one_figure(tmp_path: Path) -> None:
    """Both surveys were published, and a manager's answers counted among the customers'."""
    async with open_database(database_in(tmp_path)) as database:
        await save_survey(database, THEN, SURVEY)
        with pytest.raises(SurveyInvalid) as refused:
            await save_survey(database, THEN, _OF_MANAGERS)
        assert "delivery is counted from customers' answers" in str(refused.value)
        assert len(refused.value.problems) == len(parse_survey(SURVEY).questions)
        await save_survey(database, THEN, SURVEY.replace("minutes: 1", "minutes: 2"))
        event = _OF_MANAGERS.replace("kind: relationship", "kind: transactional")
        await save_survey(database, THEN, event)


async def test_what_was_pooled_before_is_named(tmp_path: Path) -> None:
    async with open_database(database_in(tmp_path)) as database, database.transaction() as tx:
        for text in (SURVEY, _OF_MANAGERS):
            survey = parse_survey(text)
            number = await definitions.save(tx, survey, THEN)
            assert await sides.of_both(tx) == []
            await _answer(tx, survey, number, NOW, AFTER)
        assert await sides.of_both(tx) == ["delivery", "waiting"]


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ("key: delivery\n    title", "key: parcels\n    title"),
        (
            "own_measures:\n",
            "own_measures:\n  - key: delivery\n    title: {ru: Ещё раз, en: Once more}\n",
        ),
    ],
)
def test_a_name_of_what_nobody_asks_or_a_second_name_is_a_mistake(wrong: str, said: str) -> None:
    with pytest.raises(SurveyInvalid) as refused:
        parse_survey(SURVEY.replace(wrong, said))
    assert len(refused.value.problems) == 1
    assert refused.value.problems[0].place.startswith("own_measures")
