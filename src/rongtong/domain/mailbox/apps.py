from importlib import import_module

from django.apps import AppConfig


class MailboxConfig(AppConfig):
    name = "rongtong.domain.mailbox"
    label = "mailbox"

    def ready(self) -> None:
        """Declare access, names and actions, and listen to what happens."""
        import_module("rongtong.domain.mailbox.access")
        import_module("rongtong.domain.mailbox.events")
        import_module("rongtong.domain.mailbox.actions")
        import_module("rongtong.domain.mailbox.personal")
        import_module("rongtong.domain.mailbox.telling")
