"""How a coordinator's teams stand: /stand, who can't be reached, this year beside last, the end survey."""

from __future__ import annotations

from datetime import datetime

from conversations import buttons
from conversations.buttons import Does, Press
from conversations.calendar import to_local
from conversations.desk import Decision
from conversations.facts import ChatFacts
from conversations.messages import Button, Buttons, Lane, Message, Piece, Run, Say
from conversations.model import ParticipantId, Role
from conversations.overview.periods import in_year, month_before
from conversations.overview.privacy import LEAST, protect
from conversations.overview.rows import beside, lines, row, year_to
from conversations.overview.surveys import Result, general, results, told_lines
from conversations.school import School
from conversations.tallies import CompanyCount, Missing, MonthCounts, QuestionCount, TeamCounts

MOST_NAMES = 40
ROLES = (Role.STUDENT, Role.TRAINER, Role.TEACHER)
POSSIBILITIES = ("talk", "watch", "with_help", "alone", "none")
OFTEN = 20  # times put, before a question is said to be hardly answered (promise P7)
HARDLY = 4  # fewer than one answer in so many
MOST_QUESTIONS = 5


def stand(facts: ChatFacts, school: School, now: datetime) -> Decision:
    """Say how each team of a coordinator stands."""
    me = facts.me.id
    if not facts.teams:
        return Decision((), (Message(to=me, pieces=(Say(id="team.none"),)),))
    messages = (
        Message(to=me, pieces=tuple(_stand(team, school, now)), buttons=_below(number))
        for number, team in enumerate(facts.teams)
    )
    return Decision((), tuple(messages))


def more(facts: ChatFacts, press: Press, school: School, now: datetime) -> Decision | None:
    """Show what was asked for below /stand; None where the button is of no team of theirs."""
    what, *rest = press.parts
    number = int(rest[0]) if rest and rest[0].isascii() and rest[0].isdigit() else len(facts.teams)
    if number >= len(facts.teams):
        return None
    team = facts.teams[number]
    match what:
        case "who":
            pieces = _who(team)
        case "year":
            pieces = _title(team.team) + years(team, _last_month(school, now), school)
        case "survey":
            pieces = _title(team.team) + _surveyed(team, school)
        case _:
            return None
    return Decision((), (Message(to=facts.me.id, pieces=tuple(pieces)),))


def monthly_page(team: TeamCounts, month: str, school: School, to: ParticipantId) -> Message | None:
    """Write the page of a team about a month (promise P6); None where no stage ran in it."""
    counts = next((m for m in team.months if m.month == month), MonthCounts(month=month))
    if not counts.students:
        return None
    pieces = [
        Run(f"{team.team} · ", bold=True),
        *_month_name(month, bold=True),
        Run("\n"),
        Say(id="team.students", values={"n": str(counts.students)}),
        *lines(row(counts)),
        *_possibilities(team.companies),
        Run("\n\n"),
        *years(team, month, school),
        *told_lines(_results(team, school, month), texts=False),
        Run("\n\n"),
        Say(id="team.counts_only"),
    ]
    return Message(to=to, pieces=tuple(pieces), lane=Lane.DIGEST)


def years(team: TeamCounts, month: str, school: School) -> list[Piece]:
    """Put this school year beside last, both up to and with a month, and name what is hardly answered."""
    now, before = year_to(team.months, month)
    head: list[Piece] = [Say(id="team.year", bold=True), Run(" "), *_month_name(month)]
    body = [Run("\n"), Say(id="team.too_few")] if now.is_empty else beside(now, before)
    return [*head, *body, *_hardly(team.questions, school)]


def hardly_answered(questions: tuple[QuestionCount, ...]) -> list[QuestionCount]:
    """Give the questions that hardly anybody answers, the least answered first."""
    often = [q for q in questions if q.put >= OFTEN and q.people >= LEAST]
    return sorted(
        (q for q in often if q.answered * HARDLY < q.put),
        key=lambda q: (q.answered / q.put, q.question_set, q.question),
    )


# ---- parts ------------------------------------------------------------------------------------------------


def _stand(team: TeamCounts, school: School, now: datetime) -> list[Piece]:
    month = f"{to_local(school.calendar, now):%Y-%m}"
    pieces: list[Piece] = [Run(team.team, bold=True), Run("\n")]
    pieces += _running(team)
    shown = row(next((m for m in team.months if m.month == month), MonthCounts(month=month)))
    pieces += [Run("\n\n"), *_month_name(month, bold=True)]
    pieces += lines(shown)
    if shown.signalled is not None:
        pieces += [Run("\n"), Say(id="team.open_signals", values={"n": str(team.open_signals)})]
    return pieces


def _running(team: TeamCounts) -> list[Piece]:
    """Say how many stages run, and who takes part in those and in the ones to come, if there are any."""
    running = Say(id="team.stages", values={"n": str(team.stages)})
    pieces: list[Piece] = [running if team.stages else Say(id="team.no_stages")]
    for role in ROLES:
        n, away = team.joined.get(role, 0), team.not_joined.get(role, 0)
        if n + away:
            values = {"n": str(n), "m": str(n + away)}
            pieces += [Run("\n"), Say(id=f"team.joined_{role.value}", values=values)]
    return pieces


def _below(number: int) -> Buttons:
    return tuple(
        (Button(label=Say(id=f"team.show_{what}"), data=buttons.encode(Does.TEAM, what, number)),)
        for what in ("who", "year", "survey")
    )


def _who(team: TeamCounts) -> list[Piece]:
    pieces = _title(team.team)
    if not team.missing:
        return [*pieces, Say(id="team.all_there")]
    pieces.append(Say(id="team.not_there"))
    for one in sorted(team.missing, key=_place)[:MOST_NAMES]:
        role, why = Say(id=f"reaching.{one.role.value}"), Say(id=f"team.reach_{one.reach.value}")
        pieces += [Run(f"\n{one.name} ("), role, Run("): "), why]
    if (rest := len(team.missing) - MOST_NAMES) > 0:
        pieces += [Run("\n"), Say(id="team.more_names", values={"n": str(rest)})]
    return [*pieces, Run("\n\n"), Say(id="team.what_to_do")]


def _place(one: Missing) -> tuple[int, str]:
    return ROLES.index(one.role), one.name.casefold()


def _possibilities(companies: tuple[CompanyCount, ...]) -> list[Piece]:
    """Give the learning possibilities per company; small ones only in the total, where that is safe."""
    safe = protect(companies, lambda company: company.students)
    head: list[Piece] = [Run("\n\n"), Say(id="team.possibilities", bold=True)]
    if not safe.shown and not safe.total:
        return [*head, Run("\n"), Say(id="team.possibilities_few")]
    said: list[Piece] = []
    for company in safe.shown:
        said += [Run(f"\n{company.company}: "), *_told(company.students, [company])]
    if safe.total:
        everyone = sum(company.students for company in companies)
        said += [Run("\n"), Say(id="team.all_companies"), Run(" "), *_told(everyone, companies)]
    if safe.hidden:
        text = "team.companies_hidden" if safe.hidden > 1 else "team.company_hidden"
        values = {"n": str(safe.hidden)} if safe.hidden > 1 else {}
        said += [Run("\n"), Say(id=text, values=values)]
    return [*head, *said]


def _told(students: int, companies: list[CompanyCount] | tuple[CompanyCount, ...]) -> list[Piece]:
    pieces: list[Piece] = [Say(id="team.told", values={"n": str(students)})]
    for one in POSSIBILITIES:
        number = sum(company.counts.get(one, 0) for company in companies)
        pieces += [Run(", "), Say(id=f"team.possible_{one}", values={"n": str(number)})]
    return pieces


def _hardly(questions: tuple[QuestionCount, ...], school: School) -> list[Piece]:
    found = hardly_answered(questions)[:MOST_QUESTIONS]
    said: list[Piece] = [Run("\n\n"), Say(id="team.hardly", bold=True)] if found else []
    for one in found:
        questions_of = school.question_sets.get(one.question_set)
        question = questions_of.question(one.question) if questions_of else None
        wording: Piece = general(question.text) if question else Run(one.question)
        said += [Run(f"\n{one.question_set}: "), wording]
    return said


def _surveyed(team: TeamCounts, school: School) -> list[Piece]:
    found = results(team.survey, school)
    if not found:
        return [Say(id="team.survey_none")]
    pieces: list[Piece] = []
    for year in sorted({one.year for one in found}, reverse=True)[:2]:
        pieces += [Run("\n\n")] if pieces else []
        pieces.append(Say(id="team.survey", values={"from": year, "to": str(int(year) + 1)}, bold=True))
        pieces += told_lines((one for one in found if one.year == year), texts=True)
    return pieces


def _results(team: TeamCounts, school: School, month: str) -> list[Result]:
    year = str(in_year(month))
    return [r for r in results(team.survey, school) if r.year == year and r.people]


def _title(name: str) -> list[Piece]:
    return [Run(name, bold=True), Run("\n")]


def _month_name(month: str, *, bold: bool = False) -> list[Piece]:
    year, number = month.split("-")
    return [Say(id=f"team.month_{int(number)}", bold=bold), Run(f" {year}", bold=bold)]


def _last_month(school: School, now: datetime) -> str:
    return month_before(f"{to_local(school.calendar, now):%Y-%m}")
