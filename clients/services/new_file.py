"""What a new file consists of: the same rows for the form, for an imported list and for the demonstration."""

from collections.abc import Iterable

from django.db import models

from accounts.models import User
from clients.models import (
    Client,
    ClientLanguage,
    ClientName,
    CounsellingPeriod,
    PhaseChange,
    Responsibility,
    SpokenLanguage,
)
from clients.services.names import fill_folded, fill_search_name


def new_file(
    client: Client, *, by: User | None, languages: Iterable[SpokenLanguage] = ()
) -> list[models.Model]:
    """The unsaved rows that every new file has from the start.

    Args:
        client: unsaved, with the person, municipality, manager, phase and its day, and the instant of registration;
            its search key is filled here. A running case is taken over and not taken: no first contact is due.
        by: who registers it.
        languages: what the person speaks, most fluent first.

    Returns:
        Main name, languages, counselling period, responsibility and phase, in an order in which they can be saved.
    """
    fill_search_name(client)
    name = ClientName(client=client, surname=client.surname, given_name=client.given_name, is_main=True)
    return [
        fill_folded(name),
        *(
            ClientLanguage(client=client, language=language, order=order)
            for order, language in enumerate(languages)
        ),
        CounsellingPeriod(client=client, opened_on=client.phase_since),
        Responsibility(
            client=client,
            manager=client.manager,
            municipality=client.municipality,
            since=client.registered_at,
            recorded_by=by,
            is_taking=client.manager is not None and client.taken_over_on is None,
        ),
        PhaseChange(client=client, phase=client.phase, on=client.phase_since, at=client.registered_at, by=by),
    ]
