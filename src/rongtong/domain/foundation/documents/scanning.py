"""An outside virus scanner, where the operator has one: ClamAV's daemon, asked over its INSTREAM command.

The platform itself knows no virus signatures; without a scanner nothing is scanned, and the documentation says so. When
one is set but does not answer, the upload is refused: the operator asked for every file to be scanned.
"""

import logging
import socket
import struct
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _

from rongtong.domain.foundation.errors import Invalid

TIMEOUT_SECONDS = 60.0
_BLOCK = 1 << 16
log = logging.getLogger("rongtong.documents")


def scan(path: Path) -> None:
    """Ask the scanner about the file at ``path``; Invalid when it found something or could not be asked."""
    if not settings.ENVIRONMENT.clamd:
        return
    try:
        answer = _ask(settings.ENVIRONMENT.clamd, path)
    except OSError as error:
        log.error("clamd at %s does not answer: %s", settings.ENVIRONMENT.clamd, error)
        raise Invalid(_("病毒检查暂时不可用，文件没有接收。请稍后再试，或联系平台管理员。")) from error
    if answer.endswith("FOUND"):
        log.warning("clamd: %s", answer)
        raise Invalid(_("病毒检查发现这个文件带有恶意代码，没有接收。请先在本机查杀病毒。"))
    if not answer.endswith("OK"):
        log.error("clamd answered %r", answer)
        raise Invalid(_("病毒检查没有完成，文件没有接收。请稍后再试，或联系平台管理员。"))


def _ask(address: str, path: Path) -> str:
    with _connected(address) as connection, path.open("rb") as file:
        connection.sendall(b"zINSTREAM\0")
        while block := file.read(_BLOCK):
            connection.sendall(struct.pack("!I", len(block)) + block)
        connection.sendall(struct.pack("!I", 0))
        answer = b""
        while not answer.endswith(b"\0") and (part := connection.recv(4096)):
            answer += part
    return answer.rstrip(b"\0").decode(errors="replace").strip()


def _connected(address: str) -> socket.socket:
    """A connection to ``host:port``, or to the socket file at an absolute path."""
    if not address.startswith("/"):
        host, _colon, port = address.rpartition(":")
        return socket.create_connection((host, int(port)), timeout=TIMEOUT_SECONDS)
    connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    connection.settimeout(TIMEOUT_SECONDS)
    connection.connect(address)
    return connection
