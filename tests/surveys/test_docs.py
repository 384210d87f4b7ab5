import re
from pathlib import Path

from surveys.answers import KINDS
from surveys.definition import Survey
from surveys.loading import parse_survey

PAGE = (Path(__file__).parents[2] / "docs" / "surveys.md").read_text(encoding="utf-8")


def test_the_example_of_the_page_is_a_survey() -> None:
    (example,) = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)
    assert parse_survey(example).key == "after_delivery"


def test_the_page_names_every_field_and_kind() -> None:
    for name in (*Survey.model_fields, *KINDS):
        assert f"`{name}`" in PAGE, name
