"""Which low answer of an invitation the staff was told of first, so that a change is told too."""

from dataclasses import dataclass

from sqlalchemy import bindparam, select, update

from storage.engine.reading import Reader, Transaction
from storage.tables.surveys import invitations as table


@dataclass(frozen=True, slots=True)
class Alerted:
    """The low answer that the staff was told of first; alerts of earlier versions name none."""

    question: str | None
    score: int


_ALERTED = select(table.c.alerted_question, table.c.alerted_score).where(
    table.c.id == bindparam("invitation"), table.c.alerted_score.is_not(None)
)


async def of_invitation(reader: Reader, invitation_id: int) -> Alerted | None:
    """Return the low answer that the staff was told of first; None: there was none."""
    row = await reader.first(_ALERTED, {"invitation": invitation_id})
    return None if row is None else Alerted(row["alerted_question"], row["alerted_score"])


async def note(tx: Transaction, invitation_id: int, question: str, score: int) -> None:
    """Note the low answer that the staff is told of."""
    await tx.run(
        update(table)
        .where(table.c.id == invitation_id)
        .values(alerted_question=question, alerted_score=score)
    )
