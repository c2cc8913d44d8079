"""What the file page shows of appointments and follow-ups, beside its timeline."""

from typing import Any

from appointments.models import Appointment, FollowUp

SHOWN = 8


def appointments(view: Any) -> dict[str, Any]:
    """Planned appointments of the file, the undecided ones first."""
    rows = Appointment.objects.visible_to(view.request.user).of(view.client)
    return {
        "undecided_appointments": rows.undecided(view.now).order_by("starts_at")[:SHOWN],
        "next_appointments": rows.upcoming(view.now).order_by("starts_at")[:SHOWN],
    }


def follow_ups(view: Any) -> dict[str, Any]:
    """Open follow-ups of the file."""
    rows = FollowUp.objects.visible_to(view.request.user).of(view.client).open().select_related("owner")
    return {"follow_ups": rows.order_by("due_on", "pk")[:SHOWN]}
