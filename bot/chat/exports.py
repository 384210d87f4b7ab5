"""Admins: rows as a file; it is made by an errand and comes as a message of its own."""

from collections.abc import Sequence
from typing import Final

from bot.chat.admin_screens import back
from bot.chat.auditing import note
from bot.chat.visit import Visit
from bot.operations.exports.chosen import NAMES, FileForm, What, lacking
from bot.says.heard import Tap
from bot.says.said import Change, Reply, Toast
from bot.says.screens import Button, Screen
from bot.says.taps import MenuTap
from storage.sending import errands
from templates.texts import Texts

_LABELS: Final = {
    FileForm.XLSX: "XLSX",
    FileForm.CSV: "CSV",
    FileForm.PARQUET: "Parquet",
    FileForm.SPSS: "SPSS",
}


async def choose(_: Tap[MenuTap], visit: Visit) -> Reply:
    """Offer what can be exported."""
    return Change(_whats(visit.texts))


async def choose_form(tap: Tap[MenuTap], visit: Visit) -> Reply:
    """Offer the forms, those whose library is there."""
    what = _named(tap.button.arguments)
    if what is None:
        return Toast(visit.texts("That button is out of date."))
    return Change(_forms(visit.texts, what))


async def ask(tap: Tap[MenuTap], visit: Visit) -> Reply:
    """Have the file made."""
    texts, arguments = visit.texts, tap.button.arguments
    what = _named(arguments)
    form = next((one for one in FileForm if one == "".join(arguments[1:2])), None)
    if visit.person is None or what is None or form is None or lacking(form):
        return Toast(texts("That button is out of date."))
    wanted = {"what": what, "form": form}
    await errands.ask(visit.tx, "export", visit.person.id, visit.now, wanted, once=True)
    await note(visit, "exported", details=f"{what}.{form}")
    return Change(Screen(texts("The file is being made; it comes here shortly."), back(texts)))


def _named(arguments: Sequence[str]) -> What | None:
    return next((one for one in What if one == "".join(arguments[:1])), None)


def _whats(texts: Texts) -> Screen:
    said = texts(
        "<b>Data as a file</b>: a row a response, a person, a case or a decision. Anonymous "
        "answers are there as totals only."
    )
    rows = tuple(
        (Button(texts(name), MenuTap("export_form", (what,)).pack()),)
        for what, name in NAMES.items()
    )
    return Screen(said, (*rows, *back(texts)))


def _forms(texts: Texts, what: What) -> Screen:
    said = texts("{name}: in which form?", name=texts(NAMES[what]))
    row = tuple(
        Button(_LABELS[form], MenuTap("export_do", (what, form)).pack())
        for form in FileForm
        if lacking(form) is None
    )
    return Screen(said, (row, *back(texts)))
