"""Pages kept for a moment, so that opening one again and again costs no more than its bytes.

A page is used again only while nothing has been written to the database since it was made, and for
a second at most, since surveys close by themselves. Its key is everything that decides what it
shows: the link, the option, the language and what the browser remembers.

The page that follows an answer is made together with the answer and handed over once, to the
browser that is sent there next.
"""

from collections import OrderedDict
from collections.abc import Callable, Hashable

_MOST = 256
_SECONDS = 1.0


class KeptPages:
    """The pages last made; `clock` tells seconds that only grow."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._pages: OrderedDict[Hashable, tuple[int, float, str]] = OrderedDict()
        self._handed: OrderedDict[Hashable, tuple[float, str]] = OrderedDict()

    def hand_over(self, key: Hashable, html: str) -> None:
        """Have a page ready for the next request of this key, whatever others write meanwhile."""
        now = self._clock()
        self._handed[key] = (now, html)
        self._handed.move_to_end(key)
        while len(self._handed) > _MOST or now - next(iter(self._handed.values()))[0] > _SECONDS:
            self._handed.popitem(last=False)

    def handed_over(self, key: Hashable) -> str | None:
        """Return the page that waits for this request, once."""
        made = self._handed.pop(key, None)
        return None if made is None or self._clock() - made[0] > _SECONDS else made[1]

    def found(self, key: Hashable, version: int) -> str | None:
        """Return a kept page that is still up to date, where there is one."""
        made = self._pages.get(key)
        if made is None or made[0] != version or self._clock() - made[1] > _SECONDS:
            return None
        return made[2]

    def keep(self, key: Hashable, version: int, html: str) -> None:
        """Keep a page; `version` is the database's from before the page was begun."""
        self._pages[key] = (version, self._clock(), html)
        self._pages.move_to_end(key)
        if len(self._pages) > _MOST:
            self._pages.popitem(last=False)
