"""The conversation's table: each line can be reached, and whatever is heard is answered."""

from bot.chat.conversation import ROUTES
from bot.chat.routing import Who
from bot.says.heard import Command, Contact, File, Media, Membership, Other, Tap, Voice, Words


def test_no_line_stands_behind_another_that_takes_all_of_its_kind() -> None:
    general: set[tuple[object, Who]] = set()
    for route in ROUTES:
        assert route.name is None or (route.kind, Who.ANYBODY) not in general, route
        if route.name is None and route.kind in {Tap, Command}:
            general.add((route.kind, route.who))


def test_no_command_and_no_place_of_the_menus_has_two_lines() -> None:
    named = [
        (route.kind, route.name) for route in ROUTES if route.name and route.name != "a survey"
    ]
    assert len(named) == len(set(named))


def test_whatever_is_heard_has_a_line_for_anybody() -> None:
    for kind in (Command, Contact, File, Media, Membership, Other, Tap, Voice, Words):
        assert any(
            route.kind is kind and route.name is None and route.who is Who.ANYBODY
            for route in ROUTES
        ), kind
