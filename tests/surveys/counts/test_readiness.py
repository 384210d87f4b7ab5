from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.counts.readiness import Conclusion, Fraction, Sign, readiness
from surveys.survey.answers import Answer

Sheet = dict[str, Answer]


def sheet(
    customers: int = 3,
    team: int = 2,
    kept: str = "shared",
    *,
    remembers: bool = True,
    stand_in: bool = True,
) -> Sheet:
    return {
        "customers": Decimal(customers),
        "deals": Decimal(5),
        "remembers": remembers,
        "team": Decimal(team),
        "stand_in": stand_in,
        "contacts_kept": kept,
        "letters_kept": kept,
        "documents_kept": kept,
    }


@pytest.mark.parametrize(
    ("sheets", "conclusion", "signs"),
    [
        ([], "nobody", ()),
        ([sheet()], "not_yet", ()),
        ([sheet(customers=7)], "not_yet", ()),
        ([sheet(customers=8)], "near", ("clients",)),
        ([sheet(stand_in=False)], "not_yet", ()),
        ([sheet(stand_in=False, team=3)], "not_yet", ()),
        ([sheet(stand_in=False, team=4)], "near", ("absence",)),
        ([sheet(remembers=False), sheet()], "near", ("deals",)),
        ([sheet(remembers=False), sheet(), sheet()], "not_yet", ()),
        ([sheet(customers=40, team=6, remembers=False, stand_in=False)], "due", "all"),
        ([sheet(customers=40, remembers=False, kept="crm")], "in_use", ("clients", "deals")),
        ([{"customers": Decimal(90)}], "near", ("clients",)),
    ],
)
def test_the_conclusion_counts_the_signs(
    sheets: list[Sheet], conclusion: Conclusion, signs: tuple[Sign, ...] | str
) -> None:
    found = readiness(sheets)
    assert found.conclusion == conclusion
    assert found.signs == (("clients", "deals", "absence") if signs == "all" else signs)
    assert found.answered == len(sheets)


def test_the_reasons_say_of_how_many() -> None:
    found = readiness([sheet(2, kept="paper"), sheet(9, kept="crm"), {"customers": Decimal(30)}])
    assert found.clients == 9
    assert found.team == 2
    assert found.hidden["contacts_kept"] == Fraction(1, 2)
    assert found.forget == Fraction(0, 2)
    assert not Fraction(0, 0).is_half


ANSWERS = st.fixed_dictionaries(
    {},
    optional={
        "customers": st.none() | st.integers(0, 10_000).map(Decimal),
        "team": st.integers(1, 1_000).map(Decimal),
        "remembers": st.booleans(),
        "stand_in": st.booleans(),
        "contacts_kept": st.sampled_from(("crm", "shared", "paper", "memory")),
    },
)


@given(st.lists(ANSWERS, max_size=9))
def test_any_answers_come_to_a_conclusion(sheets: list[Sheet]) -> None:
    found = readiness(sheets)
    assert (found.conclusion == "nobody") is (not sheets)
    parts = (found.forget, found.alone, *found.hidden.values())
    assert all(0 <= part.people <= part.of <= len(sheets) for part in parts)
