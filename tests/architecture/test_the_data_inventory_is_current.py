from django.core.management import call_command

from accounts.access import scoped_models
from accounts.inventory import render


def test_the_stored_inventory_is_the_generated_one():
    call_command("privacy_inventory", check=True, verbosity=0)


def test_every_scoped_model_is_listed():
    text = render()
    assert [model for model in scoped_models() if f"| {model._meta.label} |" not in text] == []
