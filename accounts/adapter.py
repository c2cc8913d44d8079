"""The log-in as this product wants it: accounts are made by the administration."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from accounts.actor import Actor
from accounts.models import User
from accounts.services.users import change_own_password

# What allauth says on the pages in use. Its own German is informal, so the catalogue here says it anew.
SAID_BY_ALLAUTH = (
    gettext_noop("The username and/or password you specified are not correct."),
    gettext_noop("Too many failed login attempts. Try again later."),
    gettext_noop("Please type your current password."),
    gettext_noop("You must type the same password each time."),
)


class AccountAdapter(DefaultAccountAdapter):
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        return "/"

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("accounts:own")

    def clean_password(self, password: str, user: User | None = None) -> str:
        """A one-time password cannot be kept: the person who set it knows it."""
        if user is not None and user.check_password(password):
            raise ValidationError(_("Please choose a password other than the present one."))
        return str(super().clean_password(password, user))

    def set_password(self, user: User, password: str) -> None:
        change_own_password(Actor(user), password)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """No account mail is ever sent: passwords are set by the administration."""
