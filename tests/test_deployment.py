"""The examples that an operator copies: accepted by the programs that read them, and complete."""

import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[1]
DEPLOY = ROOT / "docs" / "deploy"
WORST_EXPOSURE = 25
"""Tenths, as systemd counts them: 2.5 of 10."""


def _ran(*command: str) -> str:
    if shutil.which(command[0]) is None:
        pytest.skip(f"{command[0]} is not installed")
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_the_unit_has_few_rights() -> None:
    unit = DEPLOY / "otklik.service"
    _ran("systemd-analyze", "security", "--offline=yes", f"--threshold={WORST_EXPOSURE}", str(unit))


def test_caddy_accepts_its_example() -> None:
    _ran("caddy", "validate", "--adapter", "caddyfile", "--config", str(DEPLOY / "Caddyfile"))


def test_nginx_accepts_its_example(tmp_path: Path) -> None:
    certificate = tmp_path / "bot.pem"
    making = ("-nodes", "-days", "1", "-subj", "/CN=bot.example.com")
    _ran(
        *("openssl", "req", "-x509", "-newkey", "rsa:2048", *making),
        *("-keyout", str(certificate.with_suffix(".key")), "-out", str(certificate)),
    )
    site = (DEPLOY / "nginx.conf").read_text(encoding="utf-8")
    site = site.replace("/etc/ssl/bot.example.com", str(certificate.with_suffix("")))
    whole = tmp_path / "nginx.conf"
    whole.write_text(f"pid {tmp_path}/pid; events {{}} http {{ {site} }}", encoding="utf-8")
    _ran("nginx", "-t", "-e", str(tmp_path / "log"), "-c", str(whole))


def test_the_image_holds_every_package() -> None:
    image = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    let_in = (ROOT / ".dockerignore").read_text(encoding="utf-8").split()
    for package in ("bot", "scoring", "storage", "surveys", "templates"):
        assert f"COPY {package} /opt/otklik/app/{package}\n" in image
        assert f"!{package}" in let_in


def test_the_container_writes_into_its_volume_alone() -> None:
    services = yaml.safe_load((ROOT / "compose.yaml").read_text(encoding="utf-8"))["services"]
    assert services["bot"]["read_only"]
    assert services["bot"]["volumes"] == ["otklik:/data"]
