"""What before and after look like in the chat: pure functions to screens."""

from collections.abc import Mapping, Sequence

from bot.says.markup import literal
from bot.says.screens import Button, Rows, Screen
from bot.says.taps import MenuTap
from storage.asking.waves import WaveInfo
from storage.people.workspace import Workspace
from templates.texts import Texts

FEWEST = 2


def waves(
    texts: Texts,
    campaign: int,
    found: Sequence[WaveInfo],
    chosen: Mapping[str, int],
    space: Workspace,
) -> Screen:
    """Return a survey's waves, the latest first: two of them can be compared."""
    if len(found) < FEWEST:
        lines = [texts("<b>Before and after</b>: there is one wave so far.")]
    else:
        lines = [texts("<b>Before and after</b>: which wave was before?")]
    lines += [
        texts("The digest measures change from {wave}.", wave=literal(wave_name(texts, one, space)))
        for one in found
        if chosen.get(one.survey_key) == one.id
    ]
    rows: Rows = tuple(
        (
            Button(
                wave_name(texts, one, space),
                MenuTap("compare_with", (str(campaign), str(one.id))).pack(),
            ),
        )
        for one in found
        if len(found) >= FEWEST
    )
    if rows:
        pair = (str(found[1].id), str(found[0].id))
        latest = Button(texts("Compare the two latest"), MenuTap("compare_now", pair).pack())
        rows = ((latest,), *rows)
    choose = MenuTap("baseline", (str(campaign),)).pack()
    return Screen(
        "\n\n".join(lines),
        (*rows, (Button(texts("Baseline of the digest"), choose),), *_back(texts, campaign)),
    )


def second(
    texts: Texts, campaign: int, first: WaveInfo, found: Sequence[WaveInfo], space: Workspace
) -> Screen:
    """Return the waves that one can be compared with."""
    rows: Rows = tuple(
        (
            Button(
                wave_name(texts, one, space),
                MenuTap("compare_now", (str(first.id), str(one.id))).pack(),
            ),
        )
        for one in found
        if one.id != first.id
    )
    name = literal(wave_name(texts, first, space))
    text = texts("Before: {side}", side=name) + "\n\n" + texts("Which wave was after?")
    return Screen(text, (*rows, *_back(texts, campaign)))


def being_made(texts: Texts, campaign: int) -> Screen:
    """Return what is said while a comparison is computed."""
    return Screen(
        texts("The comparison is being made; it comes here shortly."), _back(texts, campaign)
    )


def baseline(
    texts: Texts,
    campaign: int,
    found: Sequence[WaveInfo],
    chosen: Mapping[str, int],
    space: Workspace,
) -> Screen:
    """Return the waves, with a mark on the one that the digest compares with."""
    rows: Rows = tuple(
        (
            Button(
                ("✓ " if chosen.get(one.survey_key) == one.id else "")
                + wave_name(texts, one, space),
                MenuTap("baseline", (str(campaign), str(one.id))).pack(),
            ),
        )
        for one in found
    )
    text = texts(
        "From which wave shall the digest measure change? Where none is chosen, it is the latest "
        "one labelled «before» or «до»."
    )
    back = Button(texts("Done"), MenuTap("compare", (str(campaign),)).pack())
    return Screen(text, (*rows, (back,)))


def wave_name(texts: Texts, one: WaveInfo, space: Workspace) -> str:
    """Return «before, 7 September 2026, 15:00»; a wave without a label has its campaign's name."""
    begun = texts.moment(one.started_at, space.tzinfo)
    return f"{one.label if one.label not in {'', '1'} else one.name}, {begun}"


def _back(texts: Texts, campaign: int) -> Rows:
    board = Button(texts("‹ Campaign"), MenuTap("board", (str(campaign),)).pack())
    return ((board,),)
