"""The funnel: how far the invitations came, and who was not asked."""

from collections.abc import Mapping
from typing import Final, NamedTuple

from surveys.messages import mark
from surveys.reports.digest import Digest, FunnelSection, NotInvited
from surveys.reports.estimates import TwoGroups
from templates import charts
from templates.digest.shown import EstimateShown, estimate, two_groups
from templates.reasons import COUNTED
from templates.texts import Texts

STAGES: Final[Mapping[str, str]] = {
    "invited": mark("Invited"),
    "delivered": mark("Delivered"),
    "opened": mark("Opened"),
    "started": mark("Started"),
    "finished": mark("Finished"),
}


class StageShown(NamedTuple):
    """One stage, and how wide its bar is."""

    name: str
    n: str
    share: str
    width: float


class FunnelShown(NamedTuple):
    """The section; `not_invited` is the number of those who were not asked, empty for none."""

    stages: list[StageShown]
    response: EstimateShown | None
    completion: EstimateShown | None
    previous: EstimateShown | None
    late: str
    fates: str
    not_invited: str
    reasons: str


def funnel(texts: Texts, document: Digest) -> FunnelShown | None:
    """Return the funnel, None where nobody was invited and nobody was left out."""
    found = document.funnel
    if not (found.invited or found.not_invited_total):
        return None
    return FunnelShown(
        stages=_stages(texts, found),
        response=estimate(texts, "share", found.response),
        completion=estimate(texts, "share", found.completion),
        previous=estimate(texts, "share", found.previous_response),
        late=_late(texts, found.late),
        fates=_fates(texts, found),
        not_invited=texts.number(found.not_invited_total) if found.not_invited else "",
        reasons=", ".join(_reason(texts, each) for each in found.not_invited),
    )


def response(texts: Texts, document: Digest) -> str:
    """Say how many responded, empty where nobody received an invitation."""
    found = document.funnel
    if found.response is None:
        return ""
    return texts.plural(
        "Response rate {share}: {started} of {n} delivered invitation.",
        "Response rate {share}: {started} of {n} delivered invitations.",
        found.delivered,
        share=texts.percent(found.response.value / 100),
        started=texts.number(found.started),
    )


def _stages(texts: Texts, found: FunnelSection) -> list[StageShown]:
    shares = found.shares.by_stage()
    return [
        StageShown(
            name=texts(STAGES[stage]),
            n=texts.number(n),
            share=texts.percent(shares[stage] / 100),
            width=charts.position(shares[stage], 0, 100, 0, charts.ROW_WIDTH),
        )
        for stage, n in found.by_stage().items()
    ]


def _late(texts: Texts, found: TwoGroups | None) -> str:
    """Compare those who answered before and after the reminder; empty where they are too few."""
    if found is None:
        return ""
    written = two_groups(texts, found)
    return texts(
        "NPS of those who answered before the reminder: {early}; after it: {late}; difference "
        "{change}. Whoever needed a reminder is likest those who never answered.",
        early=written["first"],
        late=written["second"],
        change=written["change"],
    )


def _fates(texts: Texts, found: FunnelSection) -> str:
    rows = (
        (found.expired, texts("not finished in time")),
        (found.unreachable, texts("could not be reached")),
        (found.unknown, texts("of unknown delivery")),
    )
    return ", ".join(f"{texts.number(n)} {name}" for n, name in rows if n)


def _reason(texts: Texts, row: NotInvited) -> str:
    one, many = COUNTED[row.reason]
    return texts.plural(one, many, row.people)
