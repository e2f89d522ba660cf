"""What a check of a roster prints, in English: every finding, and what an import would change."""

from __future__ import annotations

from collections.abc import Iterator

from bot.roster.comparing import Change, ChangedStage, Difference
from bot.roster.model import Roster
from bot.roster.words import finding_line


def finding_lines(roster: Roster) -> Iterator[str]:
    """Give each error and each warning on a line of its own, in row order."""
    return (finding_line(finding) for finding in roster.findings)


def difference_lines(difference: Difference) -> Iterator[str]:
    """Give what an import would do, one line a stage, and the counts at the end."""
    for stage in difference.new:
        yield f"new       {stage.code}"
    for changed in difference.changed:
        yield f"changed   {changed.stage.code}: {_changes(changed)}"
    for code in difference.missing:
        yield f"missing   {code}: not in this file; it ends only with --end-missing"
    for code in difference.other_student:
        yield f"refused   {code}: this code belongs to another student; give the new stage its own code"
    yield (
        f"{len(difference.new)} new, {len(difference.changed)} changed, "
        f"{len(difference.missing)} missing, {len(difference.unchanged)} unchanged"
    )


def _changes(changed: ChangedStage) -> str:
    words = [_change(change) for change in changed.changes]
    return ", ".join(["open again", *words] if changed.reopened else words)


def _change(change: Change) -> str:
    if change.old is None or change.new is None:
        return f"{change.column} changed"
    return f"{change.column} {change.old or '(empty)'} -> {change.new or '(empty)'}"
