"""Made-up companies whose truth is known: how often does a digest say what is not so?

Customers answer three loyalty items (the first is the NPS) and five quality items from one latent
attitude; periods are unchanged, partly changed, at the ceiling, share most of their people, or
colleagues of one firm think alike.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from scoring.changes.multiple import FAMILY_ERROR
from scoring.reports.family import ComparisonKey, Judged, family
from surveys.counts.figures import (
    Baseline,
    Clusters,
    DigestFigures,
    Firm,
    MeasureCounts,
    PeriodFigures,
)
from surveys.reports.estimates import Verdict
from tests.scoring.reports import digest_samples as samples

Array = NDArray[np.float64]
SAID: Final = {Verdict.BETTER, Verdict.WORSE}
DECIMALS: Final = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """How customers answer. `loyal`, `good`: latent means of the items, on their scales.

    `fallen`: by how much the quality items fell since both earlier periods; `returning`: the part
    of the people who answer in every period.
    """

    n: int
    loyal: float = 8.0
    good: float = 4.0
    spread: float = 2.0
    fallen: float = 0.0
    returning: float = 0.0
    firms: int = 0
    stay: bool = False
    largest: float = 0.0


ALIKE: Final = 1 / 2
SETTINGS: Final[Mapping[str, Setting]] = {
    "unchanged, n = 10": Setting(n=10),
    "unchanged, n = 30": Setting(n=30),
    "unchanged, n = 100": Setting(n=100),
    "quality fell, n = 30": Setting(n=30, fallen=1.0),
    "quality fell, n = 100": Setting(n=100, fallen=1.0),
    "quality fell a little, n = 100": Setting(n=100, fallen=0.35),
    "ceiling, n = 10": Setting(n=10, loyal=11.5, good=5.5),
    "ceiling, n = 30": Setting(n=30, loyal=11.5, good=5.5),
    "ceiling, n = 100": Setting(n=100, loyal=11.5, good=5.5),
    "four in five return, n = 30": Setting(n=30, returning=0.8),
    "four in five return, n = 100": Setting(n=100, returning=0.8),
    "return at the ceiling, n = 30": Setting(n=30, loyal=11.5, good=5.5, returning=0.8),
    "6 firms, others each time, n = 36": Setting(n=36, firms=6),
    "15 firms, others each time, n = 90": Setting(n=90, firms=15),
    "15 firms, one of them a third, n = 90": Setting(n=90, firms=15, largest=1 / 3),
    "15 firms at the ceiling, n = 90": Setting(n=90, firms=15, loyal=11.5, good=5.5),
    "15 firms, people return, n = 90": Setting(n=90, firms=15, returning=0.8, stay=True),
}


@dataclass(frozen=True, slots=True)
class Told:
    """Of so many digests: those with a word of a measure that did not change; words that hold.

    `fixed`: the words that would hold were every comparison held against .05/k.
    """

    digests: int
    false: int
    true: int
    fixed: int

    @property
    def false_share(self) -> float:
        """The part of digests that say what is not so."""
        return self.false / self.digests


def told(setting: Setting, digests: int, seed: int, *, blind: bool = False) -> Told:
    """Return what so many digests of a setting said; `blind`: knowing of no colleagues."""
    chance = np.random.default_rng(seed)
    false = true = fixed = 0
    for _ in range(digests):
        made = company(setting, chance)
        words = family(_without_firms(made) if blind else made).judged
        said = {key for key, one in words.items() if one.verdict in SAID}
        right = {key for key in said if key.measure == "service_quality" and setting.fallen}
        false += bool(said - right)
        true += len(right)
        fixed += len(right & _bonferroni(words))
    return Told(digests, false, true, fixed)


def _bonferroni(words: Mapping[ComparisonKey, Judged]) -> set[ComparisonKey]:
    allowed = FAMILY_ERROR / len(words)
    return {key for key, one in words.items() if one.change.p_of_sign <= allowed}


def _without_firms(figures: DigestFigures) -> DigestFigures:
    blind = {key: replace(one, firms={}) for key, one in figures.baselines.items()}
    return replace(figures, firms={}, baselines=blind)


def company(setting: Setting, chance: Generator) -> DigestFigures:
    """Return one company's counts: the period, the one before, and a baseline wave."""
    same = round(setting.n * setting.returning)
    known = chance.standard_normal((same, 1))
    firms = [chance.standard_normal(setting.firms) for _ in range(3)]
    waves = [
        _wave(
            replace(setting, fallen=setting.fallen if wave == 2 else 0.0),
            known,
            firms[0 if setting.stay else wave],
            chance,
        )
        for wave in range(3)
    ]
    quiet = samples.empty()
    return replace(
        quiet,
        current=_period(quiet.current, waves[2]),
        previous=_period(quiet.previous, waves[1]),
        overlap={key: _joint(waves[1][key], waves[2][key], same) for key in waves[2]},
        baselines={
            key: Baseline(
                7,
                "",
                "",
                samples.NOW,
                _counts(key, scores),
                _joint(scores, waves[2][key], same),
                firms=_clusters(setting, key, scores, waves[2][key]),
            )
            for key, scores in waves[0].items()
        },
        firms={key: _clusters(setting, key, waves[1][key], waves[2][key]) for key in waves[2]},
    )


def _members(setting: Setting) -> NDArray[np.int64]:
    """Return the firm of each person; whoever returns is in the same one."""
    of = np.arange(setting.n) % setting.firms
    of[setting.n - round(setting.n * setting.largest) :] = 0
    return of


def _clusters(setting: Setting, key: str, before: Array, after: Array) -> Clusters:
    if not setting.firms:
        return {}
    of = _members(setting)
    values = [
        100.0 * ((given > 8).astype(float) - (given <= 6)) if key == "nps" else given
        for given in (before, after)
    ]
    found: Counter[Firm] = Counter()
    for firm in range(setting.firms):
        mine = of == firm
        first, second = ((int(mine.sum()), float(given[mine].sum())) for given in values)
        pairs = [(first, second)] if setting.stay else [(first, (0, 0.0)), ((0, 0.0), second)]
        found.update(pairs)
    return dict(found)


def _wave(setting: Setting, known: Array, firms: Array, chance: Generator) -> dict[str, Array]:
    """Return measure → every person's score, those who always answer first."""
    new = chance.standard_normal((setting.n - len(known), 1))
    attitude = np.vstack([known, new])
    if setting.firms:
        theirs = firms[_members(setting)][:, None]
        attitude = np.sqrt(ALIKE) * theirs + np.sqrt(1 - ALIKE) * attitude
    loyal = _items(setting.loyal, setting.spread, (0, 10), 3, attitude, chance)
    good = _items(setting.good - setting.fallen, setting.spread / 2, (1, 5), 5, attitude, chance)
    return {
        "nps": loyal[:, 0],
        "loyalty_index": np.round(10 * loyal.mean(axis=1), DECIMALS),
        "service_quality": np.round(25 * (good.mean(axis=1) - 1), DECIMALS),
    }


def _items(
    mean: float,
    spread: float,
    ends: tuple[int, int],
    count: int,
    attitude: Array,
    chance: Generator,
) -> Array:
    noise = chance.standard_normal((len(attitude), count))
    raw = mean + spread * np.sqrt(0.5) * (attitude + noise)
    answers: Array = np.clip(np.rint(raw), *ends)
    return answers


POINTS: Final = {"nps": 11, "loyalty_index": 31, "service_quality": 21}


def _period(period: PeriodFigures, scores: Mapping[str, Array]) -> PeriodFigures:
    measures = tuple(_counts(key, given) for key, given in scores.items())
    return replace(period, measures=measures)


def _counts(key: str, scores: Array) -> MeasureCounts:
    counts = dict(sorted(Counter(scores.tolist()).items()))
    return MeasureCounts(key, "all", "", "", counts, 0, POINTS[key])


def _joint(before: Array, after: Array, same: int) -> dict[tuple[float, float], int]:
    pairs = zip(before[:same].tolist(), after[:same].tolist(), strict=True)
    return dict(Counter(pairs))
