"""Which files are about the same person (rules.md §8): keys only, whoever asks."""

from collections.abc import Collection, Mapping

from clients.models import Client, DuplicateLink


def leading_files(keys: Collection[int]) -> Mapping[int, int]:
    """Which of these files are kept twice, each with the key of the file that leads; one query."""
    links = DuplicateLink.objects.unscoped(reason="keys only").holding().filter(client__in=keys)
    return dict(links.values_list("client_id", "other_id"))


def linked_with(client: Client) -> frozenset[int]:
    """Keys of the files linked with this one."""
    links = DuplicateLink.objects.unscoped(reason="keys only").holding().of(client)
    pairs = links.values_list("client_id", "other_id")
    return frozenset(other if one == client.pk else one for one, other in pairs)
