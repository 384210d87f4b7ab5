"""Words that a survey wants to be told of, such as «ухожу»: by lemma, and not where negated."""

from collections.abc import Iterable
from functools import lru_cache

from bot.operations.words.themes import ThemeReader, reader
from surveys.survey.definition import Survey
from surveys.themes.rules import Names, Theme, Themes

_KEY = "told"


def hold_alert_word(texts: Iterable[str], survey: Survey) -> bool:
    """Tell whether any of these texts holds one of the survey's `alert_words`.

    Any form of a word counts, «не ухожу» does not.
    """
    if not survey.alert_words:
        return False
    known = _reader(survey.alert_words)
    return any(known.themes(text) for text in texts)


@lru_cache(maxsize=32)
def _reader(words: tuple[str, ...]) -> ThemeReader:
    named = Names(ru=_KEY, en=_KEY)
    theme = Theme(key=_KEY, name=named, words=words, negation="cancels")
    return reader(Themes(themes=(theme,)))
