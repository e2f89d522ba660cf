"""The rehearsal: the sample roster keeps every rule, and each rule fires where it is broken."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bot.cli import rehearsing
from bot.cli.playing import SAMPLE
from bot.cli.rehearsal import asking, keeping, rules, telling
from bot.cli.rehearsal.record import Broken, Heard, Kind, Press, Record, Told
from conversations import buttons
from conversations.buttons import Does
from conversations.model import (
    CheckIn,
    CheckInId,
    CheckInState,
    Note,
    ParticipantId,
    Reply,
    Share,
    Stage,
)

CODE = "BPV-2026-002"  # ma, di; no work in school holidays


@pytest.fixture(scope="module")
def record() -> Record:
    return asyncio.run(rehearsing.perform(SAMPLE, seed=1))


@pytest.fixture
def short(tmp_path: Path) -> Path:
    """A roster with one stage of the sample that ends after seven weeks."""
    header, _, second, *_ = SAMPLE.read_text("utf-8").splitlines()
    moved = {"2027-01-29": "2026-10-23", "2026-11-17 15:00": "2026-10-06 15:00", "2027-01-19": "2026-10-20"}
    for usual, other in moved.items():
        second = second.replace(usual, other)
    file = tmp_path / "short.csv"
    file.write_text(f"{header}\n{second}\n", "utf-8")
    return file


# ---- the whole of it ------------------------------------------------------------------------------------


def test_the_sample_roster_keeps_every_rule(record: Record) -> None:
    """24 stages from the first day to the last, with 36 people who do whatever people do."""
    assert rules.broken(record) == []


def test_people_do_all_that_people_do(record: Record) -> None:
    """A rehearsal in which nobody skips or speaks proves little: every kind of deed happens."""
    pressed = {press.read.does for press in record.presses if press.read}
    statuses = {line["status"] for line in record.lines}
    reasons = {line["reason"] for line in record.lines}
    assert pressed == set(Does)
    assert {told.kind for told in record.told} == set(Kind)
    assert {"answered", "late", "skipped", "expired", "not_asked", "unreachable"} <= statuses
    assert {"blocked", "stopped", "not_joined", "paused", "other_open"} <= reasons


def test_every_meeting_of_the_sample_has_its_digest(record: Record) -> None:
    """Three pages for each of 24 stages."""
    assert len(telling.digests(record)) == 72


def test_the_same_seed_gives_the_same_rehearsal(short: Path) -> None:
    """What people did and what they heard can be repeated; another seed gives other people."""
    first, again, other = (asyncio.run(rehearsing.perform(short, seed)) for seed in (7, 7, 8))
    assert _course(first) == _course(again)
    assert _course(first) != _course(other)


def test_a_rehearsal_without_a_broken_rule_ends_well(
    record: Record, capsys: pytest.CaptureFixture[str]
) -> None:
    """The report names everybody with their messages, and gives 0."""
    code = rehearsing.tell(record, 12.3, show_digests=False)
    printed = capsys.readouterr()
    assert code == 0
    assert printed.err == ""
    assert "Samira El Amrani" in printed.out
    assert f"24 stages, 36 people, {len(record.check_ins)} check-ins" in printed.out
    assert printed.out.endswith("Every rule held.\n")


def test_digests_are_printed_as_the_teachers_got_them(
    record: Record, capsys: pytest.CaptureFixture[str]
) -> None:
    """Each with its stage and moment above it, in full."""
    rehearsing.tell(record, 12.3, show_digests=True)
    page = telling.digests(record)[0]
    assert (
        f"── {_stage_of(record, page).code}, Thu 17-09-2026 08:30 ──\n{page.text}\n"
        in capsys.readouterr().out
    )


def test_a_broken_rule_is_told_in_one_line_and_fails(
    record: Record, capsys: pytest.CaptureFixture[str]
) -> None:
    """The line names rule and place, and no person."""
    doctored = replace(record, mishaps=("2 messages failed",))
    code = rehearsing.tell(doctored, 12.3, show_digests=False)
    assert code == 1
    assert capsys.readouterr().err == "broken rule: the Bot API: calls: 2 messages failed\n"


# ---- asking ---------------------------------------------------------------------------------------------


def test_a_third_question_in_a_week_is_found(record: Record) -> None:
    """Three questions of different weeks, put in one and the same week."""
    doctored = _moved(record, _questions(record, _stage(record).student)[:3], _at("2026-09-15 17:00"))
    assert _rules(asking.two_a_week(doctored)) == ["two questions a week"]


def test_two_questions_and_their_repetition_are_no_more_than_two(record: Record) -> None:
    """A reminder puts the same question once more."""
    doctored = _moved(record, _questions(record, _stage(record).student)[:2], _at("2026-09-15 17:00"))
    assert _rules(asking.two_a_week(replace(doctored, heard=2 * doctored.heard))) == []


def test_a_second_follow_up_is_found(record: Record) -> None:
    """An answer is asked about for an example, and then for a typed line as well."""
    first = next(h for h in record.heard if h.slot and h.slot.question.endswith(".example"))
    assert first.slot is not None
    base = first.slot.question.removesuffix(".example")
    second = replace(first, slot=replace(first.slot, question=f"{base}.typed"))
    doctored = replace(record, heard=(*record.heard, second))
    assert _rules(asking.one_follow_up(doctored)) == ["one follow-up"]


@pytest.mark.parametrize("moment", ["2026-09-15 20:00", "2026-09-16 07:59", "2026-09-20 15:00"])
def test_a_message_at_a_quiet_hour_is_found(record: Record, moment: str) -> None:
    """In the evening, at night, on a Sunday."""
    doctored = _moved(record, _questions(record, _stage(record).student)[:1], _at(moment))
    assert _rules(asking.at_a_decent_hour(doctored)) == ["quiet hours"]


def test_a_chosen_moment_may_be_quiet(record: Record) -> None:
    """Somebody who chose Sunday at nine in the evening is asked then, and not on Saturday."""
    student = _stage(record).student
    chosen = Press(participant=student, at=record.begun, data=buttons.encode(Does.MOMENT, 6, "2100"))
    doctored = replace(record, presses=(chosen,))
    asked = _questions(record, student)[:1]
    sunday = _moved(doctored, asked, _at("2026-09-20 21:00"))
    saturday = _moved(doctored, asked, _at("2026-09-19 22:00"))
    assert student not in _people(asking.at_a_decent_hour(sunday), sunday)
    assert student in _people(asking.at_a_decent_hour(saturday), saturday)


def test_a_message_on_a_holiday_is_found(record: Record) -> None:
    """The autumn holiday of a student who has it."""
    doctored = _moved(record, _questions(record, _stage(record).student)[:1], _at("2026-10-12 12:00"))
    assert _rules(asking.not_on_holidays(doctored)) == ["holidays"]


def test_a_question_to_somebody_who_paused_is_found(record: Record) -> None:
    """A question three days after a pause of a week began."""
    asked = _questions(record, _stage(record).student)[0]
    began = asked.at - timedelta(days=3)
    pause = Press(participant=asked.participant, at=began, data=buttons.encode(Does.PAUSE, 7))
    doctored = replace(record, presses=(*record.presses, pause), heard=(asked,))
    assert _rules(asking.not_while_paused(doctored)) == ["paused"]


def test_an_occasion_with_two_check_ins_is_found(record: Record) -> None:
    """The same week asked under another id."""
    again = replace(record.check_ins[0], id=CheckInId(1))
    doctored = replace(record, check_ins=(*record.check_ins, again))
    assert _rules(asking.each_occasion_once(doctored)) == ["an occasion twice"]


def test_a_question_that_comes_a_third_time_is_found(record: Record) -> None:
    """Once, one reminder, and then once more although nobody put it off."""
    asked = _questions(record, _stage(record).student)[0]
    doctored = replace(record, heard=3 * (asked,), presses=())
    assert _rules(asking.each_occasion_once(doctored)) == ["an occasion twice"]


# ---- keeping --------------------------------------------------------------------------------------------


def test_an_occasion_that_was_forgotten_is_found(record: Record) -> None:
    """One check-in fewer than the plan has."""
    doctored = replace(record, check_ins=record.check_ins[1:])
    assert _rules(keeping.due_is_the_sum_of_outcomes(doctored)) == ["due = outcomes"]


def test_an_occasion_that_was_never_due_is_found(record: Record) -> None:
    """One check-in more than the plan has."""
    more = replace(record.check_ins[0], id=CheckInId(1), occasion="week 99")
    doctored = replace(record, check_ins=(*record.check_ins, more))
    assert _rules(keeping.due_is_the_sum_of_outcomes(doctored)) == ["due = outcomes"]


def test_a_check_in_that_stays_open_is_found(record: Record) -> None:
    """After the end of a stage nothing is open."""
    first, *others = record.check_ins
    doctored = replace(record, check_ins=(replace(first, state=CheckInState.OPEN), *others))
    assert _rules(keeping.due_is_the_sum_of_outcomes(doctored)) == ["due = outcomes"]


def test_an_exported_line_without_an_end_is_found(record: Record) -> None:
    """A question that is open after the end."""
    doctored = replace(record, lines=(*record.lines, {**record.lines[0], "status": "open"}))
    assert _rules(keeping.due_is_the_sum_of_outcomes(doctored)) == ["due = outcomes"]


def test_a_check_in_that_is_not_exported_is_found(record: Record) -> None:
    """Lines of one occasion left out."""
    about = ("stage", "participant", "occasion")
    gone = [record.lines[0][one] for one in about]
    doctored = replace(record, lines=tuple(ln for ln in record.lines if [ln[one] for one in about] != gone))
    assert _rules(keeping.due_is_the_sum_of_outcomes(doctored)) == ["due = outcomes"]


def test_a_text_that_is_lost_is_found(record: Record) -> None:
    """A reply that was never stored."""
    lost = _private(record)[0]
    doctored = replace(record, replies=tuple(r for r in record.replies if r != lost))
    assert "nothing lost" in _rules(keeping.nothing_is_lost(doctored))


def test_a_text_that_is_stored_as_skipped_is_found(record: Record) -> None:
    """Nobody would ever read it."""
    kept = _private(record)[0]
    hidden = replace(kept, status=type(kept.status).SKIPPED)
    doctored = replace(record, replies=tuple(hidden if r == kept else r for r in record.replies))
    assert _rules(keeping.nothing_is_lost(doctored)) == ["nothing lost"]


def test_a_text_that_is_stored_twice_is_found(record: Record) -> None:
    """As a reply and as a note as well."""
    kept = _private(record)[0]
    note = Note(participant=kept.participant, stage=None, text=str(kept.text), source=1, at=record.begun)
    doctored = replace(record, notes=(*record.notes, note))
    assert _rules(keeping.nothing_is_lost(doctored)) == ["nothing lost"]


def test_a_choice_that_was_not_kept_is_found(record: Record) -> None:
    """The button that was pressed last is another than the one that is stored."""
    reply = next(r for r in record.replies if r.choices == ("yes",))
    data = buttons.for_slot(Does.ANSWER, reply.check_in, reply.question, "no")
    late = Press(participant=reply.participant, at=_at("2027-07-30 12:00"), data=data)
    doctored = replace(record, presses=(*record.presses, late))
    assert _rules(keeping.nothing_is_lost(doctored)) == ["nothing lost"]


def test_a_press_without_an_answer_is_found(record: Record) -> None:
    """Telegram shows a clock on the button until the bot answers."""
    doctored = replace(record, presses=(replace(record.presses[0], acknowledged=False),))
    assert _rules(keeping.no_mishaps(doctored)) == ["the Bot API"]


# ---- telling --------------------------------------------------------------------------------------------


def test_a_private_text_with_the_trainer_is_found(record: Record) -> None:
    """🔒 never reaches the trainer."""
    reply = _private(record)[0]
    stage = _of(record, reply)
    assert _leaks(record, stage.trainer, str(reply.text)) == ["who may read what"]


def test_a_private_text_on_the_page_for_the_meeting_is_found(record: Record) -> None:
    """🔒 stands in the teacher's separate message only."""
    reply = _private(record)[0]
    teacher = _of(record, reply).teacher
    assert _leaks(record, teacher, f"Eerst dit\n{reply.text}") == ["who may read what"]
    assert _leaks(record, teacher, f"🔒 Over Sem, alleen voor jou: niet noemen waar\n{reply.text}") == [
        "who may read what"
    ]
    assert _leaks(record, teacher, f"{_private_head(record)}\n{reply.text}") == []


def test_a_private_text_with_another_teacher_is_found(record: Record) -> None:
    """Also in a message that is marked as private."""
    reply = _private(record)[0]
    stage = _of(record, reply)
    other = next(s.teacher for s in record.stages if s.teacher != stage.teacher)
    assert _leaks(record, other, f"{_private_head(record)}\n{reply.text}") == ["who may read what"]


def test_a_shared_text_may_stand_on_the_page_from_then_on(record: Record) -> None:
    """💬 counts from the moment it was chosen."""
    reply = _private(record)[0]
    data = buttons.encode(Does.SHARE, buttons.base36(reply.check_in), Share.MEETING.value)
    shared = Press(participant=reply.participant, at=_at("2027-01-10 12:00"), data=data)
    doctored = replace(record, presses=(*record.presses, shared))
    teacher = _of(record, reply).teacher
    assert _leaks(doctored, teacher, str(reply.text), _at("2027-01-10 12:01")) == []
    assert _leaks(doctored, teacher, str(reply.text), _at("2027-01-10 11:59")) == ["who may read what"]


def test_a_text_that_was_changed_since_is_still_private(record: Record) -> None:
    """The words before an edit are the person's too."""
    told = next(t for t in record.told if len(t.words) > 1 and _is_reply_of_student(record, t))
    stage = next(s for s in record.stages if s.student == told.participant)
    assert _leaks(record, stage.trainer, f"{told.words[0]} ging goed") == ["who may read what"]


def test_a_trainers_text_with_the_student_is_found(record: Record) -> None:
    """The trainer's judgement is for the teacher."""
    reply = next(r for r in record.replies if r.text and r.participant == _of(record, r).trainer)
    stage = _of(record, reply)
    assert _leaks(record, stage.student, str(reply.text)) == ["who may read what"]
    assert _leaks(record, stage.teacher, str(reply.text)) == []


def test_a_missing_digest_is_found(record: Record) -> None:
    """A meeting without its page."""
    page = telling.digests(record)[0]
    doctored = replace(record, heard=tuple(h for h in record.heard if h != page))
    assert _rules(telling.each_meeting_is_prepared(doctored)) == ["one digest"]


def test_a_digest_that_comes_twice_is_found(record: Record) -> None:
    """The same page once more."""
    page = telling.digests(record)[0]
    doctored = replace(record, heard=(*record.heard, page))
    assert _rules(telling.each_meeting_is_prepared(doctored)) == ["one digest"]


def test_a_digest_of_more_than_350_words_is_found(record: Record) -> None:
    """Two minutes is what a teacher has."""
    page = telling.digests(record)[0]
    longer = replace(page, text=page.text + 350 * " woord")
    doctored = replace(record, heard=tuple(longer if h == page else h for h in record.heard))
    assert _rules(telling.each_meeting_is_prepared(doctored)) == ["one digest"]


# ---- shorthands -----------------------------------------------------------------------------------------


def _rules(broken: Iterable[Broken]) -> list[str]:
    return sorted({one.rule for one in broken})


def _at(moment: str) -> datetime:
    return datetime.fromisoformat(f"{moment}+02:00")


def _course(record: Record) -> list[object]:
    heard = [(h.at, h.text, h.by_itself) for h in record.heard]
    return [heard, [(t.at, t.kind, t.words) for t in record.told], len(record.presses)]


def _stage(record: Record) -> Stage:
    return next(stage for stage in record.stages if stage.code == CODE)


def _stage_of(record: Record, heard: Heard) -> Stage:
    return next(stage for stage in record.stages if stage.id == heard.stage)


def _of(record: Record, reply: Reply) -> Stage:
    check_in = record.check_in(reply.check_in)
    assert isinstance(check_in, CheckIn)
    return record.stage(check_in.stage)


def _questions(record: Record, student: ParticipantId) -> list[Heard]:
    """First questions of a student that the bot put by itself, each another one."""
    put = [h for h in record.heard if h.participant == student and h.slot and h.by_itself and not h.changed]
    return list({h.slot: h for h in reversed(put)}.values())[::-1]


def _moved(record: Record, moved: Iterable[Heard], at: datetime) -> Record:
    """The record with only these messages, at another moment."""
    return replace(record, heard=tuple(replace(one, at=at) for one in moved))


def _people(broken: Iterable[Broken], record: Record) -> set[ParticipantId]:
    told = [one.where for one in broken]
    return {s.student for s in record.stages if any(f"student of {s.code}," in where for where in told)}


def _private(record: Record) -> list[Reply]:
    """Replies of students, with text, that were never shared."""
    shared = {press.read.check_in for press in record.presses if press.read and press.read.does is Does.SHARE}
    return [
        reply
        for reply in record.replies
        if reply.text
        and reply.has_answer
        and reply.check_in not in shared
        and reply.participant == _of(record, reply).student
    ]


def _is_reply_of_student(record: Record, told: Told) -> bool:
    return any(r.source == told.message and r.participant == _of(record, r).student for r in record.replies)


def _private_head(record: Record) -> str:
    page = next(h.text for h in record.heard if h.is_digest and record.is_private_page(h.text))
    return page.splitlines()[0]


def _leaks(record: Record, reader: ParticipantId, text: str, at: datetime | None = None) -> list[str]:
    """What the rule finds when somebody reads a text."""
    heard = Heard(participant=reader, message=1, at=at or record.begun, text=text, by_itself=True)
    return _rules(telling.private_stays_private(replace(record, heard=(heard,))))
