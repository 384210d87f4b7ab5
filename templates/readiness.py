"""Whether it is time for a CRM, as leaders read it: the conclusion, its reasons, its limits."""

from collections.abc import Iterator, Mapping
from typing import Final

from surveys.counts.readiness import (
    ENOUGH_SIGNS,
    KEPT,
    REMEMBERED,
    SMALL_TEAM,
    Conclusion,
    Fraction,
    Readiness,
)
from surveys.messages import mark
from templates.texts import Texts

CONCLUSIONS: Final[Mapping[Conclusion, str]] = {
    "nobody": mark("Nobody has answered yet. Ask your managers with the survey «{survey}»."),
    "in_use": mark(
        "At least half of the managers keep their contacts in a CRM already: the question is how "
        "fully they use it."
    ),
    "due": mark("It is time for a CRM: {n} of 3 signs hold."),
    "near": mark("It will soon be time for a CRM: 1 of 3 signs holds. Begin with one common list."),
    "not_yet": mark("It is not time for a CRM yet: none of 3 signs holds."),
}
HIDDEN: Final = {
    "contacts_kept": mark("contacts"),
    "letters_kept": mark("correspondence"),
    "documents_kept": mark("documents"),
}


def lines(texts: Texts, found: Readiness, survey: str) -> Iterator[str]:
    """Yield the conclusion, then each reason, then what it rests on; `survey` is its title."""
    said = CONCLUSIONS[found.conclusion]
    yield texts(said, n=texts.number(len(found.signs)), survey=survey)
    if not found.answered:
        return
    yield ""
    yield _marked(found, "clients", _clients(texts, found))
    yield _marked(found, "deals", _deals(texts, found))
    yield _marked(found, "absence", _absence(texts, found))
    kept = ", ".join(_hidden(texts, key, found.hidden[key]) for key in KEPT if found.hidden[key].of)
    if kept:
        yield texts("Kept where colleagues do not see it: {kept}.", kept=kept)
    yield ""
    yield texts.plural(
        "{n} manager answered in the last twelve months, each counted with the latest answers.",
        "{n} managers answered in the last twelve months, each counted with the latest answers.",
        found.answered,
    )
    yield texts(
        "The signs are those of Kazulin (2021): more than {clients} clients to remember, deals "
        "beyond memory, a team of more than {team} in which nobody answers for an absent "
        "colleague. The rule is ours: the median, or half of those who answered; from {signs} "
        "signs on it is time.",
        clients=texts.number(REMEMBERED),
        team=texts.number(SMALL_TEAM),
        signs=texts.number(ENOUGH_SIGNS),
    )


def _marked(found: Readiness, sign: str, words: str) -> str:
    return f"{'✓' if sign in found.signs else '–'} {words}"


def _clients(texts: Texts, found: Readiness) -> str:
    if found.clients is None:
        return texts("Nobody said how many clients there are to remember.")
    return texts("Clients a manager, median: {n}.", n=texts.number(found.clients, None))


def _deals(texts: Texts, found: Readiness) -> str:
    share = _part(texts, found.forget)
    if found.deals is None:
        return texts("Cannot say without notes where their deals stand: {share}.", share=share)
    return texts(
        "Cannot say without notes where their deals stand: {share}; open deals, median: {n}.",
        share=share,
        n=texts.number(found.deals, None),
    )


def _absence(texts: Texts, found: Readiness) -> str:
    share = _part(texts, found.alone)
    if found.team is None:
        return texts("Nobody can stand in for them: {share}.", share=share)
    return texts(
        "Nobody can stand in for them: {share}; people in the team, median: {n}.",
        share=share,
        n=texts.number(found.team, None),
    )


def _hidden(texts: Texts, key: str, part: Fraction) -> str:
    name = HIDDEN[key]
    return f"{texts(name)} {_part(texts, part)}"


def _part(texts: Texts, part: Fraction) -> str:
    return texts("{part} of {whole}", part=texts.number(part.people), whole=texts.number(part.of))
