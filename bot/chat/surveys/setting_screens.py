"""What the settings of an edited survey look like: pure functions to screens."""

from collections.abc import Callable, Mapping
from typing import Final

from bot.chat.menus import LANGUAGE_NAMES
from bot.says.markup import literal
from bot.says.screens import Button, Screen
from bot.says.taps import MenuTap
from surveys.messages import LANGUAGES, mark
from surveys.survey import editing_survey as editing
from surveys.survey.definition import LocalText, Survey, localized
from templates.texts import Texts

_NAMES: Final[Mapping[str, str]] = {
    "title": mark("The title"),
    "sees": mark("Who will see the answers"),
    "thanks.default": mark("Said to everybody"),
    "thanks.detractor": mark("Said after 0–6"),
    "thanks.passive": mark("Said after 7–8"),
    "thanks.promoter": mark("Said after 9–10"),
}
_ROW: Final = 4


def name_of(language: str) -> str:
    """Return a language's own name."""
    return next(LANGUAGE_NAMES[one] for one in LANGUAGES if one == language)


def settings(texts: Texts, survey: Survey) -> Screen:
    """Return what belongs to the whole survey, and a button for each thing."""
    lines = [f"<b>{literal(localized(survey.title, texts.language))}</b>", ""]
    lines += [literal(line) for line in _facts(texts, survey)]
    customers = survey.audience == "customers"
    at_the_end = texts("What is said at the end")
    pairs = (
        _pair(
            "kind", survey.kind, relationship=texts("As a whole"), transactional=texts("An event")
        ),
        _pair(
            "audience", survey.audience, customers=texts("Customers"), managers=texts("Managers")
        ),
        _pair(
            "anonymous",
            "yes" if survey.anonymous else "no",
            no=texts("With names"),
            yes=texts("Anonymous"),
        ),
    )
    rows = [
        (_to_words(texts, "title"),),
        *(pairs if customers else pairs[1:]),
        *(
            (Button(_number(texts, survey, name), _tap("s_pick", name)),)
            for name in editing.CHOICES
        ),
        (_to_words(texts, "sees"),),
        *(_to_alert_words(texts, survey) if customers and not survey.anonymous else ()),
        (Button(f"✎ {at_the_end}", _tap("s_thanks")),),
    ]
    return Screen("\n".join(lines), (*rows, _to_survey(texts)))


def _facts(texts: Texts, survey: Survey) -> list[str]:
    lines = [f"{LANGUAGE_NAMES[one]}: {localized(survey.title, one)}" for one in LANGUAGES]
    if survey.audience == "managers":
        lines.append(texts("A questionnaire for managers."))
    elif survey.kind == "transactional":
        lines.append(
            texts("About one event, such as a closed deal: it has a section of its own in digests.")
        )
    else:
        lines.append(texts("About the relationship as a whole: it is in the digest's scorecard."))
    if survey.anonymous:
        lines.append(texts("Anonymous: nobody sees who answered what."))
    if survey.sees is not None:
        lines += ["", f"{texts(_NAMES['sees'])}: {localized(survey.sees, texts.language)}"]
    return lines


def _pair(name: str, present: str, **labels: str) -> tuple[Button, ...]:
    return tuple(
        Button(("✓ " if value == present else "") + label, _tap("s_put", name, value))
        for value, label in labels.items()
    )


def _number(texts: Texts, survey: Survey, name: str) -> str:
    return _SAID[name](texts, getattr(survey, name))


def _reminder(texts: Texts, days: int | None) -> str:
    if days is None:
        return texts("No reminder")
    return texts.plural("Reminder after {n} day", "Reminder after {n} days", days)


def _closing(texts: Texts, days: int | None) -> str:
    return texts.plural("Closes after {n} day", "Closes after {n} days", days or 0)


def _pause(texts: Texts, days: int | None) -> str:
    if not days:
        return texts("May be asked again at once")
    return texts.plural("Not again within {n} day", "Not again within {n} days", days)


def _length(texts: Texts, minutes: int | None) -> str:
    return texts.plural("Takes {n} minute", "Takes {n} minutes", minutes or 1)


_SAID: Final[Mapping[str, Callable[[Texts, int | None], str]]] = {
    "remind_after_days": _reminder,
    "closes_after_days": _closing,
    "period_days": _pause,
    "minutes": _length,
}


def numbers(texts: Texts, survey: Survey, name: str) -> Screen:
    """Return what one of the survey's numbers may be, the present one marked."""
    now = getattr(survey, name)
    rows = [
        (
            Button(
                ("✓ " if one == now else "") + _SAID[name](texts, one),
                _tap("s_put", name, str(one)),
            ),
        )
        for one in editing.offered(survey, name)
    ]
    return Screen(_number(texts, survey, name), (*rows, _to_settings(texts)))


def thanks(texts: Texts, survey: Survey) -> Screen:
    """Return what is said at the end, and the buttons to change it."""
    parts = ["thanks.default"]
    if any(one.kind == "nps" for one in survey.questions):
        parts += editing.BY_SEGMENT
    lines = []
    for part in parts:
        found = editing.words(survey, part)
        said = texts("as to everybody") if found is None else localized(found, texts.language)
        lines.append(f"<b>{texts(_NAMES[part])}</b>: {literal(said)}")
    rows = tuple((_to_words(texts, part),) for part in parts)
    return Screen("\n\n".join(lines), (*rows, _to_settings(texts)))


def words(texts: Texts, survey: Survey, part: str, hint: str = "") -> Screen:
    """Return one text in every language, a button for each, and what is awaited or wrong."""
    found: LocalText | None = editing.words(survey, part)
    lines = [f"<b>{texts(_NAMES[part])}</b>", ""]
    if found is None:
        nothing = texts("as to everybody") if part.startswith("thanks") else texts("nothing")
        lines.append(nothing)
    else:
        lines += [f"{LANGUAGE_NAMES[one]}: {literal(localized(found, one))}" for one in LANGUAGES]
    if hint:
        lines += ["", f"<b>{literal(hint)}</b>"]
    rows = [
        tuple(Button(f"✎ {LANGUAGE_NAMES[one]}", _tap("s_text", part, one)) for one in LANGUAGES)
    ]
    if found is not None and part in {"sees", *editing.BY_SEGMENT}:
        label = texts("As to everybody") if part != "sees" else texts("Say nothing about it")
        rows.append((Button(label, _tap("s_drop", part)),))
    if part.startswith("thanks"):
        rows.append((Button(texts("‹ Back"), _tap("s_thanks")),))
    return Screen("\n".join(lines), (*rows, _to_settings(texts)))


def _to_alert_words(texts: Texts, survey: Survey) -> tuple[tuple[Button, ...]]:
    count = len(survey.alert_words)
    said = texts("Words to be told of at once")
    return ((Button(f"{said} · {count}" if count else said, _tap("s_alert")),),)


def alert_words(texts: Texts, survey: Survey, problem: str = "") -> Screen:
    """Return the words that are reported at once, each with a button to take it out."""
    lines = [
        f"<b>{texts('Words to be told of at once')}</b>",
        "",
        texts(
            "When a customer writes one of these words, whatever the score, a case is opened and "
            "you are told. Every form of a word counts; «I am not leaving» does not."
        ),
        texts("Type words to add them, for example: «leaving, terminate»; tap one to take it out."),
    ]
    if problem:
        lines += ["", f"<b>{literal(problem)}</b>"]
    rows = tuple(
        (Button(f"✕ {one}", _tap("s_alert", str(at))),) for at, one in enumerate(survey.alert_words)
    )
    return Screen("\n".join(lines), (*rows, _to_settings(texts)))


def _tap(place: str, *arguments: str) -> str:
    return MenuTap(place, arguments).pack()


def _to_words(texts: Texts, part: str) -> Button:
    return Button(f"✎ {texts(_NAMES[part])}", _tap("s_text", part))


def _to_settings(texts: Texts) -> tuple[Button, ...]:
    return (Button(texts("‹ Back to title and timing"), _tap("s_page")),)


def _to_survey(texts: Texts) -> tuple[Button, ...]:
    return (Button(texts("‹ Back to the survey"), _tap("editor")),)
