"""Long screens: whole entries within Telegram's limit, and how many are left out."""

from hypothesis import given
from hypothesis import strategies as st

from bot.says.fitting import shortened, units, within


def test_units_are_counted_as_telegram_counts_them() -> None:
    assert units("<b>A&amp;B</b>") == 3
    assert units("\N{GRINNING FACE}") == 2
    assert units("1 &lt; 2 &gt; 0") == 9


def test_entries_that_do_not_fit_are_counted() -> None:
    assert within(["aaaa", "bbbb", "cccc"], 15, str) == ["aaaa", "bbbb", "cccc"]
    assert within(["aaaa", "bbbb", "cccc"], 14, str) == ["aaaa", "bbbb", "1"]
    assert within(["aaaa", "bbbb", "cccc"], 7, str) == ["aaaa", "2"]
    assert within(["aaaa", "bbbb", "cccc"], 1, str) == []


@given(st.lists(st.text(max_size=9)), st.integers(0, 60))
def test_what_is_shown_fits_and_nothing_is_lost_unsaid(entries: list[str], room: int) -> None:
    plain = [entry.translate({ord(mark): "x" for mark in "<>&"}) for entry in entries]
    shown = within(plain, room, lambda n: f"{n} more")
    assert sum(units(line) + 1 for line in shown) <= room or not shown
    if shown and shown != plain:
        taken = shown[:-1]
        assert taken == plain[: len(taken)]
        assert shown[-1] == f"{len(plain) - len(taken)} more"


@given(st.text(), st.integers(1, 40))
def test_a_text_is_cut_between_characters(text: str, longest: int) -> None:
    cut = shortened(text, longest)
    assert units(cut.translate({ord(mark): "x" for mark in "<>&"})) <= longest
    assert cut == text or (cut.endswith("…") and text.startswith(cut[:-1]))
