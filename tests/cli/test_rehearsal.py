"""The rehearsal: the sample roster keeps every rule, and each rule fires where it is broken."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bot.cli import rehearsing
from bot.cli.playing import SAMPLE, playing
from bot.cli.rehearsal import asking, following, handing, keeping, rules, telling, wordings
from bot.cli.rehearsal.record import Broken, Heard, Kind, Press, Record, Told
from conversations import buttons
from conversations.buttons import Does
from conversations.dossier import Agreement, Signal, SignalKind, SignalState
from conversations.messages import Lane
from conversations.model import (
    CheckIn,
    CheckInId,
    CheckInState,
    Key,
    Meeting,
    MeetingState,
    Note,
    ParticipantId,
    Reply,
    Role,
    Share,
    Slot,
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
    assert {"blocked", "stopped", "not_joined", "paused", "other_open", "handed_over"} <= reasons


def test_what_follows_a_meeting_and_a_signal_happens_too(record: Record) -> None:
    """Signals are acknowledged and escalated, meetings held, moved or off, agreements asked about."""
    meetings = [meeting for stage in record.stages for meeting in stage.meetings]
    off = {MeetingState.MISSED, MeetingState.CANCELLED}
    kinds = {signal.kind for signal in record.signals}
    assert {SignalKind.CONSULT, SignalKind.CONTACT, SignalKind.HAND_OVER, SignalKind.OFFER} - kinds == set()
    assert any(signal.acknowledged for signal in record.signals)
    assert any(signal.escalated for signal in record.signals)
    assert any(meeting.state is MeetingState.HELD for meeting in meetings)
    assert any(meeting.state in off for meeting in meetings)
    assert any(meeting.moved for meeting in meetings)
    assert following.agreements_asked(record) > 0
    assert {"student/recognise", "student/coverage", "trainer/coverage"} - {
        check_in.question_set for check_in in record.check_ins
    } == set()
    assert len(record.extra_questions) > 0
    assert len(handing.monthly(record)) > 0


def test_every_meeting_of_the_sample_has_its_digest(record: Record) -> None:
    """Three for each of 24 stages, but for one that was taken off."""
    stood = {
        (stage.id, meeting.number)
        for stage in record.stages
        for meeting in stage.meetings
        if meeting.state is not MeetingState.CANCELLED
    }
    prepared = {(page.stage, record.meeting_on(page)) for page in handing.digests(record)}
    assert stood - prepared == set()


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
    assert f"{len(record.extra_questions)} extra questions." in printed.out
    assert printed.out.endswith("Every rule held.\n")


def test_digests_are_printed_as_the_teachers_got_them(
    record: Record, capsys: pytest.CaptureFixture[str]
) -> None:
    """Each with its stage and moment above it, in full."""
    rehearsing.tell(record, 12.3, show_digests=True)
    page = handing.digests(record)[0]
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


def test_questions_of_every_kind_count(record: Record) -> None:
    """What a trainer's example, an agreement, safety and the list of tasks ask are questions as any other."""
    student = _stage(record).student
    rare = ("student/recognise", "student/agreement", "student/coverage", "student/extra")
    asked = [replace(_put(record, name), participant=student) for name in rare]
    doctored = _moved(record, asked, _at("2026-09-15 17:00"))
    assert [one.how for one in asking.two_a_week(doctored)] == ["4 questions"]


def test_a_longer_path_for_the_trainer_is_found(record: Record) -> None:
    """Without its gates the round before a meeting asks for more than three taps and a sentence."""
    name = "trainer/before_meeting"
    usual = record.school.question_sets[name]
    open_gates = tuple(replace(question, gate=False) for question in usual.questions)
    sets = {**record.school.question_sets, name: replace(usual, questions=open_gates)}
    doctored = replace(record, school=replace(record.school, question_sets=sets))
    assert _rules(asking.three_taps_and_a_sentence(doctored)) == ["trainer in a minute"]


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


def test_what_somebody_else_did_may_be_told_on_a_holiday(record: Record) -> None:
    """A teacher who moves a meeting in the autumn holiday; the bot itself waits."""
    told = Heard(
        participant=_stage(record).student, message=1, at=_at("2026-10-12 12:00"), text="", by_itself=True
    )
    passed_on = replace(record, heard=(replace(told, passed_on=True),))
    assert _rules(asking.not_on_holidays(passed_on)) == []
    assert _rules(asking.not_on_holidays(replace(record, heard=(told,)))) == ["holidays"]


def test_a_question_after_distress_is_found(record: Record) -> None:
    """Who said not to be well gets no ordinary questions for a week."""
    asked = _questions(record, _stage(record).student)[0]
    began = asked.at - timedelta(days=3)
    help_ = Press(participant=asked.participant, at=began, data=buttons.encode(Does.HELP, "distress"))
    doctored = replace(record, presses=(help_,), heard=(asked,))
    assert _rules(asking.not_while_paused(doctored)) == ["paused"]


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


def test_a_meeting_that_was_held_had_to_be_prepared(record: Record) -> None:
    """The plan at the end knows that meeting no longer; the trainer's questions before it were due."""
    held = _meeting(record, MeetingState.HELD)
    gone = tuple(c for c in record.check_ins if not _prepares(c, held))
    assert len(gone) == len(record.check_ins) - 1
    assert _rules(keeping.due_is_the_sum_of_outcomes(replace(record, check_ins=gone))) == ["due = outcomes"]


def test_a_meeting_that_was_taken_off_may_have_been_prepared_or_not(record: Record) -> None:
    """Either is truthful: it depends on when it was taken off."""
    stage, number = _meeting(record, MeetingState.HELD)
    off = tuple(replace(m, state=MeetingState.CANCELLED) if m.number == number else m for m in stage.meetings)
    stages = tuple(replace(s, meetings=off) if s.id == stage.id else s for s in record.stages)
    prepared = replace(record, stages=stages)
    names = (f"meeting {number}", f"agenda {number}")
    gone = [c for c in record.check_ins if c.stage == stage.id and c.occasion in names]
    lines = tuple(ln for ln in record.lines if (ln["stage"], ln["occasion"]) not in _named(stage, names))
    left = tuple(c for c in record.check_ins if c not in gone)
    assert _rules(keeping.due_is_the_sum_of_outcomes(prepared)) == []
    assert _rules(keeping.due_is_the_sum_of_outcomes(replace(prepared, check_ins=left, lines=lines))) == []


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


def test_a_text_that_its_writer_took_away_is_not_lost(record: Record) -> None:
    """A student may take away or change what they gave."""
    lost = next(r for r in _private(record) if not r.choices)
    replies = tuple(r for r in record.replies if r != lost)
    slot = Slot(lost.check_in, lost.question)
    told = tuple(replace(t, was=slot) if _holds(t, lost) else t for t in record.told)
    assert _rules(keeping.nothing_is_lost(replace(record, replies=replies, told=told))) == []


def test_an_agreement_that_is_lost_is_found(record: Record) -> None:
    """What a teacher typed as an agreement is kept as well."""
    doctored = replace(record, agreements=record.agreements[1:])
    assert _rules(keeping.nothing_is_lost(doctored)) == ["nothing lost"]


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


def test_an_example_reaches_the_student_only_once_the_trainer_agreed(record: Record) -> None:
    """ "Mag {voornaam} dit lezen?": from the yes on, that student and nobody else."""
    guided, consent = _example(record, "yes")
    stage, text = _of(record, guided), str(guided.text)
    said = consent.answered or record.begun
    minute = timedelta(minutes=1)
    assert _leaks(record, stage.student, text, said + minute) == []
    assert _leaks(record, stage.student, text, (guided.answered or said) - minute) == ["who may read what"]
    other = next(s.student for s in record.stages if s.student != stage.student)
    assert _leaks(record, other, text, said + minute) == ["who may read what"]


def test_an_example_without_consent_with_the_student_is_found(record: Record) -> None:
    """The trainer said no."""
    guided, consent = _example(record, "yes")
    stage, slot = _of(record, guided), Slot(consent.check_in, "consent")
    refused = replace(consent, choices=("no",))
    doctored = replace(
        record,
        presses=tuple(p for p in record.presses if p.read is None or p.read.slot != slot),
        replies=tuple(refused if reply == consent else reply for reply in record.replies),
    )
    assert _leaks(doctored, stage.student, str(guided.text), _at("2027-07-30 12:00")) == ["who may read what"]


def test_a_word_of_anybody_with_a_coordinator_is_found(record: Record) -> None:
    """Coordinators get counts."""
    lead = _coordinator(record)
    texts = [str(_private(record)[0].text), record.agreements[0].text, record.extra_questions[0].text]
    assert [_leaks(record, lead, text, _at("2027-07-30 12:00")) for text in texts] == 3 * [
        ["who may read what"]
    ]


def test_a_text_of_the_survey_is_the_schools(record: Record) -> None:
    """The coordinator reads it without a name; the teacher does not."""
    reply = next(r for r in record.replies if r.text and r.key is Key.SURVEY and r.has_answer)
    assert _leaks(record, _coordinator(record), str(reply.text)) == []
    assert _leaks(record, _of(record, reply).teacher, str(reply.text)) == ["who may read what"]


def test_an_agreement_is_for_the_people_of_that_stage(record: Record) -> None:
    """From when it was sent."""
    agreement = next(a for a in record.agreements if a.sent)
    sent = agreement.sent or record.begun
    stage = record.stage(agreement.stage)
    other = next(s.trainer for s in record.stages if s.trainer != stage.trainer)
    assert _leaks(record, stage.trainer, agreement.text, sent) == []
    assert _leaks(record, stage.student, agreement.text, sent) == []
    assert _leaks(record, stage.student, agreement.text, sent - timedelta(minutes=1)) == ["who may read what"]
    assert _leaks(record, other, agreement.text, sent) == ["who may read what"]


def test_an_extra_question_with_the_trainer_is_found(record: Record) -> None:
    """It is between teacher and student."""
    extra = record.extra_questions[0]
    stage = record.stage(extra.stage)
    assert _leaks(record, stage.student, extra.text, extra.at) == []
    assert _leaks(record, stage.trainer, extra.text, extra.at) == ["who may read what"]


def test_the_line_with_a_bell_with_anybody_but_the_teacher_is_found(record: Record) -> None:
    """Only the teacher reads what the trainer wants to talk about."""
    signal = next(s for s in record.signals if s.text)
    stage = record.stage(signal.stage)
    assert _leaks(record, stage.teacher, str(signal.text), signal.at) == []
    assert _leaks(record, stage.student, str(signal.text), signal.at) == ["who may read what"]
    assert _leaks(record, _coordinator(record), str(signal.text), signal.at) == ["who may read what"]


# ---- following up ---------------------------------------------------------------------------------------


def test_a_signal_of_a_student_with_the_trainer_is_found(record: Record) -> None:
    """The trainer never hears of it."""
    told = next(h for h in record.heard if record.looks.begins("signal.student_contact", h.text))
    trainer = record.in_stage(told.stage, Role.TRAINER) or told.participant
    assert _rules(following.signals_stay_where_they_belong(replace(record, heard=(told,)))) == []
    doctored = replace(record, heard=(replace(told, participant=trainer),))
    assert _rules(following.signals_stay_where_they_belong(doctored)) == ["signals"]


def test_an_escalation_without_a_reason_is_found(record: Record) -> None:
    """The coordinator hears of a student's signal only when nobody answered it."""
    told = next(h for h in record.heard if record.looks.begins("escalation.contact", h.text))
    assert _rules(following.signals_stay_where_they_belong(replace(record, heard=(told,)))) == []
    doctored = replace(record, heard=(told,), signals=())
    assert _rules(following.signals_stay_where_they_belong(doctored)) == ["signals"]


def test_a_signal_that_nobody_answered_is_found(record: Record) -> None:
    """Open after the end, or answered a week later."""
    asked = _contact(record)
    late = replace(asked, acknowledged=asked.at + timedelta(days=7), escalated=None)
    for wrong in (replace(asked, state=SignalState.OPEN), late):
        assert _rules(following.signals_are_answered(replace(record, signals=(wrong,)))) == ["signals"]


def test_an_offer_of_help_that_was_told_is_found(record: Record) -> None:
    """Nobody is to know that help was offered."""
    offer = next(s for s in record.signals if s.kind is SignalKind.OFFER)
    doctored = replace(record, signals=(replace(offer, state=SignalState.ESCALATED),))
    assert _rules(following.signals_are_answered(doctored)) == ["signals"]


def test_a_meeting_that_nobody_was_asked_about_is_found(record: Record) -> None:
    """It passed, and nothing is known."""
    stage, number = _meeting(record, MeetingState.HELD)
    unasked = tuple(
        replace(m, state=MeetingState.PLANNED, asked=None) if m.number == number else m
        for m in stage.meetings
    )
    doctored = replace(record, stages=(replace(stage, meetings=unasked),))
    assert _rules(following.meetings_are_told_of(doctored)) == ["meetings"]


def test_an_agreement_that_is_forgotten_is_found(record: Record) -> None:
    """Neither asked about nor on the next page."""
    agreement = _agreed_before_a_page(record)
    title = record.looks.by_id["digest.block_agreed"][0].replace("\\ ", " ")
    bare = tuple(replace(h, text=h.text.replace(title, "")) for h in record.heard)
    silent = tuple(replace(c, quotes=()) for c in record.check_ins)
    one = replace(record, agreements=(agreement,), check_ins=silent)
    assert _rules(following.agreements_are_asked_about(one)) == []
    assert _rules(following.agreements_are_asked_about(replace(one, heard=bare))) == ["agreements"]


# ---- handing over ---------------------------------------------------------------------------------------


def test_a_meeting_that_moved_may_have_two_pages(record: Record) -> None:
    """The one of before is void; three are too many."""
    page = next(iter(handing.digests(record)))
    stage = record.stage(page.stage or record.stages[0].id)
    number = record.meeting_on(page)
    meetings = tuple(replace(m, moved=1) if m.number == number else m for m in stage.meetings)
    heard = tuple(h for h in record.heard if not (h.stage == stage.id and record.meeting_on(h) == number))
    moved = replace(record, stages=(replace(stage, meetings=meetings),))
    two, three = (replace(moved, heard=(*heard, *(page,) * n)) for n in (2, 3))
    assert _rules(handing.each_meeting_is_prepared(two)) == []
    assert _rules(handing.each_meeting_is_prepared(three)) == ["one digest"]


def test_a_page_at_a_third_that_comes_twice_is_found(record: Record) -> None:
    """Once a stage."""
    page = next(h for h in record.heard if _is_third(record, h))
    doctored = replace(record, heard=(*record.heard, page))
    assert _rules(handing.other_pages_come_once(doctored)) == ["one page"]


def test_a_page_of_a_month_that_is_missing_or_doubled_is_found(record: Record) -> None:
    """Once a month."""
    page = handing.monthly(record)[0]
    missing = replace(record, heard=tuple(h for h in record.heard if h != page))
    doubled = replace(record, heard=(*record.heard, page))
    assert _rules(handing.other_pages_come_once(missing)) == ["one page"]
    assert _rules(handing.other_pages_come_once(doubled)) == ["one page"]


def test_a_missing_digest_is_found(record: Record) -> None:
    """A meeting without its page."""
    page = handing.digests(record)[0]
    doctored = replace(record, heard=tuple(h for h in record.heard if h != page))
    assert _rules(handing.each_meeting_is_prepared(doctored)) == ["one digest"]


def test_a_digest_that_comes_twice_is_found(record: Record) -> None:
    """The same page once more."""
    page = handing.digests(record)[0]
    doctored = replace(record, heard=(*record.heard, page))
    assert _rules(handing.each_meeting_is_prepared(doctored)) == ["one digest"]


def test_a_digest_of_more_than_350_words_is_found(record: Record) -> None:
    """Two minutes is what a teacher has."""
    page = handing.digests(record)[0]
    longer = replace(page, text=page.text + 350 * " woord")
    doctored = replace(record, heard=tuple(longer if h == page else h for h in record.heard))
    assert _rules(handing.each_meeting_is_prepared(doctored)) == ["one digest"]


# ---- shorthands -----------------------------------------------------------------------------------------


def _rules(broken: Iterable[Broken]) -> list[str]:
    return sorted({one.rule for one in broken})


def _at(moment: str) -> datetime:
    return datetime.fromisoformat(f"{moment}+02:00")


def _course(record: Record) -> list[object]:
    heard = sorted((h.at, h.text, h.by_itself) for h in record.heard)  # chats are sent to at the same time
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


def _put(record: Record, question_set: str) -> Heard:
    """The first question that was put of a set."""
    check_ins = {c.id for c in record.check_ins if c.question_set == question_set}
    return next(h for h in record.heard if h.slot and h.slot.check_in in check_ins and not h.changed)


def _holds(told: Told, reply: Reply) -> bool:
    return told.participant == reply.participant and told.message == reply.source


def _meeting(record: Record, state: MeetingState) -> tuple[Stage, int]:
    found = (
        (stage, meeting.number)
        for stage in record.stages
        for meeting in stage.meetings
        if meeting.state is state and meeting.number > 1 and _usual(meeting)
    )
    return next(found)


def _usual(meeting: Meeting) -> bool:
    return meeting.moved == 0


def _prepares(check_in: CheckIn, held: tuple[Stage, int]) -> bool:
    stage, number = held
    return (check_in.stage, check_in.occasion) == (stage.id, f"meeting {number}")


def _named(stage: Stage, names: Iterable[str]) -> set[tuple[str, str]]:
    return {(stage.code, name) for name in names}


def _example(record: Record, choice: str) -> tuple[Reply, Reply]:
    """A trainer's example of guidance, with whether the student may read it."""
    consents = {r.check_in: r for r in record.replies if r.question == "consent" and r.choices == (choice,)}
    asked = {p.read.slot for p in record.presses if p.read and p.read.parts[-1:] == ("yes",)}
    found = (r for r in record.replies if r.question == "guided" and r.text and r.check_in in consents)
    for guided in found:
        if choice == "yes" or Slot(guided.check_in, "consent") not in asked:
            return guided, consents[guided.check_in]
    raise LookupError(choice)


def _coordinator(record: Record) -> ParticipantId:
    return next(p.id for p in record.people.values() if Role.COORDINATOR in p.roles)


def _contact(record: Record) -> Signal:
    return next(s for s in record.signals if s.kind is SignalKind.CONTACT and s.acknowledged)


def _agreed_before_a_page(record: Record) -> Agreement:
    """An agreement that stands on the page before the next meeting."""
    pages = {(h.stage, record.meeting_on(h)): h for h in handing.digests(record)}
    return next(
        a
        for a in record.agreements
        if a.sent
        and (page := pages.get((a.stage, a.meeting + 1))) is not None
        and page.at > a.sent
        and record.looks.find("digest.block_agreed", page.text)
    )


def _is_third(record: Record, heard: Heard) -> bool:
    at = {page.stage: page.at for page in record.pages if page.page == "third"}
    return heard.lane is Lane.DIGEST and heard.stage in at and heard.at == at[heard.stage]


def _private_head(record: Record) -> str:
    page = next(h.text for h in record.heard if h.is_digest and record.is_private_page(h.text))
    return page.splitlines()[0]


def _leaks(record: Record, reader: ParticipantId, text: str, at: datetime | None = None) -> list[str]:
    """What the rule finds when somebody reads a text."""
    heard = Heard(participant=reader, message=1, at=at or record.begun, text=text, by_itself=True)
    return _rules(telling.private_stays_private(replace(record, heard=(heard,))))


# ---- a school of any size -------------------------------------------------------------------------------


def test_no_two_people_of_a_large_school_use_the_same_word() -> None:
    """The words by which the rules find a text are one person's own, with 12,000 people too."""
    people, numbers = [*range(4), *range(2399, 2404), *range(4800, 4805), *range(11_990, 12_000)], range(300)
    words = [wordings.invented(person, number) for person in people for number in numbers]
    assert len(set(words)) == len(words)
    assert all(wordings.INVENTED.fullmatch(word) for word in words)


@pytest.mark.parametrize(("person", "number"), [(24_010, 1), (1, 1000)])
def test_a_rehearsal_without_words_left_stops(person: int, number: int) -> None:
    """Two people with one word would hide that a text reached the wrong phone."""
    with pytest.raises(ValueError, match="no word left"):
        wordings.invented(person, number)


async def test_a_moment_at_rest_names_the_next_one_at_which_the_bot_has_something_due(short: Path) -> None:
    """What `rest` gives is what the database says: nothing that is due is passed over."""
    async with playing(short) as play:
        await play.jump(play.clock() + timedelta(days=3))
        at = await play.rest()
        assert at is not None
        assert (at, at > play.clock()) == (await play.next_wake(), True)


def test_a_person_is_found_by_their_first_stage(record: Record) -> None:
    """Lines about a broken rule name the role and the first stage, and nobody's name."""
    first = record.stages[0]
    whose = [record.who(one) for one in (first.student, first.trainer, first.teacher, ParticipantId(0))]
    code = first.code
    assert whose == [f"student of {code}", f"trainer of {code}", f"teacher of {code}", "a coordinator"]
