"""Settings: where they come from, what they may be, and that secrets stay secret."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from pydantic import SecretStr

from config import ConfigError
from config.settings import Settings, load_settings

TOKEN = "123456:" + "A" * 35


@pytest.fixture(autouse=True)
def _clean_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in [name for name in os.environ if name.upper().startswith("STAGEBOT_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "share"))


def config_file(folder: Path, content: str) -> Path:
    path = folder / "stagebot.toml"
    path.write_text(content)
    return path


def refused(path: Path | None = None) -> list[str]:
    with pytest.raises(ConfigError) as caught:
        load_settings(path)
    return str(caught.value).splitlines()


def test_nothing_given_is_enough_to_begin(tmp_path: Path) -> None:
    """The data folder is the platform's; both databases and the key lie in it."""
    data = tmp_path / "share" / "stagebot"
    settings = load_settings()
    assert settings.model_dump() == {
        "token": None,
        "token_file": None,
        "api_url": "https://api.telegram.org",
        "data_dir": data,
        "database_url": SecretStr(f"sqlite+aiosqlite:///{data}/stagebot.sqlite3"),
        "keys_url": SecretStr(f"sqlite+aiosqlite:///{data}/keys.sqlite3"),
        "master_key_file": data / "master.key",
        "school_file": None,
        "rate": 28,
    }


def test_each_setting_can_be_given_in_a_file(tmp_path: Path) -> None:
    """The names are those of the environment, in small letters and without STAGEBOT_."""
    settings = load_settings(
        config_file(
            tmp_path,
            f'token = "{TOKEN}"\napi_url = "http://127.0.0.1:8081/"\ndata_dir = "/srv/a"\n'
            'database_url = "sqlite:////srv/b.sqlite3"\nkeys_url = "sqlite+aiosqlite:///c.sqlite3"\n'
            'master_key_file = "/srv/d"\nschool_file = "/srv/e.toml"\nrate = 10.5\n',
        )
    )
    assert settings == Settings(
        token=SecretStr(TOKEN),
        api_url="http://127.0.0.1:8081",
        data_dir=Path("/srv/a"),
        database_url=SecretStr("sqlite+aiosqlite:////srv/b.sqlite3"),
        keys_url=SecretStr("sqlite+aiosqlite:///c.sqlite3"),
        master_key_file=Path("/srv/d"),
        school_file=Path("/srv/e.toml"),
        rate=10.5,
    )


def test_the_environment_wins(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A variable that is empty is not set."""
    monkeypatch.setenv("STAGEBOT_RATE", "5")
    monkeypatch.setenv("STAGEBOT_API_URL", "")
    monkeypatch.setenv("STAGEBOT_DATA_DIR", "/srv/a")
    settings = load_settings(config_file(tmp_path, 'rate = 10\napi_url = "http://localhost:1"\n'))
    assert (settings.rate, settings.api_url) == (5, "http://localhost:1")
    assert settings.master_key_file == Path("/srv/a/master.key")


def test_a_token_is_read_from_its_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A line end after the token is no part of it."""
    (tmp_path / "token").write_text(f"{TOKEN}\n")
    monkeypatch.setenv("STAGEBOT_TOKEN_FILE", str(tmp_path / "token"))
    assert load_settings().token == SecretStr(TOKEN)


def test_secrets_are_never_printed(tmp_path: Path) -> None:
    """Neither repr nor str nor an error tells a token or a database's address."""
    settings = load_settings(
        config_file(tmp_path, f'token = "{TOKEN}"\ndatabase_url = "sqlite:////srv/geheim.sqlite3"')
    )
    printed = f"{settings!r} {settings} {settings.model_dump()}"
    assert [secret in printed for secret in (TOKEN, "geheim")] == [False, False]


ENVIRONMENT = {
    "STAGEBOT_TOKEN": ("geheim", "is not valid; expected a bot token as @BotFather gives it, 123456:ABC..."),
    "STAGEBOT_TOKEN_FILE": (
        "/geheim",
        "is no readable file with a token in it; expected one line as @BotFather gives it",
    ),
    "STAGEBOT_API_URL": (
        "ftp://geheim@host",
        "is not valid; expected an address that begins with http:// or https://",
    ),
    "STAGEBOT_DATA_DIR": ("~geheim/x", "is '~geheim/x'; expected a folder"),
    "STAGEBOT_DATABASE_URL": (
        "postgresql://a:geheim@host/b",
        "is not valid; expected an address such as sqlite:////srv/stagebot/stagebot.sqlite3",
    ),
    "STAGEBOT_KEYS_URL": (
        "sqlite://",
        "is not valid; expected an address such as sqlite:////srv/stagebot/stagebot.sqlite3",
    ),
    "STAGEBOT_RATE": ("0", "is '0'; expected messages a second, 1 to 1000"),
    "STAGEBOT_DATABSE_URL": ("geheim", "is unknown, did you mean STAGEBOT_DATABASE_URL?"),
}


@pytest.mark.parametrize("variable", ENVIRONMENT)
def test_each_fault_of_a_variable_has_its_line(variable: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """One fault gives exactly one line with the variable's name."""
    value, line = ENVIRONMENT[variable]
    monkeypatch.setenv(variable, value)
    assert refused() == [f"environment: {variable}: {line}"]


FILE = {
    "an unknown field": ('tokn = "geheim"', "tokn: is unknown, did you mean 'token'?"),
    "a number for text": ("data_dir = 3", "data_dir: is 3; expected a folder"),
    "too fast": ("rate = 1001", "rate: is 1001; expected messages a second, 1 to 1000"),
    "no web address": (
        'api_url = "localhost"',
        "api_url: is not valid; expected an address that begins with http:// or https://",
    ),
    "one database for both": (
        'database_url = "sqlite:///a"\nkeys_url = "sqlite+aiosqlite:///a"',
        "keys_url: is the same as database_url; expected two databases",
    ),
    "a token and a token file": (
        f'token = "{TOKEN}"\ntoken_file = "/srv/token"',
        "token_file: is given beside a token; expected one of the two",
    ),
    "a syntax error": ("rate", "line 1: is not valid TOML: expected '=' after a key in a key/value pair"),
}


@pytest.mark.parametrize("fault", FILE)
def test_each_fault_of_a_file_has_its_line(fault: str, tmp_path: Path) -> None:
    """One fault gives exactly one line with the file and the setting's name."""
    content, line = FILE[fault]
    path = config_file(tmp_path, content)
    assert refused(path) == [f"{path}: {line}"]


def test_all_faults_are_told_with_where_they_come_from(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A setting that the environment overrules is a fault of the environment."""
    monkeypatch.setenv("STAGEBOT_RATE", "snel")
    path = config_file(tmp_path, 'rate = 1\nmaster_key = "x"\nschool_file = 2\n')
    assert refused(path) == [
        f"{path}: school_file: is 2; expected a school's own TOML file",
        "environment: STAGEBOT_RATE: is 'snel'; expected messages a second, 1 to 1000",
        f"{path}: master_key: is unknown, did you mean 'master_key_file'?",
    ]
