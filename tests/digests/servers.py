"""Real servers on free ports: of mail with TLS and a login, and of a chat's webhook."""

import json
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from pathlib import Path
from threading import Thread

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

USER, PASSWORD = "cockpit", "s3cret/@:%"


def certificate(folder: Path) -> tuple[Path, Path]:
    """A certificate of 127.0.0.1 and its key, as files."""
    key, name = ec.generate_private_key(ec.SECP256R1()), x509.Name([])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=True)
        .sign(key, hashes.SHA256())
    )
    chain, private = folder / "certificate.pem", folder / "key.pem"
    chain.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    pem, bare = serialization.Encoding.PEM, serialization.NoEncryption()
    private.write_bytes(key.private_bytes(pem, serialization.PrivateFormat.PKCS8, bare))
    return chain, private


@dataclass
class Mailbox:
    """What a server of mail took, by recipient; it refuses `unknown`."""

    port: int = 0
    unknown: str = ""
    taken: list[tuple[str, EmailMessage]] = field(default_factory=list)
    written: list[bytes] = field(default_factory=list)

    async def handle_RCPT(self, _server, _session, envelope, address, _options):
        if address == self.unknown:
            return "550 No such user here"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server, _session, envelope):
        [address] = envelope.rcpt_tos
        self.taken.append((address, message_from_bytes(envelope.content, policy=policy.default)))
        self.written.append(b"\r\n" + envelope.content)
        return "250 OK"


@contextmanager
def mailing(files: tuple[Path, Path] | None) -> Iterator[Mailbox]:
    """A server that takes mail after STARTTLS and a login alone; without files it knows neither."""
    box = Mailbox()

    def login(_server, _session, _envelope, _way, told):
        is_right = (told.login, told.password) == (USER.encode(), PASSWORD.encode())
        return AuthResult(success=is_right, handled=False)  # else the server leaves a refusal to us, and says nothing

    class Served(Controller):
        def factory(self):
            if files is None:
                return SMTP(box)
            context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
            context.load_cert_chain(*files)
            return SMTP(box, tls_context=context, require_starttls=True, auth_required=True, authenticator=login)

    with ThreadingHTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler) as free:
        box.port = free.server_port
    served = Served(box, hostname="127.0.0.1", port=box.port)
    served.start()
    try:
        yield box
    finally:
        served.stop()


@dataclass
class Chat:
    """What was posted to a webhook: the path with its query, and the body; it answers `answer`."""

    address: str = ""
    answer: tuple[int, str] = (200, "")
    posted: list[tuple[str, dict]] = field(default_factory=list)
    sizes: list[int] = field(default_factory=list)


@contextmanager
def chatting() -> Iterator[Chat]:
    chat = Chat()

    class Answering(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            chat.posted.append((self.path, json.loads(body)))
            chat.sizes.append(len(body))
            code, said = chat.answer
            self.send_response(code)
            if code == 302:
                self.send_header("Location", f"{chat.address}/elsewhere")
            self.end_headers()
            self.wfile.write(said.encode())

        def log_message(self, *_said):
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Answering) as server:
        chat.address = f"http://127.0.0.1:{server.server_port}"
        thread = Thread(target=server.serve_forever)
        thread.start()
        try:
            yield chat
        finally:
            server.shutdown()
            thread.join()
