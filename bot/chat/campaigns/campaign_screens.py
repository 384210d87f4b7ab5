"""What the admin's conversation about campaigns looks like: pure functions to screens."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from bot.chat.admin_screens import back, pager
from bot.chat.campaigns.campaign_fields import FIELDS, Choice
from bot.operations.campaigns.deciding import Decided
from bot.operations.campaigns.launching import Preview, noticeable
from bot.operations.campaigns.words import NAMED, funnel, noticed
from bot.says.fitting import shortened, within
from bot.says.markup import literal
from bot.says.screens import Button, Rows, Screen
from bot.says.taps import MenuTap
from storage.asking.campaigns import Campaign
from storage.asking.definitions import StoredDefinition
from storage.asking.waves import WaveFunnel
from storage.people.workspace import Workspace
from surveys.survey.definition import localized
from templates.reasons import COUNTED
from templates.texts import Texts

_ROW = 2
A_PAGE = 10
"""How many things to choose from stand on one screen."""
LISTED = 5
"""How many campaigns stand on one page."""
_CHOSEN = 2000
_NAME_ON_BUTTON = 30
"""The most units of a campaign's name on a button, so that its moment and state are seen, too."""


def _title(texts: Texts, definition: StoredDefinition) -> str:
    return literal(localized(definition.survey.title, texts.language))


def unfinished(texts: Texts, definition: StoredDefinition) -> Screen:
    """Return the question what to do with a campaign that was begun and left."""
    return Screen(
        texts(
            "You began a campaign with «{survey}» and left it.", survey=_title(texts, definition)
        ),
        (
            (Button(texts("Go on with it"), MenuTap("hub").pack()),),
            (Button(texts("Begin another"), MenuTap("new").pack()),),
            *back(texts),
        ),
    )


def choose_survey(texts: Texts, known: Sequence[StoredDefinition]) -> Screen:
    """Return the surveys to choose from."""
    rows = tuple(
        (
            Button(
                localized(item.survey.title, texts.language), MenuTap("segment", (item.key,)).pack()
            ),
        )
        for item in known
    )
    return Screen(texts("Which survey?"), (*rows, *back(texts)))


def choose_segment(texts: Texts, definition: StoredDefinition, segments: Sequence[str]) -> Screen:
    """Return the segments to choose from."""
    everybody = Button(texts("All customers"), MenuTap("count", (definition.key, "all")).pack())
    rows = tuple(
        (Button(segment, MenuTap("count", (definition.key, str(index))).pack()),)
        for index, segment in enumerate(segments)
    )
    text = texts("<b>{survey}</b>: whom shall we ask?", survey=_title(texts, definition))
    return Screen(text, ((everybody,), *rows, *back(texts)))


def reasons_text(texts: Texts, decided: Decided) -> str:
    """Return «17 will not: 9 asked recently, 5 not in Telegram yet»."""
    parts = [texts.plural(*COUNTED[reason], count) for reason, count in decided.reasons.items()]
    return texts.plural(
        "{n} person will not: {reasons}.",
        "{n} people will not: {reasons}.",
        len(decided.refused),
        reasons=", ".join(parts),
    )


def hub(
    texts: Texts, found: Preview, described: Sequence[str], fields: Sequence[str], space: Workspace
) -> Screen:
    """Return the campaign as it stands: the count before the launch, and what can be changed."""
    lines = [f"<b>{_title(texts, found.definition)}</b>"]
    lines += [literal(line) for line in described]
    lines += ["", *_counted(texts, found, space)]
    settings = [Button(texts(FIELDS[key].title), MenuTap("field", (key,)).pack()) for key in fields]
    rows: Rows = (
        *_pairs(settings),
        (Button(texts("See the survey"), MenuTap("rehearse", (found.definition.key,)).pack()),),
        *back(texts),
    )
    decided, later = found.decided, found.plan.when.how != "once"
    if decided.invited or (later and decided.refused):
        rows = ((Button(texts("Launch"), MenuTap("launch").pack()),), *rows)
    elif decided.by_link:
        label = texts("Make links for those not in Telegram")
        rows = ((Button(label, MenuTap("launch").pack()),), *rows)
    return Screen("\n".join(lines), rows)


def _counted(texts: Texts, found: Preview, space: Workspace) -> list[str]:
    decided = found.decided
    if found.plan.when.how != "once":
        lines = [texts("Whom it asks is decided each time. If it were now:")]
    else:
        lines = []
    lines.append(
        texts.plural(
            "{n} person will get the invitation.",
            "{n} people will get the invitation.",
            len(decided.invited),
        )
        if decided.invited
        else texts("Nobody will get the invitation.")
    )
    if decided.refused:
        lines += ["", reasons_text(texts, decided)]
    if decided.by_link:
        said = texts("Who is not in Telegram yet can get a personal link: a file after the launch.")
        lines += ["", said]
    if told := [noticed(texts, n, fall) for n, fall in noticeable(found)]:
        lines += ["", *told]
    if decided.first_at is not None:
        moment = texts.moment(decided.first_at, space.tzinfo)
        lines += ["", texts("The first one goes out: {moment}", moment=moment)]
    return lines


def _pairs(buttons: Sequence[Button]) -> Rows:
    return tuple(tuple(buttons[start : start + _ROW]) for start in range(0, len(buttons), _ROW))


def choose(
    texts: Texts, field: str, choices: Sequence[Choice], page: int = 0, hint: str = ""
) -> Screen:
    """Return a page of what can be chosen about one thing; a mark stands before what holds now.

    `hint` says what may be typed instead.
    """
    first = page * A_PAGE if page * A_PAGE < len(choices) else 0
    rows = tuple(
        (
            Button(
                f"✓ {choice.label}" if choice.chosen else choice.label,
                MenuTap("put", (field, str(place))).pack(),
            ),
        )
        for place, choice in enumerate(choices[first : first + A_PAGE], start=first)
    )
    more = len(choices) > first + A_PAGE
    moves = pager(first // A_PAGE, "field", field, more=more)
    done = (Button(texts("Done"), MenuTap("hub").pack()),)
    lines = [f"<b>{texts(FIELDS[field].title)}</b>"]
    if FIELDS[field].several:
        chosen = [literal(choice.label) for choice in choices if choice.chosen]
        lines.append(texts("Several can be chosen; with none it is everybody."))
        left_out = partial(_more, texts)
        lines += within([f"✓ {label}" for label in chosen], _CHOSEN, left_out)
    if hint:
        lines += ["", f"<i>{literal(hint)}</i>"]
    return Screen("\n".join(lines), (*rows, moves, done))


def _more(texts: Texts, n: int) -> str:
    return texts.plural("… and {n} more", "… and {n} more", n)


@dataclass(frozen=True, slots=True)
class Listed:
    """A campaign with how it stands, as a message, and the funnel of its latest wave."""

    campaign: Campaign
    stands: str
    far: WaveFunnel | None


def campaigns(
    texts: Texts,
    found: Sequence[Listed],
    space: Workspace,
    page: int = 0,
    *,
    more: bool = False,
) -> Screen:
    """Return a page of the campaigns, the latest first, each with its state and its moment."""
    if not found and not page:
        return Screen(texts("There has been no campaign yet."), back(texts))
    blocks, rows = [], []
    for place, one in enumerate(found, start=page * LISTED + 1):
        campaign = one.campaign
        about = {
            "moment": texts.moment(campaign.created_at, space.tzinfo),
            "state": texts(one.stands),
        }
        lines = [f"{place}. {texts(NAMED, name=f'<b>{literal(campaign.name)}</b>', **about)}"]
        if one.far is not None:
            lines.append(funnel(texts, one.far.as_dict()))
        blocks.append("\n".join(lines))
        name = shortened(campaign.name, _NAME_ON_BUTTON)
        label = f"{place}. {texts(NAMED, name=name, **about)}"
        rows.append((Button(label, MenuTap("board", (str(campaign.id),)).pack()),))
    moves = pager(page, "campaigns", more=more)
    return Screen("\n\n".join(blocks) or "—", (*rows, moves, *back(texts)))


def sure_to_cancel(texts: Texts, campaign: Campaign, space: Workspace) -> Screen:
    """Return the question before a campaign is ended for good."""
    number = str(campaign.id)
    name = literal(campaign.name)
    return Screen(
        texts(
            "End «{name}» of {moment} for good? What was sent stays sent, and open surveys can "
            "still be answered; nothing more goes out.",
            name=name,
            moment=texts.moment(campaign.created_at, space.tzinfo),
        ),
        (
            (Button(texts("Yes, end it"), MenuTap("cancel", (number,)).pack()),),
            (Button(texts("No, go back"), MenuTap("board", (number,)).pack()),),
        ),
    )
