"""Companies at the ends: a single answer, nothing but promoters, ten managers, two hundred."""

from collections import Counter
from dataclasses import replace
from random import Random

from surveys.counts.figures import DigestFigures, Funnel, MeasureCounts, MirrorItem, MirrorProfile
from tests.scoring.reports import digest_samples as samples
from tests.scoring.reports.digest_samples import Language

NAMES = (
    "Александра Константинопольская",
    "Ян Ли",
    "Мария-Антуанетта Красносельская-Преображенская",
)


def single() -> DigestFigures:
    """Return a month with one answer."""
    return _of({10.0: 1})


def promoters() -> DigestFigures:
    """Return a month in which everybody gave a ten, and all items the best."""
    found = _of({10.0: 40})
    best = {100.0: 40}
    measures = (
        *found.current.measures,
        *(MeasureCounts(key, "all", "", "", best, 0, 21) for key in ("loyalty_index", "csat")),
        MeasureCounts("service_quality", "all", "", "", best, 0, 21),
    )
    mirrors = tuple(
        MirrorItem(1, samples.MANAGERS[0], item, label["ru"], 1, 5, 5.0, {5.0: 20}, {5.0: 20})
        for item, label in samples.ITEMS.items()
    )
    profiles = (MirrorProfile(1, 100.0, {100.0: 20}, 21),)
    return replace(
        found,
        current=replace(found.current, measures=measures),
        mirrors=mirrors,
        profiles=profiles,
    )


def with_managers(managers: int, language: Language = "ru", seed: int = 3) -> DigestFigures:
    """Return a quarter of a company of so many managers, each with customers and a mirror."""
    random = Random(seed)
    found = samples.rich(language)
    rows, items, profiles = [], [], []
    everybody: Counter[float] = Counter()
    for number in range(1, managers + 1):
        name = f"{NAMES[number % len(NAMES)]} {number}"
        given = samples.scores(random, random.randint(8, 40), random.uniform(-1, 1.5))
        everybody += given
        rows.append((str(number), name, given))
        means = Counter(5.0 * min(max(round(random.gauss(14, 3)), 0), 20) for _ in range(20))
        profiles.append(MirrorProfile(number, random.choice((75.0, 100.0)), means, 21))
        for item, label in samples.ITEMS.items():
            customers = Counter(float(random.randint(3, 5)) for _ in range(20))
            own = float(random.randint(3, 5))
            items.append(
                MirrorItem(number, name, item, label[language], 1, 5, own, customers, {4.0: 900})
            )
    kept = tuple(
        row for row in found.current.measures if row.measure != "nps" and row.group_kind == "all"
    )
    measures = (*kept, samples.whole("nps", everybody), *samples.grouped("manager", rows))
    return replace(
        found,
        current=replace(found.current, measures=measures, funnel=_funnel(sum(everybody.values()))),
        overlap={},
        breakdowns=(),
        mirrors=tuple(items),
        profiles=tuple(profiles),
    )


def _of(counts: dict[float, int]) -> DigestFigures:
    found = samples.sparse()
    measures = (
        samples.whole("nps", Counter(counts)),
        *samples.grouped("manager", [("1", samples.MANAGERS[0], Counter(counts))]),
    )
    current = replace(found.current, measures=measures, funnel=_funnel(sum(counts.values())))
    return replace(found, current=current, months=(current,), mirrors=(), comments=())


def _funnel(answered: int) -> Funnel:
    """Return the way to so many answers: some were not reached, some did not open, some began."""
    invited, delivered, opened, started = (
        answered + answered * share // 100 for share in (90, 80, 40, 10)
    )
    return Funnel(invited, delivered, opened, started, finished=answered)
