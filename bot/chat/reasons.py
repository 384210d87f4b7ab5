"""The reasons why somebody is not asked, in words."""

from collections.abc import Mapping

from surveys.eligibility import Reason
from templates.texts import mark

REASONS: Mapping[Reason, str] = {
    Reason.LEFT: mark("no longer with us"),
    Reason.OUTSIDE_AUDIENCE: mark("outside the audience"),
    Reason.ANSWERED: mark("answered this wave already"),
    Reason.IN_WAVE: mark("already in this campaign"),
    Reason.CAMPAIGN_PAUSED: mark("the campaign is paused"),
    Reason.CAMPAIGN_CANCELLED: mark("the campaign was cancelled before their turn came"),
    Reason.NO_LINK: mark("not in Telegram and without a link yet"),
    Reason.NO_TELEGRAM: mark("not in Telegram yet"),
    Reason.NOT_CONSENTED: mark("have not agreed to be asked"),
    Reason.OPTED_OUT: mark("unsubscribed"),
    Reason.UNREACHABLE: mark("blocked the bot"),
    Reason.SURVEY_OPEN: mark("have another survey open"),
    Reason.ASKED_THIS_RECENTLY: mark("answered or were asked this survey recently"),
    Reason.ASKED_RECENTLY: mark("asked something recently"),
    Reason.NOT_SAMPLED: mark("not drawn into the sample"),
    Reason.QUOTA_FULL: mark("the quota is full"),
    Reason.QUIET_NOW: mark("quiet hours now: written to as soon as they are over"),
}
"""In the plural, after a number."""

OUTCOMES: Mapping[str, str] = {
    **{reason.value: words for reason, words in REASONS.items()},
    "link_unused": mark("got a personal link, has not opened it yet"),
    "queued": mark("invitation is waiting to be sent"),
    "sent": mark("invited, has not begun"),
    "opened": mark("opened the survey"),
    "started": mark("began to answer"),
    "finished": mark("answered"),
    "expired": mark("was invited, did not answer in time"),
    "declined": mark("was invited, did not want to answer"),
    "unknown": mark("nobody knows whether the invitation arrived"),
    "cancelled": mark("the campaign was cancelled before the invitation was sent"),
}
