"""The reasons why people are not asked, in words that go with their number."""

from collections.abc import Mapping
from typing import Final


def plural(one: str, many: str) -> tuple[str, str]:
    """Mark the two forms of a text that goes with a number."""
    return one, many


COUNTED: Final[Mapping[str, tuple[str, str]]] = {
    "left": plural("{n} no longer on the list", "{n} no longer on the list"),
    "outside_audience": plural("{n} outside the audience", "{n} outside the audience"),
    "answered": plural("{n} has answered in this wave", "{n} have answered in this wave"),
    "in_wave": plural("{n} in this wave already", "{n} in this wave already"),
    "campaign_paused": plural("{n} while it is paused", "{n} while it is paused"),
    "campaign_cancelled": plural(
        "{n} when the campaign was cancelled", "{n} when the campaign was cancelled"
    ),
    "no_link": plural(
        "{n} not in Telegram yet and without a link", "{n} not in Telegram yet and without a link"
    ),
    "no_telegram": plural("{n} not in Telegram yet", "{n} not in Telegram yet"),
    "not_consented": plural("{n} has not agreed", "{n} have not agreed"),
    "opted_out": plural("{n} unsubscribed", "{n} unsubscribed"),
    "unreachable": plural("{n} blocked the bot", "{n} blocked the bot"),
    "survey_open": plural("{n} with an open survey", "{n} with an open survey"),
    "asked_this_recently": plural(
        "{n} was asked this survey recently", "{n} were asked this survey recently"
    ),
    "asked_recently": plural("{n} asked recently", "{n} asked recently"),
    "not_sampled": plural("{n} not in the sample", "{n} not in the sample"),
    "quota_full": plural("{n} beyond the quota", "{n} beyond the quota"),
    "quiet_now": plural("{n} in quiet hours", "{n} in quiet hours"),
}
"""How many are not asked, by the name of the reason (`surveys.campaign.eligibility.Reason`)."""
