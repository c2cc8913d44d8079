"""Users and places in the Django admin; no case model is ever registered here (a test pins the registry)."""

from collections.abc import Callable, Sequence
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Model, QuerySet
from django.forms import BaseModelFormSet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.debug import sensitive_post_parameters

from accounts import actions as codes
from accounts import duties
from accounts.actor import Actor
from accounts.admin_forms import (
    DeactivateForm,
    HeirForm,
    NewUserForm,
    PasswordForm,
    PeriodForm,
    ReasonForm,
    RoleForm,
    ServiceForm,
    ServiceFormSet,
)
from accounts.catalogue_admin import CatalogueAdmin
from accounts.models import AccountChange, District, Membership, Municipality, Role, Service, User
from accounts.permissions import may
from accounts.services import users as services

admin.site.site_header = gettext_lazy("Administration")
admin.site.site_title = gettext_lazy("Administration")
admin.site.index_title = gettext_lazy("Users, places and value lists")


class AdminInline(admin.TabularInline):
    """An inline with the rights of the one table."""

    permission = "admin.users"
    extra = 0

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return may(request.user, self.permission)

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return may(request.user, self.permission)

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return may(request.user, self.permission)

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


class ServiceInline(AdminInline):
    model = Service
    fk_name = "user"
    form = ServiceForm
    formset = ServiceFormSet

    def get_extra(self, request: HttpRequest, obj: Model | None = None, **kwargs: Any) -> int:
        return 1 if obj is None else 0


class MembershipInline(AdminInline):
    model = Membership
    form = PeriodForm

    def get_min_num(self, request: HttpRequest, obj: Model | None = None, **kwargs: Any) -> int:
        """A new municipality takes part: without a membership nobody could open a file there."""
        return 1 if obj is None else 0


def role_name(code: str) -> str:
    """What a stored role is called; empty where no role changed."""
    return str(Role(code).label) if code in Role.values else code


class ChangeInline(AdminInline):
    model = AccountChange
    fk_name = "user"
    fields = ("at", "kind", "role_before", "role_after", "files", "successor", "reason", "by")
    readonly_fields = fields

    @admin.display(description=gettext_lazy("role before"))
    def role_before(self, change: AccountChange) -> str:
        return role_name(change.old)

    @admin.display(description=gettext_lazy("role after"))
    def role_after(self, change: AccountChange) -> str:
        return role_name(change.new)

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


@admin.register(User)
class UserAdmin(CatalogueAdmin):
    """Accounts. Role and activity change only through actions that call services, with a reason."""

    permission = "admin.users"
    changed = codes.USER_CHANGED
    list_display = ("username", "last_name", "first_name", "role", "whole_district", "is_active")
    list_filter = ("role", "is_active")
    search_fields = ("username", "last_name", "first_name")
    fields = (
        "username",
        "first_name",
        "last_name",
        "email",
        "phone",
        "language",
        "role",
        "whole_district",
        "is_active",
        "last_login",
    )
    readonly_fields = ("role", "whole_district", "is_active", "last_login")
    inlines = (ServiceInline, ChangeInline)
    actions = ("change_role", "deactivate", "activate", "set_password")

    def get_form(
        self, request: HttpRequest, obj: User | None = None, change: bool = False, **kwargs: Any
    ) -> type[forms.ModelForm]:
        if obj is None:
            return NewUserForm
        return super().get_form(request, obj, change=change, **kwargs)

    def get_fields(self, request: HttpRequest, obj: Model | None = None) -> Any:
        if obj is None:
            return ("username", "first_name", "last_name", "role", "whole_district", "password1", "password2")
        return super().get_fields(request, obj)

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> Any:
        return () if obj is None else super().get_readonly_fields(request, obj)

    def get_inlines(self, request: HttpRequest, obj: Model | None) -> Any:
        return (ServiceInline,) if obj is None else super().get_inlines(request, obj)

    def save_model(self, request: HttpRequest, obj: User, form: forms.ModelForm, change: bool) -> None:
        if change:
            super().save_model(request, obj, form, change)
            return
        services.create_user(Actor(request.user), obj)
        text = _("The password serves for the first log-in only; then %(user)s chooses one of their own.")
        messages.info(request, text % {"user": obj.username})

    def save_related(
        self, request: HttpRequest, form: forms.ModelForm, formsets: Sequence[BaseModelFormSet], change: bool
    ) -> None:
        super().save_related(request, form, formsets, change)
        self._say_without_place(request, form.instance)

    def get_urls(self) -> list[URLPattern]:
        password = path(
            "<int:pk>/password/",
            self.admin_site.admin_view(self.password_view),
            name="accounts_user_password",
        )
        return [password, *super().get_urls()]

    @method_decorator(sensitive_post_parameters())
    def password_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """A one-time password; every session of the user ends."""
        if not may(request.user, self.permission):
            raise PermissionDenied
        if pk == request.user.pk:
            return HttpResponseRedirect(reverse("account_change_password"))
        user = self.get_object(request, str(pk))
        if user is None:
            return HttpResponseRedirect(reverse("admin:accounts_user_changelist"))
        form = PasswordForm(request.POST or None, accounts=[user])
        if request.method == "POST" and form.is_valid():
            reason, password = form.cleaned_data["reason"], form.cleaned_data["password1"]
            services.set_password(Actor(request.user), user, password, reason=reason)
            text = _("The one-time password was set. Open sessions of this account have ended.")
            messages.success(request, text)
            return HttpResponseRedirect(reverse("admin:accounts_user_change", args=[pk]))
        return self._form_page(request, form, _("Set a one-time password"), [user], "")

    @admin.action(description=gettext_lazy("Set a one-time password …"))
    def set_password(self, request: HttpRequest, queryset: QuerySet[User]) -> HttpResponse | None:
        user = queryset.first()
        if user is None or queryset.count() != 1:
            messages.error(request, _("Please choose exactly one account."))
            return None
        return HttpResponseRedirect(reverse("admin:accounts_user_password", args=[user.pk]))

    @admin.action(description=gettext_lazy("Change the role …"))
    def change_role(self, request: HttpRequest, queryset: QuerySet[User]) -> HttpResponse | None:
        def act(user: User, data: dict[str, Any]) -> None:
            unassigned = 0 if data["role"] == Role.MANAGER else duties.open_files(user)
            changed = services.change_role(
                Actor(request.user),
                user,
                data["role"],
                whole_district=data["whole_district"],
                reason=data["reason"],
                follow_up_successor=data.get("follow_up_successor"),
            )

            self._say_what_fell(request, user, unassigned)
            self._say_without_place(request, changed)

        return self._act(request, queryset, "change_role", RoleForm, _("Change the role"), act)

    @admin.action(description=gettext_lazy("Deactivate …"))
    def deactivate(self, request: HttpRequest, queryset: QuerySet[User]) -> HttpResponse | None:
        def act(user: User, data: dict[str, Any]) -> None:
            unassigned = 0 if data["successor"] else duties.open_files(user)
            services.deactivate(
                Actor(request.user),
                user,
                reason=data["reason"],
                successor=data["successor"],
                follow_up_successor=data.get("follow_up_successor"),
            )

            self._say_what_fell(request, user, unassigned)

        return self._act(request, queryset, "deactivate", DeactivateForm, _("Deactivate"), act)

    @admin.action(description=gettext_lazy("Activate again …"))
    def activate(self, request: HttpRequest, queryset: QuerySet[User]) -> HttpResponse | None:
        def act(user: User, data: dict[str, Any]) -> None:
            activated = services.activate(Actor(request.user), user, reason=data["reason"])
            self._say_without_place(request, activated)

        return self._act(request, queryset, "activate", ReasonForm, _("Activate again"), act)

    def _act(
        self,
        request: HttpRequest,
        queryset: QuerySet[User],
        name: str,
        form_class: type[ReasonForm],
        title: str,
        act: Callable[[User, dict[str, Any]], None],
    ) -> HttpResponse | None:
        if not may(request.user, self.permission):
            raise PermissionDenied
        chosen = list(queryset)
        form = form_class(request.POST if "confirmed" in request.POST else None, accounts=chosen)
        if form.is_bound and form.is_valid():
            # An error at a field takes its value out of ``cleaned_data``; the next account needs it still.
            data, refused_users = dict(form.cleaned_data), []
            for user in chosen:
                try:
                    act(user, data)
                except ValidationError as refused:
                    self._refuse(request, form, user, refused)
                    refused_users.append(user)
                else:
                    messages.success(request, _("%(user)s: done.") % {"user": user.username})
            if not form.errors:
                return None
            chosen = refused_users
        return self._form_page(request, form, title, chosen, name)

    @staticmethod
    def _refuse(request: HttpRequest, form: forms.Form, user: User, refused: ValidationError) -> None:
        """Say at the field what can be mended there; everything else above the list."""
        by_field = refused.error_dict if hasattr(refused, "error_dict") else {}
        for field in by_field:
            for text in refused.message_dict[field]:
                form.add_error(field if field in form.fields else None, f"{user.username}: {text}")
        if not by_field:
            messages.error(request, f"{user.username}: {' '.join(refused.messages)}")

    @staticmethod
    def _say_what_fell(request: HttpRequest, user: User, number: int) -> None:
        """Where a caseload without a successor waits, and how it is assigned."""
        if number:
            text = ngettext(
                "%(number)d file now waits in the inbox.", "%(number)d files now wait in the inbox.", number
            )
            url = reverse("intake:caseload_list")
            link = format_html('<a href="{}">{}</a>', url, _("Assign files by number"))
            messages.warning(
                request, format_html("{}: {} {}", user.username, text % {"number": number}, link)
            )

    @staticmethod
    def _say_without_place(request: HttpRequest, user: User) -> None:
        """Nobody ends up with empty pages without the administration reading so."""
        if not user.is_active or not user.needs_place:
            return
        if not Service.objects.on(timezone.localdate()).filter(user=user).exists():
            text = _(
                "%(user)s serves in no municipality today, so the pages of this account are empty. "
                "Please enter a municipality on the page of the account."
            )
            messages.warning(request, text % {"user": user.username})

    @staticmethod
    def _owed(user: User) -> str:
        """What an account would leave behind, in numbers."""
        return duties.in_words(duties.open_duties(user))

    def _form_page(
        self, request: HttpRequest, form: forms.BaseForm, title: str, users: list[User], action: str
    ) -> TemplateResponse:
        return TemplateResponse(
            request,
            "admin/accounts/user/act.html",
            {
                **self.admin_site.each_context(request),
                "title": title,
                "form": form,
                "users": [(user, self._owed(user) if isinstance(form, HeirForm) else "") for user in users],
                "action_name": action,
                "opts": self.model._meta,
            },
        )


@admin.register(District)
class DistrictAdmin(CatalogueAdmin):
    permission = "admin.users"


@admin.register(Municipality)
class MunicipalityAdmin(CatalogueAdmin):
    permission = "admin.users"
    list_display = ("name", "code", "district")
    inlines = (MembershipInline,)
