"""A coordinator sends a roster in the chat: checked, shown, imported on demand (promise P6)."""

from __future__ import annotations

import asyncio
import io
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.roster import limits
from bot.services import rostering
from bot.services.fetching import FileAway, FileGone
from bot.services.uploading import Clerk
from bot.simulator.phone import Phone
from bot.store import dossier
from bot.store.tables import access_log
from conversations import uploading
from conversations.dossier import Upload, UploadState
from tests.services.rosters import a_csv, a_workbook, coordinator, sends
from tests.services.school import School, a_roster, from_bot, last

MOVED = {"gesprek_1": "2026-09-28 10:00", "docent": "Kees Wouters-Smit"}
DIFFERENCE = (
    "Dit verandert er met rooster.csv:\n"
    "0 nieuw, 1 veranderd, 0 gelijk.\n"
    "\n"
    "BPV-2026-001: docent veranderd, gesprek_1 2026-09-21 10:00 -> 2026-09-28 10:00"
)
IMPORTED = "Het rooster is geïmporteerd."


@pytest.fixture
async def lead(school: School) -> Phone:
    """Give the phone of the coordinator of Business Events, who has joined."""
    phone = coordinator(school)
    await school.join(phone)
    return phone


async def meetings(school: School) -> dict[str, str]:
    """Give the first meeting of each stage."""
    zone = school.play.school.calendar.zone
    return {s.code: f"{s.meetings[0].at.astimezone(zone):%m-%d %H:%M}" for s in await school.play.stages()}


async def uploads(school: School, *states: UploadState) -> list[Upload]:
    """Give the files in these states, or in any."""
    async with school.play.db.reading() as tx:
        return await dossier.uploads_in(tx, *(states or UploadState))


async def logged(school: School) -> list[tuple[bool, str]]:
    """Give the imports in the access log: whether somebody's name is on it, and what was done."""
    async with school.play.db.reading() as tx:
        rows = await tx.all(select(access_log))
    return [(row.actor is not None, row.action) for row in rows if "roster" in row.action]


@pytest.mark.parametrize(("name", "made"), [("rooster.csv", a_csv), ("Rooster.XLSX", a_workbook)])
async def test_a_roster_is_shown_and_imported(
    school: School, lead: Phone, tmp_path: Path, name: str, made: Callable[..., bytes]
) -> None:
    """What differs is told by column, without a value of a person; nothing changes until [Importeren]."""
    before = await meetings(school)
    told = await sends(school, lead, made(tmp_path, **MOVED), name)
    assert told == DIFFERENCE.replace("rooster.csv", name)
    assert (before, await meetings(school)) == (before, before)
    await school.press(lead, "Importeren")
    assert last(lead).startswith(f"{IMPORTED}\n0 nieuw, 1 veranderd, 0 gelijk.\n\nNieuwe mensen")
    assert await meetings(school) == {"BPV-2026-001": "09-28 10:00"}
    assert await logged(school) == [(True, "roster import")]
    assert [one.state for one in await uploads(school)] == [UploadState.DONE]


async def test_what_was_imported_in_the_chat_is_looked_at_at_once(
    school: School, lead: Phone, tmp_path: Path
) -> None:
    """A new stage asks its people as soon as they join, as after an import by the administrator."""
    await sends(school, lead, a_csv(tmp_path, "BPV-2026-001, BPV-2026-002"))
    assert "1 nieuw, 0 veranderd, 1 gelijk." in last(lead)
    await school.press(lead, "Importeren")
    assert [s.code for s in await school.play.stages()] == ["BPV-2026-001", "BPV-2026-002"]
    assert (await school.play.next_wake() or school.play.clock()) > school.play.clock()


async def test_sending_the_same_file_again_changes_nothing(
    school: School, lead: Phone, tmp_path: Path
) -> None:
    """The second time there is nothing to import, and no button that would."""
    content = a_csv(tmp_path, **MOVED)
    await sends(school, lead, content)
    await school.press(lead, "Importeren")
    stages = await school.play.stages()
    assert await sends(school, lead, content) == "rooster.csv verandert niets: alles staat er al zo in."
    assert lead.messages[-1]["buttons"] == []
    assert await school.play.stages() == stages


async def test_five_taps_import_once(school: School, lead: Phone, tmp_path: Path) -> None:
    """Each is acknowledged, one of them counts."""
    await sends(school, lead, a_csv(tmp_path, **MOVED))
    message = lead.messages[-1]
    data = message["buttons"][0][0]["data"]
    presses = [lead.press(message["message_id"], data) for _ in range(5)]
    await school.play.rest()
    assert [(lead.callback_answer(p) or {}).get("text") for p in presses] == ["Ik importeer het rooster."] * 5
    assert [text.startswith(IMPORTED) for text in from_bot(lead)].count(True) == 1
    assert len(await logged(school)) == 1


async def test_not_importing_leaves_everything(school: School, lead: Phone, tmp_path: Path) -> None:
    """The button is gone, the file is done with, and the old button does nothing any more."""
    await sends(school, lead, a_csv(tmp_path, **MOVED))
    message = lead.messages[-1]
    await school.press(lead, "Niet importeren")
    assert last(lead) == "Ik heb niets geïmporteerd. Je kunt altijd een ander bestand sturen."
    press = lead.press(message["message_id"], message["buttons"][0][0]["data"])
    await school.play.rest()
    answer = lead.callback_answer(press) or {}
    assert answer["text"] == "Deze knop werkt niet meer. Stuur een rooster om opnieuw te beginnen."
    assert (await meetings(school), await logged(school)) == ({"BPV-2026-001": "09-21 10:00"}, [])


async def test_faults_are_told_row_by_row(school: School, lead: Phone, tmp_path: Path) -> None:
    """Each with row, column and what belongs there, in Dutch; of a person only the shape of a value."""
    told = await sends(
        school, lead, a_csv(tmp_path, taal="de", einddatum="2026-09-01", geboortedatum="31-31-2008")
    )
    assert told.startswith("In rooster.csv klopt nog niet alles. Er is niets veranderd.\nAantal fouten: ")
    assert 'rij 2, kolom geboortedatum: "99-99-9999": verwacht een datum: jjjj-mm-dd' in told
    assert 'rij 2, kolom taal: "de": verwacht nl of en' in told
    assert told.endswith("Pas het bestand aan en stuur het opnieuw.")
    assert ("Samira" in told, lead.messages[-1]["buttons"]) == (False, [])


async def test_many_faults_are_counted(school: School, lead: Phone, tmp_path: Path) -> None:
    """Fifteen lines are enough to go on with; the rest is a number."""
    stages = ", ".join(f"BPV-2026-{n:03}" for n in (1, 2, 3, 6, 7))
    told = await sends(
        school, lead, a_csv(tmp_path, stages, taal="x", leerweg="x", plek_1="x", stagedagen="x")
    )
    lines = [line for line in told.split("\n") if line.startswith("rij ")]
    assert len(lines) == 15
    assert "… en nog " in told


async def test_english_is_spoken_to_who_chose_it(school: School, lead: Phone, tmp_path: Path) -> None:
    """The lines about rows too."""
    lead.text("/taal")
    await school.play.rest()
    await school.press(lead, "English")
    told = await sends(school, lead, a_csv(tmp_path, taal="de"))
    assert 'row 2, column taal: "de": expected nl or en' in told


async def test_rows_of_another_team_are_refused(school: School, lead: Phone, tmp_path: Path) -> None:
    """All of the file stays out, and the rows are named; nobody imports another team's students."""
    zorg = a_csv(tmp_path, "BPV-2026-001, BPV-2026-006").replace(
        b"Business Events;business", b"Zorg;business", 1
    )
    told = await sends(school, lead, zorg)
    assert (
        'rij 2, kolom team: "Zorg": verwacht een team waarvan jij coördinator bent: Business Events' in told
    )
    assert [s.code for s in await school.play.stages()] == ["BPV-2026-001"]


async def test_a_stage_of_another_team_can_t_be_taken_over(school: School, tmp_path: Path) -> None:
    """Its code in a row of one's own team is refused, and nothing of the stored stage is told."""
    other = coordinator(school, "Pieter Oost")
    await school.join(other)
    told = await sends(school, other, a_csv(tmp_path, team="Zorg", leerbedrijf="Ander bedrijf"))
    assert 'rij 2, kolom stage: "BPV-2026-001": verwacht een stage van een team waarvan jij' in told
    assert ("Congrescentrum" in told, await school.play.stages()) == (False, [school.stage])


async def test_only_missing_stages_of_the_own_team_are_counted(school: School, tmp_path: Path) -> None:
    """The other team's stages are not this file's to miss; nothing is ended from the chat."""
    other, lead = coordinator(school, "Pieter Oost"), coordinator(school)
    await school.join(other, lead)
    new = {"stage": "BPV-9", "studentnummer": "999001", "student": "Noor Bakker"}
    content = renamed(a_csv(tmp_path, team="Zorg"), new)
    assert await sends(school, other, content) == (
        "Dit verandert er met rooster.csv:\n1 nieuw, 0 veranderd, 0 gelijk."
    )
    assert (await sends(school, lead, renamed(a_csv(tmp_path), new))).endswith(
        "Stages die niet in het bestand staan: 1. Die gaan gewoon door. "
        "Alleen de beheerder kan een stage beëindigen."
    )
    await school.press(lead, "Importeren")
    assert [(s.code, s.ended) for s in await school.play.stages()] == [
        ("BPV-2026-001", False),
        ("BPV-9", False),
    ]


def renamed(content: bytes, cells: dict[str, str]) -> bytes:
    """Give a file of one row with other cells."""
    header, row = content.decode().strip().splitlines()
    names = header.split(";")
    values = dict(zip(names, row.split(";"), strict=True)) | cells
    return f"{header}\n{';'.join(values[name] for name in names)}\n".encode()


async def test_one_team_does_not_rename_the_people_of_another(school: School, tmp_path: Path) -> None:
    """A teacher who also works for another team keeps the name that the school knows."""
    other = coordinator(school, "Pieter Oost")
    await school.join(other)
    new = {"stage": "BPV-9", "studentnummer": "999001", "student": "Noor Bakker", "docent": "Iemand Anders"}
    await sends(school, other, renamed(a_csv(tmp_path, team="Zorg"), new))
    await school.press(other, "Importeren")
    kept = {p.participant.id: p.participant.name for p in school.play.people}[school.stage.teacher]
    roster = a_roster(school, tmp_path, docent="Kees Wouters")
    async with school.play.db.reading() as tx:
        found = await rostering.difference(tx, roster, school.play.school)
    assert (kept, found.unchanged) == ("Kees Wouters", ("BPV-2026-001",))
    assert "verandert niets" in await sends(school, other, renamed(a_csv(tmp_path, team="Zorg"), new))


async def test_a_code_of_another_student_is_refused(school: School, lead: Phone, tmp_path: Path) -> None:
    """Answers belong to their student: the stage needs a code of its own."""
    told = await sends(school, lead, renamed(a_csv(tmp_path), {"studentnummer": "999001"}))
    assert "BPV-2026-001: deze code hoort bij een andere student" in told
    assert lead.messages[-1]["buttons"] == []


async def test_what_changed_in_between_is_shown_again(school: School, lead: Phone, tmp_path: Path) -> None:
    """Nothing is imported that was not shown: the difference of now comes with buttons of its own."""
    await sends(school, lead, a_csv(tmp_path, **MOVED))
    async with school.play.db.writing() as tx:
        roster = a_roster(school, tmp_path, gesprek_1="2026-10-05 10:00")
        found = await rostering.difference(tx, roster, school.play.school)
        await rostering.import_(tx, roster, found, (), school.play.school, school.play.clock())
    await school.press(lead, "Importeren")
    assert last(lead).startswith("Er is intussen iets veranderd. Daarom heb ik nog niets geïmporteerd.")
    assert "gesprek_1 2026-10-05 10:00 -> 2026-09-28 10:00" in last(lead)
    assert await meetings(school) == {"BPV-2026-001": "10-05 10:00"}
    await school.press(lead, "Importeren")
    assert (last(lead).split("\n")[0], await meetings(school)) == (IMPORTED, {"BPV-2026-001": "09-28 10:00"})


async def test_a_newer_file_takes_the_place_of_an_older_one(
    school: School, lead: Phone, tmp_path: Path
) -> None:
    """The older one's button is dead."""
    await sends(school, lead, a_csv(tmp_path, gesprek_1="2026-10-05 10:00"))
    older = lead.messages[-1]
    await sends(school, lead, a_csv(tmp_path, **MOVED))
    assert "Het vorige bestand laat ik liggen." in from_bot(lead)[-2]
    lead.press(older["message_id"], older["buttons"][0][0]["data"])
    await school.play.rest()
    assert await meetings(school) == {"BPV-2026-001": "09-21 10:00"}
    await school.press(lead, "Importeren")
    assert await meetings(school) == {"BPV-2026-001": "09-28 10:00"}


async def test_nobody_else_imports(school: School, lead: Phone, tmp_path: Path) -> None:
    """Files of students, trainers and teachers are not read, and a coordinator's button is nobody else's."""
    await school.join(school.student, school.trainer, school.teacher)
    await sends(school, lead, a_csv(tmp_path, **MOVED))
    data = lead.messages[-1]["buttons"][0][0]["data"]
    others = (school.student, school.trainer, school.teacher)
    told = [await sends(school, phone, a_csv(tmp_path, **MOVED)) for phone in others]
    assert [text.startswith("Dit kan ik niet lezen.") for text in told] == [True] * 3
    presses = [(p, p.press(p.messages[-1]["message_id"], data, forged=True)) for p in others]
    await school.play.rest()
    assert [(p.callback_answer(press) or {})["text"][:14] for p, press in presses] == ["Deze knop werk"] * 3
    assert await meetings(school) == {"BPV-2026-001": "09-21 10:00"}
    assert len(await uploads(school)) == 1


async def test_words_beside_a_file_are_not_lost(school: School) -> None:
    """A student's document is not read; what they wrote beside it answers the question that is open."""
    await school.join(school.student)
    await school.jump("2026-09-10 16:30")
    await school.press(school.student, "Ja")
    before = len(from_bot(school.student))
    school.student.document("werk.pdf", b"%PDF", "Ik mocht zelf de kassa opmaken en het klopte")
    await school.play.rest()
    assert from_bot(school.student)[before].startswith("Dit kan ik niet lezen.")
    replies = {line["question"]: line["reply"] for line in await school.export()}
    assert replies["first"] == "Ik mocht zelf de kassa opmaken en het klopte"


async def test_words_beside_a_file_follow_a_swipe_reply(school: School) -> None:
    """They answer the question that was swiped to, as any text would."""
    await school.join(school.student)
    await school.jump("2026-09-10 16:30")
    await school.press(school.student, "Ja")
    question = school.student.messages[-1]["message_id"]
    school.student.text("Dat ik alleen een groep naar de zaal bracht")
    await school.play.rest()
    school.student.document("werk.pdf", b"%PDF", "En het ging goed", reply_to=question)
    await school.play.rest()
    replies = {line["question"]: line["reply"] for line in await school.export()}
    assert replies["first"] == "Dat ik alleen een groep naar de zaal bracht"
    assert replies["first.more1"] == "En het ging goed"


async def test_another_coordinator_s_button_does_nothing(school: School, lead: Phone, tmp_path: Path) -> None:
    """Only who sent the file decides about it."""
    other = coordinator(school, "Pieter Oost")
    await school.join(other)
    await sends(school, lead, a_csv(tmp_path, **MOVED))
    data = lead.messages[-1]["buttons"][0][0]["data"]
    press = other.press(other.messages[-1]["message_id"], data, forged=True)
    await school.play.rest()
    assert (other.callback_answer(press) or {})["text"].startswith("Deze knop werkt niet meer.")
    assert [one.state for one in await uploads(school)] == [UploadState.SHOWN]


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("rooster.pdf", b"%PDF", "Ik lees alleen een rooster als .csv of .xlsx."),
        ("rooster", b"stage;", "Ik lees alleen een rooster als .csv of .xlsx."),
        ("groot.csv", bytes(limits.FILE_BYTES + 1), "Dit bestand is te groot voor een rooster."),
        ("\u202ecsv.exe.csv", b"a;b", "In \\u202ecsv.exe.csv klopt nog niet alles."),
        ("rooster.csv", b"PK\x03\x04 no zip", "Ik kan rooster.csv niet als rooster lezen."),
        ("rooster.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "Ik kan rooster.xlsx niet als rooster lezen."),
        ("rooster.csv", b"a;b\0", "Ik kan rooster.csv niet als rooster lezen."),
    ],
)
async def test_what_is_no_roster_gets_a_clear_line(
    school: School, lead: Phone, name: str, content: bytes, says: str
) -> None:
    """By name, by size, or by what is in it; and nothing waits any more."""
    assert (await sends(school, lead, content, name)).startswith(says)
    assert await uploads(school, UploadState.NEW, UploadState.SHOWN, UploadState.WANTED) == []


async def test_a_zip_bomb_is_refused_in_the_chat(school: School, lead: Phone) -> None:
    """A small file that unpacks to gigabytes is refused by its claim, and the bot goes on."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as bomb:
        for part in ("[Content_Types].xml", "xl/workbook.xml", "xl/_rels/workbook.xml.rels"):
            bomb.writestr(part, b"<x/>")
        bomb.writestr("xl/worksheets/sheet1.xml", bytes(60_000_000))
    told = await sends(school, lead, out.getvalue(), "rooster.xlsx")
    assert "dit werkboek is uitgepakt veel groter dan een rooster nodig heeft" in told
    lead.text("/help")
    await school.play.rest()
    assert last(lead) != told


def test_both_limits_are_the_same() -> None:
    """What the chat refuses at once is what the reader would refuse."""
    assert uploading.MOST_BYTES == limits.FILE_BYTES


# ---- what goes wrong on the way ----------------------------------------------------------------------------


@dataclass
class Shelf:
    """Files as a test wants them: an error, or bytes, one after the other; the last one stays."""

    answers: list[bytes | Exception]
    asked: int = 0
    gate: asyncio.Event = field(default_factory=asyncio.Event)

    async def fetch(self, _file: str, _most: int) -> bytes:
        """Give the next answer."""
        self.asked += 1
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, Exception):
            raise answer
        return answer


def shelved(school: School, *answers: bytes | Exception) -> Shelf:
    """Let the clerk fetch from a shelf from now on."""
    school.play.bot.clerk.files = Shelf(list(answers))
    return school.play.bot.clerk.files


async def test_a_file_that_is_away_is_tried_again(school: School, lead: Phone, tmp_path: Path) -> None:
    """The coordinator is told once, and gets the difference when it works."""
    shelf = shelved(school, FileAway(), FileAway(), a_csv(tmp_path, **MOVED))
    told = await sends(school, lead, b"a;b")
    assert told == "Ik kan rooster.csv nu niet ophalen. Ik probeer het straks vanzelf opnieuw."
    await school.wait(timedelta(minutes=2))
    assert (shelf.asked, last(lead)) == (2, told)
    await school.wait(timedelta(minutes=5))
    assert (shelf.asked, last(lead)) == (3, DIFFERENCE)


async def test_it_is_tried_three_times_more_at_most(school: School, lead: Phone) -> None:
    """Then the coordinator hears that it does not work, and what to do."""
    shelf = shelved(school, FileAway())
    await sends(school, lead, b"a;b")
    await school.wait(timedelta(days=1))
    assert shelf.asked == 4
    assert last(lead) == (
        "Het lukt niet met rooster.csv. Er is niets veranderd. Stuur het bestand later opnieuw."
    )
    assert [one.state for one in await uploads(school)] == [UploadState.DONE]


async def test_a_limit_of_the_channel_is_kept(school: School, lead: Phone, tmp_path: Path) -> None:
    """When it says how long to wait, nothing is asked before."""
    shelf = shelved(school, FileAway(3600), a_csv(tmp_path, **MOVED))
    await sends(school, lead, b"a;b")
    await school.wait(timedelta(minutes=59))
    assert shelf.asked == 1
    await school.wait(timedelta(minutes=2))
    assert (shelf.asked, last(lead)) == (2, DIFFERENCE)


async def test_a_file_that_is_gone_is_told_at_once(school: School, lead: Phone, tmp_path: Path) -> None:
    """Also between the difference and [Importeren]: then nothing was imported."""
    shelf = shelved(school, a_csv(tmp_path, **MOVED), FileGone())
    await sends(school, lead, b"a;b")
    await school.press(lead, "Importeren")
    assert last(lead) == (
        "Ik kan rooster.csv niet meer ophalen. Er is niets veranderd. Stuur het bestand opnieuw."
    )
    assert (shelf.asked, await meetings(school)) == (2, {"BPV-2026-001": "09-21 10:00"})


async def test_whatever_breaks_in_one_file_the_next_one_gets_its_turn(
    school: School, lead: Phone, tmp_path: Path
) -> None:
    """A fault nobody foresaw is tried again like any other, and holds up nobody."""
    shelved(school, RuntimeError("Samira"), a_csv(tmp_path, **MOVED))
    assert (await sends(school, lead, b"a;b")).startswith("Ik kan rooster.csv nu niet ophalen.")
    await school.wait(timedelta(minutes=2))
    assert last(lead) == DIFFERENCE


def another_clerk(school: School) -> Clerk:
    """Give the clerk of a process that was just started."""
    clerk = school.play.bot.clerk
    return Clerk(
        db=clerk.db,
        school=clerk.school,
        speaker=clerk.speaker,
        clock=clerk.clock,
        files=clerk.files,
        nudge=clerk.nudge,
    )


@pytest.mark.parametrize("state", [UploadState.NEW, UploadState.WANTED])
async def test_a_clerk_that_was_killed_leaves_its_work_to_the_next(
    school: School, lead: Phone, tmp_path: Path, state: UploadState
) -> None:
    """A file stays as it was until it is answered, and the next process goes on with it."""
    await sends(school, lead, a_csv(tmp_path, **MOVED))
    (shown,) = await uploads(school)
    async with school.play.db.writing() as tx:
        await dossier.save_uploads(tx, [replace(shown, state=state)])
    before = len(from_bot(lead))
    assert await another_clerk(school).work() == 1
    await school.play.rest()
    expected = {UploadState.NEW: "09-21 10:00", UploadState.WANTED: "09-28 10:00"}[state]
    assert await meetings(school) == {"BPV-2026-001": expected}
    assert len(from_bot(lead)) == before + 1
    assert await another_clerk(school).work() == 0


async def test_a_kill_in_the_middle_imports_nothing(
    school: School, lead: Phone, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All of it is one transaction: what breaks it off after the import leaves neither half nor mark."""
    await sends(school, lead, a_csv(tmp_path, **MOVED))
    (shown,) = await uploads(school)
    async with school.play.db.writing() as tx:
        await dossier.save_uploads(tx, [replace(shown, state=UploadState.WANTED)])

    async def killed(*_args: object) -> None:
        raise asyncio.CancelledError

    with monkeypatch.context() as patched:
        patched.setattr("bot.services.uploading.access.log", killed)
        with pytest.raises(asyncio.CancelledError):
            await another_clerk(school).work()
    assert await meetings(school) == {"BPV-2026-001": "09-21 10:00"}
    assert [one.state for one in await uploads(school)] == [UploadState.WANTED]
    assert await another_clerk(school).work() == 1
    assert await meetings(school) == {"BPV-2026-001": "09-28 10:00"}


async def test_a_file_replaced_while_it_was_read_is_not_answered(
    school: School, lead: Phone, tmp_path: Path
) -> None:
    """What was asked for last counts, also when the clerk was busy with the one before."""
    await sends(school, lead, a_csv(tmp_path, **MOVED))
    (shown,) = await uploads(school)
    wanted, before = replace(shown, state=UploadState.WANTED), len(from_bot(lead))
    await another_clerk(school)._handle(wanted)
    await school.play.rest()
    assert (len(from_bot(lead)), await meetings(school)) == (before, {"BPV-2026-001": "09-21 10:00"})
