"""The table of rights: what names no action is not there, what is not in the table is refused."""

import ast
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from typer.main import get_command
from typer.testing import CliRunner

from bot import rights, roles
from bot.chat.conversation import ROUTES
from bot.cli.main import app
from bot.cli.terminal.helping import HelpedCommand
from bot.errors import Refused
from bot.operations.registry import OPERATIONS
from bot.operations.remote import permitted
from bot.rights import RIGHTS, Action, Reach, Role, may, reach
from storage.people import circles
from storage.people.circles import Circle
from storage.people.people import Person
from surveys.messages import Language
from templates.texts import Texts
from tests.bot.persons import person
from tests.bot.world import START
from tests.cli.test_languages import COMMANDS

BOT = Path(rights.__file__).parent
ROOT = BOT.parent


NOBODY = None
ADMIN, MANAGER, CUSTOMER = (
    person(is_admin=True),
    person(is_manager=True),
    person(is_customer=True),
)
LEAD = person(leads=("Север",))
EXPERT = person(is_expert=True)


def test_every_action_stands_in_the_table_and_every_row_is_for_somebody() -> None:
    assert set(RIGHTS) == set(Action)
    assert all(RIGHTS.values())


def test_every_action_is_named_by_something_that_is_done() -> None:
    source = "\n".join(path.read_text() for path in BOT.rglob("*.py") if path.stem != "rights")
    unused = [one for one in Action if not re.search(rf"Action\.{one.name}\b", source)]
    assert unused == []


@pytest.mark.parametrize(
    ("one", "held"),
    [
        (NOBODY, {Role.STRANGER}),
        (CUSTOMER, {Role.CUSTOMER}),
        (MANAGER, {Role.MANAGER}),
        (LEAD, {Role.LEAD}),
        (ADMIN, {Role.ADMIN}),
        (replace(LEAD, is_manager=True, is_admin=True), {Role.LEAD, Role.MANAGER, Role.ADMIN}),
    ],
)
def test_roles_follow_from_what_is_known_of_a_person(one: Person | None, held: set[Role]) -> None:
    assert roles.roles_of(one) == held


@pytest.mark.parametrize("one", [ADMIN, MANAGER, CUSTOMER, LEAD])
def test_who_has_left_may_stop_be_forgotten_get_their_data_and_nothing_else(
    one: Person,
) -> None:
    left = roles.roles_of(replace(one, left_at=START))
    assert [action for action in Action if may(action, *left)] == [
        Action.STOP,
        Action.READ_FAREWELL,
        Action.BE_FORGOTTEN,
        Action.GET_OWN_DATA,
    ]


@pytest.mark.parametrize("one", [NOBODY, ADMIN, MANAGER, CUSTOMER, LEAD])
def test_a_link_gives_nobody_the_rights_of_staff(one: Person | None) -> None:
    assert roles.roles_on_page(one) == {Role.VISITOR}
    done = {action for action in Action if may(action, Role.VISITOR)}
    staffs = {action for action in Action if may(action, Role.ADMIN, Role.LEAD, Role.MANAGER)}
    assert all(may(action, Role.STRANGER) for action in done & staffs)


def test_the_widest_of_somebodys_roles_counts() -> None:
    both = (Role.MANAGER, Role.LEAD)
    assert reach(Action.SEE_CUSTOMERS, both) is Reach.TEAM
    assert reach(Action.SEE_CUSTOMERS, (*both, Role.ADMIN)) is Reach.ALL
    assert reach(Action.CHANGE_STAFF, both) is None


def test_the_circle_is_ones_own_the_teams_or_everybody() -> None:
    action = Action.SEE_CUSTOMERS
    assert roles.circle(action, NOBODY) == circles.NOBODY
    assert roles.circle(action, CUSTOMER) == circles.NOBODY
    assert roles.circle(action, MANAGER) == Circle(manager_id=1)
    assert roles.circle(action, LEAD) == Circle(teams=("Север",))
    assert roles.circle(action, replace(LEAD, is_manager=True)) == Circle(1, ("Север",))
    assert roles.circle(action, ADMIN) == circles.EVERYBODY
    assert roles.circle(action, replace(ADMIN, left_at=START)) == circles.NOBODY


def test_an_action_that_is_not_in_the_table_is_nobodys(monkeypatch: pytest.MonkeyPatch) -> None:
    without = {action: row for action, row in RIGHTS.items() if action is not Action.USE_MENU}
    monkeypatch.setattr(rights, "RIGHTS", without)
    assert not any(may(Action.USE_MENU, role) for role in Role)


def test_every_line_of_the_conversation_names_its_action() -> None:
    assert all(isinstance(route.action, Action) for route in ROUTES)
    for route in ROUTES:
        people = [
            one
            for one in (NOBODY, CUSTOMER, MANAGER, LEAD, EXPERT, ADMIN)
            if _may(route.action, one)
        ]
        assert people or route.action is Action.READ_FAREWELL, route


def _may(action: Action, one: Person | None) -> bool:
    return may(action, *roles.roles_of(one))


def _served() -> Iterator[tuple[str, ast.Call]]:
    """Yield what takes requests, wherever it is written: `HttpRoute(…)`, and aiohttp's own ways."""
    for path in sorted(BOT.rglob("*.py")):
        if path.is_relative_to(BOT / "sandbox"):  # stands in for Telegram, holds no customer
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            if not isinstance(node, ast.Call):
                continue
            called = node.func
            name = called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")
            if name.startswith("add_") and name.removeprefix("add_") in {
                "get", "post", "put", "patch", "delete", "head", "view", "static", "route", "routes"
            }:  # fmt: skip
                yield "aiohttp", node
            if name == "HttpRoute":
                yield str(path.relative_to(BOT)), node


def test_every_address_names_its_action_and_is_served_by_the_one_dispatcher() -> None:
    found = list(_served())
    plain = [node for where, node in found if where == "aiohttp"]
    assert all("dispatcher(" in ast.unparse(node) for node in plain)
    assert len(plain) == 2
    named = {ast.unparse(node.args[2]) for where, node in found if where != "aiohttp"}
    assert named == {
        "Action.ANSWER",
        "Action.READ_ROBOTS",
        "Action.BRING_UPDATES",
        "Action.TELL_EVENTS",
        "Action.READ_HEALTH",
        "Action.COME_IN",
        "Action.OPEN_LIVE",
        "Action.SEE_LIVE",
    }


@pytest.mark.parametrize("name", OPERATIONS)
def test_an_operation_is_done_for_the_operator_alone(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    action = OPERATIONS[name].action
    assert permitted(OPERATIONS, name) is OPERATIONS[name].operation
    others = {role: Reach.ALL for role in Role if role is not Role.OPERATOR}
    monkeypatch.setattr(rights, "RIGHTS", {**RIGHTS, action: others})
    with pytest.raises(Refused):
        permitted(OPERATIONS, name)


def test_every_command_names_its_action_and_asks_for_it(monkeypatch: pytest.MonkeyPatch) -> None:
    leaves = {path: one for path, one in COMMANDS.items() if not hasattr(one, "commands")}
    assert len(leaves) > 30
    for path, one in leaves.items():
        assert isinstance(one, HelpedCommand), path
        assert may(one.does, Role.OPERATOR), path
    monkeypatch.setattr(rights, "RIGHTS", {})
    refused = CliRunner().invoke(app, ["survey", "list"], env={"OTKLIK_LANGUAGE": "en"})
    assert refused.exit_code == 2
    assert "may not do this" in refused.output


def test_a_command_without_an_action_cannot_be_made() -> None:
    with pytest.raises(TypeError):
        app.command("nameless")(lambda: None)  # type: ignore[call-arg]  # the mistake
    assert "nameless" not in get_command(app).commands  # type: ignore[attr-defined]  # a group has them


REACHES = {"en": ("own", "of the team", "all"), "ru": ("своё", "своей команды", "всё")}
HEADS = {"en": "| what | who |", "ru": "| что | кто |"}


def table(language: Language) -> str:
    """Return the table as the documentation shows it, made of the rights themselves."""
    texts, reaches = Texts(language), REACHES[language]
    lines = [HEADS[language], "|---|---|"]
    for action, row in RIGHTS.items():
        who = ", ".join(f"{texts(role.value)}: {reaches[far - 1]}" for role, far in row.items())
        lines.append(f"| {texts(action.value)} | {who} |")
    return "\n".join(lines) + "\n"


@pytest.mark.parametrize("language", ["en", "ru"])
def test_the_documentation_shows_the_table_as_it_is(language: Language) -> None:
    page = ROOT / "docs" / ("ru" if language == "ru" else ".") / "rights.md"
    assert table(language) in page.read_text(), f"write this into {page}:\n{table(language)}"
