"""The examples that an operator copies: accepted by the programs that read them, and complete."""

import os
import re
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest
import yaml

from bot.settings import Settings

ROOT = Path(__file__).parents[1]
DEPLOY = ROOT / "docs" / "deploy"
WORST_EXPOSURE = 25
"""Tenths, as systemd counts them: 2.5 of 10."""


HOSTS = {"BOT_HOST": "bot.example.com", "ANSWERS_HOST": "answers.example.com"}
SECRETS = {"POSTGRES_PASSWORD": "p" * 16, "WEBHOOK_SECRET": "w" * 16, "EVENTS_TOKEN": "e" * 16}
GIVEN = HOSTS | SECRETS
"""What the file `.env` beside compose.scale.yaml holds."""
PLACE = re.compile(r"\$\{(\w+):\?\}")


def _ran(*command: str, **environment: str) -> str:
    if shutil.which(command[0]) is None:
        pytest.skip(f"{command[0]} is not installed")
    done = subprocess.run(
        command,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
        env={**os.environ, **environment},
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def _settings(monkeypatch: pytest.MonkeyPatch, environment: Mapping[str, str]) -> Settings:
    """Return the settings that a container's environment gives."""
    for name in [name for name in os.environ if name.startswith("OTKLIK_")]:
        monkeypatch.delenv(name)
    for name, value in environment.items():
        monkeypatch.setenv(name, PLACE.sub(lambda found: GIVEN[found[1]], value))
    return Settings.load(_env_file=None)


def test_the_unit_has_few_rights() -> None:
    unit = DEPLOY / "otklik.service"
    _ran("systemd-analyze", "security", "--offline=yes", f"--threshold={WORST_EXPOSURE}", str(unit))


@pytest.mark.parametrize("name", ["Caddyfile", "scale.Caddyfile", "compose.Caddyfile"])
def test_caddy_accepts_its_examples(tmp_path: Path, name: str) -> None:
    site = (DEPLOY / name).read_text(encoding="utf-8")
    if "2.6." in _ran("caddy", "version"):  # Debian 12's: containers have a newer one
        site = site.replace("request_buffers 1MiB", "buffer_requests")
    config = tmp_path / "Caddyfile"
    config.write_text(site, encoding="utf-8")
    _ran("caddy", "validate", "--adapter", "caddyfile", "--config", str(config), **HOSTS)


@pytest.mark.parametrize("name", ["nginx.conf", "scale.nginx.conf"])
def test_nginx_accepts_its_examples(tmp_path: Path, name: str) -> None:
    certificate = tmp_path / "bot.pem"
    making = ("-nodes", "-days", "1", "-subj", "/CN=bot.example.com")
    _ran(
        *("openssl", "req", "-x509", "-newkey", "rsa:2048", *making),
        *("-keyout", str(certificate.with_suffix(".key")), "-out", str(certificate)),
    )
    site = (DEPLOY / name).read_text(encoding="utf-8")
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
    for file in re.findall(r"^COPY (\S+\.\S+) ", image, re.MULTILINE):
        assert f"!{file}" in let_in


def test_the_container_writes_into_its_volume_alone() -> None:
    services = yaml.safe_load((ROOT / "compose.yaml").read_text(encoding="utf-8"))["services"]
    assert services["bot"]["read_only"]
    assert services["bot"]["volumes"] == ["otklik:/data"]


def test_the_container_is_heard_beyond_itself_and_asked_whether_it_lives(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    services = yaml.safe_load((ROOT / "compose.yaml").read_text(encoding="utf-8"))["services"]
    settings = _settings(monkeypatch, services["bot"]["environment"])
    hosts = {settings.webhook_host, settings.events_host, settings.web_host}
    assert hosts == {"0.0.0.0"}  # noqa: S104 (a container's own)
    assert f"127.0.0.1:{settings.health_port}/healthz" in services["bot"]["healthcheck"]["test"][-1]


def test_two_replicas_in_containers_have_settings_that_hold(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    whole = yaml.safe_load((ROOT / "compose.scale.yaml").read_text(encoding="utf-8"))
    one, other = whole["services"]["a"], whole["services"]["b"]
    assert (one.pop("hostname"), other.pop("hostname")) == ("a", "b")
    assert one == other
    assert one["read_only"]
    assert one["volumes"] == ["otklik:/data"]
    assert one["depends_on"]["postgres"]["condition"] == "service_healthy"
    settings = _settings(monkeypatch, one["environment"])
    (subnet,) = whole["networks"]["default"]["ipam"]["config"]
    assert settings.trusted_proxies == subnet["subnet"]
    assert {settings.webhook_port, settings.web_port, settings.events_port} == {8080}
    assert f"127.0.0.1:{settings.health_port}/healthz" in one["healthcheck"]["test"][-1]
    proxy = (DEPLOY / "compose.Caddyfile").read_text(encoding="utf-8")
    assert "reverse_proxy a:8080 b:8080" in proxy
    assert f"health_port {settings.health_port}" in proxy
    assert set(whole["services"]["proxy"]["environment"]) == set(HOSTS)


def test_two_replicas_on_one_machine_listen_where_the_proxies_look() -> None:
    told = (DEPLOY / "replica.conf").read_text(encoding="utf-8")
    settings = dict(re.findall(r"^Environment=OTKLIK_(\w+)=(\S+)$", told, re.MULTILINE))
    assert {name.lower() for name in settings} <= Settings.model_fields.keys()
    ports = {value for name, value in settings.items() if name != "HEALTH_PORT"}
    assert ports == {"808%i"}
    for name in ("scale.Caddyfile", "scale.nginx.conf"):
        found = re.findall(r"127\.0\.0\.1:(\d+)", (DEPLOY / name).read_text(encoding="utf-8"))
        assert found == ["8081", "8082"]
