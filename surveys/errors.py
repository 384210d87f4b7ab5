"""Everything that can go wrong with a survey, as typed errors under one root."""

from dataclasses import dataclass

from surveys.messages import Message, ToldError, mark


class SurveyError(ToldError):
    """The root of this package's errors; its text says what to do."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One mistake in a file: 1-based line and column, the field's path, what to do."""

    line: int
    column: int
    place: str
    message: Message

    def __str__(self) -> str:
        return str(self.sentence())

    def sentence(self) -> Message:
        """Return the mistake with its place, as an editor finds it."""
        where = f"{self.line}:{self.column}: {self.place}"
        return Message("{where}: {what}", {"where": where, "what": self.message})


class FileInvalid(SurveyError):
    """A file has mistakes; `problems` holds every one, in the file's order."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__()
        self.problems = problems

    def messages(self) -> tuple[Message, ...]:
        """Return every mistake with its place."""
        return tuple(problem.sentence() for problem in self.problems)


class SurveyInvalid(FileInvalid):
    """The mistakes of a survey's definition."""


class PlanInvalid(FileInvalid):
    """The mistakes of a campaign's plan."""


class ThemesInvalid(FileInvalid):
    """The mistakes of a file of themes."""


class InvalidAnswer(SurveyError):
    """An answer that does not fit its question.

    `code` is stable and meant to be turned into a sentence: ``not_a_number`` (low,
    high), ``not_an_amount`` (unit, example), ``two_numbers`` (given, whole, part),
    ``out_of_range`` (low, high), ``wrong_step`` (step), ``empty``, ``too_long`` (limit, length),
    ``use_buttons``, ``unknown_option``, ``too_many`` (limit), ``unreadable`` (a stored answer of
    another kind).
    """

    template = mark("The answer does not fit its question ({code}).")

    def __init__(self, code: str, **params: object) -> None:
        super().__init__(code)
        self.code = code
        self.params = params


class UnknownQuestion(SurveyError):
    """A key that names no question of this survey."""

    template = mark("The survey «{survey}» has no question «{question}».")

    def __init__(self, survey: str, question: str) -> None:
        self.survey = survey
        self.question = question


class UnknownSurvey(SurveyError):
    """A key that names no survey of the catalog."""

    template = mark("The catalog has no survey «{key}». It has: {known}.")

    def __init__(self, key: str, known: tuple[str, ...]) -> None:
        self.key = key
        self.known = known


class PeriodInvalid(SurveyError):
    """A text that names no period."""

    template = mark(
        "«{text}» is not a period. Write a year, a quarter, a month or a week: "
        "2026, 2026-Q3, 2026-09, 2026-W36."
    )

    def __init__(self, text: str) -> None:
        self.text = text[:60]


class PeriodAhead(SurveyError):
    """A period that has not begun."""

    template = mark("{period} has not begun yet: there is nothing to count.")

    def __init__(self, period: str) -> None:
        self.period = period


class PeriodsUnlike(SurveyError):
    """Two periods that cannot be compared."""

    template = mark(
        "{period} cannot be compared with {against}: write two of the same length, first the later "
        "one, then the earlier one, like 2026-Q3 2026-Q2."
    )

    def __init__(self, period: str, against: str) -> None:
        self.period = period
        self.against = against


class ZoneUnknown(SurveyError):
    """A text that names no time zone."""

    template = mark("«{zone}» is not a time zone. Write one like Europe/Moscow.")

    def __init__(self, zone: str) -> None:
        self.zone = zone[:60]


class ScheduleInvalid(SurveyError):
    """An hour outside the day."""

    template = mark("{hour} is not an hour of the day. Write a number from 0 to 23.")

    def __init__(self, hour: int) -> None:
        self.hour = hour


class RecurrenceInvalid(SurveyError):
    """A text that is no recurrence rule, or one that repeats within a day."""

    template = mark(
        "«{text}» is not a recurrence. Write daily, weekly, monthly, month-end, quarterly, yearly "
        "or a rule such as FREQ=WEEKLY;INTERVAL=2;BYDAY=TU."
    )

    def __init__(self, text: str) -> None:
        self.text = text[:60]


class UnreadableDocument(SurveyError):
    """A kept document that no version of this program wrote."""

    template = mark("The digest that was kept cannot be read: make it again with otklik digest.")
