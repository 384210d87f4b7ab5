"""A database from before the seals: what was kept is released anew, five at a time."""

from pathlib import Path

from alembic import command
from sqlalchemy import Connection, create_engine, select, text

from storage import renewal
from storage.copies import backups
from storage.copies.shelf import Shelf
from storage.database import open_database
from storage.engine import schema, sealing
from storage.engine.sqlite import files
from storage.tables.surveys import anonymous_answers, anonymous_sheets, anonymous_waiting
from surveys.survey.catalog import catalog
from surveys.survey.definition import canonical_json

OLD = "0004"
SHEETS = 9
"""The first five were released, in August; of the others the last two are being filled in."""


def _filled(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN")
    connection.exec_driver_sql(f"PRAGMA application_id = {files.APPLICATION_ID}")
    command.upgrade(schema.config(connection), OLD)
    survey = catalog()["nps"].model_copy(update={"anonymous": True})
    connection.execute(
        text(
            "INSERT INTO definitions VALUES (1, 'nps', 'v', 'customers', 'relationship', 1,"
            " :content, '2026-08-01T00:00:00.000000+00:00')"
        ),
        {"content": canonical_json(survey)},
    )
    sheet = text(
        "INSERT INTO anonymous_sheets (id, definition_id, month, breakdown, finished, released)"
        " VALUES (:id, 1, :month, NULL, :finished, :released)"
    )
    answer = text("INSERT INTO anonymous_answers VALUES (:id, 'recommend', :value, :id)")
    for number in range(SHEETS):
        released = number < 5
        row = {"id": number, "month": "2026-08" if released else "2026-09", "released": released}
        connection.execute(sheet, row | {"finished": number < SHEETS - 2})
        connection.execute(answer, {"id": number, "value": f"{number}"})
    connection.exec_driver_sql("COMMIT")


async def test_what_was_kept_before_is_sealed_and_released_anew(tmp_path: Path) -> None:
    path = tmp_path / "otklik.db"
    engine = create_engine(f"sqlite:///{path}", isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        _filled(connection)
    engine.dispose()
    shelf = Shelf(path, tmp_path / "backups")
    async with open_database(f"sqlite:///{path}", shelf) as database:
        await renewal.renew(database)
        async with database.reading() as reader:
            months = await reader.scalars(select(anonymous_sheets.c.month))
            values = await reader.scalars(select(anonymous_answers.c.value))
            heap = await reader.scalar(select(anonymous_waiting.c.sealed))
    # Two of September are too few for a batch of their own, so all seven are of September.
    assert set(months) == {"2026-09"}
    assert sorted(values) == [f"{number}" for number in range(SHEETS - 2)]
    assert heap is None or sealing.is_sealed(heap)


async def test_the_copy_before_the_seals_holds_what_was_released_only(tmp_path: Path) -> None:
    path = tmp_path / "otklik.db"
    engine = create_engine(f"sqlite:///{path}", isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        _filled(connection)
    engine.dispose()
    backups.write(path, tmp_path / "copy.db")
    engine = create_engine(f"sqlite:///{tmp_path / 'copy.db'}")
    with engine.connect() as connection:
        kept = connection.execute(text("SELECT sheet_id FROM anonymous_answers")).scalars().all()
    engine.dispose()
    assert sorted(kept) == [0, 1, 2, 3, 4]
