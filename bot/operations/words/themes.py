"""Which themes a comment is about: by rules that a company can read and change.

The rules name words; this module knows their forms, a slip of the keyboard, and a negation.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import cached_property, lru_cache
from typing import Final

from bot.operations.words.lemmas import (
    KEPT,
    WORD,
    folded,
    forms,
    inflections,
    is_cyrillic,
    is_known,
    parses,
)
from bot.operations.words.meanings import NO_FORMS, WORDS_OF_THEIR_OWN, Otherwise, otherwise
from surveys.themes.rules import Theme, Themes

_CLAUSE: Final = re.compile(r"[.,;:!?()«»\"\n\r–—/]+|\s-\s")
"""What ends a clause: a negation does not reach beyond it."""
_NEGATIONS: Final = frozenset(
    (
        *("не", "ни", "нет", "без", "никто", "никогда", "никак"),
        *("никакой", "никакая", "никакое", "никакие", "никаких"),
        *("not", "no", "never", "none", "without", "nobody", "hardly", "cannot"),
    )
)
_AFTER: Final = frozenset(["нет", "нету", "ноль"])
"""What negates the word before it: «претензий нет»."""
_REACH: Final = 3
"""How many words a negation reaches."""
_SHORTEST_SLIP: Final = 5
"""Shorter words are too much like others to be taken for a slip."""
_ALIKE: Final = 0.85
"""How alike a slip and its word are, as difflib counts: one letter in seven may be wrong."""


@dataclass(frozen=True, slots=True)
class _Phrase:
    """The words of one rule in their order; `negated` where it needs a negation."""

    words: tuple[str, ...]
    negated: bool


@dataclass(frozen=True, slots=True)
class _Rule:
    """What tells a theme: phrases by their first word."""

    key: str
    phrases: dict[str, list[_Phrase]]
    cancels: bool


@dataclass(frozen=True, slots=True)
class _Clause:
    """What was said word by word, and which words of the rules each may be.

    `otherwise` are those that mean something else there.
    """

    words: list[str]
    named: list[frozenset[str]]
    otherwise: list[Otherwise]


@dataclass(frozen=True)
class ThemeReader:
    """Tells the themes of comments; made once for a set of rules."""

    rules: tuple[_Rule, ...]
    words: frozenset[str]
    slips: dict[str, str | None] = field(default_factory=dict)
    named: dict[str, frozenset[str]] = field(default_factory=dict)

    @cached_property
    def spellings(self) -> frozenset[str]:
        """All forms of the rules' words: made at the first word that may be a slip of one."""
        plain = {word for word in self.words if not word.endswith("*")}
        long = {word for word in plain if len(word) >= _SHORTEST_SLIP}
        return frozenset(long.union(*map(inflections, filter(is_cyrillic, long))))

    def themes(self, text: str) -> tuple[str, ...]:
        """Return the keys of the themes that a comment is about, in the rules' order."""
        clauses = [self._clause(clause) for clause in _CLAUSE.split(folded(text))]
        heard = [clause for clause in clauses if any(clause.named)]
        return tuple(
            rule.key for rule in self.rules if any(_tells(rule, clause) for clause in heard)
        )

    def _clause(self, text: str) -> _Clause:
        said = WORD.findall(text)
        words = [self._corrected(word) for word in said]
        named = [self._named(word) for word in words]
        return _Clause(words, named, [*otherwise(said)] if any(named) else [])

    def _named(self, said: str) -> frozenset[str]:
        """Return the words of the rules that a said one is a form of."""
        if said not in self.named:
            self.named[said] = frozenset(word for word in self.words if _is_form(said, word))
        return self.named[said]

    def _corrected(self, word: str) -> str:
        """Return the word that an unknown one is a slip of, where the rules have such a word."""
        if word not in self.slips:
            may_be = len(word) >= _SHORTEST_SLIP and not _is_word(word)
            self.slips[word] = _nearest(word, self.spellings) if may_be else None
        return self.slips[word] or word


def reader(themes: Themes) -> ThemeReader:
    """Make a reader of comments out of rules."""
    rules = tuple(_rule(theme) for theme in themes.themes)
    phrases = (phrase for rule in rules for begun in rule.phrases.values() for phrase in begun)
    words = {word for phrase in phrases for word in phrase.words}
    return ThemeReader(rules, frozenset(words))


def _rule(theme: Theme) -> _Rule:
    phrases: dict[str, list[_Phrase]] = {}
    for phrase in map(_phrase, theme.words):
        if phrase.words:
            phrases.setdefault(phrase.words[0], []).append(phrase)
    return _Rule(theme.key, phrases, theme.negation == "cancels")


def _phrase(text: str) -> _Phrase:
    words = tuple(re.findall(r"[^\W\d_]+(?:['-][^\W\d_]+)*\*?", folded(text)))
    negated = len(words) > 1 and words[0] in _NEGATIONS
    return _Phrase(words[1:] if negated else words, negated)


def _tells(rule: _Rule, clause: _Clause) -> bool:
    begun = rule.phrases.keys() & frozenset().union(*clause.named)
    return any(
        _said(phrase, clause, cancels=rule.cancels)
        for word in begun
        for phrase in rule.phrases[word]
    )


def _said(phrase: _Phrase, clause: _Clause, *, cancels: bool) -> bool:
    for start in _places(phrase.words, clause.named):
        end = start + len(phrase.words)
        if any(_means_otherwise(one, start, end) for one in clause.otherwise):
            continue
        negated = _is_negated(clause.words, start, end)
        if negated if phrase.negated else not (cancels and negated):
            return True
    return False


def _means_otherwise(one: Otherwise, start: int, end: int) -> bool:
    """Tell whether words are misleading there; a rule that says all of it means just that."""
    return start <= one.word < end and not (start <= one.start and one.end <= end)


def _places(words: Sequence[str], named: Sequence[frozenset[str]]) -> Iterable[int]:
    for start in range(len(named) - len(words) + 1):
        if all(word in named[start + at] for at, word in enumerate(words)):
            yield start


def _is_word(said: str) -> bool:
    """Tell whether what was said is known for a word, and therefore no slip of another."""
    return is_known(said) if is_cyrillic(said) else said in WORDS_OF_THEIR_OWN


def _is_form(said: str, word: str) -> bool:
    """Tell whether what was said is a form of a rule's word, or begins as its star says."""
    if word.endswith("*"):
        return said.startswith(word[:-1])
    if NO_FORMS.get(said) == word:
        return False
    if said == word or is_cyrillic(said) != is_cyrillic(word):
        return said == word
    return not forms(said).isdisjoint(_meant(word))


@lru_cache(maxsize=KEPT)
def _meant(word: str) -> frozenset[str]:
    """Return what a rule's word stands for: a dictionary form for itself, any other for its own."""
    known = forms(word)
    if is_cyrillic(word) and any(folded(parse.normal_form) == word for parse in parses(word)):
        return frozenset({word})
    return known


def _is_negated(clause: Sequence[str], start: int, end: int) -> bool:
    before = clause[max(0, start - _REACH) : start]
    after = clause[end : end + 2]
    words = [word for at, word in enumerate(before) if not _is_only(before, at)]
    return (
        any(word in _NEGATIONS or word.endswith("n't") for word in words)
        or any(word in _AFTER for word in after)
        or "не было" in " ".join(after)
    )


def _is_only(words: Sequence[str], at: int) -> bool:
    """Tell whether a negation is that of «не только», which negates nothing."""
    return words[at] in {"не", "not"} and words[at + 1 : at + 2] in (["только"], ["only"])


def _nearest(word: str, spellings: frozenset[str]) -> str | None:
    if word in spellings:
        return None
    near = [one for one in spellings if one[0] == word[0] and abs(len(one) - len(word)) <= 1]
    found = get_close_matches(word, near, n=1, cutoff=_ALIKE)
    return found[0] if found else None
