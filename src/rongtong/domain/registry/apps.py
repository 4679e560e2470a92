from importlib import import_module

from django.apps import AppConfig


class RegistryConfig(AppConfig):
    name = "rongtong.domain.registry"
    label = "registry"

    def ready(self) -> None:
        """Declare access and actions before the first question can be asked."""
        import_module("rongtong.domain.registry.access")
        import_module("rongtong.domain.registry.actions")
        import_module("rongtong.domain.registry.exchange.actions")
