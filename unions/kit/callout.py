"""A POST to an address outside that somebody typed in: over TLS, to public addresses alone, within a few seconds.

The name is resolved once, every address it has is looked at, and the connection goes to the one that was looked at:
a name that answers differently the second time gains nothing. Redirects are not followed.
"""

import http.client
import ipaddress
import json
import socket
import ssl
import threading
from urllib.parse import SplitResult, urlsplit

SECONDS = 10
ANSWER = 4096
# Ways to write an address of IPv4, the private ones too, within IPv6.
_TRANSLATED = [ipaddress.ip_network(net) for net in ("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32")]


class NotSent(Exception):
    """Nothing has left: the address may not be called, or cannot be reached."""


class Refused(Exception):
    """The other side answered that it does not take it."""


class Uncertain(Exception):
    """It may have arrived; the line broke before the answer came."""


def is_public(address: str) -> bool:
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        if any(ip in network for network in _TRANSLATED):
            return False
        ip = ip.ipv4_mapped or ip
    return ip.is_global and not (ip.is_multicast or ip.is_reserved)


def parsed(url: str, allowed: tuple[str, ...] = ()) -> SplitResult:
    """The parts of an address of the right form; `allowed` names host:port pairs that need not be public."""
    parts = urlsplit(url)
    try:
        port = parts.port or 443
    except ValueError as problem:
        raise NotSent("the port is not a number") from problem
    if parts.scheme != "https" or not parts.hostname or parts.username or parts.password:
        raise NotSent("not an https address")
    if port != 443 and f"{parts.hostname}:{port}" not in allowed:
        raise NotSent("only port 443 may be called")
    return parts


def has_form(url: str, allowed: tuple[str, ...] = ()) -> bool:
    try:
        return bool(parsed(url, allowed))
    except NotSent:
        return False


def resolved(parts: SplitResult, allowed: tuple[str, ...] = ()) -> str:
    """An address to connect to, once all that the name has are public."""
    host, port = str(parts.hostname), parts.port or 443
    try:
        found = [str(info[4][0]) for info in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    except (OSError, UnicodeError) as problem:
        raise NotSent(f"the name {host} is not known") from problem
    if f"{host}:{port}" not in allowed and not all(is_public(address) for address in found):
        raise PermissionError(f"{host} lies within a private network")
    return found[0]


class _Line(http.client.HTTPSConnection):
    """Connects to the address that was looked at; the certificate must be the name's."""

    def __init__(self, host: str, port: int, address: str):
        self.tls, self.address = ssl.create_default_context(), address
        super().__init__(host, port, timeout=SECONDS, context=self.tls)

    def connect(self) -> None:
        line = socket.create_connection((self.address, self.port), self.timeout)
        try:
            self.sock = self.tls.wrap_socket(line, server_hostname=self.host)
        except BaseException:
            line.close()
            raise

    def hang_up(self) -> None:
        """Whoever answers a byte a second does not keep us."""
        if self.sock is not None:
            self.sock.shutdown(socket.SHUT_RDWR)


def post(url: str, body: bytes, headers: dict[str, str], allowed: tuple[str, ...] = ()) -> None:
    """Hand the body over. Returns when the other side took it; raises NotSent, Refused or Uncertain."""
    parts = parsed(url, allowed)
    try:
        line = _Line(str(parts.hostname), parts.port or 443, resolved(parts, allowed))
        line.connect()
    except PermissionError as problem:
        raise NotSent(str(problem)) from problem
    except OSError as problem:
        raise NotSent(f"{type(problem).__name__}: {problem}") from problem
    alarm = threading.Timer(SECONDS, line.hang_up)
    alarm.start()
    try:
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        line.request("POST", path, body, headers)
        answer = line.getresponse()
        status, text = answer.status, answer.read(ANSWER)
    except (OSError, http.client.HTTPException) as problem:
        raise Uncertain(f"{type(problem).__name__}: {problem}") from problem
    finally:
        alarm.cancel()
        line.close()
    if not 200 <= status < 300 or (code := _error_code(text)):
        raise Refused(f"HTTP {status}" if not 200 <= status < 300 else f"errcode {code}")


def _error_code(text: bytes) -> int | str:
    """Chat robots say 200 and put their refusal into the body."""
    try:
        answer = json.loads(text)
    except ValueError:
        return 0
    return answer.get("errcode", 0) if isinstance(answer, dict) else 0
