from importlib import import_module

from django.apps import AppConfig


class PartiesConfig(AppConfig):
    name = "rongtong.domain.parties"
    label = "parties"

    def ready(self) -> None:
        """Declare access, actions and the names of events before the first question can be asked."""
        import_module("rongtong.domain.parties.access")
        import_module("rongtong.domain.parties.events")
        import_module("rongtong.domain.parties.signing.access")
        import_module("rongtong.domain.parties.consent.access")
        import_module("rongtong.domain.parties.personal.access")
        import_module("rongtong.domain.parties.personal.own")
        import_module("rongtong.domain.parties.actions")
        import_module("rongtong.domain.parties.signing.actions")
        import_module("rongtong.domain.parties.consent.actions")
        import_module("rongtong.domain.parties.personal.actions")
