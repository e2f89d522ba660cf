"""`stagebot invites`."""

from __future__ import annotations

import csv
import sys
from collections.abc import Sequence
from pathlib import Path

import typer
from rich.console import Console
from rich.table import Table

from bot.cli.errors import Fault
from bot.cli.opening import Opened, opened
from bot.cli.stagebot import utc_now
from bot.services.inviting import Invitation, again, invite, revoke
from bot.store import stages
from bot.telegram.client import Client
from conversations.model import Role

FORMULA = ("=", "+", "-", "@", "\t", "\r")  # what a spreadsheet would take for a formula


async def invites(
    config_file: Path | None, *, as_csv: bool, renew: bool, stage: str | None, again_for: str | None
) -> int:
    """Print a link for everybody who may join and has not; or revoke links, or invite somebody anew."""
    async with opened(config_file) as work:
        if stage is not None:
            return await _revoke(work, stage)
        bot = await _username(work)
        if again_for is not None:
            _print([await _again(work, again_for)], bot, as_csv=as_csv)
            return 0
        async with work.db.writing() as tx:
            days = work.school.retention.invitation_days
            made = await invite(tx, utc_now(), days=days, renew=renew)
    new = [invitation for invitation in made if invitation.code]
    _print(new, bot, as_csv=as_csv)
    if waiting := len(made) - len(new):
        typer.echo(f"{waiting} people hold a link that still works; --renew makes new ones.", err=True)
    return 0


async def _again(work: Opened, again_for: str) -> Invitation:
    code, _, role = again_for.partition(":")
    if role not in {Role.STUDENT, Role.TRAINER, Role.TEACHER}:
        raise Fault(f"--again {again_for}: expected STAGE:ROLE, such as BPV-2026-001:student")
    async with work.db.writing() as tx:
        found = (await stages.by_codes(tx, [code])).get(code)
        if found is None:
            raise Fault(f"no stage {code}: see the first column of the roster")
        days = work.school.retention.invitation_days
        return await again(tx, found, Role(role), utc_now(), days=days)


async def _revoke(work: Opened, stage: str) -> int:
    async with work.db.writing() as tx:
        if not await stages.by_codes(tx, [stage]):
            raise Fault(f"no stage {stage}: see the first column of the roster")
        count = await revoke(tx, stage, utc_now())
    typer.echo(f"{count} links revoked.")
    return 0


async def _username(work: Opened) -> str:
    token = work.settings.token
    if token is None:
        raise Fault("a token is needed to know the bot's name: set STAGEBOT_TOKEN or STAGEBOT_TOKEN_FILE")
    async with Client(token.get_secret_value(), api_url=work.settings.api_url) as client:
        return str((await client.call("getMe", {}))["username"])


def _print(made: Sequence[Invitation], bot: str, *, as_csv: bool) -> None:
    (_print_csv if as_csv else _print_table)(made, bot)


def _print_csv(made: Sequence[Invitation], bot: str) -> None:
    writer = csv.writer(sys.stdout, delimiter=";", lineterminator="\n")
    writer.writerow(["role", "name", "stages", "link"])
    for row in _rows(made, bot):
        writer.writerow([f"'{cell}" if cell.startswith(FORMULA) else cell for cell in row])


def _print_table(made: Sequence[Invitation], bot: str) -> None:
    table = Table("Role", "Name", "Stages", "Link", box=None)
    for row in _rows(made, bot):
        table.add_row(*row)
    width = None if sys.stdout.isatty() else 200
    Console(width=width, markup=False, highlight=False, soft_wrap=True).print(table)


def _rows(made: Sequence[Invitation], bot: str) -> list[list[str]]:
    return [
        [
            ", ".join(role.value for role in Role if role in one.participant.roles),
            one.participant.name,
            ", ".join(one.stages),
            f"https://t.me/{bot}?start={one.code}",
        ]
        for one in made
    ]
