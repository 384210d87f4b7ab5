"""The conversation: one table of what was heard, what is done by it, and which handler answers.

It is read from top to bottom. Lines of one name never compete; the order means something only where
a comment says so. A handler that returns None leaves it to the lines below. Who may do what stands
in `bot.rights`.
"""

from datetime import datetime

from bot.chat import (
    admin,
    arrival,
    auditing,
    backups,
    breakdowns,
    common,
    gone,
    groups,
    outbox,
    themes,
)
from bot.chat import routing as to
from bot.chat.campaigns import campaign_wizard, campaigns, comparing, why
from bot.chat.cases import cases, correspondence, days, writing
from bot.chat.criteria import facts, facts_files, facts_study, page
from bot.chat.digests import schedules
from bot.chat.digests import typed as schedule_words
from bot.chat.exports import exports
from bot.chat.nameless import once_named
from bot.chat.own import monthly, own
from bot.chat.people import cards, forgetting, leaving, links, people, staff
from bot.chat.privacy import consent_texts, consents, mydata, retention
from bot.chat.routing import Route, answered
from bot.chat.surveys import (
    alert_words,
    publishing,
    question_conditions,
    question_editor,
    rehearsal,
    remarks,
    survey,
    survey_editor,
    survey_settings,
)
from bot.chat.surveys.sheets import Handles
from bot.chat.visit import Visit, visit_of
from bot.chat.web import live
from bot.chat.weights import compare, weights
from bot.rights import Action
from bot.roles import roles_of, roles_on_page
from bot.says.channels import ways
from bot.says.heard import (
    Command,
    Contact,
    Edited,
    File,
    GroupMoved,
    Heard,
    Media,
    Membership,
    PutIn,
    PutOut,
    Tap,
    Words,
)
from bot.says.said import Said, Toast
from storage.database import Transaction
from storage.people.people import Person

ROUTES: tuple[Route, ...] = (
    to.on(Membership, Action.STOP, common.blocked_or_back),
    to.on(PutIn, Action.PLAN_DIGESTS, groups.joined),
    to.on(PutIn, Action.STOP, groups.ignored),
    to.on(PutOut, Action.STOP, groups.put_out),
    to.on(GroupMoved, Action.STOP, groups.moved),
    to.command("stop", Action.STOP, arrival.stopped),
    to.command("forget", Action.BE_FORGOTTEN, forgetting.asked),
    to.menu("forget", Action.BE_FORGOTTEN, forgetting.decided),
    to.command("mydata", Action.GET_OWN_DATA, mydata.asked),
    # Somebody who has left gets no further.
    to.on(Tap, Action.READ_FAREWELL, gone.tapped),
    to.on(Heard, Action.READ_FAREWELL, gone.wrote),
    # Everybody.
    to.on(Contact, Action.COME_IN, common.shared_card),
    to.command("start", Action.COME_IN, arrival.started),
    to.command("help", Action.READ_HELP, common.asked_for_help),
    to.command("language", Action.READ_HELP, common.asked_for_languages),
    to.menu("consent", Action.COME_IN, arrival.decided),
    to.command("consent", Action.COME_IN, consents.shown),
    to.menu("consent_read", Action.COME_IN, consents.read),
    to.menu("withdraw", Action.COME_IN, consents.withdrawn),
    to.menu("begin", Action.ANSWER, arrival.begun),
    to.menu("return", Action.COME_IN, arrival.returned),
    to.menu("language", Action.READ_HELP, common.chose_language),
    # Admins: the menu and digests.
    to.command("menu", Action.READ_HELP, admin.menu),
    to.command("digest", Action.MAKE_DIGESTS, admin.digest_command),
    to.menu("menu", Action.USE_MENU, admin.back_to_menu),
    to.menu("digest", Action.MAKE_DIGESTS, admin.choose_period),
    to.command("web", Action.OPEN_LIVE, live.asked),
    to.menu("web", Action.OPEN_LIVE, live.tapped),
    to.menu("web_end", Action.OPEN_LIVE, live.ended),
    to.menu("period", Action.MAKE_DIGESTS, admin.digest_now),
    to.menu("schedule", Action.PLAN_DIGESTS, schedules.listed),
    to.menu("subscribe", Action.PLAN_DIGESTS, schedules.toggled),
    to.menu("sched", Action.PLAN_DIGESTS, schedules.shown),
    to.menu("sched_set", Action.PLAN_DIGESTS, schedules.set_one),
    to.menu("sched_for", Action.PLAN_DIGESTS, schedules.choose_scope),
    to.menu("sched_pick", Action.PLAN_DIGESTS, schedules.pick_scope),
    to.menu("sched_type", Action.PLAN_DIGESTS, schedule_words.ask),
    to.menu("digest_off", Action.PLAN_DIGESTS, schedules.stopped),
    to.menu("digest_on", Action.PLAN_DIGESTS, schedules.resumed),
    to.menu("groups", Action.PLAN_DIGESTS, groups.listed),
    to.menu("group_on", Action.PLAN_DIGESTS, groups.linked),
    to.menu("group_off", Action.PLAN_DIGESTS, groups.unlinked),
    to.menu("breakdowns", Action.PLAN_DIGESTS, breakdowns.breakdowns),
    to.menu("breakdown", Action.PLAN_DIGESTS, breakdowns.toggle),
    to.menu("themes", Action.PLAN_DIGESTS, themes.show_all),
    to.menu("theme", Action.PLAN_DIGESTS, themes.show),
    to.menu("theme_word", Action.PLAN_DIGESTS, themes.take_out),
    to.menu("themes_try", Action.PLAN_DIGESTS, themes.ask_to_try),
    to.menu("themes_usual", Action.PLAN_DIGESTS, themes.usual_again),
    to.menu("criteria", Action.SEE_CRITERIA, page.page),
    to.menu("criteria_part", Action.SEE_CRITERIA, page.turn),
    to.menu("loyal", Action.SEE_CRITERIA, page.loyal),
    to.menu("facts", Action.KEEP_FACTS, facts.home),
    to.menu("facts_month", Action.KEEP_FACTS, facts.month),
    to.menu("facts_ask", Action.KEEP_FACTS, facts.begin),
    to.menu("facts_go", Action.KEEP_FACTS, facts.go_on),
    to.menu("facts_do", Action.KEEP_FACTS, facts.do),
    to.menu("facts_pick", Action.KEEP_FACTS, facts.pick),
    to.menu("facts_past", Action.KEEP_FACTS, facts.past),
    to.menu("facts_remind", Action.KEEP_FACTS, facts.remind),
    to.menu("facts_study", Action.KEEP_FACTS, facts_study.take),
    to.menu("facts_take", Action.KEEP_FACTS, facts_files.take),
    to.menu("facts_leave", Action.KEEP_FACTS, facts_files.leave),
    to.menu("weights", Action.WEIGH, weights.home),
    to.menu("experts_add", Action.WEIGH, weights.choose),
    to.menu("expert_in", Action.WEIGH, weights.invite),
    to.menu("expert_new", Action.WEIGH, once_named(weights.ask_for_name)),
    to.menu("expert_keep", Action.WEIGH, weights.keep),
    to.menu("expert_out", Action.WEIGH, weights.withdraw),
    to.menu("weights_adopt", Action.WEIGH, weights.adopt),
    to.menu("weights_equal", Action.WEIGH, weights.adopt_equal),
    to.menu("weights_past", Action.WEIGH, weights.past),
    # Experts.
    to.menu("comparisons", Action.COMPARE, compare.listed),
    to.menu("compare_go", Action.COMPARE, compare.begin),
    to.menu("judge", Action.COMPARE, compare.judge),
    to.menu("compare_at", Action.COMPARE, compare.at),
    to.menu("compare_all", Action.COMPARE, compare.answers),
    to.menu("compare_end", Action.COMPARE, compare.result),
    to.menu("compare_as", Action.COMPARE, compare.as_example),
    to.menu("export", Action.EXPORT, exports.choose),
    to.menu("export_form", Action.EXPORT, exports.choose_form),
    to.menu("export_period", Action.EXPORT, exports.choose_period),
    to.menu("export_survey", Action.EXPORT, exports.choose_survey),
    to.menu("export_do", Action.EXPORT, exports.ask),
    to.command("export", Action.EXPORT, exports.typed),
    # Admins: campaigns.
    to.menu("campaigns", Action.RUN_CAMPAIGNS, campaigns.list_campaigns),
    to.menu("board", Action.RUN_CAMPAIGNS, campaigns.board),
    to.menu("leave_board", Action.RUN_CAMPAIGNS, campaigns.leave_board),
    to.menu("pause", Action.RUN_CAMPAIGNS, campaigns.pause),
    to.menu("resume", Action.RUN_CAMPAIGNS, campaigns.resume),
    to.menu("ask_cancel", Action.RUN_CAMPAIGNS, campaigns.ask_cancel),
    to.menu("cancel", Action.RUN_CAMPAIGNS, campaigns.cancel),
    to.menu("wave_links", Action.RUN_CAMPAIGNS, once_named(campaigns.wave_links)),
    to.menu("compare", Action.MAKE_DIGESTS, comparing.choose_waves),
    to.menu("compare_with", Action.MAKE_DIGESTS, comparing.choose_second),
    to.menu("compare_now", Action.MAKE_DIGESTS, comparing.compare),
    to.menu("baseline", Action.MAKE_DIGESTS, comparing.choose_baseline),
    to.menu("campaign", Action.RUN_CAMPAIGNS, campaign_wizard.begin),
    to.menu("new", Action.RUN_CAMPAIGNS, campaign_wizard.begin_anew),
    to.menu("segment", Action.RUN_CAMPAIGNS, campaign_wizard.chose_survey),
    to.menu("count", Action.RUN_CAMPAIGNS, campaign_wizard.chose_segment),
    to.menu("hub", Action.RUN_CAMPAIGNS, campaign_wizard.hub),
    to.menu("field", Action.RUN_CAMPAIGNS, campaign_wizard.field),
    to.menu("put", Action.RUN_CAMPAIGNS, campaign_wizard.put),
    to.menu("launch", Action.RUN_CAMPAIGNS, once_named(campaign_wizard.launch)),
    to.command("why", Action.SEE_DECISIONS, why.asked),
    to.menu("why", Action.SEE_DECISIONS, why.chose),
    to.command("outbox", Action.SETTLE_OUTBOX, outbox.asked_for_outbox),
    to.menu("outbox", Action.SETTLE_OUTBOX, outbox.decided),
    # Admins: surveys.
    to.menu("surveys", Action.EDIT_SURVEYS, survey_editor.list_surveys),
    to.menu("survey", Action.EDIT_SURVEYS, survey_editor.show_survey),
    to.menu("readiness", Action.MAKE_DIGESTS, survey_editor.show_readiness),
    to.menu("edit_survey", Action.EDIT_SURVEYS, survey_editor.edit_survey),
    to.menu("copy_survey", Action.EDIT_SURVEYS, survey_editor.copy_survey),
    to.menu("editor", Action.EDIT_SURVEYS, survey_editor.editor),
    to.menu("q_toggle", Action.EDIT_SURVEYS, survey_editor.toggle),
    to.menu("q_words", Action.EDIT_SURVEYS, question_editor.show),
    to.menu("q_kinds", Action.EDIT_SURVEYS, question_editor.choose_kind),
    to.menu("q_add", Action.EDIT_SURVEYS, question_editor.add),
    to.menu("q_part", Action.EDIT_SURVEYS, question_editor.ask_part),
    to.menu("q_set", Action.EDIT_SURVEYS, question_editor.set_value),
    to.menu("q_text", Action.EDIT_SURVEYS, question_editor.show_part),
    to.menu("q_when", Action.EDIT_SURVEYS, question_conditions.choose),
    to.menu("q_move", Action.EDIT_SURVEYS, question_editor.move),
    to.menu("q_remove", Action.EDIT_SURVEYS, question_editor.remove),
    to.menu("s_new", Action.EDIT_SURVEYS, survey_settings.new_survey),
    to.menu("s_page", Action.EDIT_SURVEYS, survey_settings.show),
    to.menu("s_thanks", Action.EDIT_SURVEYS, survey_settings.show_thanks),
    to.menu("s_text", Action.EDIT_SURVEYS, survey_settings.show_words),
    to.menu("s_drop", Action.EDIT_SURVEYS, survey_settings.drop_words),
    to.menu("s_pick", Action.EDIT_SURVEYS, survey_settings.choose),
    to.menu("s_put", Action.EDIT_SURVEYS, survey_settings.put),
    to.menu("s_alert", Action.EDIT_SURVEYS, alert_words.show),
    to.menu("try_draft", Action.EDIT_SURVEYS, survey_editor.try_draft),
    to.menu("publish", Action.EDIT_SURVEYS, publishing.publish),
    to.menu("drop_draft", Action.EDIT_SURVEYS, survey_editor.drop_draft),
    to.menu("rehearse", Action.EDIT_SURVEYS, rehearsal.begin),
    to.menu("rehearsed", Action.EDIT_SURVEYS, rehearsal.ended),
    # Admins: people and lists of them, links, copies.
    to.command("people", Action.SEE_PEOPLE, links.people_command),
    to.menu("people", Action.SEE_PEOPLE, links.home),
    to.menu("links", Action.GIVE_LINKS, links.choose_format),
    to.menu("links_file", Action.GIVE_LINKS, once_named(links.ask_for_file)),
    to.menu("open_links", Action.GIVE_LINKS, links.show_open_links),
    to.menu("open_new", Action.GIVE_LINKS, once_named(links.new_open_link)),
    to.menu("open_end", Action.GIVE_LINKS, links.end_open_link),
    to.menu("conflicts", Action.GIVE_LINKS, links.show_conflicts),
    to.menu("conflict", Action.GIVE_LINKS, links.decide),
    to.on(File, Action.WORK_CASES, writing.sent),
    to.on(File, Action.IMPORT_PEOPLE, people.received),
    to.menu("list", Action.IMPORT_PEOPLE, people.show),
    to.menu("list_take", Action.IMPORT_PEOPLE, people.take),
    to.menu("list_complete", Action.IMPORT_PEOPLE, people.show_complete),
    to.menu("list_drop", Action.IMPORT_PEOPLE, people.drop),
    to.menu("list_columns", Action.IMPORT_PEOPLE, people.show_columns),
    to.menu("list_column", Action.IMPORT_PEOPLE, people.show_column),
    to.menu("list_field", Action.IMPORT_PEOPLE, people.choose_field),
    to.menu("list_role", Action.IMPORT_PEOPLE, people.choose_role),
    to.menu("list_identity", Action.IMPORT_PEOPLE, people.choose_identity),
    to.menu("list_encodings", Action.IMPORT_PEOPLE, people.show_encodings),
    to.menu("list_encoding", Action.IMPORT_PEOPLE, people.choose_encoding),
    to.menu("list_lines", Action.IMPORT_PEOPLE, people.show_lines),
    to.menu("list_skip", Action.IMPORT_PEOPLE, people.choose_line),
    to.menu("list_dates", Action.IMPORT_PEOPLE, people.choose_dates),
    to.menu("list_countries", Action.IMPORT_PEOPLE, people.show_countries),
    to.menu("list_country", Action.IMPORT_PEOPLE, people.choose_country),
    to.menu("list_managers", Action.IMPORT_PEOPLE, people.add_managers),
    to.menu("staff", Action.CHANGE_STAFF, leaving.staff),
    to.menu("colleague", Action.CHANGE_STAFF, leaving.colleague),
    to.menu("left", Action.LET_GO, leaving.leaves),
    to.menu("left_to", Action.LET_GO, leaving.confirm),
    to.menu("left_do", Action.LET_GO, leaving.let_person_go),
    to.menu("left_back", Action.LET_GO, leaving.take_back),
    to.menu("admin_off", Action.CHANGE_STAFF, leaving.ask_admin),
    to.menu("admin_off_do", Action.CHANGE_STAFF, leaving.end_admin),
    to.menu("staff_add", Action.CHANGE_STAFF, staff.choose),
    to.menu("manager_new", Action.CHANGE_STAFF, once_named(staff.ask_for_manager)),
    to.menu("manager_do", Action.CHANGE_STAFF, once_named(staff.add_manager)),
    to.menu("admin_new", Action.CHANGE_STAFF, staff.ask_for_admin),
    to.menu("admin_new_do", Action.CHANGE_STAFF, staff.invite_admin),
    to.menu("admin_on", Action.CHANGE_STAFF, staff.ask_to_make_admin),
    to.menu("admin_on_do", Action.CHANGE_STAFF, staff.make_admin),
    to.menu("lead", Action.CHANGE_STAFF, staff.choose_team),
    to.menu("lead_one", Action.CHANGE_STAFF, staff.ask_to_lead),
    to.menu("lead_do", Action.CHANGE_STAFF, staff.lead),
    to.menu("lead_off", Action.CHANGE_STAFF, staff.ask_to_end_lead),
    to.menu("lead_off_do", Action.CHANGE_STAFF, staff.end_lead),
    to.menu("days", Action.SET_WORKING_DAYS, days.show),
    to.command("audit", Action.SEE_AUDIT, auditing.asked),
    to.menu("audit", Action.SEE_AUDIT, auditing.show),
    to.menu("backups", Action.SEE_COPIES, backups.copies),
    # Admins: consent and retention.
    to.menu("privacy", Action.KEEP_PRIVACY, consent_texts.home),
    to.menu("consent_text", Action.KEEP_PRIVACY, consent_texts.show),
    to.menu("consent_new", Action.KEEP_PRIVACY, consent_texts.ask),
    to.menu("consent_use", Action.KEEP_PRIVACY, consent_texts.use),
    to.menu("consent_usual", Action.KEEP_PRIVACY, consent_texts.usual_again),
    to.menu("consent_anew", Action.KEEP_PRIVACY, consent_texts.ask_anew),
    to.menu("retention", Action.KEEP_PRIVACY, retention.show),
    to.menu("retention_kind", Action.KEEP_PRIVACY, retention.offer),
    to.menu("retention_set", Action.KEEP_PRIVACY, retention.chose),
    to.menu("operator", Action.KEEP_PRIVACY, consent_texts.ask_for_operator),
    to.menu("company_name", Action.KEEP_PRIVACY, consent_texts.ask_for_name),
    # Managers and team leads.
    to.menu("own_sheets", Action.SEE_OWN_CARD, own.questionnaires),
    to.menu("own_resume", Action.SEE_OWN_CARD, own.resume),
    to.menu("own_card", Action.SEE_OWN_CARD, own.card),
    to.menu("card_at", Action.SEE_OWN_CARD, monthly.begun),
    to.menu("card_off", Action.SEE_OWN_CARD, monthly.stopped),
    to.menu("team", Action.SEE_TEAM, own.team),
    to.menu("team_card", Action.SEE_TEAM, own.team_card),
    # All of the staff.
    to.command("card", Action.SEE_CUSTOMERS, cards.searched),
    to.menu("cards", Action.SEE_CUSTOMERS, cards.listed),
    to.menu("card", Action.SEE_CUSTOMERS, cards.shown),
    to.menu("erase", Action.ERASE, forgetting.ask_about),
    to.menu("erase_do", Action.ERASE, forgetting.erased),
    to.menu("hand_out", Action.HAND_OUT, mydata.handed_out),
    to.menu("card_link", Action.INVITE_CUSTOMERS, once_named(cards.linked)),
    to.menu("remark", Action.SEE_CUSTOMERS, cards.fetched),
    to.menu("cases", Action.WORK_CASES, cases.listed),
    to.menu("case", Action.WORK_CASES, cases.shown),
    to.menu("case_take", Action.WORK_CASES, cases.taken),
    to.menu("case_note", Action.WORK_CASES, cases.note_asked),
    to.menu("case_call", Action.WORK_CASES, cases.call_asked),
    to.menu("case_end", Action.WORK_CASES, cases.ended),
    to.menu("case_done", Action.WORK_CASES, cases.resolved),
    to.menu("case_again", Action.WORK_CASES, cases.reopened),
    to.menu("case_write", Action.WORK_CASES, writing.asked),
    to.menu("case_file", Action.WORK_CASES, writing.fetched),
    to.menu("case_trial", Action.GET_ALERTS, writing.tried),
    to.menu("letter", Action.WRITE, correspondence.decided),
    # Buttons of surveys: those of a trial first.
    to.survey(Action.EDIT_SURVEYS, rehearsal.tapped),
    to.survey(Action.ANSWER, consents.needed),
    to.survey(Action.ANSWER, survey.tapped),
    # Words go to whoever waits for them; an admin's own work comes first.
    to.on(Words, Action.WORK_CASES, cases.typed),
    to.on(Words, Action.SET_WORKING_DAYS, days.typed),
    to.on(Words, Action.RUN_CAMPAIGNS, campaign_wizard.typed),
    to.on(Words, Action.EDIT_SURVEYS, alert_words.typed),
    to.on(Words, Action.EDIT_SURVEYS, survey_settings.typed),
    to.on(Words, Action.EDIT_SURVEYS, question_conditions.typed),
    to.on(Words, Action.EDIT_SURVEYS, question_editor.typed),
    to.on(Words, Action.CHANGE_STAFF, staff.typed),
    to.on(Words, Action.PLAN_DIGESTS, themes.typed),
    to.on(Words, Action.PLAN_DIGESTS, schedule_words.typed),
    to.on(Words, Action.KEEP_FACTS, facts.typed),
    to.on(Words, Action.WEIGH, weights.typed),
    to.on(Words, Action.KEEP_PRIVACY, consent_texts.typed),
    to.on(Words, Action.EDIT_SURVEYS, rehearsal.typed),
    to.on(Words, Action.READ_HELP, writing.no_longer),
    to.on(Words, Action.WRITE, correspondence.typed),
    to.on(Heard, Action.ANSWER, consents.needed_to_speak),
    to.on(Words, Action.ANSWER, remarks.passed_on),
    to.on(Words, Action.ANSWER, survey.typed),
    # What answers no open question: a correspondence goes on before words are added to a survey.
    to.on(Words, Action.WRITE, correspondence.continued),
    to.on(Words, Action.ANSWER, remarks.followed),
    to.on(Words, Action.WRITE, correspondence.offered),
    to.on(Media, Action.WORK_CASES, writing.sent),
    to.on(Media, Action.WRITE, correspondence.continued),
    to.on(Media, Action.ANSWER, remarks.sent),
    to.on(Media, Action.WRITE, correspondence.offered),
    to.on(File, Action.WRITE, correspondence.continued),
    to.on(File, Action.ANSWER, remarks.sent),
    to.on(File, Action.WRITE, correspondence.offered),
    # What nobody above has answered.
    to.on(Tap, Action.READ_HELP, common.stale_button),
    to.on(Command, Action.READ_HELP, common.unknown_command),
    to.on(Edited, Action.ANSWER, remarks.edited),
    to.on(Heard, Action.READ_HELP, common.unexpected),
)
_LINES = to.lines_by_name(ROUTES)


async def answer_on_page(heard: Heard, visit: Visit) -> list[Said]:
    """Answer somebody on a page, who is known by a link and not by an address."""
    if not await arrival.accepted(heard, visit):
        return [Toast(visit.texts(ways(visit.who.channel).over))]
    return await answered(_LINES, heard, visit, roles_on_page(visit.person))


async def answer(
    heard: Heard, person: Person | None, tx: Transaction, now: datetime, handles: Handles
) -> list[Said]:
    """Do what somebody wants, and return what to say once that is committed.

    `person` is whoever is at the sender's address.

    A tap is always answered: by its toast, or by an empty one.
    """
    visit = await visit_of(tx, heard.who, person, now, handles)
    said = await answered(_LINES, heard, visit, roles_of(visit.person))
    if isinstance(heard, Tap) and not any(isinstance(one, Toast) for one in said):
        return [Toast(), *said]
    return said
