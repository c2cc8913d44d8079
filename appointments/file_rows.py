"""What the pages of a file read of this app's small tables (``clients.file_rows``).

Whole contacts are not among them: they grow without end, and pages read the newest ones.
"""

from accounts.file_loader import WHOLE, Part, Wanted
from accounts.models import User
from appointments.models import Appointment, Contact, FollowUp
from clients.models import ClientLanguage, SpokenLanguage, Topic
from integration_plans.file_rows import PROGRESS_TABLES

APPOINTMENT_TABLES: tuple[Wanted, ...] = (
    Appointment,
    # which appointments speak through a contact
    Part(Contact, "appointment__client", ("id", "appointment")),
    # the open ones
    Part(FollowUp, "client", empty=("done_at",)),
    # what these point to
    User,
)
CONTACT_FORM_TABLES: tuple[Wanted, ...] = (
    ClientLanguage,
    # the one of today that a talk may be the outcome of
    Appointment,
    # offered whole
    Part(SpokenLanguage, WHOLE),
    Part(Topic, WHOLE),
)
LOG_TABLES: tuple[Wanted, ...] = (*CONTACT_FORM_TABLES, *PROGRESS_TABLES)
"""What the log reads of its file: the form of a contact, and the goals it may note progress of."""
