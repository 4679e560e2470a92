"""Where mail goes, read from one address: ``smtp://user:password@host:587`` (STARTTLS), ``smtps://…``, ``file:///…``."""

from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

SMTP = "django.core.mail.backends.smtp.EmailBackend"
BACKENDS = {
    "": "django.core.mail.backends.dummy.EmailBackend",
    "console": "django.core.mail.backends.console.EmailBackend",
    "file": "django.core.mail.backends.filebased.EmailBackend",
    "smtp": SMTP,
    "smtps": SMTP,
}
PORTS = {"smtp": 587, "smtps": 465}


@dataclass(frozen=True, slots=True)
class Mail:
    """What Django is told about sending mail. A relay on this machine is spoken to without TLS."""

    backend: str
    host: str = ""
    port: int = 25
    user: str = ""
    password: str = ""
    tls: bool = False
    ssl: bool = False
    folder: str | None = None


def read_mail(url: str) -> Mail:
    """The settings behind ``url``; an empty one sends nothing."""
    parts = urlsplit(url)
    backend = BACKENDS[parts.scheme]
    if backend != SMTP:
        return Mail(backend, folder=parts.path or None)
    host = parts.hostname or "localhost"
    return Mail(
        backend,
        host=host,
        port=parts.port or PORTS[parts.scheme],
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        tls=parts.scheme == "smtp" and host not in ("localhost", "127.0.0.1"),
        ssl=parts.scheme == "smtps",
    )
