from pathlib import Path

import pytest

from surveys.campaign.plan import parse_plan
from surveys.survey.answers import KINDS
from surveys.survey.definition import Survey
from surveys.survey.loading import parse_survey

DOCS = Path(__file__).parents[3] / "docs"
in_both_languages = pytest.mark.parametrize("folder", [DOCS, DOCS / "ru"], ids=["en", "ru"])


def _example(page: Path) -> str:
    return page.read_text(encoding="utf-8").partition("```yaml\n")[2].partition("```")[0]


@in_both_languages
def test_the_example_of_the_page_is_a_survey(folder: Path) -> None:
    assert parse_survey(_example(folder / "surveys.md")).key == "after_delivery"


@in_both_languages
def test_the_example_of_a_campaign_is_one(folder: Path) -> None:
    assert parse_plan(_example(folder / "campaigns.md")).audience.sample == 200


@in_both_languages
def test_the_page_names_every_field_and_kind(folder: Path) -> None:
    page = (folder / "surveys.md").read_text(encoding="utf-8")
    for name in (*Survey.model_fields, *KINDS):
        assert f"`{name}`" in page, name
