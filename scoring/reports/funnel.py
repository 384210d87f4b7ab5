"""The digest's funnel: how far the period's invitations came, and who was not asked."""

from scoring.reports.digest_measures import share
from scoring.reports.groups import two_groups
from surveys.counts.figures import DigestFigures
from surveys.counts.stages import Stages
from surveys.reports.digest import FunnelSection, NotInvited


def funnel(figures: DigestFigures) -> FunnelSection:
    """Return the stages, the response of this period and the one before, and the reasons."""
    now, before = figures.current.funnel, figures.previous.funnel
    reasons = sorted((now.not_invited or {}).items(), key=lambda pair: (-pair[1], pair[0]))
    return FunnelSection(
        **now.by_stage(),
        shares=_shares(now),
        expired=now.expired,
        unreachable=now.unreachable,
        unknown=now.unknown,
        response=share(now.started, now.delivered),
        completion=share(now.finished, now.started),
        previous_response=share(before.started, before.delivered),
        not_invited=tuple(NotInvited(reason=reason, people=people) for reason, people in reasons),
        not_invited_total=sum(people for _, people in reasons),
        late=two_groups(figures.asked.early, figures.asked.late),
    )


def _shares(now: Stages[int]) -> Stages[float]:
    return Stages(**{stage: 100 * n / max(now.invited, 1) for stage, n in now.by_stage().items()})
