"""Admins: rows as a file; it is made by an errand and comes as a message of its own."""

from collections.abc import Sequence
from dataclasses import replace

from bot.chat.auditing import note
from bot.chat.exports import screens
from bot.chat.exports.typed import read_words
from bot.chat.visit import Visit
from bot.errors import Refused
from bot.operations.exports.chosen import FileForm, Wanted, What, lacking
from bot.says.heard import Command, Tap
from bot.says.said import Change, Reply, Show, Toast
from bot.says.screens import Screen
from bot.says.taps import MenuTap
from bot.telling import told
from storage.asking import definitions
from storage.sending import errands
from surveys.errors import PeriodInvalid, SurveyError
from surveys.periods import Unit, containing, parse_period, previous
from surveys.survey.definition import localized

_UNITS: tuple[Unit, ...] = ("month", "quarter", "year")


async def choose(_: Tap[MenuTap], visit: Visit) -> Reply:
    """Offer what can be exported."""
    return Change(screens.whats(visit.texts))


async def typed(command: Command, visit: Visit) -> Reply:
    """Take what was typed: a file at once where the form is named, else the choice of it."""
    said = command.rest.split()
    if not said:
        return Show(screens.whats(visit.texts))
    keys = [key for key, _ in await _surveys(visit)]
    try:
        found = read_words(said, keys, visit.now, visit.workspace.zone)
    except (Refused, SurveyError) as error:
        return Show(screens.unreadable(visit.texts, told(visit.texts, error)))
    wanted = Wanted(**{"form": FileForm.XLSX, **found})
    return Show(
        await _asked(visit, wanted) if "form" in found else screens.forms(visit.texts, wanted)
    )


async def choose_form(tap: Tap[MenuTap], visit: Visit) -> Reply:
    """Show what is chosen, and offer the forms whose library is there."""
    wanted = await _chosen(tap.button.arguments, visit)
    return _stale(visit) if wanted is None else Change(screens.forms(visit.texts, wanted))


async def choose_period(tap: Tap[MenuTap], visit: Visit) -> Reply:
    """Offer periods."""
    wanted = await _chosen(tap.button.arguments, visit)
    if wanted is None or wanted.what is What.PEOPLE:
        return _stale(visit)
    zone = visit.workspace.zone
    present = [containing(visit.now, unit, zone) for unit in _UNITS]
    pairs = [(one, previous(one, zone)) for one in present]
    return Change(screens.periods(visit.texts, wanted, pairs))


async def choose_survey(tap: Tap[MenuTap], visit: Visit) -> Reply:
    """Offer a page of the surveys; the button names the page where others name a survey."""
    wanted = await _chosen(tap.button.arguments[:2], visit)
    if wanted is None or wanted.what is What.PEOPLE:
        return _stale(visit)
    known = await _surveys(visit)
    page = min(tap.button.number(2) or 0, max(len(known) - 1, 0) // screens.PAGE)
    return Change(screens.surveys(visit.texts, wanted, known, page))


async def ask(tap: Tap[MenuTap], visit: Visit) -> Reply:
    """Have the file made."""
    named, *rest = (*tap.button.arguments, "")
    what, _, end = named.partition(".")
    wanted = await _chosen((what, *rest), visit)
    form = next((one for one in FileForm if one == end), None)
    if wanted is None or form is None or lacking(form):
        return _stale(visit)
    return Change(await _asked(visit, replace(wanted, form=form)))


async def _asked(visit: Visit, wanted: Wanted) -> Screen:
    """Ask for the file, and note it."""
    named = {"what": wanted.what, "form": wanted.form}
    narrower = {"period": wanted.period, "survey": wanted.survey}
    asked = named | {name: value for name, value in narrower.items() if value is not None}
    await errands.ask(visit.tx, "export", visit.known.id, visit.now, asked, once=True)
    await note(visit, "exported", details=wanted.deed)
    return screens.being_made(visit.texts, wanted)


async def _chosen(arguments: Sequence[str], visit: Visit) -> Wanted | None:
    """Return what a button names: what, a period, a survey; None where there is no such thing."""
    named, period, survey = (*arguments, "", "", "")[:3]
    what = next((one for one in What if one == named), None)
    keys = [key for key, _ in await _surveys(visit)] if survey else []
    key = next((one for one in keys if screens.key_of(one) == survey), None)
    if what is None or (survey and key is None) or (what is What.PEOPLE and (period or survey)):
        return None
    try:
        chosen = parse_period(period, visit.workspace.zone).key if period else None
    except (PeriodInvalid, ValueError, OverflowError):
        return None
    return Wanted(what, FileForm.XLSX, chosen, key)


async def _surveys(visit: Visit) -> Sequence[tuple[str, str]]:
    """Return the keys and the titles of all surveys."""
    language = visit.texts.language
    known = await definitions.all_latest(visit.tx)
    return [(one.key, localized(one.survey.title, language)) for one in known]


def _stale(visit: Visit) -> Toast:
    return Toast(visit.texts("That button is out of date."))
