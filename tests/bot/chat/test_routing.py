"""The conversation's table: each line can be reached, and whatever is heard is answered."""

from dataclasses import fields, replace
from typing import Any

import pytest

from bot.chat.conversation import ROUTES
from bot.chat.routing import Who, may
from bot.says.heard import Command, Heard, Tap
from storage.people.people import Person
from tests.bot.world import START


def person(role: str) -> Person:
    """Return somebody of one role, of whom nothing else is known."""
    empty: dict[str, Any] = {one.name: None for one in fields(Person)}
    roles = dict.fromkeys(("is_admin", "is_manager", "is_customer"), False)
    return Person(**empty | {"id": 1, "name": "A"} | roles | {role: True})


NOBODY = None
ADMIN, MANAGER, CUSTOMER = (person(role) for role in ("is_admin", "is_manager", "is_customer"))


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


def test_whatever_is_heard_is_answered_by_the_last_line_at_the_latest() -> None:
    last = ROUTES[-1]
    assert (last.kind, last.name, last.who) == (Heard, None, Who.ANYBODY)


@pytest.mark.parametrize(
    ("who", "allowed"),
    [
        (Who.ANYBODY, (NOBODY, ADMIN, MANAGER, CUSTOMER)),
        (Who.ADMIN, (ADMIN,)),
        (Who.STAFF, (ADMIN, MANAGER)),
        (Who.GONE, ()),
    ],
)
def test_a_line_is_for_whom_it_says(who: Who, allowed: tuple[Person | None, ...]) -> None:
    everybody = (NOBODY, ADMIN, MANAGER, CUSTOMER)
    assert tuple(one for one in everybody if may(who, one)) == allowed


@pytest.mark.parametrize("one", [ADMIN, MANAGER, CUSTOMER])
def test_who_has_left_has_no_role(one: Person) -> None:
    left = replace(one, left_at=START)
    assert [who for who in Who if may(who, left)] == [Who.ANYBODY, Who.GONE]
