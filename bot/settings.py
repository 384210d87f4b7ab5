"""Settings: environment variables named OTKLIK_…, or the same names in a file `otklik.env`."""

import os
import re
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_core import ErrorDetails
from pydantic_settings import BaseSettings, SettingsConfigDict

from bot.errors import SettingsInvalid
from bot.proxies import networks, split
from surveys.messages import Message, mark
from surveys.survey.wording import mistake

SETTINGS_FILE = "otklik.env"
_PREFIX = "OTKLIK_"
_OTHERS = frozenset({"OTKLIK_CRASH_AT"})
"""Read elsewhere: where the proof has the program end."""
ADMIN_LINK = "admin-link.txt"
"""Beside the database: the first admin's link, where no terminal can show it."""
SQLITE = "sqlite:///"
_SQLITE_BEFORE = "sqlite+aiosqlite:///"
"""How settings files of earlier versions begin the address; it means the same."""
_SECRET = re.compile(r"[A-Za-z0-9_-]{16,256}")
_WEB_URL = re.compile(
    r"(https://[^/\s?#]+|http://(localhost|127\.0\.0\.1|\[::1\])(:[0-9]+)?)(/[^\s?#]*)?"
)
"""Without TLS only on this machine, for trying."""
_CRM_URL = re.compile(
    r"(https://[^/\s?#@]+|http://(localhost|127\.0\.0\.1|\[::1\])(:[0-9]+)?)([/?][^\s#]*)?"
)
_RECIPIENT = re.compile(r"age1[02-9ac-hj-np-z]{58}")
_TOKEN = re.compile(r"[0-9]{1,16}:[A-Za-z0-9_-]{30,64}")


def _problem(error: ErrorDetails) -> Message:
    from surveys.survey.mistakes import sentence  # noqa: PLC0415 (it loads what surveys are)

    name = "_".join(map(str, error["loc"])).upper()
    problem = sentence(error, ())
    return (
        Message("OTKLIK_{name}: {problem}", {"name": name, "problem": problem}) if name else problem
    )


def _unknown(known: Collection[str]) -> Iterator[Message]:
    """Yield a sentence for each setting that there is not: a misspelled one would do nothing."""
    names = {f"{_PREFIX}{name.upper()}" for name in known}
    written = {name.upper() for name in (*os.environ, *_in_file())}
    for name in sorted(written - names - _OTHERS):
        meant = f"{_PREFIX}{name}" if f"{_PREFIX}{name}" in names else ""
        if not meant and not name.startswith(_PREFIX):
            continue
        if meant and name not in {one.upper() for one in _in_file()}:
            continue  # another program's variable
        from difflib import get_close_matches  # noqa: PLC0415 (only a mistake needs it)

        near = get_close_matches(name.removeprefix(_PREFIX), _bare(names), n=1)
        meant = meant or next((f"{_PREFIX}{one}" for one in near), "")
        if meant:
            yield Message(
                "{name}: there is no such setting; {meant} is meant?",
                {"name": name, "meant": meant},
            )
        else:
            yield Message(
                "{name}: there is no such setting; README.md names them all.", {"name": name}
            )


def _bare(names: Collection[str]) -> list[str]:
    return [name.removeprefix(_PREFIX) for name in names]


def _in_file() -> Collection[str]:
    if not Path(SETTINGS_FILE).is_file():
        return ()
    from dotenv import dotenv_values  # noqa: PLC0415 (without a file it is not needed)

    return dotenv_values(SETTINGS_FILE).keys()


class Settings(BaseSettings):
    """Everything that differs from one installation to another."""

    model_config = SettingsConfigDict(
        env_prefix="OTKLIK_", env_file=SETTINGS_FILE, extra="ignore", frozen=True
    )

    bot_token: SecretStr | None = None
    """From @BotFather."""
    api_url: str = "https://api.telegram.org"
    """Another Bot API server."""
    proxy: str | None = None
    """http://… or socks5://…, where Telegram is reached by a proxy only; several: tried in turn."""
    database_url: str = f"{SQLITE}otklik.db"
    clock_url: str | None = None
    """A clock to follow instead of the system's; the local Telegram offers one."""
    messages_per_second: Annotated[float, Field(gt=0, le=30)] = 29
    webhook_url: str | None = None
    """https://… where Telegram is to deliver; without it the bot polls."""
    webhook_secret: SecretStr | None = None
    """Mandatory with a webhook: 16 to 256 letters, digits, _ and -."""
    webhook_host: str = "127.0.0.1"
    webhook_port: Annotated[int, Field(ge=0, le=65535)] = 8080
    """Where the webhook listens; a proxy before it speaks TLS."""
    events_port: Annotated[int, Field(ge=0, le=65535)] | None = None
    """Where the CRM's events are listened for; nowhere by default. A proxy before it speaks TLS."""
    events_host: str = "127.0.0.1"
    events_token: SecretStr | None = None
    """Mandatory with a port: 16 to 256 letters, digits, _ and -."""
    crm_url: SecretStr | None = None
    """https://… that is told of cases and low scores; it may hold a token, so it is a secret."""
    crm_secret: SecretStr | None = None
    """Mandatory with it: what the events are signed with."""
    web_url: str | None = None
    """https://… under which customers answer on a page; without it there are no pages."""
    web_host: str = "127.0.0.1"
    web_port: Annotated[int, Field(ge=0, le=65535)] = 8080
    """Where the pages are served; a proxy before it speaks TLS."""
    trusted_proxies: str = ""
    """Addresses and networks, with commas, of proxies whose word on who is calling is believed."""
    health_port: Annotated[int, Field(ge=0, le=65535)] | None = None
    """Where to say whether the bot lives, and its figures for Prometheus; nowhere by default."""
    health_host: str = "127.0.0.1"
    backups: Path | None = None
    """The folder for copies of the database; `backups` beside it by default."""
    backups_recipient: str = ""
    """Public keys of age (age1…), with commas: only who has one's other half can read a copy."""
    backups_hour: Annotated[int | None, Field(ge=0, le=23)] = 4
    """At which hour of the company's zone the daily copy is made; `off`: none."""
    backups_days: Annotated[int, Field(ge=1, le=366)] = 7
    backups_weeks: Annotated[int, Field(ge=0, le=520)] = 4
    """For this many days and weeks the latest daily copy of each is kept."""
    backups_by_server: bool = False
    """PostgreSQL: the server's own copies are relied on, and none is made here unless asked for."""
    language: Literal["ru", "en"] | None = None
    """In which the command line speaks; without it the locale says so, else Russian."""
    log_level: str = "INFO"

    @field_validator("database_url")
    @classmethod
    def _as_written_now(cls, url: str) -> str:
        known = url.startswith(_SQLITE_BEFORE)
        return f"{SQLITE}{url.removeprefix(_SQLITE_BEFORE)}" if known else url

    @field_validator("bot_token")
    @classmethod
    def _looks_like_a_token(cls, token: SecretStr | None) -> SecretStr | None:
        if token is not None and not _TOKEN.fullmatch(token.get_secret_value()):
            raise mistake(
                mark("is not a bot token: it looks like 123456789:AAE… and comes from @BotFather")
            )
        return token

    @field_validator("backups_hour", mode="before")
    @classmethod
    def _may_be_off(cls, hour: object) -> object:
        return None if isinstance(hour, str) and hour.lower() == "off" else hour

    @field_validator("api_url")
    @classmethod
    def _is_an_address(cls, url: str) -> str:
        if not re.fullmatch(r"https?://[^/\s]+(/\S*)?", url):
            raise mistake(mark("must be an address like https://api.telegram.org"))
        return url.rstrip("/")

    @field_validator("proxy")
    @classmethod
    def _are_proxies(cls, proxy: str | None) -> str | None:
        split(proxy or "")
        return proxy or None

    @field_validator("web_url")
    @classmethod
    def _is_a_public_address(cls, url: str | None) -> str | None:
        if url is not None and not _WEB_URL.fullmatch(url):
            raise mistake(mark("must be an address like https://answers.example.com"))
        return None if url is None else url.rstrip("/")

    @field_validator("trusted_proxies")
    @classmethod
    def _are_networks(cls, proxies: str) -> str:
        networks(proxies)
        return proxies

    @field_validator("webhook_secret", "events_token", "crm_secret")
    @classmethod
    def _is_a_secret(cls, secret: SecretStr | None) -> SecretStr | None:
        if secret is not None and not _SECRET.fullmatch(secret.get_secret_value()):
            raise mistake(
                mark("must have 16 to 256 letters, digits, _ and -; try: openssl rand -hex 32")
            )
        return secret

    @model_validator(mode="after")
    def _events_have_their_token(self) -> Self:
        if self.events_port is not None and self.events_token is None:
            raise mistake(
                mark("OTKLIK_EVENTS_PORT needs OTKLIK_EVENTS_TOKEN; try: openssl rand -hex 32")
            )
        return self

    @field_validator("crm_url")
    @classmethod
    def _is_reached_by_tls(cls, url: SecretStr | None) -> SecretStr | None:
        if url is not None and not _CRM_URL.fullmatch(url.get_secret_value()):
            raise mistake(mark("must be an address like https://crm.example.com/otklik"))
        return url

    @model_validator(mode="after")
    def _events_are_signed(self) -> Self:
        if self.crm_url is not None and self.crm_secret is None:
            raise mistake(mark("OTKLIK_CRM_URL needs OTKLIK_CRM_SECRET; try: openssl rand -hex 32"))
        return self

    @model_validator(mode="after")
    def _webhook_has_its_secret(self) -> Self:
        if self.webhook_url is not None and self.webhook_secret is None:
            raise mistake(
                mark(
                    "OTKLIK_WEBHOOK_URL needs OTKLIK_WEBHOOK_SECRET: without it anybody could send "
                    "answers in others' names; try: openssl rand -hex 32"
                )
            )
        return self

    @field_validator("backups_recipient")
    @classmethod
    def _are_keys(cls, keys: str) -> str:
        if not all(_RECIPIENT.fullmatch(key.strip()) for key in keys.split(",") if key.strip()):
            raise mistake(mark("must be public keys of age, as age-keygen prints them: age1…"))
        return keys

    @field_validator("log_level")
    @classmethod
    def _is_a_level(cls, level: str) -> str:
        if level.upper() not in {"DEBUG", "INFO", "WARNING", "ERROR"}:
            raise mistake(mark("must be one of DEBUG, INFO, WARNING, ERROR"))
        return level.upper()

    @classmethod
    def load(cls, **given: Any) -> Self:
        """Read the settings; `given` ones count before the environment and the file.

        Raises `SettingsInvalid` naming every wrong and every unknown one, never its value.
        """
        unknown = list(_unknown(cls.model_fields))
        try:
            settings = cls(**given)
        except ValidationError as error:
            wrong = map(_problem, error.errors(include_input=False))
            raise SettingsInvalid(*wrong, *unknown) from None
        if unknown:
            raise SettingsInvalid(*unknown)
        return settings

    def token(self) -> str:
        """Return the bot token, or say where to get one and what works without."""
        if self.bot_token is None:
            raise SettingsInvalid(
                Message(
                    "There is no bot token. Set OTKLIK_BOT_TOKEN to the token that @BotFather gave "
                    "you, or see the whole product without one: otklik demo"
                )
            )
        return self.bot_token.get_secret_value()

    @property
    def proxies(self) -> tuple[str, ...]:
        """The proxies to reach Telegram by, to be tried in turn; none: it is reached directly."""
        return split(self.proxy or "")

    @property
    def backups_recipients(self) -> tuple[str, ...]:
        """The keys for which copies are encrypted; none: they are not."""
        return tuple(key.strip() for key in self.backups_recipient.split(",") if key.strip())

    @property
    def data_directory(self) -> Path:
        """Where files beside the database go."""
        if self.database_url.startswith(SQLITE):
            return Path(self.database_url.removeprefix(SQLITE)).absolute().parent
        return Path.cwd()
