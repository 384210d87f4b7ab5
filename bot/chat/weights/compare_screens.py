"""What an expert reads: pure functions from judgements to screens."""

from collections.abc import Sequence
from typing import Final

from bot.chat.weights.judgement_words import (
    STRENGTHS,
    Comparing,
    alternatives,
    consistency,
    in_words,
    name_of,
    to_reconsider,
    weights,
)
from bot.operations.weights import judging
from bot.operations.weights.questionnaires import ComparedStep
from bot.says.markup import literal
from bot.says.screens import Button, Rows, Screen
from bot.says.taps import MenuTap
from scoring.weights.choice import RankedChoice
from templates.texts import Texts

_DOWN: Final = (9, 8, 7, 6, 5, 4, 3, 2)
_A_PAGE: Final = 10


def listed(texts: Texts, known: Sequence[Comparing]) -> Screen:
    """Return what somebody is asked to compare."""
    lines = [texts("<b>Comparisons</b>")]
    rows: list[tuple[Button, ...]] = []
    for one in known:
        title = texts(one.questionnaire.title)
        lines.append(f"• {title}: {_progress(texts, one)}")
        rows.append((Button(title, one.tap("comparisons")),))
    if not known:
        lines.append(texts("You are not asked to compare anything."))
    return Screen("\n".join(lines), (*rows, _menu(texts)))


def _progress(texts: Texts, one: Comparing) -> str:
    total = len(one.questionnaire.steps())
    return texts("{told} of {all}", told=len(one.given), all=total)


def _menu(texts: Texts) -> tuple[Button]:
    return (Button(texts("‹ Menu"), MenuTap("menu").pack()),)


def intro(texts: Texts, one: Comparing) -> Screen:
    """Return what an expert reads first: who sees the judgements, and under which name."""
    asked = one.questionnaire
    lines = [f"<b>{texts(asked.title)}</b>"]
    if asked.alternatives:
        lines.append(
            texts(
                "Rate how important each criterion is, and each product by each criterion, from "
                "1 to 10."
            )
        )
    else:
        lines.append(
            texts(
                "Two criteria at a time: which matters more for judging the work with customers, "
                "and by how much?"
            )
        )
    lines.append(
        texts(
            "The admins see your judgements with your name, and how far they contradict each "
            "other. You can stop at any moment, go on later and change every answer."
        )
    )
    begin = Button(texts("Begin"), one.tap("compare_go"))
    rows: Rows = ((begin,),)
    if asked.example:
        lines.append(texts(asked.notes))
        rows = (*rows, (Button(texts("Take the example’s ratings"), one.tap("compare_as")),))
    return Screen("\n\n".join(lines), (*rows, _menu(texts)))


def question(texts: Texts, one: Comparing, place: int, said: str = "") -> Screen:
    """Return one comparison: its place, both directions in words, how consistent it is so far."""
    steps = one.questionnaire.steps()
    first, second = steps[place]
    position = texts("{position} of {total}", position=place + 1, total=len(steps))
    lines = [f"<i>{position}</i>"]
    lines += [said] if said else []
    if one.questionnaire.alternatives:
        lines.append(_rated(texts, one, steps[place]))
        scale = _ratings(one, place)
    else:
        one_name, two_name = (name_of(texts, one.questionnaire, key) for key in (first, second))
        lines.append(texts("<b>Which matters more?</b>\nA: {a}\nB: {b}", a=one_name, b=two_name))
        lines.append(
            texts(
                "Buttons above: A matters more than B. Below: B matters more than A. 3 slightly, "
                "5 clearly, 7 much, 9 absolutely; 2, 4, 6, 8 lie between."
            )
        )
        scale = _scale(texts, one, place)
    if steps[place] in one.given:
        lines.append(texts("Your answer: {answer}", answer=in_words(texts, one, steps[place])))
    lines += consistency(texts, one)
    return Screen("\n\n".join(lines), (*scale, *_moves(texts, one, place)))


def _rated(texts: Texts, one: Comparing, step: ComparedStep) -> str:
    first, item = step
    name = literal(name_of(texts, one.questionnaire, item or first))
    if not item:
        return texts(
            "<b>How important is this: {criterion}?</b>\n1 hardly, 10 most.", criterion=name
        )
    return texts(
        "<b>{product}: {criterion}</b>\n1 weak, 10 best.",
        product=literal(first),
        criterion=name,
    )


def _ratings(one: Comparing, place: int) -> Rows:
    buttons = [
        Button(str(value), one.tap("judge", place, value))
        for value in range(1, judging.MOST_RATING + 1)
    ]
    return (tuple(buttons[:5]), tuple(buttons[5:]))


def _scale(texts: Texts, one: Comparing, place: int) -> Rows:
    def button(side: str, steps: int) -> Button:
        word = texts(STRENGTHS[steps]) if steps in STRENGTHS else ""
        value = steps if side == "A" else -steps
        label = f"{_side(texts, side)} {steps} {word}".rstrip()
        return Button(label, one.tap("judge", place, value))

    above = [button("A", steps) for steps in _DOWN]
    below = [button("B", steps) for steps in reversed(_DOWN)]
    equal = (Button(texts("1 equally important"), one.tap("judge", place, 1)),)
    pairs = [tuple(side[at : at + 2]) for side in (above, below) for at in range(0, len(above), 2)]
    half = len(pairs) // 2
    return (*pairs[:half], equal, *pairs[half:])


def _side(texts: Texts, side: str) -> str:
    return texts("A:") if side == "A" else texts("B:")


def _moves(texts: Texts, one: Comparing, place: int) -> Rows:
    moves = []
    if place:
        moves.append(Button(texts("‹ Back"), one.tap("compare_at", place - 1)))
    if place + 1 < len(one.questionnaire.steps()):
        moves.append(Button(texts("Skip"), one.tap("compare_at", place + 1)))
    rows: list[tuple[Button, ...]] = [tuple(moves)] if moves else []
    worst = to_reconsider(one)
    if worst is not None and worst != place:
        rows.append((Button(texts("Reconsider one"), one.tap("compare_at", worst)),))
    rows.append(
        (
            Button(texts("My answers"), one.tap("compare_all", 0)),
            Button(texts("My weights"), one.tap("compare_end")),
        )
    )
    return tuple(rows)


def answers(texts: Texts, one: Comparing, page: int) -> Screen:
    """Return all that was asked, a page at a time, each with a button to change it."""
    steps = one.questionnaire.steps()
    page = min(page, (len(steps) - 1) // _A_PAGE)
    shown = range(page * _A_PAGE, min((page + 1) * _A_PAGE, len(steps)))
    lines = [f"<b>{texts(one.questionnaire.title)}</b>"]
    for place in shown:
        said = "—"
        if steps[place] in one.given:
            said = in_words(texts, one, steps[place])
        lines.append(f"{place + 1}. {said}")
    buttons = [Button(str(place + 1), one.tap("compare_at", place)) for place in shown]
    rows = [tuple(buttons[at : at + 5]) for at in range(0, len(buttons), 5)]
    moves = []
    if page:
        moves.append(Button("‹", one.tap("compare_all", page - 1)))
    if (page + 1) * _A_PAGE < len(steps):
        moves.append(Button("›", one.tap("compare_all", page + 1)))
    rows += [tuple(moves)] if moves else []
    back = (Button(texts("My weights"), one.tap("compare_end")),)
    return Screen("\n".join(lines), (*rows, back, _menu(texts)))


def result(texts: Texts, one: Comparing, found: RankedChoice | None = None) -> Screen:
    """Return an expert's own weights, and for a choice the alternatives in order."""
    lines = [f"<b>{texts(one.questionnaire.title)}</b>", _progress(texts, one)]
    if one.own is None:
        lines.append(texts("Not enough yet: some criteria are compared with no other."))
    else:
        lines += weights(texts, one.questionnaire, one.own.weights)
        lines += consistency(texts, one)
    lines += alternatives(texts, one.questionnaire, found)
    rows: list[tuple[Button, ...]] = []
    missing = [at for at, step in enumerate(one.questionnaire.steps()) if step not in one.given]
    if missing:
        rows.append((Button(texts("Go on"), one.tap("compare_at", missing[0])),))
    worst = to_reconsider(one)
    if worst is not None:
        rows.append((Button(texts("Reconsider one"), one.tap("compare_at", worst)),))
    rows.append((Button(texts("My answers"), one.tap("compare_all", 0)),))
    return Screen("\n".join(lines), (*rows, _menu(texts)))
