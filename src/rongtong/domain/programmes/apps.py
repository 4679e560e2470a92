from importlib import import_module

from django.apps import AppConfig


class ProgrammesConfig(AppConfig):
    name = "rongtong.domain.programmes"
    label = "programmes"

    def ready(self) -> None:
        """Declare access, the names of events and actions before the first question can be asked."""
        import_module("rongtong.domain.programmes.access")
        import_module("rongtong.domain.programmes.events")
        import_module("rongtong.domain.programmes.actions.calls")
