"""The few pages that belong to no app: is the service alive, is it ready, and the admin's log-in."""

from __future__ import annotations

import datetime

from django.conf import settings
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from daily.last_run import LastRun


@login_not_required
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """200 when the database answers, else 503."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return plain("database: no answer", 503)
    return plain("ok", 200)


@login_not_required
@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    """200 and the version when the database answers and has every migration; else 503 with what is missing.

    How the daily run went is said and never the reason of a 503: people can work without it, and a watcher that takes
    the service out would stop them.
    """
    try:
        executor = MigrationExecutor(connection)
        plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError:
        return plain("database: no answer", 503)
    pending = [f"{migration.app_label}.{migration.name}" for migration, _backwards in plan]
    if pending:
        return plain("pending migrations:\n" + "\n".join(pending), 503)
    return plain("\n".join([f"ready, version {settings.VERSION}", *daily_run(timezone.now())]), 200)


def daily_run(now: datetime.datetime) -> list[str]:
    """What there is to say about the last daily run; nothing while all is well."""
    last = LastRun.at(now)
    if last.run is None:
        return ["daily run: none yet"]
    began = timezone.localtime(last.run.started_at).isoformat(timespec="minutes")
    said = [f"daily run: older than 26 hours, last on {began}"] if last.is_stale else []
    return said + [f"daily run: step {code} failed" for code in last.failed]


def plain(text: str, status: int) -> HttpResponse:
    """A short answer for machines."""
    return HttpResponse(f"{text}\n", status=status, content_type="text/plain; charset=utf-8")


@login_not_required
def admin_login(request: HttpRequest, extra_context: dict[str, object] | None = None) -> HttpResponse:
    """The admin has no log-in page: anonymous users go to /login/, logged-in users without the right are refused.

    Django's own admin log-in would pass by the throttle on failed attempts.
    """
    if request.user.is_authenticated:
        raise PermissionDenied
    return redirect_to_login(request.GET.get(REDIRECT_FIELD_NAME) or reverse("admin:index"))
