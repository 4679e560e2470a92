from importlib import import_module

from django.apps import AppConfig


class RegistryConfig(AppConfig):
    name = "rongtong.domain.registry"
    label = "registry"

    def ready(self) -> None:
        """Declare access, actions and the names of events before the first question can be asked."""
        import_module("rongtong.domain.registry.access")
        import_module("rongtong.domain.registry.events")
        import_module("rongtong.domain.registry.documents")
        import_module("rongtong.domain.registry.actions")
        import_module("rongtong.domain.registry.exchange.actions")
        import_module("rongtong.domain.registry.disclosing.actions")
        import_module("rongtong.domain.registry.personal")
        import_module("rongtong.domain.registry.telling")
