"""Telegram's HTML: text and entities out, refusals in Telegram's words."""

import contextlib
import html
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.sandbox.content.markup import TAGS, parse_html, utf16
from bot.sandbox.content.text import formatted
from bot.sandbox.errors import ApiError

VISIBLE = st.text(st.characters(exclude_categories=("C", "Z")), min_size=1)
MARKED = sorted(set(TAGS) - {"a", "span", "tg-emoji"})


def _entity(kind: str, offset: int, length: int, **more: Any) -> dict[str, Any]:
    return {"type": kind, "offset": offset, "length": length, **more}


@pytest.mark.parametrize(
    ("source", "text", "entities"),
    [
        ("plain", "plain", []),
        ("<b>Да</b>", "Да", [_entity("bold", 0, 2)]),
        ("😀<I>x</I>", "😀x", [_entity("italic", 2, 1)]),
        ("<b>a<i>b</i></b>", "ab", [_entity("bold", 0, 2), _entity("italic", 1, 1)]),
        ("a &lt;b&gt; &amp;c &quot; &#8212; &#x2014", 'a <b> &c " — —', []),
        ("&nbsp; &copy;", "&nbsp; &copy;", []),
        ("<a href='https://x.org/?a=1&amp;b=2'>x</a>", "x",
         [_entity("text_link", 0, 1, url="https://x.org/?a=1&b=2")]),
        ('<a href="nonsense">x</a>', "x", []),
        ('<span class="tg-spoiler">x</span>', "x", [_entity("spoiler", 0, 1)]),
        ("<blockquote expandable>x</blockquote>", "x", [_entity("expandable_blockquote", 0, 1)]),
        ('<pre><code class="language-python">x</code></pre>', "x",
         [_entity("pre", 0, 1, language="python")]),
        ("<code>/start @name</code>", "/start @name", [_entity("code", 0, 12)]),
        ("see https://otklik.example/a. and /help", "see https://otklik.example/a. and /help",
         [_entity("url", 4, 24), _entity("bot_command", 34, 5)]),
        ("  <b> x </b>  ", " x", [_entity("bold", 0, 2)]),
        ("  x\n ", "x", []),
        ("a\r\nb\tc\x00d", "a\nb c d", []),
        ("<b></b>x", "x", []),
    ],
)  # fmt: skip
def test_html_becomes_text_and_entities(
    source: str, text: str, entities: list[dict[str, Any]]
) -> None:
    assert formatted(source, "HTML") == (text, entities)


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("<b>x", 'Can\'t find end tag corresponding to start tag "b"'),
        ("x</b>", "Unexpected end tag at byte offset 1"),
        ("Да<script>", 'Unsupported start tag "script" at byte offset 4'),
        ("1 < 2", 'Unsupported start tag "" at byte offset 2'),
        ("<b", "Unclosed start tag at byte offset 0"),
        ("<b>x</i>", 'Unmatched end tag at byte offset 4, expected "</b>", found "</i>"'),
        ("<b>x</b", "Unclosed end tag at byte offset 4"),
        ("<b loud>x</b>", 'Expected equal sign in declaration of an attribute of the tag "b"'),
        ("<a =x>", 'Empty attribute name in the tag "a" at byte offset 0'),
        ('<a href="x', "Unclosed start tag"),
        ("<a href=x/y>z</a>", "Unexpected end of name token"),
        ("<span>x</span>", 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
        ('<tg-emoji emoji-id="x">x</tg-emoji>', "Invalid custom emoji identifier"),
        ("<br/>", 'Unsupported start tag "br/"'),
    ],
)
def test_bad_html_is_refused_with_its_place(source: str, words: str) -> None:
    with pytest.raises(ApiError) as refused:
        parse_html(source)
    assert refused.value.description.startswith(f"Bad Request: can't parse entities: {words}")


def test_tags_around_nothing_leave_nothing() -> None:
    assert parse_html("<b></b><pre><code></code></pre>") == ("", [])


@given(st.text())
def test_escaped_text_comes_back_as_it_was(text: str) -> None:
    escaped = html.escape(text, quote=False)
    assert parse_html(escaped) == (text, [])


@given(VISIBLE, VISIBLE, st.sampled_from(MARKED))
def test_marked_up_text_comes_back_with_its_entity(before: str, marked: str, tag: str) -> None:
    source = f"{html.escape(before)}<{tag}>{html.escape(marked, quote=False)}</{tag}>"
    text, entities = parse_html(source.replace("&#x27;", "'"))
    assert text == before + marked
    assert entities == [_entity(TAGS[tag], utf16(before), utf16(marked))]


@given(st.text(alphabet="<>/bi a=\"'&;#x12", max_size=30))
def test_any_input_is_parsed_or_refused(source: str) -> None:
    with contextlib.suppress(ApiError):
        text, entities = parse_html(source)
        assert all(e["length"] > 0 and e["offset"] + e["length"] <= utf16(text) for e in entities)


@given(VISIBLE)
def test_length_is_counted_in_utf16_units(text: str) -> None:
    assert utf16(text) == sum(2 if ord(c) > 0xFFFF else 1 for c in text)
