"""Addresses of people by channel; the outbox keeps what is said instead of Bot API calls."""

import json
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from html import escape
from typing import Any

import sqlalchemy as sa
from alembic import op
from alembic.operations import BatchOperations

from storage.migrations.frozen import BIG, MOMENT

revision = "0011"
down_revision = "0031"
branch_labels = None
depends_on = None

TEXT = sa.Text()
_STEP = 1_000
_KINDS = (
    "CASE WHEN method LIKE 'edit%' THEN 'change' WHEN method = 'sendDocument' THEN 'file' "
    "ELSE 'show' END"
)
_METHODS = (
    "CASE kind WHEN 'change' THEN 'editMessageText' WHEN 'file' THEN 'sendDocument' "
    "ELSE 'sendMessage' END"
)
_BY_PERSON = (
    "SELECT campaign_id, people.id AS person_id, message_id, shown, next_edit_at "
    "FROM boards JOIN people ON telegram_id = chat_id"
)
_BY_CHAT = (
    "SELECT campaign_id, telegram_id AS chat_id, message_id, shown, next_edit_at "
    "FROM boards JOIN people ON people.id = person_id WHERE telegram_id IS NOT NULL"
)
_ONE_BUTTON = ("uq_phone_buttons_channel_address", ["channel", "address"])
_COMMENTS = {
    "people": "Customers, managers and admins.",
    "inbox": "Updates confirmed to their channel and not yet handled; parked ones keep their "
    "error.",
    "link_conflicts": "Addresses that came for a person who has one, or that are somebody else "
    "here.",
    "outbox_pause": "What a channel asked for: it holds for the whole queue and survives a "
    "restart.",
}


def upgrade() -> None:
    """Move Telegram's ids into `addresses`; turn every call into what it says."""
    numbers = _numbers_given()
    _make_addresses()
    _boards(_BY_PERSON)
    with _changing("people") as people:
        people.drop_constraint("uq_people_telegram_id", type_="unique")
        people.drop_column("telegram_id")
    with _to_address("inbox", "chat_key"), _to_address("link_conflicts", "telegram_id"):
        pass
    op.drop_index("ix_link_failures_telegram_id_failed_at", "link_failures")
    with _to_address("link_failures", "telegram_id"):
        pass
    columns = ["channel", "address", "failed_at"]
    op.create_index("ix_link_failures_channel_address_failed_at", "link_failures", columns)
    with _changing("phone_buttons") as buttons:
        buttons.drop_constraint("uq_phone_buttons_telegram_id", type_="unique")
    with _to_address("phone_buttons", "telegram_id") as buttons:
        buttons.create_unique_constraint(*_ONE_BUTTON)
    for name in ("kind", "content"):
        op.add_column("outbox", sa.Column(name, TEXT))
    op.execute(f"UPDATE outbox SET kind = {_KINDS}, content = params")  # noqa: S608 (ours)
    _rewrite("content", _said)
    with _to_address("outbox", "chat_id") as outbox:
        outbox.create_check_constraint(op.f("ck_outbox_kind"), "kind IN ('show', 'change', 'file')")
        _replace(outbox, ("method", "params"), ("kind", "content"))
    if op.get_bind().dialect.name == "postgresql":
        for table, comment in _COMMENTS.items():
            op.create_table_comment(table, comment)
    _go_on_from(numbers)


def downgrade() -> None:
    """Bring Telegram's ids and calls back; what another channel knows is lost."""
    numbers = _numbers_given()
    for name in ("method", "params"):
        op.add_column("outbox", sa.Column(name, TEXT))
    op.execute(f"UPDATE outbox SET method = {_METHODS}, params = content")  # noqa: S608 (ours)
    _rewrite("params", _called)
    with _to_number("outbox", "chat_id") as outbox:
        outbox.drop_constraint(op.f("ck_outbox_kind"), type_="check")
        _replace(outbox, ("kind", "content"), ("method", "params"))
    with _to_number("inbox", "chat_key"), _to_number("link_conflicts", "telegram_id"):
        pass
    with _changing("phone_buttons") as buttons:
        buttons.drop_constraint(_ONE_BUTTON[0], type_="unique")
    with _to_number("phone_buttons", "telegram_id") as buttons:
        buttons.create_unique_constraint("uq_phone_buttons_telegram_id", ["telegram_id"])
    op.drop_index("ix_link_failures_channel_address_failed_at", "link_failures")
    with _to_number("link_failures", "telegram_id"):
        pass
    columns = ["telegram_id", "failed_at"]
    op.create_index("ix_link_failures_telegram_id_failed_at", "link_failures", columns)
    with _changing("people") as people:
        people.add_column(sa.Column("telegram_id", BIG))
        people.create_unique_constraint("uq_people_telegram_id", ["telegram_id"])
    op.execute(
        "UPDATE people SET telegram_id = (SELECT CAST(address AS BIGINT) FROM addresses "
        "WHERE person_id = people.id AND channel = 'telegram')"
    )
    _boards(_BY_CHAT)
    op.drop_table("addresses")
    _go_on_from(numbers)


def _changing(table: str) -> AbstractContextManager[BatchOperations]:
    """Change a table; on SQLite that makes it anew, numbered as it was."""
    kwargs = {} if table == "inbox" else {"sqlite_autoincrement": True}
    return op.batch_alter_table(table, table_kwargs=kwargs)


def _replace(table: BatchOperations, old: Iterable[str], new: Iterable[str]) -> None:
    """Drop the old columns and require the new ones, which are filled."""
    for name in new:
        table.alter_column(name, nullable=False)
    for name in old:
        table.drop_column(name)


@contextmanager
def _to_address(table: str, number: str) -> Iterator[BatchOperations]:
    """Put an address in place of Telegram's number."""
    for name in ("channel", "address"):
        op.add_column(table, sa.Column(name, TEXT))
    op.execute(
        f"UPDATE {table} SET channel = 'telegram', "  # noqa: S608 (a name of ours)
        f"address = CAST({number} AS TEXT)"
    )
    with _changing(table) as changed:
        _replace(changed, [number], ("channel", "address"))
        yield changed


@contextmanager
def _to_number(table: str, number: str) -> Iterator[BatchOperations]:
    """Put Telegram's number in place of an address."""
    op.add_column(table, sa.Column(number, BIG))
    op.execute(f"DELETE FROM {table} WHERE channel <> 'telegram'")  # noqa: S608 (a name of ours)
    op.execute(f"UPDATE {table} SET {number} = CAST(address AS BIGINT)")  # noqa: S608 (the same)
    with _changing(table) as changed:
        _replace(changed, ("channel", "address"), [number])
        yield changed


def _make_addresses() -> None:
    op.create_table(
        "addresses",
        sa.Column("channel", TEXT, nullable=False),
        sa.Column("address", TEXT, nullable=False),
        sa.Column("person_id", BIG, sa.ForeignKey("people.id"), nullable=False),
        sa.Column("is_written_to", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("channel", "address"),
        sa.UniqueConstraint("person_id", "channel"),
        comment="Where people are, by channel: whoever speaks from an address is its person.",
    )
    op.create_index(
        "uq_addresses_written_to",
        "addresses",
        ["person_id"],
        unique=True,
        sqlite_where=sa.text("is_written_to"),
        postgresql_where=sa.text("is_written_to"),
    )
    op.execute(
        "INSERT INTO addresses (channel, address, person_id, is_written_to) "
        "SELECT 'telegram', CAST(telegram_id AS TEXT), id, true FROM people "
        "WHERE telegram_id IS NOT NULL"
    )


def _boards(found: str) -> None:
    """Make the table anew, owned by people or chats: there are few rows."""
    rows = [dict(row) for row in op.get_bind().execute(sa.text(found)).mappings()]
    of_people = found == _BY_PERSON
    owner = "person_id" if of_people else "chat_id"
    op.drop_table("boards")
    table = op.create_table(
        "boards",
        sa.Column("campaign_id", BIG, sa.ForeignKey("campaigns.id"), nullable=False),
        sa.Column(owner, BIG, *([sa.ForeignKey("people.id")] if of_people else []), nullable=False),
        sa.Column("message_id", BIG, nullable=False),
        sa.Column("shown", TEXT, nullable=False),
        sa.Column("next_edit_at", MOMENT),
        sa.PrimaryKeyConstraint("campaign_id", owner),
        comment="The one message in which an admin watches a campaign.",
    )
    op.create_index("ix_boards_next_edit_at", "boards", ["next_edit_at"])
    if rows:
        op.bulk_insert(table, rows)


def _rewrite(column: str, to: Callable[[str, dict[str, Any]], dict[str, Any]]) -> None:
    """Write a column of the outbox anew where it holds anything, some rows at a time."""
    connection, last = op.get_bind(), 0
    some = sa.text(
        f"SELECT id, kind, {column} AS words FROM outbox "  # noqa: S608 (a name of ours)
        f"WHERE id > :last AND {column} <> '{{}}' ORDER BY id LIMIT {_STEP}"
    )
    change = sa.text(f"UPDATE outbox SET {column} = :words WHERE id = :id")  # noqa: S608 (the same)
    while rows := connection.execute(some, {"last": last}).all():
        last = rows[-1].id
        anew = [(row.id, to(row.kind, json.loads(row.words))) for row in rows]
        values = [{"id": of, "words": json.dumps(new, ensure_ascii=False)} for of, new in anew]
        connection.execute(change, values)


def _said(kind: str, params: dict[str, Any]) -> dict[str, Any]:
    """Return what a call says: its text in our markup, its buttons without Telegram's names."""
    if kind == "file":
        return {"caption": params.get("caption", "")}
    text = params.get("text", "")
    keyboard = params.get("reply_markup", {}).get("inline_keyboard", [])
    said = {
        "text": text if params.get("parse_mode") == "HTML" else escape(text, quote=False),
        "rows": [[_button(one) for one in row] for row in keyboard],
    }
    return {"message": params.get("message_id"), **said} if kind == "change" else said


def _button(button: dict[str, str]) -> dict[str, str]:
    names = {"text": "text", "url": "url", "callback_data": "data"}
    return {names[name]: value for name, value in button.items() if name in names}


def _called(kind: str, content: dict[str, Any]) -> dict[str, Any]:
    if kind == "file":
        return content
    names = {"text": "text", "url": "url", "data": "callback_data"}
    keyboard = [
        [{names[name]: value for name, value in one.items()} for one in row]
        for row in content["rows"]
    ]
    markup = {"inline_keyboard": keyboard}
    call = {"text": content["text"], "parse_mode": "HTML", "reply_markup": markup}
    return {"message_id": content["message"], **call} if kind == "change" else call


def _numbers_given() -> dict[str, int]:
    """Return table → the highest number ever given: SQLite forgets it with the table."""
    connection = op.get_bind()
    if connection.dialect.name != "sqlite":
        return {}
    found = connection.execute(sa.text("SELECT name, seq FROM sqlite_sequence"))
    return {row.name: row.seq for row in found}


def _go_on_from(numbers: dict[str, int]) -> None:
    connection = op.get_bind()
    for name, seq in numbers.items():
        values = {"name": name, "seq": seq}
        connection.execute(sa.text("DELETE FROM sqlite_sequence WHERE name = :name"), values)
        connection.execute(sa.text("INSERT INTO sqlite_sequence VALUES (:name, :seq)"), values)
