from importlib import import_module

from django.apps import AppConfig


class LeadsConfig(AppConfig):
    name = "rongtong.domain.leads"
    label = "leads"

    def ready(self) -> None:
        """Declare access, actions and the names of events before the first question can be asked."""
        import_module("rongtong.domain.leads.access")
        import_module("rongtong.domain.leads.events")
        import_module("rongtong.domain.leads.actions")
        import_module("rongtong.domain.leads.blind")
        import_module("rongtong.domain.leads.personal")
        import_module("rongtong.domain.leads.telling")
