"""The conversation: one table of what was heard, who may do it, and which handler answers.

It is read from top to bottom. Lines of one name never compete; the order means something only where
a comment says so. A handler that returns None leaves it to the lines below.
"""

from datetime import datetime

from bot.chat import admin, arrival, backups, breakdowns, common, contacts, gone, outbox
from bot.chat import routing as to
from bot.chat.campaigns import campaign_wizard, campaigns, comparing, why
from bot.chat.people import cards, leaving, links, people
from bot.chat.routing import Route, Who, answered
from bot.chat.surveys import question_editor, rehearsal, remarks, survey, survey_editor
from bot.chat.surveys.sheets import Handles
from bot.chat.visit import Visit, visit_of
from bot.says.channels import ways
from bot.says.heard import (
    Command,
    Contact,
    Edited,
    File,
    Heard,
    Media,
    Membership,
    Tap,
    Words,
)
from bot.says.said import Said, Toast
from storage.database import Transaction

ANYBODY, ADMIN, STAFF, GONE = Who.ANYBODY, Who.ADMIN, Who.STAFF, Who.GONE

ROUTES: tuple[Route, ...] = (
    to.on(Membership, ANYBODY, common.blocked_or_back),
    to.command("stop", ANYBODY, arrival.stopped),
    # Who has left comes no further.
    to.on(Tap, GONE, gone.tapped),
    to.on(Heard, GONE, gone.wrote),
    # Everybody.
    to.on(Contact, ANYBODY, contacts.shared),
    to.command("start", ANYBODY, arrival.started),
    to.command("help", ANYBODY, common.asked_for_help),
    to.command("language", ANYBODY, common.asked_for_languages),
    to.menu("consent", ANYBODY, arrival.decided),
    to.menu("begin", ANYBODY, arrival.begun),
    to.menu("return", ANYBODY, arrival.returned),
    to.menu("language", ANYBODY, common.chose_language),
    # Admins: the menu and digests.
    to.command("menu", ADMIN, admin.menu),
    to.command("digest", ADMIN, admin.digest_command),
    to.menu("menu", ADMIN, admin.back_to_menu),
    to.menu("digest", ADMIN, admin.choose_period),
    to.menu("period", ADMIN, admin.digest_now),
    to.menu("schedule", ADMIN, admin.schedule),
    to.menu("subscribe", ADMIN, admin.subscribe),
    to.menu("breakdowns", ADMIN, breakdowns.breakdowns),
    to.menu("breakdown", ADMIN, breakdowns.toggle),
    # Admins: campaigns.
    to.menu("campaigns", ADMIN, campaigns.list_campaigns),
    to.menu("board", ADMIN, campaigns.board),
    to.menu("leave_board", ADMIN, campaigns.leave_board),
    to.menu("pause", ADMIN, campaigns.pause),
    to.menu("resume", ADMIN, campaigns.resume),
    to.menu("ask_cancel", ADMIN, campaigns.ask_cancel),
    to.menu("cancel", ADMIN, campaigns.cancel),
    to.menu("wave_links", ADMIN, campaigns.wave_links),
    to.menu("compare", ADMIN, comparing.choose_waves),
    to.menu("compare_with", ADMIN, comparing.choose_second),
    to.menu("compare_now", ADMIN, comparing.compare),
    to.menu("baseline", ADMIN, comparing.choose_baseline),
    to.menu("campaign", ADMIN, campaign_wizard.begin),
    to.menu("new", ADMIN, campaign_wizard.begin_anew),
    to.menu("segment", ADMIN, campaign_wizard.chose_survey),
    to.menu("count", ADMIN, campaign_wizard.chose_segment),
    to.menu("hub", ADMIN, campaign_wizard.hub),
    to.menu("field", ADMIN, campaign_wizard.field),
    to.menu("put", ADMIN, campaign_wizard.put),
    to.menu("launch", ADMIN, campaign_wizard.launch),
    to.command("why", ADMIN, why.asked),
    to.menu("why", ADMIN, why.chose),
    to.command("outbox", ADMIN, outbox.asked_for_outbox),
    to.menu("outbox", ADMIN, outbox.decided),
    # Admins: surveys.
    to.menu("surveys", ADMIN, survey_editor.list_surveys),
    to.menu("survey", ADMIN, survey_editor.show_survey),
    to.menu("edit_survey", ADMIN, survey_editor.edit_survey),
    to.menu("copy_survey", ADMIN, survey_editor.copy_survey),
    to.menu("editor", ADMIN, survey_editor.editor),
    to.menu("q_toggle", ADMIN, survey_editor.toggle),
    to.menu("q_words", ADMIN, question_editor.show),
    to.menu("q_kinds", ADMIN, question_editor.choose_kind),
    to.menu("q_add", ADMIN, question_editor.add),
    to.menu("q_part", ADMIN, question_editor.ask_part),
    to.menu("q_set", ADMIN, question_editor.set_value),
    to.menu("q_when", ADMIN, question_editor.choose_condition),
    to.menu("q_move", ADMIN, question_editor.move),
    to.menu("q_remove", ADMIN, question_editor.remove),
    to.menu("try_draft", ADMIN, survey_editor.try_draft),
    to.menu("publish", ADMIN, survey_editor.publish),
    to.menu("drop_draft", ADMIN, survey_editor.drop_draft),
    to.menu("rehearse", ADMIN, rehearsal.begin),
    to.menu("rehearsed", ADMIN, rehearsal.ended),
    # Admins: people and lists of them, links, copies.
    to.command("people", ADMIN, links.people_command),
    to.menu("people", ADMIN, links.home),
    to.menu("links", ADMIN, links.choose_format),
    to.menu("links_file", ADMIN, links.ask_for_file),
    to.menu("open_links", ADMIN, links.show_open_links),
    to.menu("open_new", ADMIN, links.new_open_link),
    to.menu("open_end", ADMIN, links.end_open_link),
    to.menu("conflicts", ADMIN, links.show_conflicts),
    to.menu("conflict", ADMIN, links.decide),
    to.on(File, ADMIN, people.received),
    to.menu("list", ADMIN, people.show),
    to.menu("list_take", ADMIN, people.take),
    to.menu("list_complete", ADMIN, people.show_complete),
    to.menu("list_drop", ADMIN, people.drop),
    to.menu("list_columns", ADMIN, people.show_columns),
    to.menu("list_column", ADMIN, people.show_column),
    to.menu("list_field", ADMIN, people.choose_field),
    to.menu("list_role", ADMIN, people.choose_role),
    to.menu("list_identity", ADMIN, people.choose_identity),
    to.menu("list_encodings", ADMIN, people.show_encodings),
    to.menu("list_encoding", ADMIN, people.choose_encoding),
    to.menu("list_lines", ADMIN, people.show_lines),
    to.menu("list_skip", ADMIN, people.choose_line),
    to.menu("list_dates", ADMIN, people.choose_dates),
    to.menu("list_managers", ADMIN, people.add_managers),
    to.menu("staff", ADMIN, leaving.staff),
    to.menu("colleague", ADMIN, leaving.colleague),
    to.menu("left", ADMIN, leaving.leaves),
    to.menu("left_to", ADMIN, leaving.confirm),
    to.menu("left_do", ADMIN, leaving.let_person_go),
    to.menu("left_back", ADMIN, leaving.take_back),
    to.menu("admin_off", ADMIN, leaving.ask_admin),
    to.menu("admin_off_do", ADMIN, leaving.end_admin),
    to.menu("backups", ADMIN, backups.copies),
    # Admins and managers.
    to.command("card", STAFF, cards.searched),
    to.menu("cards", STAFF, cards.listed),
    to.menu("card", STAFF, cards.shown),
    to.menu("card_link", STAFF, cards.linked),
    to.menu("remark", STAFF, cards.fetched),
    # Buttons of surveys: those of a trial first.
    to.survey(ADMIN, rehearsal.tapped),
    to.survey(ANYBODY, survey.tapped),
    # Words go to whoever waits for them; an admin's own work comes first.
    to.on(Words, ADMIN, campaign_wizard.typed),
    to.on(Words, ADMIN, question_editor.typed),
    to.on(Words, ADMIN, rehearsal.typed),
    to.on(Words, ANYBODY, remarks.passed_on),
    to.on(Words, ANYBODY, survey.typed),
    to.on(Words, ANYBODY, remarks.followed),
    to.on(Media, ANYBODY, remarks.sent),
    to.on(File, ANYBODY, remarks.sent),
    # What nobody above has answered.
    to.on(Tap, ANYBODY, common.stale_button),
    to.on(Command, ANYBODY, common.unknown_command),
    to.on(Edited, ANYBODY, remarks.edited),
    to.on(Heard, ANYBODY, common.unexpected),
)


ON_PAGES = tuple(route for route in ROUTES if route.who in {ANYBODY, GONE})
"""What a page may ask for: a link in the wrong hands gives nobody an admin's or manager's rights.
"""


async def answer_on_page(heard: Heard, visit: Visit) -> list[Said]:
    """Do what somebody wants who is known by a link, not by an address."""
    if not await arrival.accepted(heard, visit):
        return [Toast(visit.texts(ways(visit.who.channel).over))]
    return await answered(ON_PAGES, heard, visit)


async def answer(heard: Heard, tx: Transaction, now: datetime, handles: Handles) -> list[Said]:
    """Do what somebody wants, and return what to say once that is committed.

    A tap is always answered: by its toast, or by an empty one.
    """
    visit = await visit_of(tx, heard.who, now, handles)
    said = await answered(ROUTES, heard, visit)
    if isinstance(heard, Tap) and not any(isinstance(one, Toast) for one in said):
        return [Toast(), *said]
    return said
