"""A mail server on this machine that holds real conversations and refuses on demand."""

import email
import email.policy
import socketserver
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from typing import Any

HANG_UP = "hang up"


class MailServer(socketserver.ThreadingTCPServer):
    """Takes every message unless ``answers`` says otherwise.

    Attributes:
        answers: what is said instead, by command; ``BODY`` is the end of a message, ``HANG_UP`` an answer that never
            comes.
        taken: addresses and messages in the order they came.
        commands: first words of what clients said.
        on_body: called before a message is taken.
    """

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Conversation)
        self.answers: dict[str, str] = {}
        self.taken: list[tuple[list[str], EmailMessage]] = []
        self.commands: list[str] = []
        self.on_body: Callable[[], Any] = lambda: None

    @property
    def port(self) -> int:
        return int(self.server_address[1])


class Conversation(socketserver.StreamRequestHandler):
    server: MailServer

    def handle(self) -> None:
        self.say("220 mail.test ready")
        to: list[str] = []
        while line := self.rfile.readline().decode().strip():
            verb = line.split()[0].upper()
            self.server.commands.append(verb)
            if verb == "RCPT" and verb not in self.server.answers:
                to.append(line.partition("<")[2].partition(">")[0])
            if verb == "DATA" and verb not in self.server.answers:
                self.say("354 go on")
                body = self.body()
                self.server.on_body()
                if self.server.answers.get("BODY") == HANG_UP:
                    self.server.taken.append((to, body))
                    return
                if self.say(self.server.answers.get("BODY", "250 taken")).startswith("2"):
                    self.server.taken.append((to, body))
                continue
            self.say(self.server.answers.get(verb, "221 bye" if verb == "QUIT" else "250 fine"))
            if verb == "QUIT":
                return

    def body(self) -> EmailMessage:
        lines = []
        while (line := self.rfile.readline()) != b".\r\n":
            lines.append(line.removeprefix(b"."))
        message = email.message_from_bytes(b"".join(lines), policy=email.policy.default)
        assert isinstance(message, EmailMessage)
        return message

    def say(self, text: str) -> str:
        self.wfile.write(f"{text}\r\n".encode())
        return text


@contextmanager
def served() -> Iterator[MailServer]:
    """A mail server while the block lasts."""
    with MailServer() as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()


def use(settings: Any, port: int) -> None:
    """Send through a server of this machine, without encryption and log-in."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
    settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
    settings.DEFAULT_FROM_EMAIL = "im@example.org"
