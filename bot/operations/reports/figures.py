"""What a digest and the criteria page are computed from: loaded here for both, so they agree."""

from dataclasses import replace

from storage.counting import figures, purchases
from storage.counting.comparisons import baselines
from storage.database import Reader
from storage.people import workspace
from storage.weights import versions
from surveys.counts.figures import DigestFigures, Margins
from surveys.messages import Language
from surveys.periods import Period, Zone, months_until, previous
from surveys.reports.scope import COMPANY, Scope


async def figures_of(
    reader: Reader,
    period: Period,
    zone: Zone,
    language: Language,
    scope: Scope = COMPANY,
    against: Period | None = None,
) -> DigestFigures:
    """Return a period's figures with the company's choices; customers' words are as they are.

    `against` is the period it is compared with, the one before by default.
    A scope narrower than the company has no baselines and no purchases: they are the company's.
    """
    earlier = against or previous(period, zone)
    numbers = await figures.digest_figures(
        reader, period, earlier, months_until(period, zone, 12), zone, language, scope
    )
    space = await workspace.get(reader)
    usual = Margins()
    margins = Margins(
        usual.nps if space.margin_nps is None else space.margin_nps,
        usual.index if space.margin_index is None else space.margin_index,
    )
    if scope != COMPANY:
        return replace(numbers, margins=margins)
    since = await baselines.of_period(reader, period, zone)
    adopted = await versions.latest(reader)
    numbers = replace(numbers, baselines=since, margins=margins, weights=adopted)
    if space.loyal_repeats is None:
        return numbers
    return replace(
        numbers,
        loyal_repeats=space.loyal_repeats,
        purchases=await purchases.repeat_purchases(reader, period),
        purchases_before=await purchases.repeat_purchases(reader, earlier),
    )
