"""One vote an account."""

import pytest

from scoring.errors import BadInput, NotEnoughData
from scoring.estimates import accounts, nps


def test_a_talkative_account_has_one_vote() -> None:
    answers = {"big": {0: 50}, "small": {10: 1}, "other": {9: 1, 8: 1}}
    found = accounts.nps_by_account(answers)
    assert found.n == 3
    assert found.mean == pytest.approx((-100 + 100 + 50) / 3)
    assert found.low < found.mean < found.high


def test_accounts_of_one_have_the_plain_score() -> None:
    answers = {number: {score: 1} for number, score in enumerate([0, 7, 8, 9, 10, 10])}
    assert accounts.nps_by_account(answers).mean == pytest.approx(nps.score(1, 2, 3).nps)


def test_silent_accounts_have_no_vote() -> None:
    assert accounts.account_means({"a": {5: 2, 3: 2}, "b": {}}) == {4: 1}
    with pytest.raises(NotEnoughData):
        accounts.nps_by_account({"a": {5: 2}, "b": {}})
    with pytest.raises(BadInput):
        accounts.nps_by_account({"a": {11: 2}})
