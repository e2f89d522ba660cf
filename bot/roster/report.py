"""What a check of a roster tells: every finding, and what an import would change."""

from __future__ import annotations

from collections.abc import Iterator

from bot.roster.comparing import Change, ChangedStage, Difference
from bot.roster.model import Roster
from bot.roster.words import ENGLISH, Words, finding_line


def finding_lines(roster: Roster) -> Iterator[str]:
    """Give each error and each warning on a line of its own, in row order."""
    return (finding_line(finding) for finding in roster.findings)


def difference_lines(difference: Difference) -> Iterator[str]:
    """Give what an import would do, one line a stage, and the counts at the end."""
    for stage in difference.new:
        yield f"new       {stage.code}"
    for changed in difference.changed:
        yield f"changed   {change_line(changed, ENGLISH)}"
    for code in difference.missing:
        yield f"missing   {code}: not in this file; it ends only with --end-missing"
    for code in difference.other_student:
        yield f"refused   {ENGLISH.other_student.format(code=code)}"
    yield (
        f"{len(difference.new)} new, {len(difference.changed)} changed, "
        f"{len(difference.missing)} missing, {len(difference.unchanged)} unchanged"
    )


def change_line(changed: ChangedStage, words: Words) -> str:
    """Give the code of a stage and each column that differs; of a personal column no value."""
    told = [_change(change, words) for change in changed.changes]
    told = [words.reopened, *told] if changed.reopened else told
    return f"{changed.stage.code}: {', '.join(told)}"


def _change(change: Change, words: Words) -> str:
    if change.old is None or change.new is None:
        return words.changed.format(column=change.column)
    return f"{change.column} {change.old or words.empty} -> {change.new or words.empty}"
