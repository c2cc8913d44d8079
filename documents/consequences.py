"""What stops when a consent is revoked, told before anybody does it (rules.md §13)."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from clients.file_context import FileContext
from documents.choices import ConsentKind
from documents.file_rows import kept_of
from documents.models import ClientMail, Consent
from ui.dates import date_de


def consequences_of(file: FileContext, consent: Consent) -> list[str]:
    """Sentences, the most tangible first; the last ones say what stays."""
    return [*_stops(file, consent), *_stays(file, consent)]


def _stops(file: FileContext, consent: Consent) -> Iterator[str]:
    words = {"recipient": consent.recipient}
    match consent.kind:
        case ConsentKind.EMAIL:
            yield _("No more reminders are sent by e-mail.")
            waiting = (
                ClientMail.objects.visible_to(file.user).of(file.client).waiting().filter(consent=consent)
            )
            for mail in waiting.order_by("day", "pk"):
                yield _("The reminder of %(day)s that waits is not sent.") % {"day": date_de(mail.day)}
        case ConsentKind.RELEASE:
            yield _("%(recipient)s is told nothing more by us.") % words
            if consent.mutual:
                yield _("%(recipient)s may tell us nothing more either.") % words
        case ConsentKind.VOLUNTEER_SHARING:
            yield _("%(recipient)s receives no further data. Please tell them today.") % words
        case ConsentKind.INTERPRETER:
            yield (
                _("%(recipient)s interprets no more. Please look at the appointments that are planned.")
                % words
            )
        case ConsentKind.PHOTO:
            yield _("Photos are not used any more; what can be taken back is taken back.")
        case ConsentKind.DATA_PROCESSING:
            yield _(
                "Nothing more is recorded that rests on this consent alone, and what does is to be deleted."
            )


def _stays(file: FileContext, consent: Consent) -> Iterator[str]:
    others = [row for row in kept_of(file).in_force(file.today) if row.pk != consent.pk]
    if others:
        yield _("These stay until each is revoked: %(titles)s.") % {
            "titles": "; ".join(other.title for other in others)
        }
    yield _("What was done until then stays lawful. Counselling goes on; nobody has a drawback.")
