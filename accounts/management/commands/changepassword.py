"""``manage.py changepassword``: what is typed on the command line serves for one log-in."""

import getpass
from typing import Any

from django.contrib.auth.management.commands import changepassword

from accounts.actor import Actor
from accounts.models import User
from accounts.services.users import mark_as_one_time


class Command(changepassword.Command):
    help = "Set a one-time password for an account; its owner chooses another one at the next log-in."

    def handle(self, *args: Any, **options: Any) -> str | None:
        said: str | None = super().handle(*args, **options)
        user = User.objects.get(username=options["username"] or getpass.getuser())
        mark_as_one_time(Actor(None), user, reason="")
        return said
