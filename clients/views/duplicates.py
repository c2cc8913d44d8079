"""Whether two files are about one person: the verdict, and asking again."""

from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext_lazy

from clients.models import Client
from clients.services import told_apart
from clients.views.edit import FileActionView


class _PairView(FileActionView, abstract=True):
    """A button about this file and another one that the user knows; everything else does not exist."""

    permission = "client.edit"

    def other(self) -> Client:
        """The other file of the pair."""
        found = told_apart.known_file(self.request.user, self.kwargs["other"])
        if found is None or found.pk == self.client.pk:
            raise Http404
        return found

    def back(self) -> str:
        return f"{reverse('clients:person', args=[self.client.uuid])}#p-same"


class ToldApartView(_PairView):
    """Different persons; they are not suspected again."""

    done = gettext_lazy("Remembered: these are different persons.")

    def act(self) -> None:
        told_apart.tell_apart(self.actor, self.client, [self.other()])


class AskAgainView(_PairView):
    """The same person after all? The suspicion stands again."""

    done = gettext_lazy("The question is open again.")

    def act(self) -> None:
        told_apart.ask_again(self.actor, self.client, self.other())
