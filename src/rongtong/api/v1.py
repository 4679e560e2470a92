"""The first version of the interface, put together from its routers."""

from ninja import NinjaAPI

api = NinjaAPI(title="Rongtong 融通", version="1.0", urls_namespace="api-v1")
