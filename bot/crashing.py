"""Named points at which a proof ends the program as a power cut would."""

import os
import signal

VARIABLE = "OTKLIK_CRASH_AT"
POINTS = (
    "received",  # Telegram handed out updates; the inbox does not have them yet
    "kept",  # the inbox has them; Telegram does not know yet
    "effect",  # a handler has run; its transaction is open
    "handled",  # it is committed; the reply is not given yet
    "claimed",  # a message is marked as being sent; it is not sent yet
    "delivered",  # Telegram has it; we have not noted so yet
)


def crash_point(name: str) -> None:
    """End this process where OTKLIK_CRASH_AT=name:n names the point, at the n-th passage."""
    wanted = os.environ.get(VARIABLE)
    if wanted is None:
        return
    point, _, passages = wanted.partition(":")
    if point != name:
        return
    left = int(passages or 1) - 1
    os.environ[VARIABLE] = f"{point}:{left}"
    if left <= 0:
        os.kill(os.getpid(), signal.SIGKILL)
