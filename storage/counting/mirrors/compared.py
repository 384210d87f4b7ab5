"""Mirror items: a manager's own answer beside the customers' answers to the same question."""

import math
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import Select, case, func, select

from storage.counting.dependence.colleagues import firm_of, of_values
from storage.counting.mirrors.scales import Scales, on, scales_in
from storage.counting.scores import EVERYBODY, OF_QUESTION, Which, by_item
from storage.counting.words import labelled
from storage.engine.reading import Reader
from storage.people.names import told_apart
from storage.tables.surveys import anonymous_answers as sheet_answers
from storage.tables.surveys import anonymous_sheets as sheets
from storage.tables.surveys import answers, definitions, invitations, questions
from surveys.counts.figures import MirrorItem, MirrorProfile
from surveys.messages import Language
from surveys.periods import Period

if TYPE_CHECKING:
    from surveys.survey.definition import Audience

_DECIMALS = 10


@dataclass(frozen=True, slots=True)
class _Item:
    label: str
    low: int
    high: int


Own = Mapping[tuple[int, str], float]
"""Manager and item → the manager's own score."""
OfFirm = tuple[int | None, float, int]
"""A firm, a score, and how many of its people gave it."""
MirrorAnswers = tuple[int | None, Mapping[str, float], int, int | None]
"""A manager, scores by item from customers, how many customers gave exactly these, their firm.

The firm is None for those who have no colleagues.
"""


_ITEMS = select(questions.c.mirror).where(questions.c.mirror.is_not(None)).distinct()


async def counted(
    reader: Reader, start: datetime, end: datetime, only: Which
) -> list[MirrorAnswers]:
    """Count the customers who gave a manager the same scores.

    A respondent counts once per item, with the latest answer, which belongs to the manager of its
    invitation.
    """
    items = sorted(await reader.scalars(_ITEMS))
    firms = await firm_of(reader)
    scales = await scales_in(reader, start, end)
    alike: Counter[tuple[int | None, tuple[float | None, ...], int | None]] = Counter()
    for manager, person, *scores in await reader.tuples(
        _sheets(_latest(start, end, "customers", only & on(scales)), items)
    ):
        alike[manager, tuple(scores), firms.get(person)] += 1
    return [
        (manager, by_item(items, scores), count, firm)
        for (manager, scores, firm), count in alike.items()
    ]


def _sheets(latest: Select[tuple[object, ...]], items: Sequence[str]) -> Select[tuple[Any, ...]]:
    """Return a row a customer and manager, with a score an item: a row a score takes five times."""
    given = latest.subquery()
    scores = (func.max(case((given.c.mirror == item, given.c.score))) for item in items)
    who = given.c.manager_id, given.c.person_id
    return select(*who, *scores).group_by(*who)


async def mirrored(
    reader: Reader,
    period: Period,
    months: Collection[str],
    sheets: Sequence[MirrorAnswers],
    company: str,
    language: Language,
    *,
    everyone: bool = True,
) -> tuple[tuple[MirrorItem, ...], tuple[MirrorProfile, ...]]:
    """Return the mirror items of all managers in a period, and the profiles of those who answered.

    Managers have items if they answered, or if customers answered about them. A profile holds the
    manager's mean over the items against each customer's. `sheets` are the period's, as `counted`;
    `company` names all customers' answers, released anonymous ones too. Managers whom no answer is
    about are left out unless `everyone` is wanted.
    """
    scales = await scales_in(reader, period.start, period.end)
    known = await _known_items(reader, company, language, scales)
    own = {
        (row["person_id"], row["mirror"]): row["score"]
        for row in await reader.all(_latest(period.start, period.end, "managers", on(scales)))
    }
    theirs, everybody, firms = _tallies(sheets)
    if not everyone:
        about = {manager for manager, _ in theirs}
        own = {key: score for key, score in own.items() if key[0] in about}
    for row in await reader.all(_anonymous(months, on(scales))):
        everybody[row["mirror"]][row["score"]] += row["count"]
    asked = [item for item in known if everybody[item] or any(key == item for _, key in own)]
    names = await told_apart(reader, {manager for manager, _ in (*own, *theirs)})
    items = tuple(
        MirrorItem(
            manager_id=manager,
            manager=name,
            item=item,
            label=known[item].label,
            low=known[item].low,
            high=known[item].high,
            self_score=own.get((manager, item)),
            customers=dict(sorted(theirs.get((manager, item), {}).items())),
            company=dict(sorted(everybody[item].items())),
            firms=of_values(firms.get((manager, item), ())),
        )
        for manager, name in names.items()
        for item in asked
    )
    return items, tuple(_profiles(names, known, own, sheets))


def _profiles(
    names: Collection[int], known: Mapping[str, _Item], own: Own, sheets: Sequence[MirrorAnswers]
) -> Iterator[MirrorProfile]:
    by_manager: dict[int | None, list[MirrorAnswers]] = defaultdict(list)
    for sheet in sheets:
        by_manager[sheet[0]].append(sheet)
    for manager in names:
        mine = {item: own[manager, item] for item in known if (manager, item) in own}
        scales = {item: known[item] for item in sorted(mine)}
        means: list[OfFirm] = [
            (firm, _mean(scales, given), count)
            for _, given, count, firm in by_manager[manager]
            if mine and mine.keys() <= given.keys()
        ]
        if means:
            theirs: Counter[float] = Counter()
            for _, mean, count in means:
                theirs[mean] += count
            yield MirrorProfile(
                manager_id=manager,
                own=_mean(scales, mine),
                customers=dict(sorted(theirs.items())),
                points=sum(known[item].high - known[item].low for item in mine) + 1,
                firms=of_values(means),
            )


def _mean(scales: Mapping[str, _Item], sheet: Mapping[str, float]) -> float:
    """Return the mean over the scales' items on 0–100, identical for identical answers."""
    parts = [
        100 * (sheet[item] - scale.low) / (scale.high - scale.low) for item, scale in scales.items()
    ]
    return round(math.fsum(parts) / len(parts), _DECIMALS)


def _tallies(
    sheets: Sequence[MirrorAnswers],
) -> tuple[
    dict[tuple[int, str], dict[float, int]],
    dict[str, Counter[float]],
    dict[tuple[int, str], list[OfFirm]],
]:
    by_manager: dict[tuple[int | None, str], dict[float, int]] = defaultdict(dict)
    firms: dict[tuple[int, str], list[OfFirm]] = defaultdict(list)
    colleagues = any(firm is not None for _, _, _, firm in sheets)
    for manager, given, count, firm in sheets:
        for item, score in given.items():
            found = by_manager[manager, item]
            found[score] = found.get(score, 0) + count
            if colleagues and manager is not None:
                firms[manager, item].append((firm, score, count))
    everybody: dict[str, Counter[float]] = defaultdict(Counter)
    for (_, item), found in by_manager.items():
        everybody[item].update(found)
    theirs = {
        (manager, item): found
        for (manager, item), found in by_manager.items()
        if manager is not None
    }
    return theirs, everybody, firms


async def _known_items(
    reader: Reader, company: str, language: Language, scales: Scales
) -> dict[str, _Item]:
    """Return the items in their order; the customers' latest wording counts, on the given scale."""
    customers_last = definitions.c.audience.desc()
    rows = await reader.all(
        select(questions.c.mirror, questions.c.label, questions.c.low, questions.c.high)
        .join(definitions, definitions.c.id == questions.c.definition_id)
        .where(questions.c.mirror.is_not(None))
        .order_by(
            customers_last, definitions.c.published_at, definitions.c.id, questions.c.position
        )
    )
    found = {}
    for row in rows:
        low, high = scales.get(row["mirror"], (row["low"], row["high"]))
        label = labelled(row["label"], language, company)
        found[row["mirror"]] = _Item(label, int(low), int(high))
    return found


def _latest(
    start: datetime, end: datetime, audience: "Audience", only: Which = EVERYBODY
) -> Select[tuple[object, ...]]:
    latest_first = answers.c.answered_at.desc(), answers.c.id.desc()
    respondent_item = (invitations.c.person_id, questions.c.mirror)
    rank = func.row_number().over(partition_by=respondent_item, order_by=latest_first)
    given = (
        select(
            *respondent_item,
            invitations.c.manager_id,
            answers.c.score,
            rank.label("rank"),
        )
        .select_from(questions)
        .join(definitions, definitions.c.id == questions.c.definition_id)
        .join(answers, OF_QUESTION)
        .join(invitations, invitations.c.id == answers.c.invitation_id)
        .where(
            questions.c.mirror.is_not(None),
            definitions.c.kind == "relationship",
            definitions.c.audience == audience,
            only,
            answers.c.answered_at >= start,
            answers.c.answered_at < end,
            answers.c.score.is_not(None),
        )
        .subquery()
    )
    return select(given).where(given.c.rank == 1)


def _anonymous(months: Collection[str], only: Which) -> Select[tuple[object, ...]]:
    return (
        select(questions.c.mirror, sheet_answers.c.score, func.count().label("count"))
        .select_from(sheets)
        .join(definitions, definitions.c.id == sheets.c.definition_id)
        .join(sheet_answers, sheet_answers.c.sheet_id == sheets.c.id)
        .join(
            questions,
            (questions.c.definition_id == sheets.c.definition_id)
            & (questions.c.key == sheet_answers.c.question_key),
        )
        .where(
            sheets.c.month.in_(months),
            questions.c.mirror.is_not(None),
            only,
            definitions.c.kind == "relationship",
            definitions.c.audience == "customers",
            sheet_answers.c.score.is_not(None),
        )
        .group_by(questions.c.mirror, sheet_answers.c.score)
    )
