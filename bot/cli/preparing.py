"""`stagebot digest`."""

from __future__ import annotations

import json
from pathlib import Path

import typer

from bot.cli.errors import Fault
from bot.cli.opening import opened
from bot.cli.stagebot import utc_now
from bot.services.speaking import Speaker
from bot.store import stage_facts, stages
from conversations import digest as digests
from conversations.model import Stage


async def digest(config_file: Path | None, code: str, meeting: int | None, *, as_json: bool) -> None:
    """Print the digest of a stage, as text or JSON."""
    async with opened(config_file) as work:
        async with work.db.reading() as tx:
            stage = (await stages.by_codes(tx, [code])).get(code)
            if stage is None:
                raise Fault(f"no stage {code}: see the first column of the roster")
            material = await stage_facts.material(tx, stage.id)
        number = meeting or _next(stage)
        if all(m.number != number for m in stage.meetings):
            raise Fault(f"stage {code} has no meeting {number} planned")
        page = digests.build(material, work.school, number, utc_now())
        if as_json:
            typer.echo(json.dumps(digests.as_json(page), ensure_ascii=False, indent=2))
            return
        teacher = material.people[stage.teacher]
        pages = digests.pages(page, Speaker(work.texts).counter(teacher))
        texts = [work.texts.render(pieces, teacher)[0] for pieces in pages]
        typer.echo(f"\n{'-' * 40}\n".join(texts))


def _next(stage: Stage) -> int:
    """Give the number of the first meeting that is still to come, or else the last."""
    to_come = [m.number for m in stage.meetings if m.at > utc_now()]
    return to_come[0] if to_come else stage.meetings[-1].number if stage.meetings else 0
