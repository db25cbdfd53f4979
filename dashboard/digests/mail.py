"""A letter by mail: SMTP with TLS and a login, told by the environment. What is secret is in no message of ours."""

import os
import smtplib
import ssl
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import formataddr, formatdate, make_msgid, parseaddr
from typing import Self
from urllib.parse import unquote, urlsplit

from dashboard.digests import forms
from dashboard.digests.letter import Letter
from dashboard.words import literal
from data_access.errors import Refused

URL = "DASHBOARD_SMTP_URL"  # smtp://user@host:587 (STARTTLS) or smtps://user@host:465
PASSWORD = "DASHBOARD_SMTP_PASSWORD"  # where the URL has none
SENDER = "DASHBOARD_MAIL_FROM"  # an address, with a name before it or not
_LONGEST_WAIT = 30  # seconds, for each answer of the server
_FINE = 250  # says a server that goes on
_LONGEST_LINE = 998  # of a header: what is folded inside of an address leads nowhere
_PORTS = {"smtp": 587, "smtps": 465}


class NotSent(Exception):
    """One letter was not sent, and why, without anything secret. The others may be."""


class PerhapsSent(NotSent):
    """The line broke once the letter was on its way: nobody here knows whether it came. It is not sent again."""


@dataclass(frozen=True)
class Server:
    """By which server mail goes, and in whose name."""

    host: str
    port: int
    is_tls_at_once: bool
    user: str
    password: str = field(repr=False)
    sender: str


def server() -> Server:
    """As the environment says. Raises Refused, naming what is missing."""
    said, sender = os.environ.get(URL, ""), os.environ.get(SENDER, "")
    if not said or not parseaddr(sender)[1]:
        raise Refused(
            f"To send mail, {URL} says by which server (smtp://user@mail.example.com:587, or smtps://…:465), "
            f"{PASSWORD} its password, and {SENDER} from whom (Cockpit <cockpit@example.com>)."
        )
    try:
        parts = urlsplit(said)
        port = parts.port
    except ValueError:
        raise Refused(f"{URL} is no address of a server. Write smtp://user@mail.example.com:587.") from None
    if parts.scheme not in _PORTS or not parts.hostname:
        raise Refused(f"{URL} is no address of a server. Write smtp://user@mail.example.com:587.")
    return Server(
        host=parts.hostname,
        port=port or _PORTS[parts.scheme],
        is_tls_at_once=parts.scheme == "smtps",
        user=unquote(parts.username or ""),
        password=unquote(parts.password or "") or os.environ.get(PASSWORD, ""),
        sender=sender,
    )


class Post:
    """One connection for many letters, made with the first; after a failure the next letter has one of its own.

    by    None: nobody gets mail
    """

    def __init__(self, by: Server | None):
        self._by = by
        self._line: smtplib.SMTP | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_stopped) -> None:
        self._hang_up()

    def send(self, letter: Letter, to: str, name: str, *, end_link: str) -> None:
        """Raises NotSent where the server refuses this letter, or is not to be had."""
        by = self._by or server()
        try:
            message = written(letter, by.sender, to, name, end_link)
        except (UnicodeError, ValueError):
            raise NotSent(f"{to!r} is no address that mail goes to") from None
        try:
            line = self._line = self._open() or _connected(by)
        except (smtplib.SMTPException, OSError) as error:
            raise NotSent(reason(error)) from None  # its trace would show what was said to the server
        try:
            line.send_message(message)
        except (smtplib.SMTPServerDisconnected, TimeoutError) as error:
            self._hang_up()
            raise PerhapsSent(f"perhaps sent; {reason(error)}") from None
        except (smtplib.SMTPException, OSError) as error:
            self._hang_up()
            raise NotSent(reason(error)) from None

    def _open(self) -> smtplib.SMTP | None:
        """The line there is, unless the server has closed it since the last letter."""
        try:
            if self._line is not None and self._line.noop()[0] == _FINE:
                return self._line
        except (smtplib.SMTPException, OSError):
            pass  # a new one is made
        self._hang_up()
        return None

    def _hang_up(self) -> None:
        line, self._line = self._line, None
        if line is not None:
            line.close()


def _connected(by: Server) -> smtplib.SMTP:
    trusted = ssl.create_default_context()
    if by.is_tls_at_once:
        line: smtplib.SMTP = smtplib.SMTP_SSL(by.host, by.port, timeout=_LONGEST_WAIT, context=trusted)
    else:
        line = smtplib.SMTP(by.host, by.port, timeout=_LONGEST_WAIT)
        line.starttls(context=trusted)  # raises where the server does not offer it: nothing is sent in clear
    if by.user:
        line.login(by.user, by.password)
    return line


def reason(error: Exception) -> str:
    """Why something was not sent, in a line; of a server's answer the number and its words."""
    match error:
        case smtplib.SMTPRecipientsRefused():
            code, said = next(iter(error.recipients.values()))
            return f"the server refused the recipient: {code} {_words(said)}"
        case smtplib.SMTPAuthenticationError():
            return f"the server refused the login: {error.smtp_code}"  # some servers repeat what was sent
        case smtplib.SMTPResponseException():
            return f"the server refused: {error.smtp_code} {_words(error.smtp_error)}"
        case ssl.SSLCertVerificationError():
            return f"the server's certificate is not to be trusted: {error.verify_message}"
        case OSError() if error.strerror:
            return f"no line to the server: {error.strerror}"
        case _:
            return f"no line to the server: {type(error).__name__}: {error}"


def _words(said: bytes | str) -> str:
    return literal.line(said.decode("utf-8", "replace") if isinstance(said, bytes) else said)


def written(letter: Letter, sender: str, to: str, name: str, end_link: str) -> EmailMessage:
    """The letter as a message with a text and an HTML form."""
    message = EmailMessage(policy=SMTP.clone(max_line_length=_LONGEST_LINE))
    message["Subject"] = literal.line(letter.subject)
    message["From"] = sender
    message["To"] = formataddr((literal.line(name), to))
    message["Date"] = formatdate()
    message["Message-ID"] = make_msgid(domain=parseaddr(sender)[1].rpartition("@")[2] or None)
    message["Auto-Submitted"] = "auto-generated"  # so that nobody's absence is answered to it
    message["List-Unsubscribe"] = f"<{end_link}>"
    message.set_content(forms.text(letter))
    message.add_alternative(forms.html(letter), subtype="html")
    return message
