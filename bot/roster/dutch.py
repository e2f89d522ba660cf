"""The Dutch words for what is wrong, for a coordinator who sends a roster in the chat."""

from __future__ import annotations

from collections.abc import Mapping

from bot.roster.model import Fault, Problem
from bot.roster.words import Words

FAULTS: Mapping[Fault, str] = {
    Fault.UNREADABLE: "dit bestand gaat niet open",
    Fault.EMPTY: "er staat niets in dit bestand",
    Fault.TOO_BIG: "een rooster is hooguit {limit} bytes groot",
    Fault.TOO_MANY_ROWS: "een rooster heeft hooguit {limit} rijen",
    Fault.TOO_MANY_COLUMNS: "een rooster heeft hooguit {limit} kolommen",
    Fault.CELL_TOO_LONG: "in een cel passen hooguit {limit} tekens",
    Fault.TOO_MUCH_TEXT: "in een rooster passen hooguit {limit} tekens",
    Fault.UNPACKS_TOO_BIG: "dit werkboek is uitgepakt veel groter dan een rooster nodig heeft",
    Fault.OLD_EXCEL: "een oud .xls-bestand, of een met een wachtwoord: sla het op als .xlsx zonder "
    "wachtwoord, of als CSV",
    Fault.MACROS: "een werkboek met macro's (.xlsm): sla het op als .xlsx of CSV",
    Fault.BINARY_EXCEL: "een binair werkboek (.xlsb): sla het op als .xlsx of CSV",
    Fault.OPEN_DOCUMENT: "een OpenDocument-bestand (.ods): sla het op als .xlsx of CSV",
    Fault.OTHER_FORMAT: "geen CSV en geen .xlsx",
    Fault.UTF_16: "deze tekst is UTF-16: sla het bestand op als CSV UTF-8",
    Fault.NUL: "in dit bestand staat een NUL-teken, dus het is geen CSV",
    Fault.ENCODING: "deze tekst is geen UTF-8 en geen Windows-1252: sla het bestand op als CSV UTF-8",
    Fault.NO_SEPARATOR: "op de eerste regel staat geen ; of , tussen de namen van de kolommen",
    Fault.QUOTES: 'aanhalingstekens om een cel sluiten niet goed ("zo", en een " in de cel is "")',
    Fault.BROKEN_WORKBOOK: "dit werkboek is beschadigd: open het en sla het opnieuw op als .xlsx, of "
    "gebruik CSV",
    Fault.ENTITIES: "dit werkboek heeft eigen entiteiten, en dat doet geen enkel rekenblad",
    Fault.NO_SHEET: "dit werkboek heeft geen zichtbaar blad",
    Fault.FORMULA: "een formule zonder waarde: open het bestand en sla het opnieuw op, of plak alleen "
    "de waarden",
    Fault.ERROR_CELL: "in een cel staat een fout zoals #REF!",
    Fault.NUMBER: "een getal van meer dan tien cijfers: maak van die cel tekst",
}

EXPECTED: Mapping[Problem, str] = {
    Problem.NO_HEADER: "de namen van de kolommen, zoals stage;studentnummer;student",
    Problem.MISSING_COLUMN: "deze kolom",
    Problem.UNKNOWN_COLUMN: "alleen kolommen van een rooster",
    Problem.DUPLICATE_COLUMN: "deze kolom één keer",
    Problem.TOO_MANY_CELLS: "{columns} cellen, één per kolom (aanhalingstekens om een cel met een "
    "scheidingsteken)",
    Problem.NO_ROWS: "minstens één stage onder de namen van de kolommen",
    Problem.REQUIRED: "een waarde",
    Problem.CONTROL_CHARACTER: "tekst zonder stuurtekens",
    Problem.NOT_A_DATE: "een datum: jjjj-mm-dd of dd-mm-jjjj",
    Problem.NOT_A_MOMENT: "een datum en een tijd: jjjj-mm-dd uu:mm of dd-mm-jjjj uu:mm",
    Problem.NO_SUCH_MOMENT: "een tijd die bestaat: de zomertijd slaat dit uur over",
    Problem.NOT_A_TIME: "een tijd: uu:mm",
    Problem.NOT_DAYS: "dagen uit {choices}, met komma's ertussen",
    Problem.NOT_A_CHOICE: "{choices}",
    Problem.NOT_AN_EMAIL: "een e-mailadres",
    Problem.NOT_A_CODE: "een code: letters, cijfers en . _ -, hooguit {limit} tekens",
    Problem.UNKNOWN_PROGRAMME: "een opleiding die stagebot kent: {choices}",
    Problem.END_BEFORE_BEGIN: "een datum na begindatum ({begin})",
    Problem.TOO_LONG: "hooguit {years} jaar na begindatum ({begin})",
    Problem.NO_STAGE_DAY: "een dag tussen begindatum en einddatum",
    Problem.MEETING_OUTSIDE: "een moment tijdens de stage ({begin} tot {end})",
    Problem.MEETING_ORDER: "een moment na {earlier}",
    Problem.AGE: "een student tussen {youngest} en {oldest} jaar oud op de eerste dag",
    Problem.CONSENT: "ja, want de student is jonger dan {age} op de eerste dag",
    Problem.DUPLICATE_STAGE: "elke stage één keer; rij {other} heeft deze ook",
    Problem.PERSON_DIFFERS: "hetzelfde als in rij {other}, met dezelfde {identity}",
    Problem.OTHER_TEAM: "een team waarvan jij coördinator bent: {teams}",
    Problem.STAGE_OF_OTHER_TEAM: "een stage van een team waarvan jij coördinator bent; deze "
    "hoort bij een ander team",
    Problem.MEETING_NOT_PLANNED: "drie geplande gesprekken per stage",
    Problem.TEAM_WITHOUT_COORDINATOR: "een coördinator voor dit team in het bestand van de school",
}

DUTCH = Words(
    faults=FAULTS,
    expected=EXPECTED,
    row="rij {row}",
    column=", kolom {column}",
    expects="verwacht {expected}",
    near=' (bedoel je "{near}"?)',
    warning="let op, ",
    either=" of ",
    empty="(leeg)",
    changed="{column} veranderd",
    reopened="weer open",
    other_student="{code}: deze code hoort bij een andere student; geef de nieuwe stage een eigen code",
    thousands=".",
)
