"""The app of all reading surfaces."""

from django.apps import AppConfig


class ReportsConfig(AppConfig):
    name = "reports"
