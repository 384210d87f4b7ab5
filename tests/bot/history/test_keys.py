"""What past answers are recognised by: keys that ascend as rows do, and those of before."""

from collections.abc import Sequence
from hashlib import sha256
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import bindparam, select, update

from bot.errors import Refused
from bot.operations.history.answers import _contents
from bot.operations.history.row_keys import RowMarks, keys
from storage.database import Database
from storage.tables.people import people
from storage.tables.surveys import invitations
from tests.bot.history.imported import bring
from tests.engines import on_both

PLAN = {"score": "s", "date": "day", "id": "id", "customer": "customer", "comment": "comment"}
HEADS = "id,day,s,customer,comment"
ROWS = (
    "7001,2026-03-01,9,C1,",
    "7002,2026-03-02,3,,slow",
    ",2026-03-02,8,C2,",
    ",2026-03-02,8,,",
    ",2026-03-02,8,,",
)
EARLIER = (
    "36f865f56b3561d7297ade8abf3c6050:f75c0aa4bd4b670c8838b0705d76bddd",
    "03480d2dcb5323ef255e35876b85f8b8:5b5d872291beb197d072b59aa089180b",
    "9be2f5352d1f48fe93368ea03a366d06:300eab92516ed975d9aed0d60b714bb9",
    "ccf343dcd5e9801ed5834d94a2c3fa74:bb3b34c9b7a5c91c06f857851019c064",
    "3cb67584f9293f6dffa745001d7c700a:bb3b34c9b7a5c91c06f857851019c064",
)
"""What the first program wrote for these rows; the contents are those of today."""
LED = ("n047", "n047", "r26-03-02", "r26-03-02", "r26-03-02")
"""What a later one put before, and of the contents it kept half."""


def _file(*rows: str) -> bytes:
    return "\n".join((HEADS, *rows)).encode()


async def _keys(database: Database) -> list[str]:
    async with database.reading() as reader:
        found = await reader.scalars(select(invitations.c.import_key).order_by(invitations.c.id))
    return list(found)


async def _as_before(database: Database, *, led: bool) -> None:
    """Give the answers the keys that they had at first, or later."""
    key = invitations.c.import_key
    of_key = update(invitations).where(key == bindparam("now")).values(import_key=bindparam("then"))
    then = [f"{lead}{one[:49]}" for lead, one in zip(LED, EARLIER, strict=True)] if led else EARLIER
    async with database.transaction() as tx:
        for now, before in zip(await _keys(database), then, strict=True):
            await tx.run(of_key, {"now": now, "then": before})


def _digits(text: str) -> str:
    return sha256(text.encode()).hexdigest()


@on_both
async def test_keys_ascend_and_say_whose_answers_they_are(database: Database) -> None:
    await bring(database, _file(*ROWS), PLAN)
    contents = [key.partition(":")[2] for key in EARLIER]
    own = [contents[2], contents[3], _digits(f"{contents[4]}\x002")]
    question = _digits("nps\0recommend")[:8]
    assert await _keys(database) == [
        *(f"n047{key[:49]}" for key in EARLIER[:2]),
        *(f"t26-03-02{question}{one[:24]}:" for one in own),
    ]
    async with database.reading() as reader:
        named = set(await reader.scalars(select(people.c.external_id)))
    whose = (EARLIER[1][4:24], *(f"{question[4:]}{one[:16]}" for one in own[1:]))
    assert named == {"C1", "C2", *(f"answer:{one}" for one in whose)}


@on_both
@pytest.mark.parametrize("led", [False, True])
async def test_a_file_of_before_is_recognised(database: Database, *, led: bool) -> None:
    await bring(database, _file(*ROWS), PLAN)
    await _as_before(database, led=led)
    again = await bring(database, _file(*ROWS), PLAN)
    assert (again["added"], again["unchanged"]) == (0, 5)
    more = await bring(database, _file(*ROWS, "7003,2026-03-03,9,C3,"), PLAN)
    assert (more["added"], more["unchanged"]) == (1, 5)
    # Now keys of both kinds are there.
    last = await bring(database, _file(*ROWS, "7003,2026-03-03,9,C3,", ",2026-03-04,1,,"), PLAN)
    assert (last["added"], last["unchanged"]) == (1, 6)


@on_both
async def test_the_same_answer_to_another_question_is_another(database: Database) -> None:
    await bring(database, _file(*ROWS[2:]), PLAN)
    other = await bring(database, _file(*ROWS[2:]), {**PLAN, "survey": "loyalty", "comment": "-"})
    assert (other["added"], other["unchanged"]) == (3, 0)
    assert len(set(await _keys(database))) == 6
    async with database.reading() as reader:
        # Nobody's are of somebody else each.
        assert len(await reader.scalars(select(people.c.id))) == 1 + 2 + 2


@on_both
@pytest.mark.parametrize("led", [None, False, True])
async def test_an_id_that_says_something_else_is_a_contradiction(
    database: Database, *, led: bool | None
) -> None:
    await bring(database, _file(*ROWS), PLAN)
    if led is not None:
        await _as_before(database, led=led)
    for other in ("7001,2026-03-01,2,C1,", "7001,2026-03-04,9,C1,"):
        with pytest.raises(Refused) as refusal:
            await bring(database, _file(other, *ROWS[1:]), PLAN)
        assert "imported before" in str(refusal.value)
    assert len(await _keys(database)) == 5


CELLS = st.sampled_from(["", "", "x", "50%", "%s", "0"])


@given(st.data(), st.integers(1, 5))
def test_contents_stand_for_all_that_a_row_says_and_for_nothing_else(
    data: st.DataObject, rows: int
) -> None:
    column = st.lists(CELLS, min_size=rows, max_size=rows)
    names = st.sampled_from(["attribute %", "comment", "customer", "segment", "touchpoint"])
    said: dict[str, list[Any]] = {**data.draw(st.dictionaries(names, column))}
    said["score"] = data.draw(st.lists(st.integers(0, 10), min_size=rows, max_size=rows))
    ordered = dict(sorted(said.items()))
    whole = [
        "\0".join(f"{name}={one}" for name, one in zip(ordered, cells, strict=True) if one != "")
        for cells in zip(*ordered.values(), strict=True)
    ]
    assert _contents(ordered) == [_digits(text)[:32] for text in whole]


def _leads(ids: Sequence[str], days: Sequence[str] = ()) -> list[str]:
    rows = len(ids)
    marks = RowMarks(days or ["2026-03-01"] * rows, ids, ["0" * 32] * rows, [1] * rows)
    return [key[:-32] for key in keys(marks, "nps\0recommend")]


@given(st.lists(st.one_of(st.integers(0, 10**22).map(str), st.text(max_size=30)), min_size=1))
def test_leads_ascend_as_numbers_do_and_are_no_hexadecimal_digits(ids: list[str]) -> None:
    leads = _leads(ids)
    assert all(lead[0] > "f" and ":" not in lead for lead in leads)
    numbers = sorted(int(one) for one in ids if one.isascii() and one.isdigit() and len(one) <= 20)
    of_numbers = _leads([*map(str, numbers)]) if numbers else []
    assert of_numbers == sorted(of_numbers)
    # An id has its lead wherever it stands, and whatever else is said with it.
    other_days = [f"2025-01-{1 + at % 28:02}" for at in range(len(ids))]
    again = _leads(ids[::-1], other_days)[::-1]
    assert [one for one, key in zip(again, ids, strict=True) if key] == [
        one for one, key in zip(leads, ids, strict=True) if key
    ]


def test_rows_without_an_id_ascend_by_their_day() -> None:
    days = ["2026-03-01", "2026-03-02T10:00:00+05:00", "2026-03-02", "2026-11-01"]
    assert _leads([""] * 4, days) == ["t26-03-01", "t26-03-02", "t26-03-02", "t26-11-01"]
