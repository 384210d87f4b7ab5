"""The markup of all texts says what is bold; nothing that people write becomes markup."""

from html import escape

from hypothesis import given
from hypothesis import strategies as st

from bot.says.markup import Span, plain, spans


def test_marks_begin_and_end_where_their_tags_stand() -> None:
    assert list(spans("<b>A</b> <i>b<b>c</b></i>&amp;")) == [
        Span("A", frozenset({"b"})),
        Span(" "),
        Span("b", frozenset({"i"})),
        Span("c", frozenset({"b", "i"})),
        Span("&"),
    ]


@given(st.text(alphabet="<>&/bis;alt\n\"'", max_size=30))
def test_what_people_write_is_read_as_they_wrote_it(written: str) -> None:
    assert plain(f"<b>{escape(written, quote=False)}</b>") == written


def test_unknown_and_unfinished_markup_is_text() -> None:
    assert plain("<script>1 < 2</script><b") == "<script>1 < 2</script><b"
