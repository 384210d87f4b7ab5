"""The surveys that come with the program, read from `surveys/catalog/*.yaml`."""

from functools import cache
from pathlib import Path

from surveys.errors import UnknownSurvey
from surveys.survey.definition import Survey
from surveys.survey.loading import parse_survey

_FOLDER = Path(__file__).parents[1] / "catalog"


def catalog() -> dict[str, Survey]:
    """Return the catalog's surveys by key."""
    return {key: survey for key, (survey, _) in _files().items()}


def source(key: str) -> str:
    """Return the YAML of a catalog survey, to begin one's own with; raises UnknownSurvey."""
    files = _files()
    if key not in files:
        raise UnknownSurvey(key, tuple(files))
    return files[key][1]


@cache
def _files() -> dict[str, tuple[Survey, str]]:
    texts = [path.read_text(encoding="utf-8") for path in sorted(_FOLDER.glob("*.yaml"))]
    surveys = [(parse_survey(text), text) for text in texts]
    return {survey.key: (survey, text) for survey, text in surveys}
