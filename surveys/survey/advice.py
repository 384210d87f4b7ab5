"""What is no mistake in a survey and yet will read badly."""

import re
from collections.abc import Iterator

from surveys.counts.measures import NPS, side_of
from surveys.messages import Message, mark
from surveys.survey.definition import Survey

_PREPOSITIONS = (
    "в|во|для|до|за|из|изо|к|ко|на|над|о|об|от|ото|перед|по|под|при|про|с|со|у|через|без"
)
_AFTER_PREPOSITION = re.compile(
    rf"\b(?P<before>{_PREPOSITIONS})\s+«?(?P<name>\{{\w+\}})»?", re.IGNORECASE
)
_NO_FIGURE = mark(
    "This asks for a recommendation and measures nothing: no figure will hold its answers. Let it "
    "measure NPS (measures: nps)."
)
_ALONE = re.compile(r"(?<!,\s)(?<!,)\{name\}(?!,)")


def advice(survey: Survey) -> Iterator[tuple[str, Message]]:
    """Yield pairs of place and advice, in the order of the survey.

    A name that is put into a text is never declined, so in Russian it must not follow a
    preposition: «в {company}» becomes «в Северный двор». A respondent's name is often unknown; it
    then goes together with its comma, so it needs one beside it. Who asks customers whether they
    recommend, and measures nothing by it, waits for an NPS in vain.
    """
    if survey.audience == side_of(NPS) and not survey.measuring(NPS):
        for one in survey.questions:
            if one.kind == "nps" and not one.measures:
                yield f"questions.{one.key}.measures", Message(_NO_FIGURE)
    for place, text in _texts("", survey.model_dump(exclude_defaults=True)):
        if found := _AFTER_PREPOSITION.search(text):
            values = {"words": found[0], "name": found["name"]}
            yield (
                place,
                Message(
                    "«{words}» puts a name that is not declined after a preposition: write "
                    "«компания «{name}»» in the right case, or leave the name out.",
                    values,
                ),
            )

        elif found := _ALONE.search(text):
            yield (
                place,
                Message(
                    "Where no first name is known, {name} goes with its comma: write «Hello, "
                    "{name}!» or «{name}, …».",
                    {"name": "{name}"},
                ),
            )


def _texts(place: str, part: object) -> Iterator[tuple[str, str]]:
    """Yield every current Russian text with its place; earlier wordings are out of use."""
    match part:
        case {"ru": str(text)}:
            yield place, text
        case dict():
            for name, value in part.items():
                if name != "same_as":
                    yield from _texts(f"{place}.{name}".lstrip("."), value)
        case list() | tuple():
            for number, value in enumerate(part):
                key = value.get("key", number) if isinstance(value, dict) else number
                yield from _texts(f"{place}.{key}", value)
