"""What the invented people allowed, what they were told, and a few documents with bytes of their own."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable, Sequence
from typing import Any

from clients.choices import PointKind
from clients.models import Client, ContactPoint
from demo.rows import Rows
from demo.story import Story
from demo.world import World, at, random_key
from documents.choices import ConsentKind, DocumentKind, FileType, HowGiven, HowInformed
from documents.models import Consent, Document, InformationGiven
from documents.rules.consent import duty_of
from documents.storage import path_of

SHOWN = "STU"
"""No other town has its histories, so what names a person may be told there."""
RELEASES: Sequence[tuple[str, str, str, bool]] = (
    ("Jobcenter Landkreis Karlsruhe", "Stand der Anträge, Termine", "Anträge gemeinsam klären", False),
    ("Volkshochschule Stutensee", "Kursstufe, Anwesenheit", "Passender Sprachkurs", False),
    ("Hausarztpraxis Dr. Beispiel", "Befunde zur Reisefähigkeit", "Unterlagen für die Behörde", True),
)
DOCUMENTS: Sequence[tuple[DocumentKind, str, str, bool]] = (
    (DocumentKind.LETTER, "Bescheid Jobcenter", "Bewilligungsbescheid.pdf", False),
    (DocumentKind.CERTIFICATE, "Zertifikat Sprachkurs B1", "Zertifikat-B1.pdf", False),
    (DocumentKind.CERTIFICATE, "Attest", "Attest.pdf", True),
)


def add_consents(world: World, rows: Rows, stories: Iterable[Story]) -> None:
    """Asked for in the first talk; drawn apart, so that no other part of a story depends on it."""
    for story in stories:
        if not story.talk_days or story.manager is None:
            continue
        pick = world.chance("consents", story.client.case_no)
        first = min(story.talk_days)
        common: dict[str, Any] = {
            "client": story.client,
            "language": story.client.preferred_language,
            "recorded_by": story.manager,
            "recorded_at": at(first, 16, 25),
            "given_on": first,
        }
        if pick.random() < 0.9:
            source = story.client.source.code if story.client.source else ""
            rows.add(
                InformationGiven,
                uuid=random_key(pick),
                article=duty_of(source),
                how=HowInformed.SHEET,
                **common,
            )
        common |= {"how": HowGiven.WRITTEN, "explained": True}
        rows.add(
            Consent,
            uuid=random_key(pick),
            kind=ConsentKind.DATA_PROCESSING,
            scope="Angaben aus der Beratung, soweit für Plan und Nachweis nötig",
            purpose="Integrationsmanagement",
            **common,
        )
        if pick.random() < 0.4:
            recipient, scope, purpose, about_health = pick.choice(RELEASES)
            ends = world.as_of + dt.timedelta(days=pick.randint(5, 400))
            rows.add(
                Consent,
                uuid=random_key(pick),
                kind=ConsentKind.RELEASE,
                recipient=recipient,
                scope=scope,
                purpose=purpose,
                mutual=True,
                about_health=about_health,
                valid_until=ends,
                **common,
            )
        if story.place.municipality.code == SHOWN and pick.random() < 0.2:
            address = f"{story.client.case_no.lower()}@example.org"
            rows.add(
                ContactPoint,
                uuid=random_key(pick),
                client=story.client,
                kind=PointKind.EMAIL,
                value=address,
                normalised=address,
                since=story.registered_at,
            )
            rows.add(
                Consent,
                uuid=random_key(pick),
                kind=ConsentKind.EMAIL,
                scope="Tag und Uhrzeit eines Termins",
                purpose="Erinnerung an Termine",
                **common,
            )


def keep_documents(world: World, files: Sequence[Client]) -> None:
    """Documents in some of the files that are shown, with bytes that can be opened."""
    for number, client in enumerate(files[::3]):
        if client.manager is None:
            continue
        kind, description, name, about_health = DOCUMENTS[number % len(DOCUMENTS)]
        key = random_key(world.chance("document", client.case_no))
        data = pdf(f"{description} (Muster, erfunden)")
        path = path_of(key)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        Document._base_manager.create(
            uuid=random_key(world.chance("key of a document", client.case_no)),
            client=client,
            kind=kind,
            description=description,
            about_health=about_health,
            name=name,
            file_type=FileType.PDF,
            size=len(data),
            sha256=hashlib.sha256(data).hexdigest(),
            stored_as=key,
            added_by=client.manager,
            added_at=world.now - dt.timedelta(days=3 + number),
        )


def pdf(text: str) -> bytes:
    """A page with one line."""
    line = text.encode("cp1252", "replace").replace(b"(", b"\\(").replace(b")", b"\\)")
    drawn = b"BT /F1 18 Tf 72 760 Td (" + line + b") Tj ET"
    objects = (
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R "
        b"/Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(drawn), drawn),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    )
    out, places = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    head = b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    tail = b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, len(out))
    return out + head + table + tail
