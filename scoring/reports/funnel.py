"""The digest's funnel: how far the period's invitations came, and who was not asked."""

from scoring.reports.digest_measures import share
from scoring.reports.groups import two_groups
from surveys.counts.figures import DigestFigures, Funnel
from surveys.reports.digest import FunnelSection, NotInvited, StageShares


def funnel(figures: DigestFigures) -> FunnelSection:
    """Return the stages, the response of this period and the one before, and the reasons."""
    now, before = figures.current.funnel, figures.previous.funnel
    reasons = sorted((now.not_invited or {}).items(), key=lambda pair: (-pair[1], pair[0]))
    return FunnelSection(
        invited=now.invited,
        delivered=now.delivered,
        opened=now.opened,
        started=now.started,
        finished=now.finished,
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


def _shares(now: Funnel) -> StageShares:
    invited = max(now.invited, 1)
    return StageShares(
        invited=100 * now.invited / invited,
        delivered=100 * now.delivered / invited,
        opened=100 * now.opened / invited,
        started=100 * now.started / invited,
        finished=100 * now.finished / invited,
    )
