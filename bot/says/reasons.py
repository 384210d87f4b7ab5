"""The reasons why somebody is not asked, in words."""

from collections.abc import Mapping

from surveys.campaign.eligibility import Reason
from surveys.messages import mark

REASONS: Mapping[Reason, str] = {
    Reason.LEFT: mark("no longer on the company's list"),
    Reason.OUTSIDE_AUDIENCE: mark("outside the audience"),
    Reason.ANSWERED: mark("has answered in this wave already"),
    Reason.IN_WAVE: mark("is in this wave already"),
    Reason.CAMPAIGN_PAUSED: mark("the campaign was paused"),
    Reason.CAMPAIGN_CANCELLED: mark("the campaign was cancelled before their turn came"),
    Reason.NO_LINK: mark("not in Telegram yet and without a link"),
    Reason.NO_TELEGRAM: mark("not in Telegram yet, the link is unused"),
    Reason.NOT_CONSENTED: mark("in Telegram, has not agreed to be asked yet"),
    Reason.OPTED_OUT: mark("wants no invitations (/stop)"),
    Reason.UNREACHABLE: mark("blocked the bot"),
    Reason.SURVEY_OPEN: mark("has a survey open that is not finished"),
    Reason.ASKED_THIS_RECENTLY: mark("was asked this survey recently"),
    Reason.ASKED_RECENTLY: mark("was asked something recently"),
    Reason.NOT_SAMPLED: mark("not in the random sample"),
    Reason.QUOTA_FULL: mark("the quota was full"),
    Reason.QUIET_NOW: mark("quiet hours now: written to as soon as they are over"),
}
"""Why one person is not asked."""

WISHES: Mapping[bool, str] = {
    False: mark("wanted no more invitations (/stop)"),
    True: mark("wanted invitations again (/start)"),
}
"""What somebody said of invitations as a whole."""

OUTCOMES: Mapping[str, str] = {
    **{reason.value: words for reason, words in REASONS.items()},
    "link_unused": mark("got a personal link, has not opened it yet"),
    "queued": mark("invitation is waiting to be sent"),
    "sent": mark("invited, has not begun"),
    "opened": mark("opened the survey"),
    "started": mark("began to answer"),
    "finished": mark("answered"),
    "expired": mark("was invited, did not answer in time"),
    "undelivered": mark(
        "the survey closed before the invitation was delivered, as far as is known"
    ),
    "unknown": mark("nobody knows whether the invitation arrived"),
    "cancelled": mark("the campaign was cancelled before the invitation was sent"),
}
