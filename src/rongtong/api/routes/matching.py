"""Who can answer a demand."""

from ninja import Router

router = Router(tags=["matching"])
