"""People, and what they are asked."""

import sqlalchemy as sa
from alembic import op

from storage.migrations.frozen import BIG, MOMENT, key, one_of

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

BOOLEAN, DATE, FLOAT, INTEGER, TEXT = sa.Boolean(), sa.Date(), sa.Float(), sa.Integer(), sa.Text()
TABLES = (
    "workspace",
    "accounts",
    "people",
    "links",
    "link_failures",
    "imports",
    "import_rows",
    "link_conflicts",
    "definitions",
    "questions",
    "question_measures",
    "campaigns",
    "waves",
    "baselines",
    "comparisons",
    "decisions",
    "invitations",
    "answers",
    "anonymous_sheets",
    "anonymous_answers",
    "link_batches",
)


def upgrade() -> None:
    """Make the tables."""
    _people()
    _surveys()
    _lists()


def downgrade() -> None:
    """Drop them, the dependent ones first."""
    for table in reversed(TABLES):
        op.drop_table(table)


def _people() -> None:
    op.create_table(
        "workspace",
        sa.Column("id", BIG, primary_key=True, autoincrement=False),
        sa.Column("company", TEXT, nullable=False),
        sa.Column("language", TEXT, nullable=False),
        sa.Column("zone", TEXT, nullable=False),
        sa.Column("quiet_from", INTEGER, nullable=False),
        sa.Column("quiet_until", INTEGER, nullable=False),
        sa.Column("global_period_days", INTEGER, nullable=False),
        sa.Column("consent_days", INTEGER, nullable=False),
        sa.Column("review_url", TEXT),
        sa.Column("bot_username", TEXT),
        sa.Column("break_down_by", TEXT),
        one_of("language", "ru", "en"),
        sa.CheckConstraint("id = 1", name="only_one"),
        comment="One row: the company's settings.",
    )
    op.create_table(
        "accounts",
        key(),
        sa.Column("name", TEXT, nullable=False),
        sa.UniqueConstraint("name"),
        comment="Companies that customers belong to.",
    )
    op.create_table(
        "people",
        key(),
        sa.Column("external_id", TEXT),
        sa.Column("name", TEXT, nullable=False),
        sa.Column("telegram_id", BIG),
        sa.Column("language", TEXT),
        sa.Column("zone", TEXT),
        sa.Column("is_admin", BOOLEAN, nullable=False, server_default=sa.false()),
        sa.Column("is_manager", BOOLEAN, nullable=False, server_default=sa.false()),
        sa.Column("is_customer", BOOLEAN, nullable=False, server_default=sa.false()),
        sa.Column("is_past", BOOLEAN, nullable=False, server_default=sa.false()),
        sa.Column("consent_version", TEXT),
        sa.Column("consented_at", MOMENT),
        sa.Column("declined_at", MOMENT),
        sa.Column("opted_out_at", MOMENT),
        sa.Column("unreachable_at", MOMENT),
        sa.Column("left_at", MOMENT),
        sa.Column("team", TEXT),
        sa.Column("manager_id", BIG, sa.ForeignKey("people.id")),
        sa.Column("segment", TEXT),
        sa.Column("account_id", BIG, sa.ForeignKey("accounts.id")),
        sa.Column("position", TEXT),
        sa.Column("phone", TEXT),
        sa.Column("email", TEXT),
        sa.Column("last_purchase_on", DATE),
        sa.Column("last_deal_on", DATE),
        sa.Column("attributes", TEXT, nullable=False, server_default=sa.text("'{}'")),
        sa.Column("created_at", MOMENT, nullable=False),
        one_of("language", "ru", "en"),
        sa.CheckConstraint("NOT (is_customer AND (is_admin OR is_manager))", name="staff_apart"),
        sa.UniqueConstraint("external_id", "is_customer"),
        sa.UniqueConstraint("telegram_id"),
        comment="Customers, managers and admins. A NULL telegram_id: no chat yet.",
    )
    op.create_index("ix_people_manager_id", "people", ["manager_id"])
    op.create_index("ix_people_phone", "people", ["phone"])
    op.create_table(
        "links",
        key(),
        sa.Column("token_hash", TEXT, nullable=False),
        sa.Column("kind", TEXT, nullable=False),
        sa.Column("person_id", BIG, sa.ForeignKey("people.id")),
        sa.Column("survey_key", TEXT),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("expires_at", MOMENT),
        sa.Column("redeemed_at", MOMENT),
        sa.Column("revoked_at", MOMENT),
        sa.Column("uses", INTEGER, nullable=False, server_default=sa.text("0")),
        sa.Column("most_uses", INTEGER),
        sa.Column("label", TEXT),
        sa.Column("touchpoint", TEXT),
        one_of("kind", "personal", "admin", "open"),
        sa.UniqueConstraint("token_hash"),
        comment="Ways in. Only the SHA-256 of a token is kept.",
    )
    op.create_index("ix_links_person_id", "links", ["person_id"])
    op.create_table(
        "link_failures",
        key(),
        sa.Column("telegram_id", BIG, nullable=False),
        sa.Column("failed_at", MOMENT, nullable=False),
        comment="Wrong tokens, so that guessing ends early.",
    )
    op.create_index(
        "ix_link_failures_telegram_id_failed_at", "link_failures", ["telegram_id", "failed_at"]
    )


def _lists() -> None:
    op.create_table(
        "imports",
        key(),
        sa.Column("person_id", BIG, sa.ForeignKey("people.id"), nullable=False),
        sa.Column("file_id", TEXT, nullable=False),
        sa.Column("file_name", TEXT, nullable=False),
        sa.Column("state", TEXT, nullable=False),
        sa.Column("options", TEXT, nullable=False, server_default=sa.text("'{}'")),
        sa.Column("found", TEXT, nullable=False, server_default=sa.text("'{}'")),
        sa.Column("message_id", BIG),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("changed_at", MOMENT, nullable=False),
        one_of(
            "state",
            "waiting",
            "asking",
            "ready",
            "confirmed",
            "done",
            "refused",
            "failed",
            "cancelled",
        ),
        comment="Files that admins sent: options are how to read them, found what was found; JSON.",
    )
    op.create_index("ix_imports_state", "imports", ["state"])
    op.create_table(
        "import_rows",
        sa.Column("import_id", BIG, nullable=False),
        sa.Column("is_customer", BOOLEAN, nullable=False),
        sa.Column("external_id", TEXT, nullable=False),
        sa.Column("line", INTEGER, nullable=False),
        sa.Column("name", TEXT, nullable=False),
        sa.Column("company", TEXT),
        sa.Column("position", TEXT),
        sa.Column("manager", TEXT),
        sa.Column("manager_id", BIG),
        sa.Column("segment", TEXT),
        sa.Column("team", TEXT),
        sa.Column("language", TEXT),
        sa.Column("phone", TEXT),
        sa.Column("email", TEXT),
        sa.Column("last_purchase_on", DATE),
        sa.Column("attributes", TEXT),
        sa.PrimaryKeyConstraint("import_id", "is_customer", "external_id"),
        sqlite_with_rowid=False,
        comment="People of a list until it is taken or left; import 0 lives for one transaction.",
    )
    _links_out()


def _links_out() -> None:
    op.create_table(
        "link_batches",
        key(),
        sa.Column("person_id", BIG, sa.ForeignKey("people.id"), nullable=False),
        sa.Column("format", TEXT, nullable=False),
        sa.Column("role", TEXT),
        sa.Column("wave_id", BIG, sa.ForeignKey("waves.id")),
        sa.Column("state", TEXT, nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("finished_at", MOMENT),
        one_of("format", "xlsx", "html"),
        one_of("role", "customer", "manager"),
        one_of("state", "pending", "done", "failed", "cleared"),
        comment="Files with links that admins asked for; cleared: the file was deleted.",
    )
    op.create_index("ix_link_batches_state", "link_batches", ["state"])
    op.create_table(
        "link_conflicts",
        key(),
        sa.Column("kind", TEXT, nullable=False),
        sa.Column("person_id", BIG, sa.ForeignKey("people.id")),
        sa.Column("account_of", BIG, sa.ForeignKey("people.id")),
        sa.Column("telegram_id", BIG, nullable=False),
        sa.Column("happened_at", MOMENT, nullable=False),
        sa.Column("settled_at", MOMENT),
        one_of("kind", "taken", "other_person", "staff", "shared_phone"),
        comment="Accounts that came for a person who has one, or that are somebody else here.",
    )
    op.create_index("ix_link_conflicts_settled_at", "link_conflicts", ["settled_at"])


def _surveys() -> None:
    op.create_table(
        "definitions",
        key(),
        sa.Column("key", TEXT, nullable=False),
        sa.Column("version", TEXT, nullable=False),
        sa.Column("audience", TEXT, nullable=False),
        sa.Column("kind", TEXT, nullable=False),
        sa.Column("anonymous", BOOLEAN, nullable=False),
        sa.Column("content", TEXT, nullable=False),
        sa.Column("published_at", MOMENT, nullable=False),
        one_of("audience", "customers", "managers"),
        one_of("kind", "relationship", "transactional"),
        sa.UniqueConstraint("key", "version"),
        comment="Survey versions; content is the canonical JSON, and never changes.",
    )
    op.create_table(
        "questions",
        key(),
        sa.Column("definition_id", BIG, sa.ForeignKey("definitions.id"), nullable=False),
        sa.Column("key", TEXT, nullable=False),
        sa.Column("position", INTEGER, nullable=False),
        sa.Column("kind", TEXT, nullable=False),
        sa.Column("mirror", TEXT),
        sa.Column("low", FLOAT),
        sa.Column("high", FLOAT),
        sa.Column("label", TEXT, nullable=False),
        sa.UniqueConstraint("definition_id", "key"),
        comment="The definition's questions, for SQL; low and high bound the score, label is JSON.",
    )
    op.create_table(
        "question_measures",
        sa.Column("question_id", BIG, sa.ForeignKey("questions.id"), nullable=False),
        sa.Column("measure", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("question_id", "measure"),
        comment="Which index a question's score goes into.",
    )
    op.create_index("ix_question_measures_measure", "question_measures", ["measure"])
    op.create_table(
        "campaigns",
        key(),
        sa.Column("definition_id", BIG, sa.ForeignKey("definitions.id"), nullable=False),
        sa.Column("name", TEXT, nullable=False),
        sa.Column("plan", TEXT, nullable=False),
        sa.Column("event", TEXT),
        sa.Column("next_due_at", MOMENT),
        sa.Column("remind_after_days", INTEGER),
        sa.Column("closes_after_days", INTEGER, nullable=False),
        sa.Column("state", TEXT, nullable=False),
        sa.Column("created_by", BIG, sa.ForeignKey("people.id")),
        sa.Column("created_at", MOMENT, nullable=False),
        one_of("state", "running", "paused", "cancelled"),
        comment="A survey version for an audience; plan is JSON. next_due_at: its next slot.",
    )
    op.create_index("ix_campaigns_event", "campaigns", ["event"])
    op.create_index("ix_campaigns_next_due_at", "campaigns", ["next_due_at"])
    op.create_table(
        "waves",
        key(),
        sa.Column("campaign_id", BIG, sa.ForeignKey("campaigns.id"), nullable=False),
        sa.Column("label", TEXT, nullable=False),
        sa.Column("started_at", MOMENT, nullable=False),
        sa.Column("closes_at", MOMENT, nullable=False),
        sa.Column("stage", TEXT, nullable=False),
        sa.UniqueConstraint("campaign_id", "label"),
        one_of("stage", "deciding", "inviting", "ready"),
        comment="One firing of a campaign; stage: how far its preparation is.",
    )
    op.create_index("ix_waves_stage", "waves", ["stage"])
    op.create_index("ix_waves_started_at", "waves", ["started_at"])
    op.create_table(
        "baselines",
        sa.Column("survey_key", TEXT, primary_key=True),
        sa.Column("wave_id", BIG, sa.ForeignKey("waves.id"), nullable=False),
        sa.Column("chosen_at", MOMENT, nullable=False),
        comment="The wave, chosen by an admin, that a survey's later figures are held against.",
    )
    op.create_table(
        "comparisons",
        key(),
        sa.Column("person_id", BIG, sa.ForeignKey("people.id"), nullable=False),
        sa.Column("before_wave_id", BIG, sa.ForeignKey("waves.id"), nullable=False),
        sa.Column("after_wave_id", BIG, sa.ForeignKey("waves.id"), nullable=False),
        sa.Column("state", TEXT, nullable=False),
        sa.Column("requested_at", MOMENT, nullable=False),
        sa.Column("finished_at", MOMENT),
        one_of("state", "pending", "sent", "failed"),
        comment="Comparisons of two waves that admins asked for in the chat.",
    )
    op.create_index("ix_comparisons_state", "comparisons", ["state"])
    op.create_table(
        "decisions",
        sa.Column("wave_id", BIG, sa.ForeignKey("waves.id"), nullable=False),
        sa.Column("person_id", BIG, sa.ForeignKey("people.id"), nullable=False),
        sa.Column("reason", TEXT),
        sa.Column("due_at", MOMENT),
        sa.Column("decided_at", MOMENT, nullable=False),
        sa.Column("place", INTEGER),
        sa.PrimaryKeyConstraint("wave_id", "person_id"),
        comment="The ledger: everyone a wave looked at; a NULL reason means asked, at due_at.",
    )
    op.create_index("ix_decisions_person_id", "decisions", ["person_id"])
    op.create_index("ix_decisions_wave_id_place", "decisions", ["wave_id", "place"])
    op.create_table(
        "invitations",
        key(),
        sa.Column("wave_id", BIG, sa.ForeignKey("waves.id"), nullable=False),
        sa.Column("person_id", BIG, sa.ForeignKey("people.id"), nullable=False),
        sa.Column("definition_id", BIG, sa.ForeignKey("definitions.id"), nullable=False),
        sa.Column("touchpoint", TEXT, nullable=False),
        sa.Column("manager_id", BIG, sa.ForeignKey("people.id")),
        sa.Column("team", TEXT),
        sa.Column("segment", TEXT),
        sa.Column("account_id", BIG, sa.ForeignKey("accounts.id")),
        sa.Column("attributes", TEXT),
        sa.Column("state", TEXT, nullable=False),
        sa.Column("current_question", TEXT),
        sa.Column("message_id", BIG),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("sent_at", MOMENT),
        sa.Column("opened_at", MOMENT),
        sa.Column("started_at", MOMENT),
        sa.Column("finished_at", MOMENT),
        sa.Column("closes_at", MOMENT, nullable=False),
        sa.Column("closed_at", MOMENT),
        sa.Column("remind_at", MOMENT),
        sa.Column("reminded_at", MOMENT),
        sa.Column("import_key", TEXT),
        one_of(
            "state",
            "queued",
            "sent",
            "opened",
            "started",
            "finished",
            "expired",
            "declined",
            "unreachable",
            "unknown",
            "cancelled",
        ),
        sa.UniqueConstraint("wave_id", "person_id"),
        sa.UniqueConstraint("import_key"),
        comment="One person asked once in one wave.",
    )
    op.create_index("ix_invitations_closed_at_closes_at", "invitations", ["closed_at", "closes_at"])
    still = sa.text("reminded_at IS NULL")
    op.create_index(
        "ix_invitations_closed_at_remind_at",
        "invitations",
        ["closed_at", "remind_at"],
        sqlite_where=still,
        postgresql_where=still,
    )
    op.create_index("ix_invitations_created_at", "invitations", ["created_at"])
    op.create_index(
        "ix_invitations_person_id_definition_id", "invitations", ["person_id", "definition_id"]
    )
    op.create_table(
        "answers",
        key(),
        sa.Column("invitation_id", BIG, sa.ForeignKey("invitations.id"), nullable=False),
        sa.Column("question_id", BIG, sa.ForeignKey("questions.id"), nullable=False),
        sa.Column("value", TEXT, nullable=False),
        sa.Column("score", FLOAT),
        sa.Column("answered_at", MOMENT, nullable=False),
        sa.UniqueConstraint("invitation_id", "question_id"),
        comment="Answers of named surveys; value is JSON, score the oriented number or NULL.",
    )
    op.create_index(
        "ix_answers_figures", "answers", ["question_id", "answered_at", "invitation_id", "score"]
    )
    op.create_table(
        "anonymous_sheets",
        sa.Column("id", BIG, primary_key=True, autoincrement=False),
        sa.Column("definition_id", BIG, sa.ForeignKey("definitions.id"), nullable=False),
        sa.Column("handle_hash", TEXT),
        sa.Column("current_question", TEXT),
        sa.Column("month", TEXT, nullable=False),
        sa.Column("breakdown", TEXT),
        sa.Column("closes_month", TEXT),
        sa.Column("finished", BOOLEAN, nullable=False, server_default=sa.false()),
        sa.Column("released", BOOLEAN, nullable=False, server_default=sa.false()),
        sa.UniqueConstraint("handle_hash"),
        comment="Responses to anonymous surveys: no person, no invitation, a random id, a month.",
    )
    op.create_index(
        "ix_anonymous_sheets_definition_id_finished_released",
        "anonymous_sheets",
        ["definition_id", "finished", "released"],
    )
    op.create_table(
        "anonymous_answers",
        sa.Column("sheet_id", BIG, nullable=False),
        sa.Column("question_key", TEXT, nullable=False),
        sa.Column("value", TEXT, nullable=False),
        sa.Column("score", FLOAT),
        sa.ForeignKeyConstraint(["sheet_id"], ["anonymous_sheets.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("sheet_id", "question_key"),
        sqlite_with_rowid=False,
        comment="Their answers; value is JSON, score the oriented number or NULL.",
    )
