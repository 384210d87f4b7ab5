"""What might put people and answers into one order: each track alone is tried by the attacker.

People leave tracks where they are named (invitations, messages, the ledger, what came in, numbers
of rows), answers where they lie (the order of the file, numbers of sheets). Whoever sorts both by
any two tracks must not do better than chance.
"""

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from itertools import product
from pathlib import Path

_BY_PERSON = "SELECT CAST(address AS INTEGER) FROM addresses JOIN {} WHERE {} ORDER BY {}"
_MINE = "invitations USING (person_id)"
PEOPLE: Mapping[str, str] = {
    name: _BY_PERSON.format(table, where, order)
    for name, (table, where, order) in {
        "begun": (_MINE, "finished_at IS NOT NULL", "started_at, invitations.id"),
        "opened": (_MINE, "finished_at IS NOT NULL", "opened_at, invitations.id"),
        "finished": (_MINE, "finished_at IS NOT NULL", "finished_at, invitations.rowid"),
        "closed": (_MINE, "finished_at IS NOT NULL", "closed_at, message_id"),
        "places": (_MINE, "finished_at IS NOT NULL", "invitations.rowid DESC"),
        "messages": ("outbox USING (channel, address)", "1", "settled_at, outbox.id"),
        "updates": ("inbox USING (channel, address)", "1", "received_at, update_id"),
        "people": ("people ON people.id = person_id", "1", "people.rowid"),
    }.items()
}
"""Track → whoever is named, in the order of the track."""
ANSWERS: Mapping[str, str] = {
    "numbers": "SELECT value FROM anonymous_answers WHERE question_key = 'wish' ORDER BY sheet_id",
    "sheets": "SELECT value FROM anonymous_sheets JOIN anonymous_answers ON sheet_id = id "
    "WHERE question_key = 'wish' ORDER BY anonymous_sheets.rowid",
    "file": "SELECT value FROM anonymous_answers WHERE question_key = 'wish'",
}
"""Track → the released answers, in the order of the track."""

Guess = dict[bytes, int]


def guesses(databases: Sequence[Path]) -> Iterator[tuple[str, Guess]]:
    """Yield what each pair of tracks tells: people of one moment, answers of the last.

    People may have been erased and surveys aged since, so the earlier copies are looked at too.
    """
    answers = {name: _column(databases[-1], query) for name, query in ANSWERS.items()}
    for place, database in enumerate(databases):
        people = {name: _column(database, query) for name, query in PEOPLE.items()}
        for (who, order), (what, words) in product(people.items(), answers.items()):
            known = list(dict.fromkeys(order))
            pairs = zip(words, known, strict=False)
            guess = {str(word).strip('"').encode(): int(str(one)) for word, one in pairs}
            yield f"{who} and {what}, {place - len(databases)}", guess


def _column(database: Path, query: str) -> list[object]:
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as connection:
        return [row[0] for row in connection.execute(query)]
