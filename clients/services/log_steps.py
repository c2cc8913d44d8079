"""Saves a form and the talk that goes with it in one transaction."""

from collections.abc import Callable
from typing import TypeVar

from accounts.actor import Actor
from clients.log_steps import LogStepMixin
from clients.models import Client
from clients.services.change import change

Written = TypeVar("Written")


def write_with_talk(
    actor: Actor, client: Client, form: LogStepMixin, write: Callable[[], Written | None]
) -> Written | None:
    """Write what a form is about, and the talk it carries.

    Args:
        actor: who acts, and when.
        client: the file.
        form: validated, with its parts.
        write: calls the service of the form; None says that it refused, and then no talk is written either.

    Raises:
        StepRefused: the talk cannot be written; nothing was.
    """
    with change(actor, [client], needs="contact.log", allow_closed=True):
        written = write()
        for step in form.inner if written is not None else ():
            step.log(actor)
    return written
