"""What the pages of a file read of this app's small tables, in one statement (``clients.file_rows``).

Contacts are not among them: they grow without end, and pages read the newest ones.
"""

from accounts.models import User
from accounts.together import Table
from appointments.services.ladder_facts import TABLES

APPOINTMENT_TABLES: tuple[Table, ...] = (
    *TABLES,
    # what these point to
    User,
)
