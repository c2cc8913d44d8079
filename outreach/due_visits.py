"""What visits bring into *Mein Tag* besides the files: being asked along, being out, a colleague who is not back."""

from __future__ import annotations

import datetime
from collections.abc import Iterator

from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.file_loader import Part
from accounts.rules.calendar import local_date
from clients.worklist import READER, Group, Reader
from outreach.choices import CompanionState
from outreach.models import BackBy, VisitCompanion
from outreach.querysets import STANDING
from outreach.services import companions
from ui.dates import time_de
from ui.due import DueLine, Outcome
from ui.links import reverse

AHEAD = datetime.timedelta(days=14)
READ = (
    *(Part(BackBy, told, among=READER, empty=("back_at",)) for told in ("user", "colleague")),
    *(
        Part(VisitCompanion, told, ("id", "ends_at"), among=READER, after="ends_at")
        for told in ("colleague", "asked_by", "client__manager")
    ),
)
"""Who is out and not back, the reader herself and colleagues who named her; whether visits in pairs lie ahead."""
JOINED = ("colleague", "asked_by", "client")
SHOWN = (
    *(field.name for field in VisitCompanion._meta.concrete_fields),
    *(f"{who}__{name}" for who in JOINED[:2] for name in ("username", "first_name", "last_name")),
    *(f"client__{name}" for name in ("uuid", "case_no", "surname", "given_name", "manager")),
)
"""What a line says of a visit and its people."""


def lines(reader: Reader) -> Iterator[DueLine]:
    """The reader's own; nobody answers for whom she stands in for."""
    if not reader.is_own_day:
        return
    if reader.rows[VisitCompanion]:
        yield from _in_pairs(reader)
    out_now = {row.pk: row for row in reader.rows[BackBy]}
    for out in sorted(out_now.values(), key=lambda row: (row.by_at, row.pk)):
        if out.user_id == reader.user.pk:
            yield _out(out, reader)
        elif out.by_at <= reader.now:
            yield _not_back(out, reader)


def _in_pairs(reader: Reader) -> Iterator[DueLine]:
    """One statement for what is asked and answered, with its people."""
    soon = Q(starts_at__lt=reader.now + AHEAD) | Q(state=CompanionState.ASKED)
    asked = companions.in_day_of(reader.user).filter(soon, ends_at__gt=reader.now)
    joined = asked.select_related(*JOINED).only(*SHOWN).order_by()
    rows = sorted(joined, key=lambda row: (row.starts_at, row.pk))
    settled = {(row.client_id, local_date(row.starts_at)) for row in rows if row.state in STANDING}
    for row in rows:
        if row.colleague_id == reader.user.pk:
            yield from _asked(row, reader)
            continue
        is_hers = row.client.manager_id in reader.scope.caseloads
        asked_else = (row.client_id, local_date(row.starts_at)) in settled
        if row.state == CompanionState.DECLINED and is_hers and not asked_else:
            yield _declined(row, reader)


def _asked(row: VisitCompanion, reader: Reader) -> Iterator[DueLine]:
    """Time and address, and who asks; nothing of the file."""
    answer = reverse("visits:companion_answer", args=[row.uuid])
    text = _("home visit in pairs with %(name)s") % {"name": row.asked_by}
    until = _("until %(time)s") % {"time": time_de(row.ends_at)}
    if row.state == CompanionState.ASKED:
        yield DueLine(
            group=Group.OTHERS,
            kind="companion",
            today=reader.today,
            title=row.address,
            when=row.starts_at,
            text=_("%(name)s asks you to come along on a home visit") % {"name": row.asked_by},
            icon="users",
            note=f"{time_de(row.starts_at)} – {time_de(row.ends_at)}",
            emphasis=True,
            outcomes=(Outcome(_("I come along"), value="accept"), Outcome(_("I cannot"), value="decline")),
            outcome_name="answer",
            action_url=answer,
            action_method="post",
        )
    elif row.state == CompanionState.ACCEPTED:
        yield DueLine(
            group=Group.APPOINTMENTS,
            kind="companion",
            today=reader.today,
            title=row.address,
            when=row.starts_at,
            text=text,
            icon="users",
            note=until,
            action_label=_("I cannot"),
            action_url=answer,
            action_method="post",
            action_fields={"answer": "decline"},
        )
    elif row.state == CompanionState.WITHDRAWN and row.answered_at is not None:
        yield DueLine(
            group=Group.APPOINTMENTS,
            kind="companion",
            today=reader.today,
            title=row.address,
            when=row.starts_at,
            text=_("called off: %(what)s") % {"what": text},
            icon="users",
            note=until,
            done=True,
        )


def _declined(row: VisitCompanion, reader: Reader) -> DueLine:
    day = local_date(row.starts_at)
    return DueLine(
        group=Group.OTHERS,
        kind="companion",
        today=reader.today,
        title=row.client.display_name,
        case_no=row.client.case_no,
        url=row.client.get_absolute_url(),
        when=row.starts_at,
        text=_("%(name)s cannot come along on the home visit") % {"name": row.colleague},
        icon="users",
        action_label=_("Ask somebody else"),
        action_url=f"{reverse('file_outreach:companion', args=[row.client.uuid])}?round={day}",
    )


def _out(out: BackBy, reader: Reader) -> DueLine:
    told = _("otherwise %(name)s is told; this replaces no emergency call (112, 110)")
    return DueLine(
        group=Group.OTHERS,
        kind="back_by",
        today=reader.today,
        title=_("Back by %(time)s") % {"time": time_de(out.by_at)},
        when=local_date(out.by_at),
        text=" · ".join(part for part in (out.address, told % {"name": out.colleague}) if part),
        icon="pin",
        hard=True,
        action_label=_("I am back"),
        action_url=reverse("visits:back", args=[out.uuid]),
        action_method="post",
    )


def _not_back(out: BackBy, reader: Reader) -> DueLine:
    """Her name, the time, her number and the address; nothing of the file."""
    said = [_("wanted to be back by %(time)s") % {"time": time_de(out.by_at)}, out.address, out.user.phone]
    return DueLine(
        group=Group.OTHERS,
        kind="not_back",
        today=reader.today,
        title=str(out.user),
        when=local_date(out.by_at),
        text=" · ".join(part for part in (*said, _("no emergency call replaced: 112, 110")) if part),
        icon="late",
        hard=True,
        emphasis=True,
        action_label=_("Is back"),
        action_url=reverse("visits:back", args=[out.uuid]),
        action_method="post",
    )
