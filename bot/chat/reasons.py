"""The reasons why somebody is not asked, in words."""

from collections.abc import Mapping

from surveys.eligibility import Reason
from templates.texts import mark


def plural(one: str, many: str) -> tuple[str, str]:
    """Mark the two forms of a text that goes with a number."""
    return one, many


COUNTED: Mapping[Reason, tuple[str, str]] = {
    Reason.LEFT: plural("{n} no longer on the list", "{n} no longer on the list"),
    Reason.OUTSIDE_AUDIENCE: plural("{n} outside the audience", "{n} outside the audience"),
    Reason.ANSWERED: plural("{n} has answered in this wave", "{n} have answered in this wave"),
    Reason.IN_WAVE: plural("{n} in this wave already", "{n} in this wave already"),
    Reason.CAMPAIGN_PAUSED: plural("{n} while it is paused", "{n} while it is paused"),
    Reason.CAMPAIGN_CANCELLED: plural(
        "{n} when the campaign was cancelled", "{n} when the campaign was cancelled"
    ),
    Reason.NO_LINK: plural(
        "{n} not in Telegram yet and without a link", "{n} not in Telegram yet and without a link"
    ),
    Reason.NO_TELEGRAM: plural("{n} not in Telegram yet", "{n} not in Telegram yet"),
    Reason.NOT_CONSENTED: plural("{n} has not agreed", "{n} have not agreed"),
    Reason.OPTED_OUT: plural("{n} unsubscribed", "{n} unsubscribed"),
    Reason.UNREACHABLE: plural("{n} blocked the bot", "{n} blocked the bot"),
    Reason.SURVEY_OPEN: plural("{n} with an open survey", "{n} with an open survey"),
    Reason.ASKED_THIS_RECENTLY: plural(
        "{n} was asked this survey recently", "{n} were asked this survey recently"
    ),
    Reason.ASKED_RECENTLY: plural("{n} asked recently", "{n} asked recently"),
    Reason.NOT_SAMPLED: plural("{n} not in the sample", "{n} not in the sample"),
    Reason.QUOTA_FULL: plural("{n} beyond the quota", "{n} beyond the quota"),
    Reason.QUIET_NOW: plural("{n} in quiet hours", "{n} in quiet hours"),
}
"""How many people are not asked, and why."""

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
