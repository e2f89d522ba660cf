"""`stagebot check`."""

from __future__ import annotations

from pathlib import Path

import typer

import config
from config.findings import Severity
from config.settings import load_settings


async def check(config_file: Path | None) -> int:
    """Check all that is configured; print each fault, and how much there is when there is none."""
    settings = load_settings(config_file)
    findings = config.check(settings.school_file)
    for finding in findings:
        typer.echo(str(finding), err=True)
    if any(finding.severity is Severity.ERROR for finding in findings):
        return 1
    school = config.load(settings.school_file)
    typer.echo(
        f"{school.name}: {len(school.question_sets)} question sets, {len(school.programmes)} programmes, "
        f"{len(school.contacts)} contacts: all good."
    )
    return 0
