"""The admin's themes of comments: their words, added by typing and taken out by a tap."""

import hashlib
from collections.abc import Sequence
from html import escape

from bot.chat.admin_screens import pager
from bot.chat.visit import Visit
from bot.errors import Refused
from bot.operations.words import company_themes
from bot.operations.words.company_themes import themes_of
from bot.operations.words.themes import reader
from bot.says.fitting import shortened
from bot.says.heard import Tap, Words
from bot.says.said import Change, Reply, Show, Toast
from bot.says.screens import Button, Rows, Screen
from bot.says.taps import MenuTap
from bot.telling import told
from storage.asking import drafts
from surveys.themes.rules import Theme, Themes
from templates.texts import Texts

AWAITED = "theme_words"
_TRY = "-"
"""Awaited in place of a theme's key: a comment to try the rules on."""
_PAGE = 30
_IN_A_ROW = 2
_LONGEST = 24


async def show_all(_: Tap[MenuTap], visit: Visit) -> Reply:
    """Show the themes with how many words each has."""
    await _expect(visit, None)
    return Change(_all(visit.texts, themes_of(visit.workspace), visit.workspace.themes is not None))


async def show(tap: Tap[MenuTap], visit: Visit) -> Reply:
    """Show one theme's words; what is typed next becomes a word of it."""
    theme = _theme(tap, themes_of(visit.workspace))
    if theme is None:
        return _stale(visit)
    await _expect(visit, theme.key)
    return Change(_one(visit.texts, theme, tap.button.number(1) or 0))


async def take_out(tap: Tap[MenuTap], visit: Visit) -> Reply:
    """Take a word out of a theme."""
    theme = _theme(tap, themes_of(visit.workspace))
    arguments = tap.button.arguments
    word = (
        next((one for one in theme.words if _key(one) == arguments[1]), None)
        if (theme is not None and len(arguments) > 1)
        else None
    )
    if theme is None or word is None:
        return _stale(visit)
    try:
        theme = await company_themes.remove_word(visit.tx, theme.key, word)
    except Refused as error:
        return Toast(told(visit.texts, error))
    await _expect(visit, theme.key)
    return Change(_one(visit.texts, theme, tap.button.number(2) or 0))


async def ask_to_try(_: Tap[MenuTap], visit: Visit) -> Reply:
    """Ask for a comment that the rules are tried on."""
    await _expect(visit, _TRY)
    said = visit.texts("Type or forward a comment: I will say what it is about.")
    return Change(Screen(said, _back(visit.texts)))


async def usual_again(tap: Tap[MenuTap], visit: Visit) -> Reply:
    """Return to the usual themes, at the second tap."""
    texts = visit.texts
    if tap.button.arguments != ("yes",):
        button = Button(texts("Yes, the usual ones"), MenuTap("themes_usual", ("yes",)).pack())
        said = texts("The company’s own words go, and the usual themes hold again.")
        return Change(Screen(said, ((button,), *_back(texts))))
    held = await company_themes.forget_own(visit.tx)
    return Change(_all(texts, held, own=False))


async def typed(words: Words, visit: Visit) -> Reply | None:
    """Take typed words for the theme that is on the screen, or try a comment."""
    if visit.person is None:
        return None
    awaited = await drafts.load(visit.tx, visit.person.id, AWAITED)
    if awaited is None:
        return None
    texts = visit.texts
    if awaited == _TRY:
        return Show(_tried(texts, themes_of(visit.workspace), words.text))
    try:
        theme = await company_themes.add_word(visit.tx, awaited, words.text)
    except Refused as error:
        return Show(Screen(escape(told(texts, error)), _back(texts)))
    return Show(_one(texts, theme, (len(theme.words) - 1) // _PAGE))


async def _expect(visit: Visit, what: str | None) -> None:
    if visit.person is None:
        return
    if what is None:
        await drafts.drop(visit.tx, visit.person.id, AWAITED)
    else:
        await drafts.save(visit.tx, visit.person.id, AWAITED, what, visit.now)


def _all(texts: Texts, held: Themes, own: bool) -> Screen:
    lines = [
        texts("<b>Themes of comments</b>"),
        "",
        texts(
            "The digest counts what customers write about by these words. A word stands for all "
            "its forms; with a star, «deliver*», for whatever begins so."
        ),
    ]
    rows = [(_button(texts, theme),) for theme in held.themes]
    rows.append((Button(texts("Try a comment"), MenuTap("themes_try").pack()),))
    if own:
        rows.append((Button(texts("The usual themes again"), MenuTap("themes_usual").pack()),))
    last = (Button(texts("‹ Back"), MenuTap("schedule").pack()),)
    return Screen("\n".join(lines), (*rows, last))


def _button(texts: Texts, theme: Theme) -> Button:
    words = texts.plural("{n} word", "{n} words", len(theme.words))
    return Button(f"{_name(texts, theme)} · {words}", MenuTap("theme", (theme.key,)).pack())


def _one(texts: Texts, theme: Theme, page: int) -> Screen:
    shown = theme.words[page * _PAGE : (page + 1) * _PAGE]
    lines = [f"<b>{escape(_name(texts, theme))}</b>", ""]
    if theme.negation == "cancels":
        lines += [texts("What is negated does not count."), ""]
    lines.append(texts("Type a word or a phrase to add it; tap one to take it out."))
    buttons = [
        Button(f"✕ {shortened(word, _LONGEST)}", _take_out(theme, word, page)) for word in shown
    ]
    rows = [tuple(buttons[at : at + _IN_A_ROW]) for at in range(0, len(buttons), _IN_A_ROW)]
    return Screen("\n".join(lines), (*rows, *_pages(theme, page), *_back(texts)))


def _take_out(theme: Theme, word: str, page: int) -> str:
    return MenuTap("theme_word", (theme.key, _key(word), str(page))).pack()


def _pages(theme: Theme, page: int) -> Rows:
    moves = pager(page, "theme", theme.key, more=len(theme.words) > (page + 1) * _PAGE)
    return (moves,) if moves else ()


def _tried(texts: Texts, held: Themes, comment: str) -> Screen:
    names = {theme.key: _name(texts, theme) for theme in held.themes}
    about: Sequence[str] = [names[key] for key in reader(held).themes(comment)]
    said = (
        texts("About: {themes}", themes=", ".join(map(escape, about)))
        if about
        else texts("About none of the themes.")
    )
    return Screen(said, _back(texts))


def _back(texts: Texts) -> Rows:
    return ((Button(texts("‹ Themes"), MenuTap("themes").pack()),),)


def _name(texts: Texts, theme: Theme) -> str:
    return theme.name.ru if texts.language == "ru" else theme.name.en


def _theme(tap: Tap[MenuTap], held: Themes) -> Theme | None:
    key = tap.button.arguments[0] if tap.button.arguments else ""
    return next((theme for theme in held.themes if theme.key == key), None)


def _stale(visit: Visit) -> Reply:
    return Toast(visit.texts("That button is out of date."))


def _key(word: str) -> str:
    """Return a short key for a word, since a button holds few letters and only Latin ones."""
    return hashlib.sha256(word.encode()).hexdigest()[:8]
