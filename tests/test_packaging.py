"""What is installed from a wheel is all that the program needs."""

import os
from pathlib import Path

import pytest
from setuptools import Distribution

ROOT = Path(__file__).parents[1]
PACKAGES = ("bot", "scoring", "storage", "surveys", "templates")


def _wanted() -> set[str]:
    """Return every file of the packages but what Python makes there itself."""
    files = (path for package in PACKAGES for path in (ROOT / package).rglob("*"))
    return {
        str(path.relative_to(ROOT))
        for path in files
        if path.is_file() and "__pycache__" not in path.parts
    }


def test_a_wheel_holds_every_file_of_the_packages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    distribution = Distribution({"script_name": "setup.py"})
    distribution.parse_config_files([str(ROOT / "pyproject.toml")])
    build = distribution.get_command_obj("build_py")
    build.ensure_finalized()
    made = {os.path.relpath(name, build.build_lib) for name in build.get_outputs(False)}
    assert made >= _wanted()
