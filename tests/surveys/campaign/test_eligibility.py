from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.campaign.eligibility import (
    Candidate,
    Reason,
    Rules,
    decide,
    drawable,
    drawing,
    left_out,
    without_lot,
)

NOW = datetime(2026, 9, 1, 12, tzinfo=UTC)
FINE = Candidate(
    person_id=1,
    has_telegram=True,
    consented=True,
    reachable=True,
    opted_out=False,
    is_staff=False,
    left=False,
    last_asked_at=None,
    last_asked_this_survey_at=None,
    has_open_survey=False,
    in_wave=False,
)
CUSTOMERS = Rules(audience="customers", global_days=30, survey_days=90)
MANAGERS = replace(CUSTOMERS, audience="managers")
YESTERDAY = NOW - timedelta(days=1)

IN_ORDER: list[tuple[Reason, dict[str, Any], dict[str, Any]]] = [
    (Reason.LEFT, {"left": True}, {}),
    (Reason.OUTSIDE_AUDIENCE, {"outside": True}, {}),
    (Reason.ANSWERED, {"answered": True}, {}),
    (Reason.IN_WAVE, {"in_wave": True}, {}),
    (Reason.CAMPAIGN_PAUSED, {}, {"paused": True}),
    (Reason.CAMPAIGN_CANCELLED, {}, {"cancelled": True}),
    (Reason.NO_LINK, {"has_telegram": False, "has_link": False}, {}),
    (Reason.NO_TELEGRAM, {"has_telegram": False}, {}),
    (Reason.NOT_CONSENTED, {"consented": False}, {}),
    (Reason.OPTED_OUT, {"opted_out": True}, {}),
    (Reason.UNREACHABLE, {"reachable": False}, {}),
    (Reason.SURVEY_OPEN, {"has_open_survey": True}, {}),
    (Reason.ASKED_THIS_RECENTLY, {"last_asked_this_survey_at": YESTERDAY}, {}),
    (Reason.ASKED_RECENTLY, {"last_asked_at": YESTERDAY}, {}),
    (Reason.NOT_SAMPLED, {}, {"sample": 0}),
    (Reason.QUOTA_FULL, {}, {"places": 0}),
    (Reason.QUIET_NOW, {}, {"quiet": True}),
]


def test_who_has_no_reason_against_is_asked() -> None:
    assert decide(FINE, CUSTOMERS, NOW) is None
    assert decide(replace(FINE, is_staff=True), MANAGERS, NOW) is None


def test_the_order_of_the_reasons_is_the_documented_one() -> None:
    assert [reason for reason, _, _ in IN_ORDER] == list(Reason)


@pytest.mark.parametrize(("reason", "change", "rule"), IN_ORDER)
def test_each_reason_stands_alone(
    reason: Reason, change: dict[str, Any], rule: dict[str, Any]
) -> None:
    assert decide(replace(FINE, **change), replace(CUSTOMERS, **rule), NOW) is reason


@given(st.sets(st.integers(0, len(IN_ORDER) - 1), min_size=1))
def test_of_several_reasons_the_first_is_told(chosen: set[int]) -> None:
    first = IN_ORDER[min(chosen)][0]
    changes = {key: value for i in sorted(chosen) for key, value in IN_ORDER[i][1].items()}
    rules = {key: value for i in chosen for key, value in IN_ORDER[i][2].items()}
    assert decide(replace(FINE, **changes), replace(CUSTOMERS, **rules), NOW) is first


def _crowd(size: int) -> list[Candidate]:
    to_come = (replace(FINE, has_telegram=False), replace(FINE, consented=False))
    kinds = (FINE, *to_come, replace(FINE, opted_out=True))
    return [replace(kinds[i % 4], person_id=i + 1) for i in range(size)]


def _decide_all(
    candidates: Iterable[Candidate], rules: Rules, now: datetime
) -> dict[int, Reason | None]:
    """Return every person's reason, as a wave decides: one by one, then by lot."""
    apart = without_lot(rules)
    found = {one.person_id: decide(one, apart, now) for one in candidates}
    order = sorted(drawable(found), key=lambda person: drawing(rules.lot, person))
    return found | left_out(order, found, rules)


@given(st.integers(0, 40), st.integers(0, 40), st.integers(0, 40), st.text(max_size=5))
def test_sample_and_quota_are_kept_and_everybody_has_a_decision(
    size: int, sample: int, places: int, lot: str
) -> None:
    crowd = _crowd(size)
    rules = replace(CUSTOMERS, sample=sample, places=places, lot=lot)
    found = _decide_all(crowd, rules, NOW)
    assert list(found) == [one.person_id for one in crowd]
    asked = [person for person, reason in found.items() if reason is None]
    chosen = {None, Reason.NO_TELEGRAM, Reason.NOT_CONSENTED, Reason.QUOTA_FULL}
    drawn = [person for person, reason in found.items() if reason in chosen]
    willing = [one for one in crowd if not one.opted_out]
    assert len(asked) <= places
    assert len(drawn) == min(sample, len(willing))
    alone = {one.person_id: decide(one, CUSTOMERS, NOW) for one in crowd}
    by_lot = {Reason.NOT_SAMPLED, Reason.QUOTA_FULL}
    assert all(reason in by_lot or reason is alone[person] for person, reason in found.items())
    assert Reason.QUOTA_FULL not in found.values() or len(asked) == places


@given(st.integers(1, 60), st.text(max_size=5))
def test_the_same_lot_draws_the_same_people(sample: int, lot: str) -> None:
    rules = replace(CUSTOMERS, sample=sample, lot=lot)
    assert _decide_all(_crowd(90), rules, NOW) == _decide_all(_crowd(90), rules, NOW)


def test_another_lot_draws_others() -> None:
    drawn = {
        lot: _decide_all(_crowd(90), replace(CUSTOMERS, sample=20, lot=lot), NOW) for lot in "abc"
    }
    assert drawn["a"] != drawn["b"] != drawn["c"]


def test_staff_are_never_customers_and_customers_never_managers() -> None:
    assert decide(replace(FINE, is_staff=True), CUSTOMERS, NOW) is Reason.OUTSIDE_AUDIENCE
    assert decide(FINE, MANAGERS, NOW) is Reason.OUTSIDE_AUDIENCE


def test_the_clock_over_all_surveys_is_the_customers_only() -> None:
    manager = replace(FINE, is_staff=True, last_asked_at=YESTERDAY)
    assert decide(manager, MANAGERS, NOW) is None
    own = replace(manager, last_asked_this_survey_at=YESTERDAY)
    assert decide(own, MANAGERS, NOW) is Reason.ASKED_THIS_RECENTLY


def test_a_person_may_be_asked_again_on_the_very_day() -> None:
    asked = replace(FINE, last_asked_at=NOW - timedelta(days=30))
    assert decide(asked, CUSTOMERS, NOW) is None
    assert decide(asked, CUSTOMERS, NOW - timedelta(seconds=1)) is Reason.ASKED_RECENTLY


def test_a_clock_set_back_asks_nobody_twice() -> None:
    asked = replace(FINE, last_asked_at=NOW + timedelta(days=2))
    assert decide(asked, CUSTOMERS, NOW) is Reason.ASKED_RECENTLY


def test_no_days_mean_no_limit() -> None:
    asked = replace(FINE, last_asked_at=NOW, last_asked_this_survey_at=NOW)
    assert decide(asked, Rules("customers", global_days=0, survey_days=0), NOW) is None
