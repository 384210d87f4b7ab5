"""The sentences about rows of past answers that cannot be taken."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from bot.errors import Refused
from bot.operations.tables.problems import ColumnProblem
from surveys.messages import Message, mark

_SHOWN_PROBLEMS = 50
_SHOWN_SPANS = 100


class RowsRefused(Refused):
    """Some rows of a file cannot be taken, so none is; `problems` names them all.

    `are_all`: the file has no other row.
    """

    template = mark("Nothing was imported. Mend this first:")

    def __init__(self, problems: Sequence[ColumnProblem], *, are_all: bool = False) -> None:
        super().__init__()
        self.problems = problems
        self.are_all = are_all

    def messages(self) -> tuple[Message, ...]:
        """Return the problems with their lines, the first ones in full, and what may be done."""
        said = [*said_of(self.problems), *_advice(self.problems)]
        if not self.are_all and not any(one.of_column for one in self.problems):
            said.append(Message("Or take the others with --skip-refused."))
        return (Message(self.template), *said)


def said_of(problems: Sequence[ColumnProblem]) -> tuple[Message, ...]:
    """Return a sentence for each kind of problem, the most frequent first; the rarest share one."""
    lines_of: dict[tuple[str, str], set[int]] = defaultdict(set)
    messages: dict[tuple[str, str], Message] = {}
    others: set[int] = set()
    for one in problems:
        if one.are_more:
            others.update(one.lines)
            continue
        kind = one.message.template, str(one.message)
        lines_of[kind].update(one.lines)
        messages[kind] = one.message
    ordered = sorted(lines_of, key=lambda kind: (-len(lines_of[kind]), min(lines_of[kind]), kind))
    said = [
        Message(
            "{lines}: {what}", {"lines": _lines(sorted(lines_of[kind])), "what": messages[kind]}
        )
        for kind in ordered[:_SHOWN_PROBLEMS]
    ]
    others.update(*(lines_of[kind] for kind in ordered[_SHOWN_PROBLEMS:]))
    if others:
        said.append(Message("{lines}: likewise", {"lines": _lines(sorted(others))}))
    return tuple(said)


def _advice(problems: Iterable[ColumnProblem]) -> Iterable[Message]:
    return dict.fromkeys(one.advice for one in problems if one.advice is not None)


def _lines(numbers: Sequence[int]) -> Message:
    """Return "line 2" or "lines 2–4, 9"."""
    spans: list[list[int]] = []
    for number in numbers:
        if spans and number == spans[-1][1] + 1:
            spans[-1][1] = number
        else:
            spans.append([number, number])
    written = [str(a) if a == b else f"{a}\N{EN DASH}{b}" for a, b in spans]
    if len(numbers) == 1:
        return Message("line {line}", {"line": written[0]})
    if len(spans) <= _SHOWN_SPANS:
        return Message("lines {lines}", {"lines": written})
    values = {"lines": written[:_SHOWN_SPANS], "n": len(spans) - _SHOWN_SPANS}
    return Message("lines {lines}; places besides: {n}", values)
