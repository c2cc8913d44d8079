"""Addresses of pages, looked up once: a worklist names a hundred, and each look-up costs what its line costs."""

import functools
from collections.abc import Sequence
from uuid import UUID

from django import urls


def reverse(route: str, args: Sequence[object] = ()) -> str:
    """Django's ``reverse``, which is asked once for a route whose arguments are keys of rows, or that has none."""
    for key in args:
        if not isinstance(key, UUID):
            return urls.reverse(route, args=args)
    return _pattern(urls.get_script_prefix(), route, len(args)).format(*args)


@functools.cache
def _pattern(_prefix: str, route: str, keys: int) -> str:
    """The address with a place for each key; braces of its own would be encoded."""
    places = [UUID(int=number) for number in range(keys)]
    address = urls.reverse(route, args=places)
    for number, place in enumerate(places):
        address = address.replace(str(place), f"{{{number}}}")
    return address
