from django.apps import AppConfig


class RegistryConfig(AppConfig):
    name = "rongtong.domain.registry"
    label = "registry"
