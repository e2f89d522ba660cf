"""Keeps one person's flood from the others: a budget a chat, and a pause for a chat that is over it.

docs/trust.md, 11. What is over the budget is not kept, but for a cry for help; the person is told so once.
"""

from __future__ import annotations

from collections import Counter, OrderedDict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import structlog

from bot.services.speaking import Speaker
from bot.store import backlog, inbox, outbox, people
from bot.store.records import RawUpdate
from bot.store.transaction import Transaction
from conversations.messages import Message, Say

BURST = 200  # updates at once: who forwards a hundred photos or taps through a long list stays far below
PER_SECOND = 1.0  # updates for ever: more than this bot sends to one chat
PAUSE = timedelta(minutes=5)  # as the text says
LOOK_EVERY = 100  # updates of a chat between two looks at how many answers wait for it
MOST_WAITING = 300  # answers for one chat: five minutes of sending
WATCHED = 10_000  # chats whose budget is remembered
REMEMBERED = 2_000  # updates that are known when they come again: a poll brings 100
BETWEEN_LINES = timedelta(minutes=1)  # in the log
LOOKED_AT = 200  # updates of a pause that are looked at for what may not be lost ...
SPARED = 5  # ... and that are kept for it

log = structlog.get_logger()


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """What a chat has used: a level that rises with each update and falls by one a second."""

    at: datetime
    level: float = 0.0
    unlooked: int = 0  # updates since its waiting answers were counted
    shut: datetime | None = None  # nothing is kept until then
    looked_at: int = 0  # in this pause
    spared: int = 0

    def now(self, now: datetime) -> Account:
        """Let time pass; a clock that went back empties nothing and ends every pause."""
        if now == self.at:
            return self
        ends = self.shut is not None and not timedelta(0) < self.shut - now <= PAUSE
        drained = max(0.0, self.level - max(0.0, (now - self.at).total_seconds()) * PER_SECOND)
        return replace(self, at=now, level=0.0 if ends else drained, shut=None if ends else self.shut)


@dataclass(slots=True)
class Judged:
    """What becomes of some updates, and what is to be remembered once that is stored."""

    kept: list[RawUpdate] = field(default_factory=list)
    refused: list[int] = field(default_factory=list)
    shut: list[int] = field(default_factory=list)  # chats whose pause begins
    accounts: dict[int, Account] = field(default_factory=dict)
    verdicts: dict[int, bool] = field(default_factory=dict)  # whether it is kept, by update


@dataclass(slots=True)
class Flooding:
    """The use case of updates coming in, and who sends too many."""

    speaker: Speaker
    is_urgent: Callable[[RawUpdate, datetime], bool]
    refused: int = 0  # since the start
    _accounts: OrderedDict[int, Account] = field(default_factory=OrderedDict)
    _verdicts: OrderedDict[int, bool] = field(default_factory=OrderedDict)
    _told: int = 0  # of what was refused, in the log
    _told_at: datetime | None = None

    async def record(self, tx: Transaction, updates: Sequence[RawUpdate], now: datetime) -> Judged:
        """Keep updates, or only the ids of those over the budget; `settle` this once it is committed."""
        waiting = await backlog.answers(tx, self._to_look_at(updates))
        judged = self._judge(updates, waiting, now)
        await inbox.record(tx, judged.kept, now)
        await inbox.refuse(tx, judged.refused, now)
        await self._tell(tx, judged.shut, now)
        return judged

    def settle(self, judged: Judged, now: datetime) -> None:
        """Remember what was used; nothing was while the database did not take it."""
        for chat, account in judged.accounts.items():
            self._accounts[chat] = account
            self._accounts.move_to_end(chat)
        self._verdicts |= judged.verdicts
        _forget(self._accounts, WATCHED)
        _forget(self._verdicts, REMEMBERED)
        self.refused += sum(not kept for kept in judged.verdicts.values())
        if self.refused > self._told:
            self._report(now)

    # ---- judging ---------------------------------------------------------------------------------------

    def _to_look_at(self, updates: Sequence[RawUpdate]) -> list[int]:
        """Give the chats of which it is time to count the answers that wait for them."""
        sent = Counter(update.chat for update in updates if update.chat is not None)
        known = {chat: self._accounts.get(chat) for chat in sent}
        return [c for c, account in known.items() if account and account.unlooked + sent[c] >= LOOK_EVERY]

    def _judge(self, updates: Sequence[RawUpdate], waiting: Mapping[int, int], now: datetime) -> Judged:
        judged = Judged()
        for update in updates:
            kept = judged.verdicts.get(update.id, self._verdicts.get(update.id))
            if kept is None:  # one that comes again costs nothing, and fares as it did
                kept = self._charge(judged, update.chat, waiting, now) or self._spare(judged, update, now)
                judged.verdicts[update.id] = kept
            if kept:
                judged.kept.append(update)
            else:
                judged.refused.append(update.id)
        return judged

    def _charge(self, judged: Judged, chat: int | None, waiting: Mapping[int, int], now: datetime) -> bool:
        """Charge a chat for one update, and tell whether it is kept; what is of no chat always is."""
        if chat is None:
            return True
        account = judged.accounts.get(chat)
        if account is None:
            account = self._accounts.get(chat, Account(at=now)).now(now)
            if chat in waiting and account.shut is None:
                account = replace(account, unlooked=0)
        if account.shut is None and (
            account.level + 1 > BURST or (waiting.get(chat, 0) > MOST_WAITING and account.unlooked == 0)
        ):
            account = replace(account, shut=now + PAUSE, unlooked=LOOK_EVERY, looked_at=0, spared=0)
            judged.shut.append(chat)
        if account.shut is None:
            account = replace(account, level=account.level + 1, unlooked=account.unlooked + 1)
        judged.accounts[chat] = account
        return account.shut is None

    def _spare(self, judged: Judged, update: RawUpdate, now: datetime) -> bool:
        """Keep a cry for help all the same, or the wish to be left alone; only so many a pause."""
        if update.chat is None:
            return False
        account = judged.accounts[update.chat]
        if account.looked_at >= LOOKED_AT or account.spared >= SPARED:
            return False
        spared = self.is_urgent(update, now)
        judged.accounts[update.chat] = replace(
            account, looked_at=account.looked_at + 1, spared=account.spared + spared
        )
        return spared

    # ---- telling ---------------------------------------------------------------------------------------

    async def _tell(self, tx: Transaction, chats: Sequence[int], now: datetime) -> None:
        """Tell participants; nothing is kept of what others send, and they were told so."""
        if not chats:
            return
        known = await people.by_chats(tx, chats)
        everyone = {me.id: me for me in known.values()}
        out = [Message(to=me, pieces=(Say(id="answering.flood"),)) for me in everyone]
        await outbox.put(tx, self.speaker.parcels(out, everyone, now), now)

    def _report(self, now: datetime) -> None:
        """Write one line a minute at most."""
        if self._told_at is not None and timedelta(0) <= now - self._told_at < BETWEEN_LINES:
            return
        log.warning("updates_refused", count=self.refused - self._told)
        self._told, self._told_at = self.refused, now


def _forget(remembered: OrderedDict[int, Account] | OrderedDict[int, bool], most: int) -> None:
    while len(remembered) > most:
        remembered.popitem(last=False)
