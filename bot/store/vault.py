"""Seals what people wrote: AES-256-GCM a field, a key a person, wrapped by one master key.

Nothing here knows where keys are kept: `Keyring` hands the wrapped ones in and out.
"""

from __future__ import annotations

import base64
import binascii
import hmac
import os
import secrets
from collections import OrderedDict
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from bot.store.errors import KeyErased, MasterKeyFault, SealBroken, WrongMasterKey

SYSTEM = 0  # the "person" of what belongs to no participant yet
_KEY_BYTES = 32
_NONCE_BYTES = 12
_CACHED_KEYS = 2_000  # ready for use, 2.6 kB each (measured)


class Keyring(Protocol):
    """Where wrapped keys are kept."""

    async def load(self, persons: Collection[int]) -> Mapping[int, bytes]:
        """Give the wrapped keys there are; a missing one was erased or never made."""

    async def add(self, wrapped: Mapping[int, bytes]) -> None:
        """Keep new keys, durably before this returns; an existing key stays."""

    async def erase(self, persons: Collection[int]) -> None:
        """Forget keys for good."""


def read_or_create_master_key(path: Path) -> tuple[bytes, bool]:
    """Read the master key (32 bytes, base64, one line), or make the file (mode 0600) and say so with True."""
    try:
        return _read_master_key(path), False
    except FileNotFoundError:
        pass
    key = secrets.token_bytes(_KEY_BYTES)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _write_whole(path, base64.b64encode(key) + b"\n")
    except OSError as error:
        raise MasterKeyFault(path, f"the master key can't be written ({error.strerror})") from error
    return key, True


def _write_whole(path: Path, content: bytes) -> None:
    """Make a file that holds all of this or is not there; of two processes at once, one is refused."""
    draft = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
    try:
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.link(draft, path)
    finally:
        draft.unlink(missing_ok=True)


def _read_master_key(path: Path) -> bytes:
    try:
        key = base64.b64decode(path.read_bytes().strip(), validate=True)
    except FileNotFoundError:
        raise
    except OSError as error:
        raise MasterKeyFault(path, f"the master key can't be read ({error.strerror})") from error
    except binascii.Error as error:
        raise MasterKeyFault(path, "no master key: expected 32 bytes in base64") from error
    if len(key) != _KEY_BYTES:
        raise MasterKeyFault(path, f"no master key: expected 32 bytes in base64, found {len(key)}")
    return key


def _derived(master_key: bytes, purpose: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=_KEY_BYTES, salt=None, info=b"stagebot " + purpose).derive(
        master_key
    )


class Keys:
    """The keys that one piece of work has prepared: seals and opens without waiting."""

    __slots__ = ("_ciphers",)

    def __init__(self) -> None:
        self._ciphers: dict[int, AESGCM | None] = {}

    def seal(self, person: int, table: str, row: object, field: str, value: str | bytes) -> bytes:
        """Seal one field so that it opens only in this place and with this person's key."""
        data = value.encode(errors="surrogatepass") if isinstance(value, str) else value
        nonce = os.urandom(_NONCE_BYTES)
        return nonce + self._cipher(person).encrypt(nonce, data, _place(table, row, person, field))

    def open(self, person: int, table: str, row: object, field: str, sealed: bytes) -> bytes:
        """Open a sealed field; raise KeyErased when its key is gone, SealBroken when it was tampered with."""
        cipher = self._cipher(person)
        try:
            return cipher.decrypt(
                sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], _place(table, row, person, field)
            )
        except (InvalidTag, ValueError) as error:
            raise SealBroken(table, row, field) from error

    def open_text(self, person: int, table: str, row: object, field: str, sealed: bytes) -> str:
        """Open a sealed text."""
        return self.open(person, table, row, field, sealed).decode(errors="surrogatepass")

    def missing(self, persons: Collection[int]) -> set[int]:
        """Say which of these have not been prepared yet."""
        return {p for p in persons if p not in self._ciphers}

    def hold(self, ciphers: Mapping[int, AESGCM | None]) -> None:
        """Keep these for as long as the work lasts; None is a key that was erased."""
        self._ciphers.update(ciphers)

    def _cipher(self, person: int) -> AESGCM:
        if (cipher := self._ciphers[person]) is None:
            raise KeyErased(person)
        return cipher


def _place(table: str, row: object, person: int, field: str) -> bytes:
    return f"{table}\0{row}\0{person}\0{field}".encode()


class Vault:
    """Wraps and caches the keys of persons, and turns values to look up into HMACs."""

    def __init__(self, master_key: bytes, keyring: Keyring) -> None:
        self._keyring = keyring
        self._wrapping = AESGCM(_derived(master_key, b"wrapping"))
        self._looking_up = _derived(master_key, b"lookup")
        self._cached: OrderedDict[int, AESGCM] = OrderedDict()

    def lookup(self, kind: str, value: str | int) -> bytes:
        """Give the 32 bytes under which a chat id, identity or code is found, without storing it readable."""
        return hmac.digest(self._looking_up, f"{kind}\0{value}".encode(errors="surrogatepass"), "sha256")

    async def start(self) -> None:
        """Make sure that there is a system key and that this master key is the right one."""
        if SYSTEM not in await self._keyring.load([SYSTEM]):
            await self.create([SYSTEM])
        await self.prepare(Keys(), [SYSTEM])

    async def create(self, persons: Collection[int]) -> None:
        """Make keys for new persons; who has one keeps it."""
        await self._keyring.add({p: self._wrap(p, secrets.token_bytes(_KEY_BYTES)) for p in persons})

    async def prepare(self, keys: Keys, persons: Collection[int]) -> None:
        """Put the keys of these persons into `keys`, loading in one go what is not in the cache."""
        wanted = keys.missing(persons)
        # Taken before the waiting below: another piece of work may push them out of the cache meanwhile.
        ciphers: dict[int, AESGCM | None] = {p: self._cached.get(p) for p in wanted}
        absent = [p for p, cipher in ciphers.items() if cipher is None]
        if absent:
            wrapped = await self._keyring.load(absent)
            ciphers |= {p: AESGCM(self._unwrap(p, wrapped[p])) for p in wrapped}
        keys.hold(ciphers)
        self._remember(ciphers)

    async def erase(self, persons: Collection[int]) -> None:
        """Forget the keys of these persons: what they sealed is gone, in backups too."""
        await self._keyring.erase(persons)
        for person in persons:
            self._cached.pop(person, None)

    def _remember(self, ciphers: Mapping[int, AESGCM | None]) -> None:
        for person, cipher in ciphers.items():
            if cipher is not None:
                self._cached[person] = cipher
                self._cached.move_to_end(person)
        while len(self._cached) > _CACHED_KEYS:
            self._cached.popitem(last=False)

    def _wrap(self, person: int, key: bytes) -> bytes:
        nonce = os.urandom(_NONCE_BYTES)
        return nonce + self._wrapping.encrypt(nonce, key, f"person\0{person}".encode())

    def _unwrap(self, person: int, wrapped: bytes) -> bytes:
        try:
            return self._wrapping.decrypt(
                wrapped[:_NONCE_BYTES], wrapped[_NONCE_BYTES:], f"person\0{person}".encode()
            )
        except (InvalidTag, ValueError) as error:
            raise WrongMasterKey from error
