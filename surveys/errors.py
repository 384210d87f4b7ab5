"""Everything that can go wrong with a survey, as typed errors under one root."""

from dataclasses import dataclass


class SurveyError(Exception):
    """The root of this package's errors; its text says what to do."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One mistake in a survey file: 1-based line and column, the field's path, what to do."""

    line: int
    column: int
    place: str
    message: str

    def __str__(self) -> str:
        return f"{self.line}:{self.column}: {self.place}: {self.message}"


class SurveyInvalid(SurveyError):
    """A definition has mistakes; `problems` holds every one, in the file's order."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        self.problems = problems
        super().__init__("\n".join(map(str, problems)))


class InvalidAnswer(SurveyError):
    """An answer that does not fit its question.

    `code` is stable and meant to be turned into a sentence: ``not_a_number``, ``out_of_range``
    (low, high), ``wrong_step`` (step), ``empty``, ``too_long`` (limit, length), ``use_buttons``,
    ``unknown_option``, ``too_many`` (limit), ``unreadable`` (a stored answer of another kind).
    """

    def __init__(self, code: str, **params: object) -> None:
        self.code = code
        self.params = params
        super().__init__(f"{code} {params}" if params else code)


class UnknownQuestion(SurveyError):
    """A key that names no question of this survey."""

    def __init__(self, survey: str, question: str) -> None:
        self.survey = survey
        self.question = question
        super().__init__(f"The survey {survey!r} has no question {question!r}.")


class UnknownSurvey(SurveyError):
    """A key that names no survey of the catalog."""

    def __init__(self, key: str, known: tuple[str, ...]) -> None:
        self.key = key
        self.known = known
        super().__init__(f"The catalog has no survey {key!r}. It has: {', '.join(known)}.")


class PeriodInvalid(SurveyError):
    """A text that names no period."""

    def __init__(self, text: str) -> None:
        self.text = text
        super().__init__(
            f"{text[:40]!r} is not a period. Write a year, a quarter, a month or a week: "
            "2026, 2026-Q3, 2026-09, 2026-W36."
        )


class ZoneUnknown(SurveyError):
    """A text that names no time zone."""

    def __init__(self, zone: str) -> None:
        self.zone = zone
        super().__init__(f"{zone[:60]!r} is not a time zone. Write one like Europe/Moscow.")


class ScheduleInvalid(SurveyError):
    """An hour outside the day."""

    def __init__(self, hour: int) -> None:
        self.hour = hour
        super().__init__(f"{hour} is not an hour of the day. Write a number from 0 to 23.")


class RecurrenceInvalid(SurveyError):
    """A text that is no recurrence rule, or one that repeats within a day."""

    def __init__(self, text: str) -> None:
        self.text = text
        super().__init__(
            f"{text[:60]!r} is not a recurrence. Write daily, weekly, monthly, month-end, "
            "quarterly, yearly or a rule such as FREQ=WEEKLY;INTERVAL=2;BYDAY=TU."
        )


class PlanInvalid(SurveyError):
    """A campaign's file has mistakes; `problems` holds every one."""

    def __init__(self, problems: tuple[str, ...]) -> None:
        self.problems = problems
        super().__init__("\n".join(problems))
