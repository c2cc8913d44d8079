"""System checks that make a forgotten declaration fail at start."""

from typing import Any

from django.apps import apps
from django.core import checks
from django.core.exceptions import FieldDoesNotExist
from django.db import models

from accounts.access import Privacy, ScopedQuerySet, privacy_of, scoped_models

OWN_APPS = frozenset(
    {
        "ui",
        "audit",
        "accounts",
        "daily",
        "letters",
        "clients",
        "documents",
        "intake",
        "partners",
        "integration_plans",
        "appointments",
        "outreach",
        "funding",
        "reports",
        "demo",
    }
)

# Models without personal data of clients or staff duties, each with the reason it needs no scope.
WITHOUT_PRIVACY: dict[str, str] = {
    "audit.AuditEntry": "pseudonymous by design; read through the file page and by the administration",
    "accounts.User": "staff accounts, managed by the administration",
    "accounts.District": "an institution",
    "accounts.Municipality": "an institution",
    "accounts.Membership": "dates of an institution",
    "accounts.Service": "which member of staff serves where; known to all staff",
    "accounts.AccountChange": "about accounts: read by the person, the administration and the coordination",
}


def exempt(label: str, reason: str) -> None:
    """Add a model to the reasoned list; called from ``AppConfig.ready`` of its app."""
    WITHOUT_PRIVACY[label] = reason


def _is_catalogue(model: type[models.Model]) -> bool:
    from accounts.catalogues import Catalogue, Policy

    return issubclass(model, Catalogue | Policy)


def check_privacy(app_configs: Any, **kwargs: Any) -> list[checks.CheckMessage]:
    """accounts.E001 a model without privacy; E002 a wrong path; E003 rows not taken through a scope."""
    found: list[checks.CheckMessage] = []
    for model in apps.get_models():
        if model._meta.app_label not in OWN_APPS:
            continue
        declared = isinstance(getattr(model, "privacy", None), Privacy)
        listed = model._meta.label in WITHOUT_PRIVACY or _is_catalogue(model)
        if not declared and not listed:
            found.append(
                checks.Error(
                    f"{model._meta.label} declares no privacy.",
                    hint="Add `privacy = Privacy(scope=…)` or a reasoned entry in accounts.checks.WITHOUT_PRIVACY.",
                    obj=model,
                    id="accounts.E001",
                )
            )
    for model in scoped_models():
        found.extend(_check_path(model))
        if not isinstance(model._default_manager.all(), ScopedQuerySet):
            found.append(
                checks.Error(
                    f"{model._meta.label}.objects is not built from a ScopedQuerySet.",
                    hint="objects = SomeScopedQuerySet.as_manager()",
                    obj=model,
                    id="accounts.E003",
                )
            )
    return found


def _check_path(model: type[models.Model]) -> list[checks.CheckMessage]:
    privacy = privacy_of(model)
    step: type[models.Model] = model
    for name in filter(None, privacy.scope.split("__")):
        try:
            related = step._meta.get_field(name).related_model
        except FieldDoesNotExist:
            related = None
        if related is None or isinstance(related, str):
            return [
                checks.Error(
                    f"{model._meta.label}.privacy: path “{privacy.scope}” breaks at “{name}”.",
                    obj=model,
                    id="accounts.E002",
                )
            ]
        step = related
    expected = "accounts.User" if privacy.root == "user" else "clients.Client"
    if step._meta.label != expected:
        return [
            checks.Error(
                f"{model._meta.label}.privacy: path “{privacy.scope}” ends at {step._meta.label}, "
                f"not at {expected}.",
                obj=model,
                id="accounts.E002",
            )
        ]
    return []


def register_checks() -> None:
    """Register the checks once, from ``AppConfig.ready``."""
    checks.register(check_privacy, checks.Tags.models)
