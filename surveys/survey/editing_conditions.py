"""On which earlier answers a question, or one wording of it, depends: changed with buttons. Pure.

Every change gives a draft that would pass as a file, or raises SurveyInvalid saying why not.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

from surveys.survey.definition import Condition, Question
from surveys.survey.editing import SurveyDraft
from surveys.survey.editing_questions import Data, changed

Join = Literal["all", "any"]
SEGMENTS: Final[tuple[Data, ...]] = ({"at_most": 6}, {"in": [7, 8]}, {"at_least": 9})


@dataclass(frozen=True, slots=True)
class Joined:
    """Conditions of which all or any must hold; none: always."""

    parts: tuple[Data, ...] = ()
    how: Join = "all"


def joined(condition: Condition | None) -> Joined:
    """Return a condition taken apart, as far as it is joined at its top."""
    if condition is None:
        return Joined()
    data = condition.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    for how in ("all", "any"):
        if how in data:
            return Joined(tuple(data[how]), "any" if how == "any" else "all")
    return Joined((data,))


def _condition(of: Joined) -> Data | None:
    if not of.parts:
        return None
    return of.parts[0] if len(of.parts) == 1 else {of.how: list(of.parts)}


def present(question: Question, variant: int | None) -> Joined:
    """Return what a question depends on, or its variant of that number; raises LookupError."""
    return joined(question.show_if if variant is None else question.variants[variant].if_)


def with_condition(draft: SurveyDraft, key: str, variant: int | None, of: Joined) -> SurveyDraft:
    """Return the draft where a question, or one wording of it, depends on these answers."""

    def change(item: Data) -> None:
        found = _condition(of)
        if variant is not None:
            item["variants"][variant]["if"] = found
        elif found is None:
            item.pop("show_if", None)
        else:
            item["show_if"] = found

    return changed(draft, key, change)


def with_variant(draft: SurveyDraft, key: str, condition: Data) -> SurveyDraft:
    """Return the draft with one more wording, which begins as the question's own."""

    def change(item: Data) -> None:
        text = dict(item["text"])
        item.setdefault("variants", []).append({"if": condition, "text": text})

    return changed(draft, key, change)


def without_variant(draft: SurveyDraft, key: str, number: int) -> SurveyDraft:
    """Return the draft without a wording; raises LookupError."""

    def change(item: Data) -> None:
        del item["variants"][number]

    return changed(draft, key, change)


def tests(question: Question) -> Sequence[Data]:
    """Return the tests that a button can make of a question's answer, as a survey file says them.

    Bounds of amounts are typed: see `limit`.
    """
    answered: tuple[Data, ...] = ({"answered": True}, {"answered": False})
    always_answered = not question.optional and question.show_if is None
    found: list[Data] = []
    match question.kind:
        case "nps":
            found = [*SEGMENTS, *_bounds(0, 10)]
        case "scale":
            found = _bounds(question.low, question.high)
        case "yes_no":
            found = [{"is": True}, {"is": False}]
        case "choice" | "choices":
            found = [{"is": option.key} for option in question.options]
        case _:
            pass
    return found if found and always_answered else [*found, *answered]


def _bounds(low: int, high: int) -> list[Data]:
    return [{"at_most": point} for point in range(low, high)] + [
        {"at_least": point} for point in range(low + 1, high + 1)
    ]
