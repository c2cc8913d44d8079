"""What the pages of a file read of this app's small tables (``clients.file_rows``).

Contacts are not among them: they grow without end, and pages read the newest ones.
"""

from accounts.file_loader import Table
from accounts.models import User
from appointments.models import Appointment

APPOINTMENT_TABLES: tuple[Table, ...] = (
    Appointment,
    # what these point to
    User,
)
