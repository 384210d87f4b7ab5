"""What `otklik doctor` says of the figures that are kept beside the answers."""

from collections.abc import Iterator

from bot.cli.upkeep.doctor.finding import Finding
from storage.counting import kept
from storage.engine.reading import Reader
from surveys.messages import Message


async def checked(reader: Reader) -> tuple[int, int]:
    """Count every kept figure anew; return how many there are and how many differ."""
    figures = await kept.everything(reader)
    if not figures:
        return 0, 0
    from storage.counting import spans

    return len(figures), len([one for one in figures if await spans.differs(reader, *one)])


def figures(count: int, wrong: int) -> Iterator[Finding]:
    """Say whether they agree with the answers; nothing where none is kept."""
    if not count:
        return
    subject = Message("kept figures")
    if wrong:
        said = Message(
            "{n} of {all} differ from the answers. Please report it; to have all counted anew: "
            "otklik doctor --recount",
            {"n": wrong, "all": count},
        )
        yield Finding("bad", subject, said)
    else:
        yield Finding("fine", subject, Message("{n} agree with the answers.", {"n": count}))
