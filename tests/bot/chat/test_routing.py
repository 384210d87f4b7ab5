"""The conversation's table: each line can be reached, and whatever is heard is answered."""

from bot.chat.conversation import ROUTES
from bot.rights import RIGHTS, Action
from bot.says.heard import Command, Heard, Tap


def test_no_line_stands_behind_another_that_takes_all_of_its_kind() -> None:
    general: list[tuple[object, Action]] = []
    for route in ROUTES:
        covered = [
            action
            for kind, action in general
            if kind is route.kind and RIGHTS[route.action].keys() <= RIGHTS[action].keys()
        ]
        assert route.name is None or not covered, route
        if route.name is None and route.kind in {Tap, Command}:
            general.append((route.kind, route.action))


def test_no_command_and_no_place_of_the_menus_has_two_lines() -> None:
    named = [
        (route.kind, route.name) for route in ROUTES if route.name and route.name != "a survey"
    ]
    assert len(named) == len(set(named))


def test_whatever_is_heard_is_answered_by_the_last_line_at_the_latest() -> None:
    last = ROUTES[-1]
    assert (last.kind, last.name) == (Heard, None)
    everybody = set().union(*RIGHTS.values())
    from_an_address = {role for role in everybody if role in RIGHTS[Action.STOP]}
    farewell = set(RIGHTS[Action.READ_FAREWELL])
    assert set(RIGHTS[last.action]) | farewell == from_an_address
