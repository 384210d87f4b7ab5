"""Admins read and replace what people agree to, say who answers for the data and who asks."""

import json
from collections.abc import Mapping

from bot.chat import auditing
from bot.chat.privacy import consent_text_screens as screens
from bot.chat.visit import Visit
from bot.errors import Refused
from bot.operations import company
from bot.operations.privacy import consent_texts as texts_of
from bot.operations.privacy.consenting import shown
from bot.says.heard import Tap, Words
from bot.says.said import Change, Reply, Show, Toast
from bot.says.screens import Screen, sentence
from bot.says.taps import MenuTap
from bot.telling import told
from storage.asking import drafts
from storage.people import workspace
from storage.privacy import consents
from surveys.consents.texts import AUDIENCES, ConsentAudience
from surveys.messages import Language, known_language
from templates.texts import Texts

AWAITED = "consent_text"
"""The draft that says whose text is awaited, and keeps what was typed."""
_OPERATOR, _NAME = "operator", "name"
"""What else is awaited: settings of the company, by which they are named there."""
_NONE: Mapping[str, str] = {}


async def home(_: Tap[MenuTap], visit: Visit) -> Reply:
    """Show the texts there are, and how many agreed to which version."""
    await drafts.drop(visit.tx, visit.known.id, AWAITED)
    own, versions = await consents.own(visit.tx), await consents.versions(visit.tx)
    return Change(screens.home(visit.texts, visit.workspace, own, versions))


async def show(tap: Tap[MenuTap], visit: Visit) -> Reply:
    """Show one text as people read it."""
    await drafts.drop(visit.tx, visit.known.id, AWAITED)
    which = _which(tap)
    return _stale(visit) if which is None else Change(await _one(visit, *which))


async def ask(tap: Tap[MenuTap], visit: Visit) -> Reply:
    """Wait for another text; show the present one as it is to be written."""
    which = _which(tap)
    if which is None:
        return _stale(visit)
    language, audience = which
    await _expect(visit, {"language": language, "audience": audience})
    template = texts_of.held(await consents.own(visit.tx), language, audience)
    return [
        Change(screens.ask(visit.texts, language, audience)),
        Show(sentence(template)),
    ]


async def ask_for_operator(_: Tap[MenuTap], visit: Visit) -> Reply:
    """Wait for the name of whoever answers for people's data."""
    await _expect(visit, {"language": "", "audience": _OPERATOR})
    return Change(screens.ask_for_operator(visit.texts, visit.workspace))


async def ask_for_name(_: Tap[MenuTap], visit: Visit) -> Reply:
    """Wait for the company's name."""
    await _expect(visit, {"language": "", "audience": _NAME})
    return Change(screens.ask_for_name(visit.texts, visit.workspace))


async def typed(words: Words, visit: Visit) -> Reply:
    """Take the text that is awaited, and ask whether it is to hold."""
    awaited = await _awaited(visit)
    if not awaited:
        return None
    try:
        if awaited["audience"] in {_OPERATOR, _NAME}:
            return await _set(awaited["audience"], words.text, visit)
        text = texts_of.checked(words.text)
    except Refused as error:
        said = screens.refused(visit.texts, told(visit.texts, error))
        return Show(said)
    await _expect(visit, {**awaited, "content": text})
    language = known_language(awaited["language"]) or visit.workspace.language
    filled = await shown(visit.tx, text, visit.workspace, Texts(language))
    return Show(screens.preview(visit.texts, filled))


async def use(_: Tap[MenuTap], visit: Visit) -> Reply:
    """Let the text that was typed hold from now on."""
    awaited = await _awaited(visit)
    language, audience = known_language(awaited.get("language")), _audience(awaited)
    if language is None or audience is None or "content" not in awaited:
        return _stale(visit)
    await drafts.drop(visit.tx, visit.known.id, AWAITED)
    await texts_of.replace(visit.tx, language, audience, awaited["content"], visit.now)
    return Change(await _one(visit, language, audience))


async def usual_again(tap: Tap[MenuTap], visit: Visit) -> Reply:
    """Return to the text that comes with the program."""
    which = _which(tap)
    if which is None:
        return _stale(visit)
    await texts_of.replace(visit.tx, *which, None, visit.now)
    return Change(await _one(visit, *which))


async def ask_anew(tap: Tap[MenuTap], visit: Visit) -> Reply:
    """Say what asking everybody anew means; at the second tap do it."""
    audience = _audience({"audience": tap.button.arguments[0] if tap.button.arguments else ""})
    if audience is None:
        return _stale(visit)
    if tap.button.arguments[1:2] != ("yes",):
        asked = await consents.agreed_before(visit.tx, audience, visit.now)
        return Change(screens.sure_to_ask_anew(visit.texts, audience, asked))
    await auditing.note(visit, "changed_company")
    asked = await texts_of.ask_anew(visit.tx, audience, visit.now)
    return Change(screens.asked_anew(visit.texts, asked))


async def _set(setting: str, text: str, visit: Visit) -> Reply:
    changed = company.with_changes(visit.workspace, {setting: text})
    await workspace.save(visit.tx, changed)
    await auditing.note(visit, "changed_company")
    await drafts.drop(visit.tx, visit.known.id, AWAITED)
    own, versions = await consents.own(visit.tx), await consents.versions(visit.tx)
    return Show(screens.home(visit.texts, changed, own, versions))


async def _one(visit: Visit, language: Language, audience: ConsentAudience) -> Screen:
    own = await consents.own(visit.tx)
    template = texts_of.held(own, language, audience)
    text = await shown(visit.tx, template, visit.workspace, Texts(language))
    is_own = (language, audience) in own
    return screens.one(visit.texts, language, audience, text, is_own=is_own)


async def _awaited(visit: Visit) -> Mapping[str, str]:
    known = await drafts.load(visit.tx, visit.known.id, AWAITED)
    found: Mapping[str, str] = _NONE if known is None else json.loads(known)
    return found


async def _expect(visit: Visit, what: Mapping[str, str]) -> None:
    content = json.dumps(what, ensure_ascii=False)
    await drafts.save(visit.tx, visit.known.id, AWAITED, content, visit.now)


def _which(tap: Tap[MenuTap]) -> tuple[Language, ConsentAudience] | None:
    language, audience = (*tap.button.arguments, "", "")[:2]
    known, whose = known_language(language), _audience({"audience": audience})
    return None if known is None or whose is None else (known, whose)


def _audience(what: Mapping[str, str]) -> ConsentAudience | None:
    return next((one for one in AUDIENCES if one == what.get("audience")), None)


def _stale(visit: Visit) -> Reply:
    return Toast(visit.texts("That button is out of date."))
