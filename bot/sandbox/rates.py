"""How fast messages arrive at this server: the most in any one second, in all chats and in one."""

from collections import deque

WINDOW = 1.0


class Rates:
    """Counts delivered messages in sliding windows of one second."""

    def __init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        """Forget what was counted."""
        self.total = 0
        self.most_in_a_second = 0
        self.most_in_a_chat = 0
        self._all: deque[float] = deque()
        self._chats: dict[int, deque[float]] = {}

    def count(self, chat_id: int, at: float) -> None:
        """Count a message that arrived at a monotonic moment."""
        self.total += 1
        self.most_in_a_second = max(self.most_in_a_second, _counted(self._all, at))
        chat = self._chats.setdefault(chat_id, deque())
        self.most_in_a_chat = max(self.most_in_a_chat, _counted(chat, at))


def _counted(window: deque[float], at: float) -> int:
    window.append(at)
    while window[0] <= at - WINDOW:
        window.popleft()
    return len(window)
