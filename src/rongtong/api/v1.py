"""The first version of the interface, put together from its routes."""

from typing import Any

from ninja import NinjaAPI
from ninja.openapi.schema import OpenAPISchema

from rongtong.api.caller import Caller
from rongtong.api.failures import answer_failures
from rongtong.api.reading import CarefulParser, PlainRenderer
from rongtong.api.routes import catalogue, disclosures, documents, imports, leads, matching, resources

DESCRIPTION = """\
Everything the portal shows and does, for programs. A key (`Authorization: Bearer rt_…`) acts for the account that made
it; without one a caller is a visitor and sees what is public. Every refusal has one form: `message`, and `problems` by
field. Messages come in the language of `Accept-Language` (`zh-hans`, `en`). Lists take `limit` and `offset`.
"""


class Interface(NinjaAPI):
    """An API whose key may be left out: then one is a visitor. Its description says so of every operation."""

    _described: OpenAPISchema | None = None

    def get_openapi_schema(self, **options: Any) -> OpenAPISchema:
        """Put together once: that takes a second of work, and it is the same for whoever asks."""
        if self._described is None:
            described = super().get_openapi_schema(**options)
            for path in described["paths"].values():
                for operation in path.values():
                    operation["security"] = [*operation["security"], {}]
            self._described = described
        return self._described


api = Interface(
    title="Rongtong 融通",
    version="1.0",
    description=DESCRIPTION,
    urls_namespace="api-v1",
    docs_url=None,  # the stock page loads its scripts from another host
    auth=Caller(),
    parser=CarefulParser(),
    renderer=PlainRenderer(),
)
answer_failures(api)
api.add_router("", catalogue.router)
api.add_router("", resources.router)
api.add_router("", documents.router)
api.add_router("", disclosures.router)
api.add_router("", matching.router)
api.add_router("", leads.router)
api.add_router("", imports.router)
