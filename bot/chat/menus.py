"""Menus and standing sentences for each role: pure functions to screens."""

from collections.abc import Mapping
from typing import Final

from bot.chat.web.screens import PageKind, page_of
from bot.rights import Action, may
from bot.roles import roles_of
from bot.says.screens import Button, Screen
from bot.says.taps import MenuTap
from storage.people.people import Person
from surveys.messages import LANGUAGES, mark
from templates.texts import Texts

LANGUAGE_NAMES = {"ru": "Русский", "en": "English"}
_PAGES: Final[Mapping[PageKind, str]] = {
    "digest": mark("/web — the digest as a page: any period, any part"),
    "card": mark("/web — my card as a page"),
    "team": mark("/web — my team as a page"),
}


def stranger(texts: Texts) -> Screen:
    """Return what somebody without a link reads."""
    return Screen(
        texts(
            "Hello! This bot works by personal links. Please open the link that the company or "
            "your manager gave you; it ends in a long code."
        )
    )


def settled(texts: Texts, person: Person) -> Screen:
    """Return what follows a consent when nothing is to be asked yet."""
    if not person.is_customer:
        return home(texts, person)
    return Screen(
        texts("Thank you! There is no question for you now; we will write when there is.")
    )


def home(texts: Texts, person: Person) -> Screen:
    """Return a person's main menu by role."""
    own = _own(texts, person)
    if person.is_admin:
        return admin(texts, own)
    if own:
        return Screen(_said_to_staff(texts, person), own)
    return Screen(texts("There is no open question for you now. Thank you for being with us!"))


def _said_to_staff(texts: Texts, person: Person) -> str:
    if person.is_manager:
        return texts("<b>Otklik</b>. Your questionnaires come here by themselves.")
    if person.leads:
        return texts("<b>Otklik</b>. Here are your team, its customers and their cases.")
    return texts("<b>Otklik</b>. You are asked for your judgement as an expert.")


def _own(texts: Texts, person: Person) -> tuple[tuple[Button, ...], ...]:
    """Return the buttons to a manager's and a team lead's own pages."""
    rows: list[tuple[Button, ...]] = []
    if person.is_manager:
        rows.append((Button(texts("My questionnaires"), MenuTap("own_sheets").pack()),))
        rows.append((Button(texts("My card"), MenuTap("own_card").pack()),))
    if person.leads:
        rows.append((Button(texts("My team"), MenuTap("team").pack()),))
    if not person.is_admin and rows:
        label = texts("The team's customers") if person.leads else texts("My customers")
        rows.append((Button(label, MenuTap("cards").pack()),))
        rows.append((Button(texts("Cases"), MenuTap("cases").pack()),))
    if person.is_expert:
        rows.append((Button(texts("Comparisons"), MenuTap("comparisons").pack()),))
    return tuple(rows)


def admin(texts: Texts, own: tuple[tuple[Button, ...], ...] = ()) -> Screen:
    """Return the admin's main menu; `own`: the buttons of an admin who is a manager as well."""
    return Screen(
        texts("<b>Otklik</b>. What shall we do?"),
        (
            (Button(texts("New campaign"), MenuTap("campaign").pack()),),
            (Button(texts("Campaigns"), MenuTap("campaigns").pack()),),
            (Button(texts("Cases"), MenuTap("cases").pack()),),
            (Button(texts("Surveys"), MenuTap("surveys").pack()),),
            (Button(texts("People"), MenuTap("people").pack()),),
            (Button(texts("Digest now"), MenuTap("digest").pack()),),
            (
                Button(texts("Criteria"), MenuTap("criteria").pack()),
                Button(texts("Weights"), MenuTap("weights").pack()),
            ),
            (Button(texts("Facts"), MenuTap("facts").pack()),),
            (Button(texts("Digest on schedule"), MenuTap("schedule").pack()),),
            (Button(texts("Data as a file"), MenuTap("export").pack()),),
            (Button(texts("Copies of the database"), MenuTap("backups").pack()),),
            (Button(texts("Data and consent"), MenuTap("privacy").pack()),),
            *own,
        ),
    )


def languages(texts: Texts) -> Screen:
    """Return the choice of a language."""
    row = tuple(
        Button(LANGUAGE_NAMES[language], MenuTap("language", (language,)).pack())
        for language in LANGUAGES
    )
    return Screen(texts("Which language shall I speak?"), (row,))


def help_text(texts: Texts, person: Person | None, *, has_pages: bool) -> Screen:
    """Return /help for a role: only what its holder can use."""
    if person is None:
        return stranger(texts)
    lines = _of_customers(texts) if person.is_customer else _of_staff(texts, person, has_pages)
    lines += [texts("/start — where we are"), texts("/language — Русский, English")]
    if person.is_customer or person.is_manager:
        lines.append(texts("/stop — no more invitations"))
    if person.consented_at is not None or not person.is_admin:
        lines.append(texts("/consent — what I agreed to, and taking it back"))
    lines.append(texts("/mydata — everything that is kept about me"))
    if person.is_customer:
        lines.append(texts("/forget — erase my data"))
    return Screen("\n".join(lines))


def _of_customers(texts: Texts) -> list[str]:
    return [texts("Tap a button below the question or type your answer; you can go back any time.")]


def _of_staff(texts: Texts, person: Person, has_pages: bool) -> list[str]:
    lines = []
    if person.is_admin:
        lines += _of_admins(texts)
    elif person.is_manager:
        lines.append(texts("/menu — questionnaires, card, customers"))
    elif person.leads:
        lines.append(texts("/menu — team, customers, cases"))
    elif person.is_expert:
        lines.append(texts("/menu — what you are asked to compare"))
    if may(Action.OPEN_LIVE, *roles_of(person)) and has_pages:
        lines.append(texts(_PAGES[page_of(person)]))
    if may(Action.SEE_CUSTOMERS, *roles_of(person)):
        lines.append(texts("/card — a customer's card: /card and a part of the name"))
    if person.is_manager:
        lines.append(texts("A questionnaire can be left at any moment and resumed with /start."))
    return lines


def _of_admins(texts: Texts) -> list[str]:
    return [
        texts("/menu — campaigns and digests"),
        texts("/people — customers, managers, links"),
        texts("/digest — the digest of the last full month; /digest now, /digest 2026-Q3 2026-Q2"),
        texts("/export answers 2026-Q3 — data as a file"),
        texts("/why NAME — why somebody was not asked"),
        texts("/outbox — messages that may not have arrived"),
        texts("/audit — what staff did"),
    ]
