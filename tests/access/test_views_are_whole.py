"""A view that leaves something out does not import (architecture.md "Row access")."""

from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured

from accounts.generic import PageView
from clients.views.base import FileWriteView


@pytest.mark.parametrize("permission", [None, "client.nonsense"])
def test_a_view_without_a_permission_of_the_table_is_refused(permission: str | None) -> None:
    with pytest.raises(ImproperlyConfigured, match="permission"):
        type("Page", (PageView,), {"permission": permission})


def test_a_write_view_without_its_service_call_is_refused() -> None:
    with pytest.raises(ImproperlyConfigured, match="leaves out form_valid"):
        type("Edit", (FileWriteView,), {"permission": "client.edit"})


def test_a_base_may_leave_it_to_its_views() -> None:
    class Base(FileWriteView, abstract=True):
        permission = "client.edit"

    class Edit(Base):
        def form_valid(self, form: Any) -> None:
            return None

    assert Edit.permission == "client.edit"
