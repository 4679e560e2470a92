from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "rongtong.portal"
    label = "portal"
