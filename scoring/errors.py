"""What can go wrong in scoring. Every message says what is missing or wrong."""

from surveys.counts.facts import label
from surveys.messages import Message, ToldError, mark


class ScoringError(ToldError):
    """The root of every error this package raises."""


class NotEnoughData(ScoringError):
    """Too few answers for an honest figure: `have` of the `needed` ones, of `what`."""

    template = mark("{what}: at least {needed} needed, {have} given")

    def __init__(self, *, what: str, needed: int, have: int) -> None:
        super().__init__(what)
        self.what = Message(what)
        self.needed = needed
        self.have = have


class FactsMissing(ScoringError):
    """A figure needs facts that were not told of every month: `facts` are their keys."""

    template = mark("not told of every month: {facts}")

    def __init__(self, *, facts: tuple[str, ...]) -> None:
        super().__init__(facts)
        self.facts = facts

    def messages(self) -> tuple[Message, ...]:
        """Return the one sentence."""
        return (Message(self.template, {"facts": [label(key) for key in self.facts]}),)


def enough(what: str, have: int, needed: int) -> int:
    """Return `have`, or raise NotEnoughData when it is below the minimum."""
    if have < needed:
        raise NotEnoughData(what=what, needed=needed, have=have)
    return have


class BadInput(ScoringError):
    """A value that no formula may take: `field` names it, `problem` says what is expected.

    `field` is a key as the user writes it; `problem` is a marked template that `given` fills.
    """

    template = mark("{field}: {problem}")

    def __init__(self, *, field: str, problem: str, **given: object) -> None:
        super().__init__(field)
        self.field = field
        self.problem = Message(problem, given)
