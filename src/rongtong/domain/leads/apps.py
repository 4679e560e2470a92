from importlib import import_module

from django.apps import AppConfig


class LeadsConfig(AppConfig):
    name = "rongtong.domain.leads"
    label = "leads"

    def ready(self) -> None:
        """Declare access and actions before the first question can be asked."""
        import_module("rongtong.domain.leads.access")
        import_module("rongtong.domain.leads.actions")
