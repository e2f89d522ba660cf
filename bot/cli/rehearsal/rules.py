"""The rules that must hold in every rehearsal."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from bot.cli.rehearsal import asking, following, handing, keeping, telling
from bot.cli.rehearsal.record import Broken, Record

Rule = Callable[[Record], Iterable[Broken]]

RULES: Sequence[Rule] = (
    asking.two_a_week,
    asking.three_taps_and_a_sentence,
    asking.one_follow_up,
    asking.at_a_decent_hour,
    asking.not_on_holidays,
    asking.not_while_paused,
    asking.each_occasion_once,
    keeping.due_is_the_sum_of_outcomes,
    keeping.nothing_is_lost,
    keeping.no_mishaps,
    telling.private_stays_private,
    following.signals_stay_where_they_belong,
    following.signals_are_answered,
    following.meetings_are_told_of,
    following.agreements_are_asked_about,
    handing.each_meeting_is_prepared,
    handing.other_pages_come_once,
)


def broken(record: Record) -> list[Broken]:
    """Give everything in a record that breaks a rule."""
    return [one for rule in RULES for one in rule(record)]
