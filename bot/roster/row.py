"""One row of the roster as pydantic reads it: every column, and the part that the rules look at."""

from __future__ import annotations

from datetime import datetime, time

from pydantic import BaseModel, ConfigDict, Field

from bot.roster.cells import (
    AddressCell,
    CodeCell,
    DateCell,
    DaysCell,
    EmailCell,
    LanguageCell,
    MomentCell,
    PlaceCell,
    TextCell,
    TimeCell,
    TrackCell,
    YesNoCell,
)
from conversations.model import Address, Language, Place, Track


class RosterRow(BaseModel):
    """A whole row. Empty cells are left out before it is read, so that a required one is missing."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    code: CodeCell = Field(alias="stage")
    student: CodeCell = Field(alias="studentnummer", repr=False)
    student_name: TextCell = Field(alias="student", repr=False)
    birth: DateCell = Field(alias="geboortedatum", repr=False)
    consent: YesNoCell = Field(alias="toestemming_ouder", default=False)
    trainer: EmailCell = Field(alias="praktijkopleider_email", repr=False)
    trainer_name: TextCell = Field(alias="praktijkopleider", repr=False)
    address: AddressCell = Field(alias="aanspreekvorm", default=Address.U)
    teacher: CodeCell = Field(alias="docent_code")
    teacher_name: TextCell = Field(alias="docent", repr=False)
    team: TextCell
    programme: TextCell = Field(alias="opleiding")
    track: TrackCell = Field(alias="leerweg", default=Track.BOL)
    company: TextCell = Field(alias="leerbedrijf")
    city: TextCell = Field(alias="leerbedrijf_plaats", default="")
    begin: DateCell = Field(alias="begindatum")
    end: DateCell = Field(alias="einddatum")
    days: DaysCell = Field(alias="stagedagen")
    workday_end: TimeCell = Field(alias="einde_werkdag", default=time(17))
    meeting_1: MomentCell = Field(alias="gesprek_1")
    place_1: PlaceCell = Field(alias="plek_1")
    meeting_2: MomentCell | None = Field(alias="gesprek_2", default=None)
    place_2: PlaceCell | None = Field(alias="plek_2", default=None)
    meeting_3: MomentCell | None = Field(alias="gesprek_3", default=None)
    place_3: PlaceCell | None = Field(alias="plek_3", default=None)
    language: LanguageCell = Field(alias="taal", default=Language.NL)
    through_holidays: YesNoCell = Field(alias="vakantie_door", default=False)

    @property
    def meetings(self) -> tuple[tuple[int, datetime, Place], ...]:
        """Give the planned meetings: number, local wall time, place."""
        all_three = (
            (1, self.meeting_1, self.place_1),
            (2, self.meeting_2, self.place_2),
            (3, self.meeting_3, self.place_3),
        )
        return tuple((n, at, place) for n, at, place in all_three if at is not None and place is not None)


class ReadableRow(BaseModel):
    """Whatever could be read of the columns that the rules look at, so that one fault hides no other."""

    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)

    birth: DateCell | None = Field(alias="geboortedatum", default=None, repr=False)
    consent: YesNoCell = Field(alias="toestemming_ouder", default=False)
    programme: TextCell | None = Field(alias="opleiding", default=None)
    begin: DateCell | None = Field(alias="begindatum", default=None)
    end: DateCell | None = Field(alias="einddatum", default=None)
    days: DaysCell = Field(alias="stagedagen", default=frozenset())
    meeting_1: MomentCell | None = Field(alias="gesprek_1", default=None)
    meeting_2: MomentCell | None = Field(alias="gesprek_2", default=None)
    meeting_3: MomentCell | None = Field(alias="gesprek_3", default=None)

    @property
    def meetings(self) -> tuple[tuple[str, datetime], ...]:
        """Give column and local wall time of the meetings that could be read."""
        named = (("gesprek_1", self.meeting_1), ("gesprek_2", self.meeting_2), ("gesprek_3", self.meeting_3))
        return tuple((column, at) for column, at in named if at is not None)
