"""The processes of the foundation, where every app keeps its own."""

from rongtong.domain.foundation.sealing.states import BOX, ENVELOPE

__all__ = ["BOX", "ENVELOPE"]
