"""A survey as the database keeps it: it was checked before it was kept, and never changes."""

from pydantic import ValidationError

from surveys.survey.definition import Survey


def kept_survey(text: str) -> Survey:
    """Read what `survey_to_json` wrote, without a file's checks; raises SurveyInvalid."""
    try:
        return Survey.model_validate_json(text)
    except ValidationError:
        from surveys.survey.loading import survey_from_json  # noqa: PLC0415 (it says what is wrong)

        return survey_from_json(text)
