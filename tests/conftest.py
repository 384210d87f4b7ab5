"""What holds for every test."""

import gc
import os
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from storage.engine import schema
from storage.engine.postgres import source as of_postgres
from storage.engine.sqlite import source as of_sqlite
from tests import compiled_once, copied_database, examples, forked, in_memory
from tests import postgres as server
from tests.engines import ENGINE, ENGINES, being_on
from tests.run_folder import run_folder
from tests.storage.brief import plans_looked_at

ROOT = Path(__file__).parent.parent
os.environ["OTKLIK_LANGUAGE"] = "en"  # what a test asserts is English unless it says otherwise

examples.register()
in_memory.keep_files()

# The longest modules, one that mostly waits beside one that computes.
LONGEST = (
    "test_headless", "test_digests", "test_living", "test_migrations", "test_bench",
    "test_digest_browser", "test_page_product", "test_subtraction", "test_disk", "test_attacker",
    "test_live", "test_page_access", "test_receiving", "test_cards_browser", "test_live_browser",
    "test_in_chromium", "test_question_editor", "test_picture", "test_forgetting", "test_doctor",
    "test_anonymous", "test_kept", "test_attributes", "test_power", "test_restore", "test_inputs",
    "test_sending", "test_wizard", "test_campaigns", "test_comparing", "test_figures_by_group",
    "test_coverage", "test_replicas", "test_cases", "test_conversation", "test_crash",
)  # fmt: skip
SHARED_INTERPRETER = pytest.StashKey[str]()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the longest modules: at the end the other workers would wait for them.

    What runs on both engines does so on PostgreSQL with the first of its parameters.
    """
    items[:] = _once_beside(items)
    order = {stem: place for place, stem in enumerate(LONGEST)}
    items.sort(key=lambda item: order.get(item.path.stem, len(LONGEST)))


def _once_beside(items: list[pytest.Item]) -> Iterator[pytest.Item]:
    """Leave out what would repeat a test on PostgreSQL with other parameters."""
    seen = set()
    for item in items:
        spec = getattr(item, "callspec", None)
        if not ENGINE and spec and spec.params.get("_engine") == "postgresql":
            test = item.nodeid.partition("[")[0]
            if test in seen:
                continue
            seen.add(test)
        yield item


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:  # noqa: ANN401 (xdist has no types)
    """Let all workers share one server that programs are forked from: each takes long to start."""
    config: pytest.Config = node.config
    if forked.CAN_FORK:
        if SHARED_INTERPRETER not in config.stash:
            until_the_end = ExitStack()
            config.add_cleanup(until_the_end.close)
            folder = until_the_end.enter_context(run_folder("otklik-forked-"))
            config.stash[SHARED_INTERPRETER] = until_the_end.enter_context(forked.serving(folder))
        node.workerinput["interpreter"] = config.stash[SHARED_INTERPRETER]


def pytest_collection() -> None:
    """Let the collector rest while everything is imported."""
    gc.disable()


def pytest_collection_finish() -> None:
    """Spare the collector what the imports made."""
    _spare()
    gc.enable()


@pytest.fixture(scope="module", autouse=True)
def _spared() -> None:
    """Spare the collector what the modules before have built: it is called after each bot."""
    _spare()


def _spare() -> None:
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session", autouse=True)
def migrating(tmp_path_factory: pytest.TempPathFactory) -> Iterator[copied_database.Upgrade]:
    """Copy new databases from a template; return what migrates them in earnest."""
    folder = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        folder = folder.parent  # that of all workers
    template = folder / "template"
    template.mkdir(exist_ok=True)
    with pytest.MonkeyPatch.context() as patch:
        earnest = schema.upgrade
        patch.setattr(schema, "upgrade", copied_database.copying(template))
        patch.setattr(server, "shared", template)
        yield earnest


@pytest.fixture(scope="session", autouse=True)
def looked_at() -> Iterator[set[str]]:
    """Look at the plan of each brief statement, once; return the statements looked at."""
    with plans_looked_at() as statements:
        yield statements


@pytest.fixture(scope="session", autouse=True)
def _server() -> Iterator[None]:
    yield
    server.stop()


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run what is marked so on both engines."""
    if not ENGINE and metafunc.definition.get_closest_marker("on_both"):
        metafunc.parametrize("_engine", ENGINES, indirect=True)


@pytest.fixture(autouse=True)
def _engine(request: pytest.FixtureRequest) -> Iterator[None]:
    engine = getattr(request, "param", ENGINE)
    with being_on(engine):
        if engine == "postgresql":
            os.chdir(request.getfixturevalue("tmp_path"))  # where its keys are
        yield
    os.chdir(ROOT)


@pytest.fixture(scope="session", autouse=True)
def _compiling_once() -> Iterator[None]:
    cache = compiled_once.Compiled()
    with pytest.MonkeyPatch.context() as patch:
        for module, name in ((of_sqlite, "create_engine"), (of_postgres, "create_async_engine")):
            patch.setattr(module, name, compiled_once.sharing(getattr(module, name), cache))
        yield


@pytest.fixture(scope="module")
def no_power_cuts() -> Iterator[None]:
    """Commit without waiting for the disk, where programs are killed and never the machine."""
    hasty = tuple(pragma.replace("= FULL", "= OFF") for pragma in of_sqlite._WRITER_PRAGMAS)
    assert hasty != of_sqlite._WRITER_PRAGMAS
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(of_sqlite, "_WRITER_PRAGMAS", hasty)
        yield


@pytest.fixture(scope="session")
def forking(
    pytestconfig: pytest.Config, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[None]:
    """Fork the project's programs in place of starting them: see `tests.forked`."""
    if not forked.CAN_FORK:
        yield
        return
    with ExitStack() as until_the_end:
        interpreter = getattr(pytestconfig, "workerinput", {}).get("interpreter")
        if interpreter is None:
            folder = tmp_path_factory.mktemp("forked")
            interpreter = until_the_end.enter_context(forked.serving(folder))
        patch = until_the_end.enter_context(pytest.MonkeyPatch.context())
        patch.setattr(sys, "executable", interpreter)
        yield
