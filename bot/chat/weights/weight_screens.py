"""What an admin sees of experts and weights: pure functions to screens."""

from collections.abc import Iterator, Sequence

from bot.chat.admin_screens import back
from bot.chat.weights.judgement_words import alternatives, weights
from bot.operations.weights.judging import ExpertState
from bot.operations.weights.questionnaires import CRITERIA, ExpertQuestionnaire
from bot.says.fitting import LONGEST_MESSAGE, shortened, within
from bot.says.markup import literal
from bot.says.screens import Button, Screen
from bot.says.taps import MenuTap
from scoring.weights.choice import RankedChoice
from scoring.weights.panel import Panel
from storage.people.people import Person
from surveys.counts.weights import Adopted
from templates.criteria import weights_said
from templates.texts import Texts

LONGEST_NAME = 60
_LONGEST_LABEL = 40


def _button(label: str, place: str, *arguments: str) -> tuple[Button]:
    return (Button(label, MenuTap(place, arguments).pack()),)


def _plain(name: str) -> str:
    return literal(shortened(name, LONGEST_NAME))


def home(
    texts: Texts,
    questionnaire: ExpertQuestionnaire,
    known: Sequence[ExpertState],
    joint: Panel | None,
    found: RankedChoice | None,
    adopted: str,
) -> Screen:
    """Return the experts with each one's consistency, and what they come to together."""
    lines = [f"<b>{texts(questionnaire.title)}</b>"]
    lines += [adopted] if adopted else []
    if not known:
        lines.append(texts("Nobody is asked yet. Experts are told first that you see their names."))
    lines += [_expert(texts, one, questionnaire) for one in known]
    if joint is not None and questionnaire.key == CRITERIA:
        lines += ["", texts("<b>Together</b>"), *weights(texts, questionnaire, joint.weights)]
        lines += _joint_ratio(texts, joint)
    lines += alternatives(texts, questionnaire, found)
    rows = [_button(texts("Invite an expert"), "experts_add", questionnaire.key)]
    for one in known:
        name = shortened(one.row.name, _LONGEST_LABEL)
        if one.contradicts:
            label = texts("Count all the same: {name}", name=name)
            if one.row.is_kept:
                label = texts("Do not count: {name}", name=name)
            rows.append(_button(label, "expert_keep", str(one.row.id)))
        label = texts("Withdraw: {name}", name=name)
        rows.append(_button(label, "expert_out", str(one.row.id)))
    if questionnaire.key == CRITERIA:
        if joint is not None:
            rows.append(_button(texts("Adopt these weights"), "weights_adopt"))
        rows.append(_button(texts("Equal weights"), "weights_equal"))
        rows.append(_button(texts("Versions"), "weights_past"))
        rows.append(_button(texts("Example: choosing a CRM"), "weights", "crm_choice"))
    else:
        rows.append(_button(texts("‹ Weights"), "weights"))
    return Screen("\n".join(lines), (*rows, *back(texts)))


def _expert(texts: Texts, one: ExpertState, questionnaire: ExpertQuestionnaire) -> str:
    parts = [texts("{told} of {all}", told=len(one.given), all=one.steps)]
    own = one.own
    if own is None:
        parts.append(texts("not enough yet"))
    elif own.consistency_ratio is not None and not questionnaire.alternatives:
        ratio = texts.number(own.consistency_ratio, 2)
        parts.append(texts("consistency ratio {ratio}", ratio=ratio))
    if one.contradicts:
        left = texts("contradicts themselves, left out")
        parts.append(
            texts("contradicts themselves, counts all the same") if one.row.is_kept else left
        )
    line = f"• {_plain(one.row.name)}: {', '.join(parts)}"
    if one.contradicts and own is not None and own.worst is not None:
        names = (questionnaire.items[key] for key in (own.worst.first, own.worst.second))
        first, second = (texts(name) for name in names)
        said = texts("to reconsider: «{first}» and «{second}»", first=first, second=second)
        line += f"\n  {said}"
    return line


def _joint_ratio(texts: Texts, joint: Panel) -> Iterator[str]:
    if joint.joint is not None and joint.joint.consistency_ratio is not None:
        ratio = texts.number(joint.joint.consistency_ratio, 2)
        yield texts("Consistency ratio of the joint judgements: {ratio}", ratio=ratio)


def choose(texts: Texts, questionnaire: ExpertQuestionnaire, staff: Sequence[Person]) -> Screen:
    """Return whom to ask: the staff who are in the chat, or somebody else by a link."""
    rows = [
        _button(shortened(one.name, _LONGEST_LABEL), "expert_in", questionnaire.key, str(one.id))
        for one in staff[:20]
    ]
    rows.append(_button(texts("Somebody else, by a link"), "expert_new", questionnaire.key))
    rows.append(_button(texts("‹ Back"), "weights", questionnaire.key))
    said = texts("Whom shall we ask? They read first that you see their name and judgements.")
    return Screen(said, tuple(rows))


def ask_for_name(texts: Texts, questionnaire: ExpertQuestionnaire) -> Screen:
    """Ask for the name of an expert from outside."""
    rows = (_button(texts("‹ Back"), "weights", questionnaire.key),)
    return Screen(texts("Type the expert's name. A link for them follows."), rows)


def invited(texts: Texts, questionnaire: ExpertQuestionnaire, name: str) -> Screen:
    """Return that somebody is asked now."""
    rows = (_button(texts("‹ Weights"), "weights", questionnaire.key),)
    return Screen(texts("Asked: {name}.", name=_plain(name)), rows)


def adopted(texts: Texts, found: Adopted, zone: str) -> Screen:
    """Return the version that holds from now on."""
    rows = (_button(texts("Criteria"), "criteria"), _button(texts("‹ Weights"), "weights"))
    said = texts("Digests and the criteria page count by these weights from now on.")
    return Screen(f"{weights_said(texts, found, zone)}\n{said}", rows)


def versions(texts: Texts, known: Sequence[Adopted], zone: str) -> Screen:
    """Return every version, the latest first."""
    entries = [f"• {weights_said(texts, one, zone)}" for one in known]
    if not known:
        entries = [texts("None was adopted yet: the weights are equal.")]
    lines = within(entries, LONGEST_MESSAGE - 200, lambda n: texts("… and {n} more.", n=n))
    rows = (_button(texts("‹ Weights"), "weights"),)
    return Screen("\n".join([texts("<b>Versions of the weights</b>"), *lines]), rows)


def refused(texts: Texts, sentence: str) -> Screen:
    """Return why nothing was done."""
    return Screen(literal(sentence), (_button(texts("‹ Weights"), "weights"),))
