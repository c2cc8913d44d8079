"""What the pages of a file read of this app's small tables (``clients.file_rows``).

Whole contacts are not among them: they grow without end, and pages read the newest ones.
"""

from accounts.file_loader import Part, Wanted
from accounts.models import User
from appointments.models import Appointment, Contact

APPOINTMENT_TABLES: tuple[Wanted, ...] = (
    Appointment,
    # which appointments speak through a contact
    Part(Contact, "appointment__client", ("id", "appointment")),
    # what these point to
    User,
)
