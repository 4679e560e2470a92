"""Letters with links. They are sent when the write stands, by a thread of their own: who asks cannot tell from the time
of the answer whether there was anybody to write to."""

import logging
from concurrent.futures import Future, ThreadPoolExecutor
from smtplib import SMTPException

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction

log = logging.getLogger("rongtong.mail")
NOWHERE = "django.core.mail.backends.dummy.EmailBackend"
_postman = ThreadPoolExecutor(max_workers=1, thread_name_prefix="mail")


def mail_is_sent() -> bool:
    """Whether this installation can send mail at all."""
    return bool(settings.EMAIL_BACKEND != NOWHERE)


def post(to: str, subject: str, text: str) -> None:
    """Send a letter once the present transaction stands."""
    if to and mail_is_sent():
        transaction.on_commit(lambda: _postman.submit(_send, to, subject, text))


def delivered() -> None:
    """Wait until every letter handed over so far has been sent."""
    done: Future[None] = _postman.submit(lambda: None)
    done.result()


def _send(to: str, subject: str, text: str) -> None:
    try:
        send_mail(subject, text, None, [to])
    except (SMTPException, OSError) as error:
        # Neither the address nor the text belongs into the log: the text holds the link.
        log.error("a letter could not be sent: %s", type(error).__name__)
