"""The surveys that come with the program, read from `surveys/catalog/*.yaml`."""

from functools import cache
from pathlib import Path

from surveys.errors import UnknownSurvey
from surveys.survey.definition import LocalText, Survey
from surveys.survey.loading import parse_ours

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


def about(survey: Survey) -> LocalText | None:
    """Return what a survey says of its criterion and sources.

    One of the catalog that was stored before it said so takes it from the catalog.
    """
    known = catalog().get(survey.key)
    same = known is not None and known.version == survey.version
    return survey.about or (known.about if known is not None and same else None)


@cache
def _files() -> dict[str, tuple[Survey, str]]:
    texts = [path.read_text(encoding="utf-8") for path in sorted(_FOLDER.glob("*.yaml"))]
    surveys = [(parse_ours(text), text) for text in texts]
    return {survey.key: (survey, text) for survey, text in surveys}
