"""The antivirus hook: clamd's stream protocol. `CLAMD_ADDRESS` is `host:port` or `unix:/path`; the file's name never goes
there, only its bytes."""

import socket
import struct
from pathlib import Path

BLOCK = 1 << 16
SECONDS = 30


class Unreachable(Exception):
    """No verdict: clamd does not answer, or not in its protocol."""


class Unjudged(Exception):
    """clamd looked and gave no verdict, such as for a file beyond its own limits; its words."""


def scan(path: Path, address: str) -> str:
    """The name of what was found in the file; empty where nothing was. Raises Unreachable or Unjudged."""
    try:
        with _connected(address) as server, path.open("rb") as file:
            server.sendall(b"zINSTREAM\0")
            while block := file.read(BLOCK):
                server.sendall(struct.pack("!L", len(block)) + block)
            server.sendall(struct.pack("!L", 0))
            answer = _answer(server)
    except OSError as problem:
        raise Unreachable(str(problem)) from problem
    verdict = answer.removeprefix("stream: ")
    if verdict == "OK":
        return ""
    if verdict.endswith(" FOUND"):
        return verdict.removesuffix(" FOUND")
    if verdict.endswith("ERROR"):
        raise Unjudged(verdict)
    raise Unreachable(f"an answer that is none: {verdict[:80]!r}")


def _connected(address: str) -> socket.socket:
    if address.startswith("unix:"):
        server = socket.socket(socket.AF_UNIX)
        server.settimeout(SECONDS)
        server.connect(address.removeprefix("unix:"))
        return server
    host, _colon, port = address.rpartition(":")
    return socket.create_connection((host.strip("[]"), int(port)), timeout=SECONDS)


def _answer(server: socket.socket) -> str:
    said = b""
    while not said.endswith(b"\0") and len(said) < 4096 and (more := server.recv(4096)):
        said += more
    return said.rstrip(b"\0\n").decode("utf-8", "replace")
