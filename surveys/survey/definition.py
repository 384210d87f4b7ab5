"""What a survey is: its questions, branches and texts, as immutable validated data.

A new question kind is one more class here, named in `Question`, and one entry in
`surveys.survey.answers.KINDS`.
"""

import hashlib
import json
from decimal import Decimal
from functools import cached_property
from typing import Annotated, Any, ClassVar, Final, Literal, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    field_validator,
    model_validator,
)

from surveys.errors import UnknownQuestion
from surveys.messages import Language, mark
from surveys.survey.wording import at_most_characters, mistake, plain_text

Audience = Literal["customers", "managers"]
Slug = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$", max_length=24)]
PlainText = Annotated[str, StringConstraints(strip_whitespace=True), AfterValidator(plain_text)]


def _plainly(number: Decimal) -> Decimal:
    """Write the number one way, so that 1.50 and 1.5 are one content and 6e1 reads 60."""
    return Decimal(f"{number.normalize() + 0:f}")


ExactDecimal = Annotated[Decimal, Field(max_digits=12, decimal_places=4), AfterValidator(_plainly)]


class _Model(BaseModel):
    model_config = ConfigDict(defer_build=True, frozen=True, extra="forbid")


class LocalText(_Model):
    """One text in every language."""

    ru: PlainText
    en: PlainText


def localized(text: LocalText, language: Language) -> str:
    """Return the text in one language."""
    return text.ru if language == "ru" else text.en


Title = Annotated[LocalText, AfterValidator(at_most_characters(100))]
Label = Annotated[LocalText, AfterValidator(at_most_characters(64))]
LongText = Annotated[LocalText, AfterValidator(at_most_characters(1_000))]


def _plain_operand(value: object) -> object:
    if isinstance(value, bool | int | str):
        return value
    raise mistake(mark("Write a point, an option's key, true or false here."))


Operand = Annotated[
    bool | int | str,
    BeforeValidator(_plain_operand, json_schema_input_type=bool | int | str),
]


class Condition(_Model):
    """A test of an earlier answer, or several joined by all, any, not.

    For multiple choice `is` means "is among the picked" and `in` "one of these is". A question
    that was skipped or not reached passes no test but ``answered: false``.
    """

    question: Slug | None = None
    is_: Operand | None = Field(default=None, alias="is")
    in_: Annotated[tuple[Operand, ...], Field(min_length=1)] | None = Field(
        default=None, alias="in"
    )
    at_least: ExactDecimal | None = None
    at_most: ExactDecimal | None = None
    answered: bool | None = None
    all: Annotated[tuple["Condition", ...], Field(min_length=1)] | None = None
    any: Annotated[tuple["Condition", ...], Field(min_length=1)] | None = None
    not_: "Condition | None" = Field(default=None, alias="not")

    @model_validator(mode="after")
    def _one_test(self) -> Self:
        tests = (self.is_, self.in_, self.at_least, self.at_most, self.answered)
        joins = (self.all, self.any, self.not_)
        given = sum(item is not None for item in (*tests, *joins))
        joined = sum(item is not None for item in joins)
        if given != 1 or (self.question is None) != (joined == 1):
            raise mistake(
                mark(
                    "Write a question with one test (is, in, at_least, at_most or answered), "
                    "or one of all, any, not."
                )
            )
        return self


class Variant(_Model):
    """Another wording of a question, used when its condition holds; the first that holds wins."""

    if_: Condition = Field(alias="if")
    text: LongText


def _as_list(value: object) -> object:
    return (value,) if isinstance(value, str) else value


class _Asked(_Model):
    """What every kind of question has.

    `same_as`: all earlier wordings that ask the same, whose series goes on with this one.
    """

    scored: ClassVar[bool] = False
    """Whether answers become numbers, so that the question may measure an index."""
    mirrored: ClassVar[bool] = False
    """Whether managers and customers may be compared on it."""

    key: Slug
    text: LongText
    same_as: tuple[LongText, ...] = ()
    variants: tuple[Variant, ...] = ()
    optional: bool = False
    measures: Annotated[
        tuple[Slug, ...], BeforeValidator(_as_list, json_schema_input_type=str | tuple[Slug, ...])
    ] = ()
    mirror: Slug | None = None
    show_if: Condition | None = None

    @field_validator("measures")
    @classmethod
    def _measurable(cls, measures: tuple[str, ...]) -> tuple[str, ...]:
        if measures and not cls.scored:
            raise mistake(mark("Answers of this kind are not numbers: remove measures."))
        if "nps" in measures and cls is not NpsQuestion:
            raise mistake(mark("Only a question of kind nps measures nps."))
        if len(set(measures)) < len(measures):
            raise mistake(mark("Name each index once."))
        return measures

    @field_validator("mirror")
    @classmethod
    def _mirrorable(cls, mirror: str | None) -> str | None:
        if mirror is not None and not cls.mirrored:
            raise mistake(mark("Only a question of kind scale has a mirror."))
        return mirror


Never = Literal["never"]


def _alert_point(value: object) -> object:
    if value == "never" or (isinstance(value, int) and not isinstance(value, bool)):
        return value
    raise mistake(mark("Write a point of this question's scale here, or never."))


AlertPoint = Annotated[
    int | Never, BeforeValidator(_alert_point, json_schema_input_type=int | Never)
]


class _Rated(_Asked):
    """A question whose low answers are reported to the staff at once.

    `alert_at`: the best answer that is still reported. Left out, it is 6 of nps and the worst third
    of a scale; a "no" is reported where the question measures something.
    """

    alert_at: AlertPoint | None = None


class NpsQuestion(_Rated):
    """How likely to recommend: always the eleven points 0–10."""

    scored: ClassVar[bool] = True
    low: ClassVar[int] = 0
    high: ClassVar[int] = 10

    kind: Literal["nps"]
    low_label: Label
    high_label: Label


class ScaleQuestion(_Rated):
    """Whole points from low to high with labelled ends; `reverse`: a low point is the good one."""

    scored: ClassVar[bool] = True
    mirrored: ClassVar[bool] = True

    kind: Literal["scale"]
    low: Annotated[int, Field(ge=0, le=1, strict=True)] = 1
    high: Annotated[int, Field(ge=2, le=10, strict=True)] = 5
    low_label: Label
    high_label: Label
    reverse: bool = False


class Option(_Model):
    """One button of a choice; the key is stored, the text is shown."""

    key: Slug
    text: Label


def _distinct(options: tuple[Option, ...]) -> tuple[Option, ...]:
    for values in zip(*((item.key, item.text.ru, item.text.en) for item in options), strict=True):
        if len(set(values)) < len(values):
            raise mistake(mark("Give every option its own key and its own text."))
    return options


Options = Annotated[
    tuple[Option, ...], Field(min_length=2, max_length=8), AfterValidator(_distinct)
]


class ChoiceQuestion(_Asked):
    """One of the options."""

    kind: Literal["choice"]
    options: Options


class ChoicesQuestion(_Asked):
    """Several of the options, `at_most` of them (all, when it is not given)."""

    kind: Literal["choices"]
    options: Options
    at_most: Annotated[int, Field(ge=1, strict=True)] | None = None

    @model_validator(mode="after")
    def _reachable(self) -> Self:
        if self.at_most is not None and self.at_most > len(self.options):
            raise mistake(mark("Make at_most no greater than the number of options."))
        return self


class NumberQuestion(_Asked):
    """A number with its unit, from min to max in steps counted from min.

    `better`: which way it improves; without it a change is only higher or lower.
    """

    scored: ClassVar[bool] = True

    kind: Literal["number"]
    unit: Label
    better: Literal["up", "down"] | None = None
    min: ExactDecimal = Decimal(0)
    max: ExactDecimal
    step: Annotated[ExactDecimal, Field(gt=0)] = Decimal(1)

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.min >= self.max:
            raise mistake(mark("Make max greater than min."))
        return self


class TextQuestion(_Asked):
    """Words typed by the respondent; `max_length` in characters."""

    kind: Literal["text"]
    max_length: Annotated[int, Field(ge=1, le=4_096, strict=True)] = 4_096


class YesNoQuestion(_Rated):
    """Yes or no; yes scores 1."""

    scored: ClassVar[bool] = True

    kind: Literal["yes_no"]


RATED: Final = (NpsQuestion, ScaleQuestion, YesNoQuestion)
Points = NpsQuestion | ScaleQuestion
"""Kinds that are answered by a whole point from `low` to `high`; both ends have a label."""

Question = Annotated[
    NpsQuestion
    | ScaleQuestion
    | ChoiceQuestion
    | ChoicesQuestion
    | NumberQuestion
    | TextQuestion
    | YesNoQuestion,
    Field(discriminator="kind"),
]


class OwnMeasure(_Model):
    """The name under which a measure of the company's own stands in digests."""

    key: Slug
    title: Label


class Thanks(_Model):
    """The last screen, by segment where the survey asks the nps question."""

    default: LongText
    detractor: LongText | None = None
    passive: LongText | None = None
    promoter: LongText | None = None


MOST_ALERT_WORDS: Final = 50
AlertWord = Annotated[str, StringConstraints(strip_whitespace=True, min_length=2, max_length=60)]


class Survey(_Model):
    """A questionnaire. The same content has the same `version`, whatever the file looks like.

    `about` is for the company's leaders: which criterion the survey serves, which of it is a
    source's and which is not. Nobody is asked it, so it is no part of the version.

    What holds between fields (branches, unique keys) is checked by `surveys.survey.loading`, so
    make an edited survey through it.
    """

    key: Slug
    title: Title
    audience: Audience
    kind: Literal["relationship", "transactional"]
    anonymous: bool = False
    sees: LongText | None = None
    about: LongText | None = None
    period_days: Annotated[int, Field(ge=0, le=1_000, strict=True)]
    remind_after_days: Annotated[int, Field(ge=1, le=60, strict=True)] | None = 4
    closes_after_days: Annotated[int, Field(ge=1, le=90, strict=True)] = 14
    minutes: Annotated[int, Field(ge=1, le=60, strict=True)]
    questions: Annotated[tuple[Question, ...], Field(min_length=1, max_length=40)]
    own_measures: tuple[OwnMeasure, ...] = ()
    alert_words: Annotated[tuple[AlertWord, ...], Field(max_length=MOST_ALERT_WORDS)] = ()
    thanks: Thanks

    @property
    def languages(self) -> tuple[Language, ...]:
        """The languages every text of the survey has."""
        return ("ru", "en")

    @cached_property
    def version(self) -> str:
        """Twelve hexadecimal digits of the content's SHA-256."""
        asked = self.model_copy(update={"about": None})
        return hashlib.sha256(canonical_json(asked).encode()).hexdigest()[:12]

    def measuring(self, measure: str) -> tuple[Question, ...]:
        """Return the questions that count in a measure."""
        return tuple(one for one in self.questions if measure in one.measures)

    def question(self, key: str) -> Question:
        """Return the question of that key; raises UnknownQuestion."""
        for question in self.questions:
            if question.key == key:
                return question
        raise UnknownQuestion(self.key, key)


def canonical_json(survey: Survey) -> str:
    """Write the content one way: sorted keys, no spaces, defaults left out.

    Leaving defaults out keeps the versions of stored surveys when a field is added later.
    """
    data: dict[str, Any] = survey.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    return json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
