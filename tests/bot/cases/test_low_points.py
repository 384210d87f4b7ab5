"""How a low answer is written: a point says which end is the bad one where that is the high one."""

import pytest

from bot.operations.campaigns.low_score import point_of
from surveys.messages import Language
from surveys.survey.definition import LocalText, ScaleQuestion
from templates.texts import Texts

TEXT = LocalText(ru="С доставкой бывают трудности", en="Deliveries are difficult")


@pytest.mark.parametrize(
    ("language", "reverse", "said"),
    [
        ("ru", False, "9 из 10"),
        ("ru", True, "9 из 10, где 10 — худшее"),
        ("en", True, "9 of 10, where 10 is the worst"),
    ],
)
def test_a_point_of_a_turned_scale_says_which_end_is_the_worst(
    language: Language, reverse: bool, said: str
) -> None:
    asked = ScaleQuestion(
        key="trouble",
        kind="scale",
        text=TEXT,
        high=10,
        low_label=TEXT,
        high_label=TEXT,
        reverse=reverse,
    )
    assert point_of(Texts(language), asked, 9) == said
