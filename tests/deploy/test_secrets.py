"""Settings that come in files: secrets of a container, credentials of a systemd unit."""

from __future__ import annotations

from pathlib import Path

import pytest

from xincha.errors import SettingsError
from xincha.settings import Settings


def test_a_secret_may_come_in_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "xincha_base_url").write_text("https://xincha.example\n")
    assert Settings.read().base_url == ""
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(tmp_path))
    assert Settings.read().base_url == "https://xincha.example"
    monkeypatch.setenv("XINCHA_BASE_URL", "https://other.example")
    assert Settings.read().base_url == "https://other.example"


def test_a_file_that_cannot_be_used_is_named_like_a_variable(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "xincha_port").write_text("many")
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(tmp_path))
    with pytest.raises(SettingsError, match="XINCHA_PORT"):
        Settings.read()
