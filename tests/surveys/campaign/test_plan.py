from datetime import UTC, date, datetime, time, timedelta

import pytest

from surveys.campaign.audience import Filter, Known
from surveys.campaign.plan import Plan, When, parse_plan, plan_from_json, plan_to_json
from surveys.errors import PlanInvalid

WHOLE = """
survey: service_request
name: Осень
label: before
audience:
  segments: [опт, сети]
  managers: [M1]
  statuses: [постоянный]
  purchased_within_days: 90
  attributes: {город: Пермь}
  sample: 200
when: {repeat: month-end, at: "10:30", zone: Asia/Kamchatka}
window: {from: 10, until: 18}
spread_hours: 8
rules: {quota: 100, remind_after_days: 3, closes_after_days: 7}
"""
TODAY = date(2026, 9, 15)


def test_a_whole_plan_is_read_and_comes_back_the_same() -> None:
    plan = parse_plan(WHOLE)
    assert plan.when.at == time(10, 30)
    assert plan.audience.segments == ("опт", "сети")
    assert plan_from_json(plan_to_json(plan)) == plan


def test_the_least_plan_asks_everybody_once() -> None:
    plan = parse_plan("survey: nps")
    assert plan == Plan(survey="nps")
    assert plan.when.how == "once"
    assert parse_plan("survey: nps\nwhen: once") == plan


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("- survey", "fields"),
        ("name: x", "survey"),
        ("survey: nps\nsegment: опт", "segment"),
        ("survey: nps\nwhen: {repeat: sometimes}", "not a recurrence"),
        ("survey: nps\nwhen: {repeat: weekly, zone: Mars}", "not a time zone"),
        ("survey: nps\nwhen: {repeat: weekly, event: deal-closed}", "one of"),
        ("survey: nps\nwhen: {event: Deal closed}", "event"),
        ("survey: nps\nwindow: {from: 18, until: 10}", "must end after"),
        ("survey: nps\naudience: {sample: 0}", "sample"),
        ("survey: nps\nsurvey: loyalty", "survey"),
        ("survey: [nps", "file"),
    ],
)
def test_every_mistake_is_refused_with_its_place(text: str, said: str) -> None:
    with pytest.raises(PlanInvalid, match=said):
        parse_plan(text)


def test_all_mistakes_are_told_at_once() -> None:
    with pytest.raises(PlanInvalid) as caught:
        parse_plan("survey: NPS\nspread_hours: -1\nrules: {quota: 0}")
    assert len(caught.value.problems) == 3


def test_only_recurrence_and_inactivity_have_slots() -> None:
    now = datetime(2026, 9, 15, 12, tzinfo=UTC)
    for when in (When(), When(event="deal-closed")):
        assert when.next_slot("Europe/Moscow", TODAY, now) is None
    daily = When(inactive_days=180, at=time(12)).next_slot("Europe/Moscow", TODAY, now)
    assert daily == datetime(2026, 9, 16, 9, tzinfo=UTC)


def test_an_empty_filter_admits_everybody() -> None:
    assert Filter().admits(Known(), TODAY)


@pytest.mark.parametrize(
    ("wanted", "admitted"),
    [
        ({"segments": ("опт",)}, True),
        ({"segments": ("сети",)}, False),
        ({"managers": ("M1", "M2")}, True),
        ({"managers": ("M2",)}, False),
        ({"teams": ("Север",)}, True),
        ({"teams": ("Юг",)}, False),
        ({"statuses": ("постоянный",)}, True),
        ({"statuses": ("новый",)}, False),
        ({"attributes": {"ГОРОД": "Пермь"}}, True),
        ({"attributes": {"город": "Омск"}}, False),
        ({"attributes": {"этаж": "2"}}, False),
        ({"purchased_within_days": 10}, True),
        ({"purchased_within_days": 9}, False),
        ({"no_purchase_for_days": 10}, True),
        ({"no_purchase_for_days": 11}, False),
        ({"segments": ("опт",), "no_purchase_for_days": 11}, False),
    ],
)
def test_each_filter_admits_and_refuses(wanted: dict[str, object], admitted: bool) -> None:
    known = Known(
        segment="опт",
        manager="M1",
        team="Север",
        last_purchase_on=TODAY - timedelta(days=10),
        attributes={"Статус": "постоянный", "город": "Пермь"},
    )
    assert Filter.model_validate(wanted).admits(known, TODAY) is admitted


def test_who_never_bought_is_in_no_filter_of_purchases() -> None:
    assert not Filter(purchased_within_days=365).admits(Known(), TODAY)
    assert not Filter(no_purchase_for_days=1).admits(Known(), TODAY)


def test_each_mistake_has_its_line_and_column() -> None:
    text = (
        "survey: nps\nwindow: {from: 18, until: 10}\n"
        "when:\n  every: monday\naudience: {sample: 0}\n"
    )
    with pytest.raises(PlanInvalid) as caught:
        parse_plan(text)
    found = [(one.line, one.column, one.place) for one in caught.value.problems]
    assert found == [
        (2, 1, "window"),
        (4, 10, "when.every"),
        (5, 20, "audience.sample"),
    ]


def test_a_mistake_says_what_to_do_and_names_the_field_that_was_meant() -> None:
    with pytest.raises(PlanInvalid) as caught:
        parse_plan("survey: nps\nwhen: {repat: weekly, at: noon}\n")
    assert [str(one) for one in caught.value.problems] == [
        "2:15: when.repat: There is no field repat; did you mean repeat?",
        "2:27: when.at: Write a time of day here, in quotes, such as '10:00'.",
    ]
