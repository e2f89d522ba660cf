"""Help, usage, settings and the demo: one clear line, the right exit code, and nothing left behind."""

from __future__ import annotations

import asyncio
import signal
import sys
from pathlib import Path

from bot.simulator.server import Simulator
from tests.cli.commands import PATIENCE, Operator, end

COMMANDS = ("run", "demo", "check", "invites", "digest", "export", "survey", "rehearse", "roster")
IN_MEMORY = Path("/dev/shm")  # noqa: S108 - only looked at: the demo may keep its files there


def left_in_memory() -> set[Path]:
    """The demo's folders for what it does not keep."""
    return set(IN_MEMORY.glob("stagebot-*"))


async def test_help_names_every_command(operator: Operator) -> None:
    """`stagebot --help`, as it is installed, shows what there is; so does `python -m bot.cli`."""
    installed = Path(sys.executable).with_name("stagebot")
    process = await asyncio.create_subprocess_exec(installed, "--help", stdout=asyncio.subprocess.PIPE)
    out, _ = await asyncio.wait_for(process.communicate(), PATIENCE)
    said = await operator.give("--help")
    assert (process.returncode, said.code) == (0, 0)
    assert [name for name in COMMANDS if f" {name} " not in out.decode()] == []
    assert [name for name in COMMANDS if f" {name} " not in "\n".join(said.out)] == []


async def test_a_slip_of_the_pen_is_a_usage_error(operator: Operator) -> None:
    """Exit code 2, and nothing was made."""
    slips = await asyncio.gather(
        operator.give("rum"),
        operator.give("digest"),
        operator.give("export", "--since", "2026-13-01"),
        operator.give("digest", "BPV-2026-001", "--format", "csv"),
        operator.give("invites", "--format", "json"),
    )
    assert [said.code for said in slips] == [2, 2, 2, 2, 2]
    assert list(operator.folder.iterdir()) == []


async def test_without_a_token_the_bot_does_not_start(operator: Operator) -> None:
    """One line, exit code 1, and nothing was made."""
    said = await operator.give("run")
    assert (said.code, said.out, said.err) == (
        1,
        [],
        ["a token is needed: set STAGEBOT_TOKEN, or STAGEBOT_TOKEN_FILE with the name of a file"],
    )
    assert list(operator.folder.iterdir()) == []


async def test_a_token_that_telegram_does_not_know_is_told(operator: Operator, telegram: Simulator) -> None:
    """401: the bot leaves with one line of its own after its log, and the token is in none of them."""
    said = await operator.give("run", token="7000000001:ANOTHER-TOKEN", api_url=telegram.url)
    assert said.code == 1
    assert [line for line in said.err if not line.startswith("{")] == [
        operator.told_of_a_key,
        "Telegram does not accept this token: check STAGEBOT_TOKEN",
    ]
    assert "ANOTHER-TOKEN" not in "".join(said.err)


async def test_check_says_that_all_is_good(operator: Operator) -> None:
    """The shipped configuration has no fault; checking makes nothing."""
    said = await operator.give("check")
    assert (said.code, said.err) == (0, [])
    assert said.out[0].endswith("all good.")
    assert list(operator.folder.iterdir()) == []


async def test_check_names_file_and_field_of_each_fault(operator: Operator) -> None:
    """A school's file and a question set beside it, both with a fault."""
    school = operator.folder / "school.toml"
    school.write_text('name = "Een school"\n[quiet]\nbegin = 5\n')
    sets = operator.folder / "question_sets" / "student"
    sets.mkdir(parents=True)
    (sets / "aha.toml").write_text('role = "student"\nkey = "nonsense"\n')
    said = await operator.give("check", school_file=school)
    assert said.code == 1
    assert f'{school}: quiet.begin: is 5; expected a time such as "16:30"' in said.err
    assert [line for line in said.err if line.startswith(f"{sets}/aha.toml: key: ")] != []


async def test_settings_come_from_a_file_and_a_wrong_name_gets_a_suggestion(operator: Operator) -> None:
    """`--config`: a setting that is not known is named with the one that was meant."""
    good, bad = operator.folder / "good.toml", operator.folder / "bad.toml"
    good.write_text(f'school_file = "{operator.folder}/none.toml"\n')
    bad.write_text('token_fil = "x"\n')
    from_file, wrong, variable, missing = await asyncio.gather(
        operator.give("check", "--config", good),
        operator.give("check", "--config", bad),
        operator.give("check", tokn="x"),
        operator.give("check", "--config", "none.toml"),
    )
    assert [said.code for said in (from_file, wrong, variable, missing)] == [1, 1, 1, 1]
    assert from_file.err[0].startswith(f"{operator.folder}/none.toml: cannot be read")
    assert wrong.err == [f"{bad}: token_fil: is unknown, did you mean 'token_file'?"]
    assert variable.err == ["environment: STAGEBOT_TOKN: is unknown, did you mean STAGEBOT_TOKEN?"]
    assert missing.err == ["none.toml: cannot be read (No such file or directory); expected a readable file"]


async def test_the_demo_tells_a_busy_port_in_one_line(operator: Operator, telegram: Simulator) -> None:
    """Another port is for the person to choose."""
    said = await operator.give("demo", "--port", str(telegram.port))
    assert (said.code, said.out, len(said.err)) == (1, [], 1)
    assert str(telegram.port) in said.err[0]


async def test_the_demo_stops_at_ctrl_c_and_leaves_nothing(operator: Operator) -> None:
    """Exit code 0, and no folder holds anything of it."""
    before = left_in_memory()
    demo = await operator.start("demo", "--port", "0")
    assert demo.stdout is not None
    line = (await asyncio.wait_for(demo.stdout.readline(), PATIENCE)).decode()
    demo.send_signal(signal.SIGINT)
    said = await end(demo)
    assert line.startswith("stagebot plays at  http://127.0.0.1:")
    assert (said.code, said.out[-1], said.err) == (0, "Stopped. Nothing of this demo was kept.", [])
    assert list(operator.folder.iterdir()) == []
    assert left_in_memory() <= before
