"""Pages that are made once and shown again: never one that is no longer true."""

from bot.web.kept import KeptPages


def test_a_page_is_shown_again_for_a_second_while_nothing_is_written() -> None:
    now = 0.0
    kept = KeptPages(lambda: now)
    kept.keep("a", 7, "<p>")
    assert kept.found("a", 7) == "<p>"
    assert kept.found("a", 8) is None, "something was written"
    now = 1.5
    assert kept.found("a", 7) is None, "it may have closed"


def test_the_page_after_an_answer_is_handed_over_once() -> None:
    now = 0.0
    kept = KeptPages(lambda: now)
    kept.hand_over("a", "<p>")
    assert kept.handed_over("b") is None, "another browser"
    assert kept.handed_over("a") == "<p>"
    assert kept.handed_over("a") is None, "a reload asks where somebody stands now"
    kept.hand_over("a", "<p>")
    now = 1.5
    assert kept.handed_over("a") is None, "too late"


def test_pages_that_nobody_fetches_are_let_go() -> None:
    now = 0.0
    kept = KeptPages(lambda: now)
    for number in range(1_000):
        kept.hand_over(number, "<p>")
    assert len(kept._handed) == 256
    now = 1.5
    kept.hand_over("a", "<p>")
    assert list(kept._handed) == ["a"], "what somebody wrote is not kept for longer"
