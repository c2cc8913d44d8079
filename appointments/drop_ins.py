"""What the author of a drop-in may reach in a colleague's file: her own entry and the case number (rules.md §1).

The file is closed to her. The form is opened with a signed key that was given to her when the file was
announced; it names her and the file, and every use checks again that she may still leave something there.
"""

import datetime
from dataclasses import dataclass
from uuid import UUID

from django.core import signing
from django.http import Http404

from accounts.models import User
from appointments.models import Contact, ContactFacts, ContactNote
from clients.models import Client

SALT = "appointments.drop_in"
VALID = datetime.timedelta(days=30)


@dataclass(frozen=True, slots=True)
class OwnEntry:
    """What the author typed: the current contact, or her own version once the manager has corrected it."""

    contact: Contact
    facts: ContactFacts
    case_no: str
    note: str


def sign_key(user: User, client: Client) -> str:
    """The key in the address of the form."""
    return signing.dumps([user.pk, str(client.uuid)], salt=SALT, compress=True)


def client_of_key(user: User, key: str) -> Client:
    """The file a key was given for.

    Raises:
        Http404: the key is false, too old, or another user's.
    """
    try:
        author, file = signing.loads(key, salt=SALT, max_age=VALID)
    except signing.BadSignature:
        raise Http404 from None
    rows = Client.objects.unscoped(reason="announced to this user, who holds a signed key")
    found: Client | None = rows.select_related("manager").filter(uuid=UUID(file)).first()
    if author != user.pk or found is None:
        raise Http404
    return found


def own_drop_in(user: User, key: UUID) -> Contact | None:
    """A contact that the user left in a colleague's file; None when this key belongs to no such contact."""
    rows = Contact.objects.unscoped(reason="one's own entry in a colleague's file")
    found: Contact | None = (
        rows.select_related("client", "client__manager", "main_topic", "language", "left_by")
        .filter(left_by_id=user.pk, uuid=key)
        .first()
    )
    return found


def own_entry(contact: Contact) -> OwnEntry:
    """The last text of a drop-in's author; she may not read the manager's correction."""
    version = None
    if contact.recorded_by_id != contact.left_by_id:
        version = (
            contact.versions.filter(recorded_by_id=contact.left_by_id)
            .select_related("client", "main_topic", "language")
            .first()
        )
    facts: ContactFacts = version or contact
    client = version.client if version else contact.client
    notes = ContactNote.objects.unscoped(reason="the author's own note in a colleague's file")
    note = notes.filter(contact=contact, version=version, client=client).first()
    return OwnEntry(contact, facts, client.case_no, note.text if note else "")
