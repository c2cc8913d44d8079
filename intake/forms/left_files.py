"""Re-opening the file of somebody whose last manager has left."""

from accounts.forms import ScopedForm
from clients.forms.files import ReopenFields
from clients.forms.find import ExactFileFields


class ReopenLeftForm(ReopenFields, ExactFileFields, ScopedForm):
    """Whose file it is, exactly, and how counselling begins again."""

    arrangement = ("case_no", ("surname", "given_name", "birth_date"), "phase", "on", "reason")
