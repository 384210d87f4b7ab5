"""Which manager a list means: by id first, else by name with its words in any order."""

from collections import defaultdict
from collections.abc import Sequence

from storage.people.names import key_of

TO_COME = -1
"""Stands for a manager on the same list who is not yet in the database."""


def name_key(name: str) -> tuple[str, ...]:
    """Return one key for all spellings of a name: «Орлова Мария» and «мария Орлова» are one."""
    return tuple(sorted(key_of(name).split()))


class Managers:
    """The managers who may be meant: `present` are (number, id, name), `listed` (id, name)."""

    def __init__(
        self,
        present: Sequence[tuple[int, str | None, str]],
        listed: Sequence[tuple[str, str]],
    ) -> None:
        self._by_id = {key: number for number, key, _ in present if key is not None}
        self._by_name: defaultdict[tuple[str, ...], set[str | int]] = defaultdict(set)
        self._numbers: dict[str | int, int] = {}
        for number, key, name in present:
            self._add(number if key is None else key, number, name)
        for key, name in listed:
            number = self._by_id.setdefault(key, TO_COME)
            self._add(key, number, name)

    def _add(self, who: str | int, number: int, name: str) -> None:
        self._numbers[who] = number
        self._by_name[name_key(name)].add(who)

    def find(self, said: str) -> int | None:
        """Return the manager's number, `TO_COME`, or None where nobody or several fit."""
        if said in self._by_id:
            return self._by_id[said]
        same = self._by_name.get(name_key(said), set())
        return self._numbers[next(iter(same))] if len(same) == 1 else None

    def is_ambiguous(self, said: str) -> bool:
        """Tell whether several managers have that name."""
        return len(self._by_name.get(name_key(said), ())) > 1
