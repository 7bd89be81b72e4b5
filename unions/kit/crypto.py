"""Personal data at rest: sealed with authenticated encryption under a key ring, found again by a keyed index.

`PORTAL_KEYS` names the ring, `id:secret` or `id:sm4:secret`, separated by commas: the first key writes, all of them read.
A sealed value says which key opens it: `id.index.box`. The index is a keyed hash of the folded value, so that equal
values of one column can be looked up exactly and nothing else can be asked of them; it stands in the same column, so
that neither is ever changed or deleted without the other. The box is bound to its column and row (docs/adr/0040).
"""

import hmac
import os
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from functools import cached_property, lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers import Cipher, modes
from cryptography.hazmat.primitives.ciphers.algorithms import AES256, SM4
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

CURE = (
    "Start through ./portal, which makes a key for itself, or make one (docs/operations.md, Keys): "
    "python3 -c 'import secrets; print(\"k1:\" + secrets.token_urlsafe(48))'"
)
CIPHERS = {"aes": (AES256, 32), "sm4": (SM4, 16)}
NONCE, TAG, INDEX = 12, 16, 18
ID = r"[a-z0-9-]{1,16}"
SEALED = re.compile(rf"({ID})\.([\w-]{{24}})\.([\w-]{{38,}}={{0,2}})", re.ASCII)


class CannotOpen(Exception):
    """A sealed value that was changed, moved from its place, or needs a key which the ring lacks."""


@dataclass(frozen=True)
class Key:
    """One key of the ring. Its secret never shows; what encrypts and what indexes are derived from it apart."""

    id: str
    cipher: str
    secret: str

    def __repr__(self):
        return f"<Key {self.id} ({self.cipher})>"

    def _derive(self, purpose: str, length: int) -> bytes:
        return HKDF(SHA256(), length, salt=None, info=f"niangjia {purpose} {self.id}".encode()).derive(
            self.secret.encode()
        )

    @cached_property
    def _algorithm(self):
        algorithm, length = CIPHERS[self.cipher]
        return algorithm(self._derive(self.cipher, length))

    @cached_property
    def _index_key(self) -> bytes:
        return self._derive("index", 32)

    def index(self, value: str, column: str) -> str:
        """What equal values of a column share: never across columns, so that a stolen table joins with no other."""
        digest = hmac.digest(self._index_key, f"{column}\0{fold(value)}".encode(), "sha256")
        return urlsafe_b64encode(digest[:INDEX]).decode()

    def encrypt(self, plain: bytes, bound_to: bytes) -> bytes:
        nonce = os.urandom(NONCE)
        encryptor = Cipher(self._algorithm, modes.GCM(nonce)).encryptor()
        encryptor.authenticate_additional_data(bound_to)
        return nonce + encryptor.update(plain) + encryptor.finalize() + encryptor.tag

    def decrypt(self, box: bytes, bound_to: bytes) -> bytes:
        decryptor = Cipher(self._algorithm, modes.GCM(box[:NONCE], box[-TAG:])).decryptor()
        decryptor.authenticate_additional_data(bound_to)
        return decryptor.update(box[NONCE:-TAG]) + decryptor.finalize()


class KeyRing:
    """The keys of this portal, the writing one first."""

    def __init__(self, keys: list[Key]):
        self.keys = {key.id: key for key in keys}
        self.first = keys[0]

    @classmethod
    def parse(cls, text: str) -> "KeyRing":
        """The ring that `PORTAL_KEYS` describes; what is wrong with it names itself, never a secret."""
        if not text.strip():
            raise ImproperlyConfigured(f"PORTAL_KEYS is not set. {CURE}")
        keys = []
        for number, part in enumerate(text.split(","), 1):
            id, *cipher, secret = part.strip().split(":") if ":" in part else ("", "")
            if not re.fullmatch(ID, id) or cipher not in ([], *([name] for name in CIPHERS)) or len(secret) < 43:
                raise ImproperlyConfigured(
                    f"Key {number} of PORTAL_KEYS is not id:secret or id:sm4:secret with an id of small letters and "
                    f"digits and a secret of 43 characters or more. {CURE}"
                )
            keys.append(Key(id, *(cipher or ["aes"]), secret))
        if len({key.id for key in keys}) < len(keys):
            raise ImproperlyConfigured("Two keys of PORTAL_KEYS bear the same id; give the new one an id of its own.")
        return cls(keys)

    def seal(self, value: str, column: str, row: str) -> str:
        """A value as it stands in the database; the empty one stays empty."""
        if not value:
            return ""
        index = self.first.index(value, column)
        box = self.first.encrypt(value.encode(), _binding(self.first.id, index, column, row))
        return f"{self.first.id}.{index}.{urlsafe_b64encode(box).decode()}"

    def open(self, sealed: str, column: str, row: str) -> str:
        """The value again. Raises CannotOpen, which never quotes it."""
        if not sealed:
            return ""
        parts = SEALED.fullmatch(sealed)
        if parts is None:
            raise CannotOpen(f"{column} holds a value that is not sealed")
        id, index, box = parts.groups()
        if id not in self.keys:
            raise CannotOpen(f"{column} needs the key “{id}”, which PORTAL_KEYS lacks")
        try:
            return self.keys[id].decrypt(urlsafe_b64decode(box), _binding(id, index, column, row)).decode()
        except (InvalidTag, ValueError) as error:
            raise CannotOpen(f"{column} holds a value that was changed or belongs to another row") from error

    def beginnings(self, value: str, column: str) -> list[str]:
        """How a sealed value begins that equals this one, for each key it may have been sealed with."""
        return [f"{key.id}.{key.index(value, column)}." for key in self.keys.values()]

    def is_current(self, sealed: str) -> bool:
        """Whether the writing key sealed it."""
        return not sealed or sealed.startswith(f"{self.first.id}.")


def fold(value: str) -> str:
    """Blanks, hyphens and case do not tell two telephone numbers, identity numbers or addresses apart."""
    return re.sub(r"[\s-]", "", value).casefold()


def _binding(id: str, index: str, column: str, row: str) -> bytes:
    return "|".join((id, index, column, row)).encode()


@lru_cache(maxsize=4)
def _parsed(text: str) -> KeyRing:
    return KeyRing.parse(text)


def ring() -> KeyRing:
    """This portal's key ring."""
    return _parsed(settings.PORTAL_KEYS)
