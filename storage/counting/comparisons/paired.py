"""The answers of both sides of a comparison, and of those people who answered on both."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import true

from storage.asking import definitions
from storage.counting.comparisons import sides
from storage.counting.comparisons.halves import Half
from storage.counting.comparisons.sides import NOTHING, MeasureAnswers
from storage.counting.dependence.colleagues import clusters, counts_of, firm_of
from storage.counting.pairs import Scores, joint
from storage.counting.scores import items_of
from storage.engine.reading import Reader
from surveys.counts.comparing import MeasurePair
from surveys.counts.figures import Clusters, Joint
from surveys.survey.definition import Survey


@dataclass(frozen=True, slots=True)
class PairedAnswers:
    """Both sides' answers by measure, and those of the same people."""

    before: Mapping[str, MeasureAnswers]
    after: Mapping[str, MeasureAnswers]
    both: Mapping[str, Joint]
    firms: Mapping[str, Clusters] = field(default_factory=dict)
    firms_of_both: Mapping[str, Clusters] = field(default_factory=dict)

    def pair(self, measure: str) -> MeasurePair:
        """Return a measure's pair, as yet without words."""
        first, second = self.before.get(measure, NOTHING), self.after.get(measure, NOTHING)
        return MeasurePair(
            measure=measure,
            before=first.counts,
            after=second.counts,
            both=self.both.get(measure, {}),
            firms=self.firms.get(measure, {}),
            firms_of_both=self.firms_of_both.get(measure, {}),
            partial_before=first.partial,
            partial_after=second.partial,
            points=min(one.points for one in (first, second) if one.points)
            if first.points or second.points
            else 101,
            anonymous=bool(first.anonymous or second.anonymous),
        )


async def indices(reader: Reader, first: Half, second: Half) -> PairedAnswers:
    """Return the answers by index."""
    required = await items_of(reader)
    before = await sides.indices(reader, first.source, required)
    after = await sides.indices(reader, second.source, required)
    then = await sides.index_scores(reader, first.source, required, first.also)
    now = await sides.index_scores(reader, second.source, required, second.also) if then else {}
    both = joint(then, now)
    colleagues = await firm_of(reader)
    if not colleagues:
        return PairedAnswers(before, after, both)
    named = [
        await sides.index_scores(reader, half.source, required, true()) for half in (first, second)
    ]
    return PairedAnswers(
        before, after, both, *_firms(colleagues, named, (before, after), (then, now))
    )


async def amounts(reader: Reader, first: Half, second: Half) -> PairedAnswers:
    """Return the answers by question for a number."""
    before, then = await sides.amounts(reader, first.source)
    after, now = await sides.amounts(reader, second.source)
    colleagues = await firm_of(reader)
    firms = _firms(colleagues, (then, now), (before, after), (then, now))
    return PairedAnswers(before, after, joint(then, now), *firms)


def _firms(
    colleagues: Mapping[int, int],
    named: Sequence[Scores],
    asked: Sequence[Mapping[str, MeasureAnswers]],
    pairs: Sequence[Scores],
) -> tuple[dict[str, Clusters], dict[str, Clusters]]:
    """Return the firms of all answers, and of those who answered both times."""
    counts = [{measure: one.counts for measure, one in side.items()} for side in asked]
    everybody = clusters(colleagues, *zip(named, counts, strict=True))
    both = pairs[0].keys() & pairs[1].keys()
    paired = [{key: score for key, score in side.items() if key in both} for side in pairs]
    return everybody, clusters(colleagues, *((side, counts_of(side)) for side in paired))


async def askers(reader: Reader, pairs: PairedAnswers, measure: str) -> Sequence[Survey]:
    """Return the survey versions whose answers stand on either side."""
    both = (pairs.before.get(measure, NOTHING), pairs.after.get(measure, NOTHING))
    numbers = sorted({number for side in both for number in side.versions})
    return [(await definitions.get(reader, number)).survey for number in numbers]
