"""Envelopes of secret ballots: closed with a key that everybody may have, opened with one that is a file until the end.

Each vote has a pair of keys of its own. The public half stands in the database; the private half never does, so that
neither a dump, nor the write-ahead log, nor a dead row ever holds both a ballot and what opens it. The file is sealed with
the portal's key ring and removed with the opening. All envelopes are of one size: their length tells nothing.
"""

import contextlib
import hashlib
import json
import os
import time
from base64 import b64decode, b64encode
from collections.abc import Iterable
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

from unions.kit.crypto import CannotOpen, ring

SIZE = 8192  # of what is sealed: ticks, names written in, words of advice, the receipt code
POINT, DAY = 32, 86400
COLUMN = "assemblies.ballot-key"


class KeyIsGone(Exception):
    """The envelopes of a vote can no longer be opened: their key was lost with the machine, or removed."""


def folder() -> Path:
    return Path(settings.MEDIA_ROOT) / "ballot-keys"


def _path(public: bytes) -> Path:
    """Named after the public half, so that no two votes of any portal ever meet in one file."""
    return folder() / f"{hashlib.sha256(public).hexdigest()[:32]}.key"


def make_key(vote: int) -> bytes:
    """Make a vote's pair of keys, keep the private half in its file and return the public one."""
    private = X25519PrivateKey.generate()
    public = private.public_key().public_bytes_raw()
    sealed = ring().seal(b64encode(private.private_bytes_raw()).decode(), COLUMN, str(vote))
    folder().mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor = os.open(_path(public), os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(sealed)
        file.flush()
        os.fsync(file.fileno())
    return public


def read_key(vote: int, public: bytes) -> X25519PrivateKey:
    try:
        private = ring().open(_path(public).read_text(), COLUMN, str(vote))
    except (OSError, CannotOpen) as error:
        raise KeyIsGone(vote) from error
    return X25519PrivateKey.from_private_bytes(b64decode(private))


def forget_key(public: bytes) -> None:
    """From here on nobody opens an envelope of this vote any more, whatever was copied before."""
    if public:
        with contextlib.suppress(FileNotFoundError):
            _path(public).unlink()


def forget_others(needed: Iterable[bytes], older_than: float = DAY) -> int:
    """Remove keys that are not among these: they outlived their vote because a process died between a commit and what
    follows it. Young ones stay, as their vote may be opening at this moment."""
    kept, limit, removed = {_path(public).name for public in needed}, time.time() - older_than, 0
    for path in folder().glob("*.key"):
        if path.name not in kept and path.stat().st_mtime < limit:
            path.unlink(missing_ok=True)
            removed += 1
    return removed


def _cipher(secret: bytes, sender: bytes, public: bytes) -> AESGCM:
    return AESGCM(HKDF(SHA256(), 32, salt=sender + public, info=b"niangjia ballot").derive(secret))


def close_envelope(public: bytes, vote: int, content: dict) -> bytes:
    """Seal what was voted so that only the vote's private key opens it; no two boxes are alike, all are of one size."""
    plain = json.dumps(content, ensure_ascii=False).encode()
    if len(plain) > SIZE:
        raise ValueError("a ballot does not fit into its envelope")
    once = X25519PrivateKey.generate()
    sender = once.public_key().public_bytes_raw()
    secret = once.exchange(X25519PublicKey.from_public_bytes(public))
    # The key is used for this one message alone, so a fixed nonce is as good as any.
    return sender + _cipher(secret, sender, public).encrypt(bytes(12), plain.ljust(SIZE), str(vote).encode())


def open_envelope(private: X25519PrivateKey, vote: int, box: bytes) -> dict:
    """What was sealed. Raises CannotOpen for a box that was changed or belongs to another vote."""
    sender, public = bytes(box[:POINT]), private.public_key().public_bytes_raw()
    secret = private.exchange(X25519PublicKey.from_public_bytes(sender))
    try:
        plain = _cipher(secret, sender, public).decrypt(bytes(12), bytes(box[POINT:]), str(vote).encode())
    except InvalidTag as error:
        raise CannotOpen("a ballot was changed in its envelope") from error
    return json.loads(plain)
