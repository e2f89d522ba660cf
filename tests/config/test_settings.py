"""Settings: where they come from, what they may be, and that secrets stay secret."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from pydantic import SecretStr
from sqlalchemy import make_url

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
        "webhook_url": None,
        "webhook_secret": None,
        "webhook_secret_file": None,
        "listen": "127.0.0.1:8081",
        "api_url": "https://api.telegram.org",
        "data_dir": data,
        "database_url": SecretStr(f"sqlite+aiosqlite:///{data}/stagebot.sqlite3"),
        "keys_url": SecretStr(f"sqlite+aiosqlite:///{data}/keys.sqlite3"),
        "database_password": None,
        "database_password_file": None,
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


A_DATABASE = "sqlite:////srv/stagebot/stagebot.sqlite3 or postgresql://user:password@host/database"
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
        "mysql://a:geheim@host/b",
        f"is not valid; expected {A_DATABASE}",
    ),
    "STAGEBOT_KEYS_URL": (
        "sqlite://",
        f"is not valid; expected {A_DATABASE}",
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


def test_a_webhook_is_an_address_and_a_secret(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The secret may be in a file of its own, as the token may; it is never shown."""
    (tmp_path / "secret").write_text("a-secret_of-1\n")
    monkeypatch.setenv("STAGEBOT_WEBHOOK_URL", "https://stagebot.example/telegram")
    monkeypatch.setenv("STAGEBOT_WEBHOOK_SECRET_FILE", str(tmp_path / "secret"))
    monkeypatch.setenv("STAGEBOT_LISTEN", "0.0.0.0:9000")
    settings = load_settings()
    assert settings.webhook_url == "https://stagebot.example/telegram"
    assert settings.webhook_secret == SecretStr("a-secret_of-1")
    assert settings.listen == "0.0.0.0:9000"
    assert "a-secret_of-1" not in repr(settings)


AN_ADDRESS = "expected an address such as https://stagebot.school.nl/telegram"
A_PORT = "expected an address and a port, such as 0.0.0.0:8081"


@pytest.mark.parametrize(
    ("name", "value", "problem"),
    [
        ("WEBHOOK_URL", "http://school.example/hook", f"is 'http://school.example/hook'; {AN_ADDRESS}"),
        ("WEBHOOK_URL", "https://school.example", f"is 'https://school.example'; {AN_ADDRESS}"),
        (
            "WEBHOOK_SECRET",
            "een geheim",
            "is not valid; expected 1 to 256 letters, digits, _ and - that nobody can guess",
        ),
        ("LISTEN", "8081", f"is '8081'; {A_PORT}"),
        ("LISTEN", "localhost:99999", f"is 'localhost:99999'; {A_PORT}"),
    ],
)
def test_a_wrong_webhook_is_named(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, problem: str
) -> None:
    """One line says which setting and what was expected, and nothing of a secret."""
    monkeypatch.setenv(f"STAGEBOT_{name}", value)
    assert refused() == [f"environment: STAGEBOT_{name}: {problem}"]


def test_a_webhook_without_a_secret_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """Anybody could send updates to it (docs/trust.md, 14)."""
    monkeypatch.setenv("STAGEBOT_WEBHOOK_URL", "https://stagebot.example/telegram")
    (line,) = refused()
    expected = "expected it, or webhook_secret_file, as webhook_url is given"
    assert line == f"environment: STAGEBOT_WEBHOOK_SECRET: is missing; {expected}"


# ---- databases on a server ------------------------------------------------------------------------------

MAIN, KEYS = "postgresql://bot:geheim@db.school.nl/stagebot", "postgres://bot:geheim@db.school.nl:5432/keys"
ANOTHER = "is of another kind than database_url; expected two files, or two on a server"
SAME = "is the same as database_url; expected two databases"
NONE = f"is not valid; expected {A_DATABASE}"
SERVERS = {
    "no keys": (MAIN, "", "is missing; expected a second database on a server, as database_url is on one"),
    "keys in a file": (MAIN, "sqlite:////srv/keys.sqlite3", ANOTHER),
    "only the keys on a server": ("sqlite:////srv/stagebot.sqlite3", KEYS, ANOTHER),
    "one database under two names": (MAIN, "postgres://other:geheim@db.school.nl:5432/stagebot", SAME),
    "no database in it": (MAIN, "postgresql://bot:geheim@db.school.nl", NONE),
    "no host in it": (MAIN, "postgresql:///keys", NONE),
    "no port": (MAIN, "postgresql://bot:geheim@db.school.nl:geheim/keys", NONE),
    "another driver": (MAIN, "postgresql+psycopg2://bot:geheim@db.school.nl/keys", NONE),
    "an option nobody knows": (MAIN, f"{KEYS}?password=geheim", NONE),
    "no way to use TLS": (MAIN, f"{KEYS}?sslmode=geheim", NONE),
}


@pytest.mark.parametrize("fault", SERVERS)
def test_each_fault_of_two_databases_has_its_line(fault: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The keys are apart from what they seal, and no line tells a password (docs/decisions/0021)."""
    main, keys, line = SERVERS[fault]
    monkeypatch.setenv("STAGEBOT_DATABASE_URL", main)
    monkeypatch.setenv("STAGEBOT_KEYS_URL", keys)
    assert refused() == [f"environment: STAGEBOT_KEYS_URL: {line}"]


def test_two_databases_on_a_server_are_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    """Both spellings of the scheme, with what TLS is to do; the password shows nowhere."""
    monkeypatch.setenv("STAGEBOT_DATABASE_URL", f"{MAIN}?sslmode=verify-full")
    monkeypatch.setenv("STAGEBOT_KEYS_URL", KEYS)
    settings = load_settings()
    assert (settings.database_url.get_secret_value(), settings.keys_url.get_secret_value()) == (
        "postgresql+asyncpg://bot:geheim@db.school.nl/stagebot?sslmode=verify-full",
        "postgresql+asyncpg://bot:geheim@db.school.nl:5432/keys",
    )
    assert "geheim" not in f"{settings!r} {settings} {settings.model_dump()}"


def test_a_password_in_a_file_is_for_the_addresses_without_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever is in it, as it stands on the line; an address with a password keeps its own."""
    (tmp_path / "password").write_text("ge@heim:/ \n")
    monkeypatch.setenv("STAGEBOT_DATABASE_URL", "postgresql://bot@db.school.nl/stagebot")
    monkeypatch.setenv("STAGEBOT_KEYS_URL", KEYS)
    monkeypatch.setenv("STAGEBOT_DATABASE_PASSWORD_FILE", str(tmp_path / "password"))
    settings = load_settings()
    assert (settings.database_url.get_secret_value(), settings.keys_url.get_secret_value()) == (
        "postgresql+asyncpg://bot:ge%40heim%3A%2F @db.school.nl/stagebot",
        "postgresql+asyncpg://bot:geheim@db.school.nl:5432/keys",
    )
    assert make_url(settings.database_url.get_secret_value()).password == "ge@heim:/ "
