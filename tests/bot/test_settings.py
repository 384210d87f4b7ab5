"""Settings that there are not stop the start, with all that are wrong."""

from pathlib import Path

import pytest

from bot.errors import SettingsInvalid
from bot.settings import Settings


def test_every_unknown_and_every_wrong_setting_is_named_and_no_value(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("OTKLIK_WEBHOK_SECRET", "s3cret-value")
    monkeypatch.setenv("OTKLIK_LOG_LEVEL", "LOUD")
    monkeypatch.setenv("PROXY", "http://other-program:1")
    lines = "OTKLIK_BACKUP_HOUR=5\nWEB_URL=https://a.ru\nOTKLIK_ZZZ=1\nSOMEBODY=else\n"
    (tmp_path / "otklik.env").write_text(lines, encoding="utf-8")
    with pytest.raises(SettingsInvalid) as caught:
        Settings.load()
    said = str(caught.value)
    assert "OTKLIK_WEBHOK_SECRET: there is no such setting; OTKLIK_WEBHOOK_SECRET is meant?" in said
    assert "OTKLIK_BACKUP_HOUR: there is no such setting; OTKLIK_BACKUPS_HOUR is meant?" in said
    assert "WEB_URL: there is no such setting; OTKLIK_WEB_URL is meant?" in said
    assert "OTKLIK_ZZZ: there is no such setting; README.md" in said
    assert "OTKLIK_LOG_LEVEL: must be one of" in said
    assert len(said.splitlines()) == 5
    assert "s3cret-value" not in said


def test_a_key_for_copies_is_one_of_age(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    key = "age1tmhva5p2s6f2hyj0nh74d7e27yalcv72vaaxa99cmjrj0en68y4q0atr6a"
    assert Settings.load(backups_recipient=f"{key}, {key}").backups_recipients == (key, key)
    with pytest.raises(SettingsInvalid, match="age-keygen"):
        Settings.load(backups_recipient="AGE-SECRET-KEY-1")
