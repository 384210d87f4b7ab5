"""The part of a wave that is not in Telegram yet: personal links for the company's own letters."""

import io
from datetime import datetime
from typing import Any

from bot.errors import Refused
from bot.operations.admins import deep_link
from storage import campaigns, definitions, invitations, ledger, links, people, workspace
from storage.campaigns import Wave
from storage.database import Transaction
from storage.errors import NotFound
from storage.invitations import BY_LINK
from surveys.eligibility import NOT_HERE_YET
from surveys.messages import mark

HEADINGS = ("id", "name", "phone", "email", "link")
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


async def links_of_wave(tx: Transaction, wave_id: int, now: datetime) -> list[dict[str, Any]]:
    """Return a new link for everybody whom a wave could not reach, and count them as invited.

    Each link opens this wave's survey after the consent. Asked for again, everybody who has not
    come gets another; those given before stay valid.
    """
    wave = await _open_wave(tx, wave_id, now)
    space = await workspace.get(tx)
    if not space.bot_username:
        raise Refused(mark("The bot's name is not known yet: start it once with otklik run."))
    campaign = await campaigns.get(tx, wave.campaign_id)
    survey_key = (await definitions.get(tx, campaign.definition_id)).key
    rows = []
    for person_id in await ledger.with_reason(tx, wave_id, NOT_HERE_YET):
        person = await people.get(tx, person_id)
        if person.telegram_id is not None or person.left_at is not None:
            continue
        await _promise(tx, wave, campaign.definition_id, person_id, now)
        token = await links.issue(tx, "personal", person_id, now, survey_key=survey_key)
        rows.append(
            {
                "id": person.external_id or "",
                "name": person.name,
                "phone": person.phone or "",
                "email": person.email or "",
                "link": deep_link(space.bot_username, token),
            }
        )
    return rows


async def _open_wave(tx: Transaction, wave_id: int, now: datetime) -> Wave:
    try:
        wave = await campaigns.get_wave(tx, wave_id)
    except NotFound as error:
        raise Refused(
            mark("There is no wave {wave_id}: otklik campaign list."), wave_id=str(wave_id)
        ) from error
    if wave.closes_at <= now:
        raise Refused(
            mark("Wave {wave_id} is over; start another one first."), wave_id=str(wave_id)
        )
    return wave


async def _promise(
    tx: Transaction, wave: Wave, definition_id: int, person_id: int, now: datetime
) -> None:
    asked = await invitations.of_person(tx, person_id)
    if any(one.wave_id == wave.id for one in asked):
        return
    await invitations.create(
        tx,
        wave_id=wave.id,
        person_id=person_id,
        definition_id=definition_id,
        touchpoint=BY_LINK,
        now=now,
        closes_at=wave.closes_at,
        remind_at=None,
    )


def as_csv(rows: list[dict[str, Any]]) -> bytes:
    """Return the links as CSV in UTF-8 with a mark that spreadsheets recognise."""
    import csv  # noqa: PLC0415 (with the library of the other form)

    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(HEADINGS)
    writer.writerows([_safe(str(row[name])) for name in HEADINGS] for row in rows)
    return text.getvalue().encode("utf-8-sig")


def as_xlsx(rows: list[dict[str, Any]]) -> bytes:
    """Return the links as a workbook: every cell is text, none a formula."""
    import xlsxwriter  # noqa: PLC0415 (rarely needed)

    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True, "strings_to_urls": False}) as workbook:
        sheet = workbook.add_worksheet("links")
        for place, heading in enumerate(HEADINGS):
            sheet.write_string(0, place, heading)
            sheet.set_column(place, place, 60 if heading == "link" else 24)
        for number, row in enumerate(rows, start=1):
            for place, heading in enumerate(HEADINGS):
                sheet.write_string(number, place, str(row[heading]))
    return file.getvalue()


def _safe(cell: str) -> str:
    """Keep a spreadsheet from taking a name for a formula; a phone number is no formula."""
    return f"'{cell}" if cell[:1] in _FORMULA and not cell[1:].isdecimal() else cell
