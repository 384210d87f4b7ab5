"""What can be chosen about a campaign with buttons: each choice is a changed plan. Pure."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.chat.campaigns.campaign_typed import ONCE_THEN
from surveys.campaign.plan import Plan, When, Window
from surveys.messages import mark
from templates.texts import Texts

DAYS = (30, 90, 180, 365)
SAMPLES = (50, 100, 200, 500)
WINDOWS = ((9, 12), (10, 18), (12, 15), (17, 20))
SPREADS = (2, 8, 24, 72)
EVENT = "deal-closed"
_NAMED = 5


@dataclass(frozen=True, slots=True)
class Facts:
    """What there is to choose from among the company's people; `managers`: CRM id → name.

    `after_deals`: the survey may follow a deal, as only transactional ones may.
    """

    segments: Sequence[str] = ()
    managers: Mapping[str, str] = field(default_factory=dict)
    teams: Sequence[str] = ()
    statuses: Sequence[str] = ()
    attributes: Mapping[str, Sequence[str]] = field(default_factory=dict)
    after_deals: bool = False


@dataclass(frozen=True, slots=True)
class Choice:
    """A button: what it says, whether it holds now, and the plan after a tap."""

    label: str
    chosen: bool
    plan: Plan


def _with(plan: Plan, part: str, **values: Any) -> Plan:
    """Return the plan with some values of its audience or rules changed."""
    changed = getattr(plan, part).model_copy(update=values)
    return plan.model_copy(update={part: changed})


def _toggles(plan: Plan, name: str, offered: Iterable[tuple[str, str]]) -> list[Choice]:
    """Return one choice per word of a list in the audience: a tap adds or removes it."""
    present = getattr(plan.audience, name)
    choices = []
    for value, label in offered:
        chosen = value in present
        words = tuple(one for one in present if one != value) if chosen else (*present, value)
        choices.append(Choice(label, chosen, _with(plan, "audience", **{name: words})))
    return choices


def _segments(plan: Plan, facts: Facts, _: Texts) -> list[Choice]:
    return _toggles(plan, "segments", ((one, one) for one in facts.segments))


def _managers(plan: Plan, facts: Facts, _: Texts) -> list[Choice]:
    return _toggles(plan, "managers", facts.managers.items())


def _teams(plan: Plan, facts: Facts, _: Texts) -> list[Choice]:
    return _toggles(plan, "teams", ((one, one) for one in facts.teams))


def _statuses(plan: Plan, facts: Facts, _: Texts) -> list[Choice]:
    return _toggles(plan, "statuses", ((one, one) for one in facts.statuses))


def _attributes(plan: Plan, facts: Facts, _: Texts) -> list[Choice]:
    present = dict(plan.audience.attributes)
    choices = []
    for key, values in facts.attributes.items():
        for value in values:
            chosen = present.get(key) == value
            changed = {name: has for name, has in present.items() if name != key}
            changed |= {} if chosen else {key: value}
            after = _with(plan, "audience", attributes=changed)
            choices.append(Choice(f"{key}: {value}", chosen, after))
    return choices


def _purchase(plan: Plan, _: Facts, texts: Texts) -> list[Choice]:
    within, since = plan.audience.purchased_within_days, plan.audience.no_purchase_for_days
    neither = {"purchased_within_days": None, "no_purchase_for_days": None}
    anybody = _with(plan, "audience", **neither)
    choices = [Choice(texts("does not matter"), within is since is None, anybody)]
    for days in DAYS:
        label = texts.plural("bought within {n} day", "bought within {n} days", days)
        after = _with(plan, "audience", **(neither | {"purchased_within_days": days}))
        choices.append(Choice(label, within == days, after))
    for days in DAYS:
        label = texts.plural("no purchase for {n} day", "no purchase for {n} days", days)
        after = _with(plan, "audience", **(neither | {"no_purchase_for_days": days}))
        choices.append(Choice(label, since == days, after))
    return choices


def _sample(plan: Plan, _: Facts, texts: Texts) -> list[Choice]:
    present = plan.audience.sample
    everybody = Choice(texts("everybody"), present is None, _with(plan, "audience", sample=None))
    return [everybody] + [
        Choice(texts.number(size), present == size, _with(plan, "audience", sample=size))
        for size in _among(SAMPLES, present)
    ]


def _when(plan: Plan, facts: Facts, texts: Texts) -> list[Choice]:
    offered = [
        (texts("once, now"), When()),
        (texts("every week, on Monday"), When(repeat="weekly")),
        (texts("every month, on the 1st"), When(repeat="monthly")),
        (texts("every month, on its last day"), When(repeat="month-end")),
        (texts("every quarter, on its 1st day"), When(repeat="quarterly")),
    ]
    if facts.after_deals:
        offered += [
            (texts("after a closed deal"), When(event=EVENT)),
            (texts("a day after a closed deal"), When(event=EVENT, after_hours=24)),
        ]
    for days in DAYS[1:]:
        label = texts.plural(
            "when there was no purchase for {n} day",
            "when there was no purchase for {n} days",
            days,
        )
        offered.append((label, When(inactive_days=days)))
    by_rule = (_by_rule(plan, label, when, texts) for label, when in offered)
    return [*_on_a_day(plan, texts), *by_rule]


def _on_a_day(plan: Plan, texts: Texts) -> list[Choice]:
    """Return the day that was typed."""
    when = plan.when
    if when.repeat != ONCE_THEN or when.first is None:
        return []
    label = texts("once, on {day} at {time}", day=texts.date(when.first), time=f"{when.at:%H:%M}")
    return [Choice(label, chosen=True, plan=plan)]


def _by_rule(plan: Plan, label: str, when: When, texts: Texts) -> Choice:
    """Return the choice of the usual hour, or of another one that was typed."""
    chosen = plan.when.model_copy(update={"at": when.at}) == when
    if chosen and plan.when.at != when.at:
        label = texts("{when} at {time}", when=label, time=f"{plan.when.at:%H:%M}")
        when = plan.when
    return Choice(label, chosen, plan.model_copy(update={"when": when}))


def _window(plan: Plan, _: Facts, texts: Texts) -> list[Choice]:
    any_time = plan.model_copy(update={"window": None})
    choices = [Choice(texts("whenever it is not quiet"), plan.window is None, any_time)]
    for start, end in WINDOWS:
        window = Window.model_validate({"from": start, "until": end})
        label = texts("from {start}:00 to {end}:00", start=start, end=end)
        after = plan.model_copy(update={"window": window})
        choices.append(Choice(label, plan.window == window, after))
    if plan.window is not None and (plan.window.start, plan.window.end) not in WINDOWS:
        label = texts("from {start}:00 to {end}:00", start=plan.window.start, end=plan.window.end)
        choices.append(Choice(label, chosen=True, plan=plan))
    return choices


def _spread(plan: Plan, _: Facts, texts: Texts) -> list[Choice]:
    at_once = plan.model_copy(update={"spread_hours": 0})
    return [Choice(texts("at once"), not plan.spread_hours, at_once)] + [
        Choice(
            texts.plural("over {n} hour", "over {n} hours", hours),
            plan.spread_hours == hours,
            plan.model_copy(update={"spread_hours": hours}),
        )
        for hours in _among(SPREADS, plan.spread_hours)
    ]


def _label(plan: Plan, _: Facts, texts: Texts) -> list[Choice]:
    offered = (("", texts("no label")), ("before", texts("before")), ("after", texts("after")))
    return [
        Choice(words, plan.label == label, plan.model_copy(update={"label": label}))
        for label, words in offered
    ]


def _quota(plan: Plan, _: Facts, texts: Texts) -> list[Choice]:
    present = plan.rules.quota
    free = Choice(texts("no limit"), present is None, _with(plan, "rules", quota=None))
    return [free] + [
        Choice(
            texts.plural("at most {n} in 30 days", "at most {n} in 30 days", quota),
            present == quota,
            _with(plan, "rules", quota=quota),
        )
        for quota in _among(SAMPLES, present)
    ]


def _among(offered: Sequence[int], typed: int | None) -> Sequence[int]:
    """Return what is offered, with a typed number in place of the usual one."""
    return sorted({*offered, typed}) if typed else offered


@dataclass(frozen=True, slots=True)
class PlanField:
    """Something about a campaign; `of_customers`: managers do not have it.

    `several`: more than one choice may hold at once.
    """

    title: str
    choices: Callable[[Plan, Facts, Texts], list[Choice]]
    of_customers: bool = False
    several: bool = False


FIELDS: Mapping[str, PlanField] = {
    "segments": PlanField(mark("Segment"), _segments, of_customers=True, several=True),
    "managers": PlanField(mark("Manager"), _managers, of_customers=True, several=True),
    "teams": PlanField(mark("Team"), _teams, several=True),
    "statuses": PlanField(mark("Status"), _statuses, of_customers=True, several=True),
    "purchase": PlanField(mark("Last purchase"), _purchase, of_customers=True),
    "attributes": PlanField(mark("Other attributes"), _attributes, of_customers=True),
    "sample": PlanField(mark("Random sample"), _sample),
    "when": PlanField(mark("When"), _when),
    "window": PlanField(mark("Hours"), _window),
    "spread": PlanField(mark("Spread"), _spread),
    "label": PlanField(mark("Label of the wave"), _label),
    "quota": PlanField(mark("Quota"), _quota),
}


def offered(plan: Plan, facts: Facts, texts: Texts, *, customers: bool) -> dict[str, list[Choice]]:
    """Return the fields in which there is something to choose, with their choices."""
    found = {
        key: one.choices(plan, facts, texts)
        for key, one in FIELDS.items()
        if customers or not one.of_customers
    }
    return {key: choices for key, choices in found.items() if choices}


def described(plan: Plan, facts: Facts, texts: Texts, *, customers: bool) -> list[str]:
    """Return a line for each field that is not at its usual value."""
    usual = Plan(survey=plan.survey)
    lines = []
    for key, choices in offered(plan, facts, texts, customers=customers).items():
        chosen = [one.label for one in choices if one.chosen]
        plain = {one.label for one in FIELDS[key].choices(usual, facts, texts) if one.chosen}
        if chosen and set(chosen) != plain:
            lines.append(f"{texts(FIELDS[key].title)}: {_joined(texts, chosen)}")
    return lines


def _joined(texts: Texts, labels: Sequence[str]) -> str:
    named = ", ".join(labels[:_NAMED])
    left = len(labels) - _NAMED
    return (
        f"{named} {texts.plural('… and {n} more', '… and {n} more', left)}" if left > 0 else named
    )
