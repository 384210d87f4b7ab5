"""What is asked, who is asked, and what they answer."""

from sqlalchemy import (
    Boolean,
    Column,
    Float,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    PrimaryKeyConstraint,
    Table,
    UniqueConstraint,
    func,
    literal_column,
    text,
)

from storage.engine.columns import (
    BIG,
    CleanText,
    Moment,
    compared_with,
    key,
    metadata,
    one_of,
    reference,
    where,
)

definitions = Table(
    "definitions",
    metadata,
    key(),
    Column("key", CleanText, nullable=False),
    Column("version", CleanText, nullable=False),
    Column("audience", CleanText, nullable=False),
    Column("kind", CleanText, nullable=False),
    Column("anonymous", Boolean, nullable=False),
    Column("content", CleanText, nullable=False),
    Column("published_at", Moment, nullable=False),
    UniqueConstraint("key", "version"),
    one_of("audience", "customers", "managers"),
    one_of("kind", "relationship", "transactional"),
    comment="Survey versions; content is the canonical JSON, and never changes.",
)

questions = Table(
    "questions",
    metadata,
    key(),
    reference("definition_id", "definitions"),
    Column("key", CleanText, nullable=False),
    Column("position", Integer, nullable=False),
    Column("kind", CleanText, nullable=False),
    Column("mirror", CleanText),
    Column("low", Float),
    Column("high", Float),
    Column("label", CleanText, nullable=False),
    UniqueConstraint("definition_id", "key"),
    comment="The definition's questions, for SQL; low and high bound the score, label is JSON.",
)

question_measures = Table(
    "question_measures",
    metadata,
    reference("question_id", "questions"),
    Column("measure", CleanText, nullable=False),
    PrimaryKeyConstraint("question_id", "measure"),
    Index(None, "measure"),
    comment="Which index a question's score goes into.",
)

campaigns = Table(
    "campaigns",
    metadata,
    key(),
    reference("definition_id", "definitions"),
    Column("name", CleanText, nullable=False),
    Column("plan", CleanText, nullable=False),
    Column("event", CleanText),
    Column("next_due_at", Moment),
    Column("remind_after_days", Integer),
    Column("closes_after_days", Integer, nullable=False),
    Column("state", CleanText, nullable=False),
    reference("created_by", "people", nullable=True),
    Column("created_at", Moment, nullable=False),
    one_of("state", "running", "paused", "cancelled"),
    Index(None, "event"),
    Index(None, "next_due_at"),
    comment="A survey version for an audience; plan is JSON. next_due_at: its next slot.",
)

waves = Table(
    "waves",
    metadata,
    key(),
    reference("campaign_id", "campaigns"),
    Column("label", CleanText, nullable=False),
    Column("started_at", Moment, nullable=False),
    Column("closes_at", Moment, nullable=False),
    Column("stage", CleanText, nullable=False),
    UniqueConstraint("campaign_id", "label"),
    one_of("stage", "deciding", "inviting", "ready"),
    Index(None, "started_at"),
    Index(None, "stage"),
    comment="One firing of a campaign; stage: how far its preparation is.",
)

baselines = Table(
    "baselines",
    metadata,
    Column("survey_key", CleanText, primary_key=True),
    reference("wave_id", "waves"),
    Column("chosen_at", Moment, nullable=False),
    comment="The wave, chosen by an admin, that a survey's later figures are held against.",
)

decisions = Table(
    "decisions",
    metadata,
    reference("wave_id", "waves"),
    reference("person_id", "people"),
    Column("reason", CleanText),
    Column("due_at", Moment),
    Column("decided_at", Moment, nullable=False),
    # The place among those still to be invited; NULL once there is an invitation.
    Column("place", Integer),
    PrimaryKeyConstraint("wave_id", "person_id"),
    Index(None, "person_id"),
    Index(None, "wave_id", "place", **where("place IS NOT NULL")),
    Index(None, "wave_id", "reason", **where("reason IS NOT NULL")),
    comment="The ledger: everyone a wave looked at; a NULL reason means asked, at due_at.",
)

INVITATION_STATES = (
    "queued",
    "sent",
    "opened",
    "started",
    "finished",
    "expired",
    "declined",  # never set, but old rules know it
    "unreachable",
    "unknown",
    "cancelled",
)

invitations = Table(
    "invitations",
    metadata,
    key(),
    reference("wave_id", "waves"),
    reference("person_id", "people"),
    reference("definition_id", "definitions"),
    Column("touchpoint", CleanText, nullable=False),
    # The snapshot: old answers stay with the manager of that time.
    reference("manager_id", "people", nullable=True),
    Column("team", CleanText),
    Column("segment", CleanText),
    reference("account_id", "accounts", nullable=True),
    # The company's own columns, as JSON; NULL where there were none.
    Column("attributes", CleanText),
    Column("state", CleanText, nullable=False),
    Column("current_question", CleanText),
    Column("message_id", BIG),
    Column("created_at", Moment, nullable=False),
    Column("sent_at", Moment),
    Column("opened_at", Moment),
    Column("started_at", Moment),
    Column("finished_at", Moment),
    Column("closes_at", Moment, nullable=False),
    Column("closed_at", Moment),
    Column("remind_at", Moment),
    Column("reminded_at", Moment),
    # The low score that the staff was told of first; NULL: there was none.
    Column("alerted_score", Integer),
    Column("alerted_question", CleanText),
    # The file's row that the answers came from; NULL where Otklik asked.
    Column("import_key", CleanText, unique=True),
    # The channel of the first answer: "telegram", "web", or "import" for past answers.
    Column("channel", CleanText, nullable=False, server_default=text("'telegram'")),
    UniqueConstraint("wave_id", "person_id"),
    *compared_with("state", *INVITATION_STATES),
    Index(None, "person_id", "definition_id"),
    # Partial indexes: of what may fall due, and of what is no past answer. In the first two stands
    # a column that is always NULL: without it SQLite goes by waves, and sorts what it finds.
    Index(None, "closed_at", "closes_at", **where("closed_at IS NULL")),
    Index(
        None,
        "closed_at",
        "remind_at",
        **where("closed_at IS NULL AND reminded_at IS NULL AND remind_at IS NOT NULL"),
    ),
    Index(None, "created_at", **where("coalesce(import_key, '') = ''")),
    comment="One person asked once in one wave.",
)

ASKED_BY_US = func.coalesce(invitations.c.import_key, literal_column("''")) == literal_column("''")
"""Whether an invitation is our own and not from a file: to the letter as its index has it.

It is written so that the index of `import_key` does not fit: SQLite chose that, in which nearly all
rows are NULL.
"""

answers = Table(
    "answers",
    metadata,
    key(),
    reference("invitation_id", "invitations"),
    reference("question_id", "questions"),
    Column("value", CleanText, nullable=False),
    Column("score", Float),
    Column("answered_at", Moment, nullable=False),
    # The message it was typed in: where that is edited, the answer changes.
    Column("message", BIG),
    # The wording that words were typed under, as JSON; NULL where the question has but one.
    Column("asked", CleanText),
    UniqueConstraint("invitation_id", "question_id"),
    # Covers the digest's counts: they read the index alone.
    Index("ix_answers_figures", "question_id", "answered_at", "invitation_id", "score"),
    comment="Answers of named surveys; value is JSON, score the oriented number or NULL.",
)

anonymous_open = Table(
    "anonymous_open",
    metadata,
    Column("handle_hash", CleanText, primary_key=True),
    Column("closes_month", CleanText, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    comment="Sheets being filled in, each sealed for its handle, which is kept nowhere.",
)

anonymous_waiting = Table(
    "anonymous_waiting",
    metadata,
    Column(
        "definition_id",
        BIG,
        ForeignKey("definitions.id"),
        primary_key=True,
        autoincrement=False,
    ),
    Column("sealed", LargeBinary),
    Column("lost", Integer, nullable=False, server_default=text("0")),
    comment="A survey's finished sheets that wait for a full batch: one sealed heap, in no copy. "
    "lost: how many people's went with a heap that is gone.",
)

anonymous_sheets = Table(
    "anonymous_sheets",
    metadata,
    Column("id", BIG, primary_key=True, autoincrement=False),
    reference("definition_id", "definitions"),
    Column("month", CleanText, nullable=False),
    Column("breakdown", CleanText),
    Index(None, "definition_id", "month"),
    comment="Released parts of anonymous sheets: no person, no invitation, a random id, a month.",
)

anonymous_answers = Table(
    "anonymous_answers",
    metadata,
    Column("sheet_id", BIG, nullable=False),
    Column("question_key", CleanText, nullable=False),
    Column("value", CleanText, nullable=False),
    Column("score", Float),
    PrimaryKeyConstraint("sheet_id", "question_key"),
    ForeignKeyConstraint(["sheet_id"], ["anonymous_sheets.id"], ondelete="CASCADE"),
    # SQLite's implicit row numbers would tell in which order the answers were written.
    sqlite_with_rowid=False,
    comment="Their answers; value is JSON, score the oriented number or NULL.",
)

REMARK_KINDS = ("words", "voice", "photo", "video", "video_note", "audio", "document")

remarks = Table(
    "remarks",
    metadata,
    key(),
    reference("person_id", "people"),
    reference("invitation_id", "invitations"),
    Column("kind", CleanText, nullable=False),
    # What was typed, or the caption of a picture.
    Column("text", CleanText, nullable=False),
    # Telegram gives the file again for this id.
    Column("file_id", CleanText),
    Column("forwarded", Boolean, nullable=False),
    Column("message", BIG, nullable=False),
    Column("said_at", Moment, nullable=False),
    Column("edited_at", Moment),
    # Words that were an answer until later ones took its place: the wording, as JSON.
    Column("asked", CleanText),
    one_of("kind", *REMARK_KINDS),
    Index(None, "invitation_id"),
    Index(None, "person_id"),
    comment="What people said beyond their answers. Never of anonymous surveys.",
)
