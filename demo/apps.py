"""The app of the invented district; installed with ``DEMO`` only."""

from django.apps import AppConfig


class DemoConfig(AppConfig):
    name = "demo"
