"""What the pages of a file read for outreach, in one statement (``clients.file_rows``).

Contacts are not among them: they grow without end, and the rule reads the columns it looks at.
"""

from accounts.file_loader import Wanted
from accounts.models import User
from outreach.models import OutreachPolicy
from outreach.services.ladder_facts import TABLES

OUTREACH_TABLES: tuple[Wanted, ...] = (
    *TABLES,
    OutreachPolicy,
    # what these point to
    User,
)
