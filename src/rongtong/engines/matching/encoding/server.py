"""Vectors from any OpenAI-compatible embedding server (`POST {url}/embeddings`)."""

import json
import time
from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

import numpy as np

from rongtong.engines.matching.encoding.base import EncoderError, Progress, Role, Vectors, unit

CHUNK = 32
ATTEMPTS = 3
FIRST_PAUSE_SECONDS = 0.5
# Too many requests, and failures of the server itself, may pass; every other refusal will not.
PASSING = {408, 429, 500, 502, 503, 504}
QUOTED_CHARACTERS = 200


class ServerEncoder:
    """An embedding server asked in chunks; passing failures are tried again with growing pauses."""

    note = ""

    def __init__(
        self, url: str, model: str, key: str = "", timeout: float = 30.0, prefixes: Mapping[Role, str] | None = None
    ) -> None:
        if urlsplit(url).scheme not in ("http", "https"):
            raise EncoderError(f"the address of the embedding server must start with http:// or https://, not {url!r}")
        if not model:
            raise EncoderError("the embedding server needs the name of a model")
        self.name = f"{model}@{url}"
        self._address = url.rstrip("/") + "/embeddings"
        self._model = model
        self._key = key
        self._timeout = timeout
        self._prefixes = dict(prefixes or {})

    @cached_property
    def dimension(self) -> int:
        """Numbers in a vector, learnt from the server's answer to one word."""
        return int(self._request(["维"]).shape[1])

    def encode(self, texts: Sequence[str], *, role: Role, progress: Progress | None = None) -> Vectors:
        """float32 [texts, dimension], each row of length 1. Raises EncoderError when the server gives no vectors."""
        if not texts:
            return np.empty((0, self.dimension), np.float32)
        parts = []
        for start in range(0, len(texts), CHUNK):
            parts.append(self._request([self._prefixes.get(role, "") + text for text in texts[start : start + CHUNK]]))
            if progress:
                progress(min(start + CHUNK, len(texts)), len(texts))
        return unit(np.concatenate(parts))

    def _request(self, texts: list[str]) -> Vectors:
        body = json.dumps({"model": self._model, "input": texts, "encoding_format": "float"}).encode()
        return self._vectors(self._answer(body), len(texts))

    def _answer(self, body: bytes) -> Any:
        for attempt in range(1, ATTEMPTS + 1):
            try:
                return self._post(body)
            except HTTPError as error:
                reason = f"status {error.code}: {_quoted(error)}"
                if error.code not in PASSING:
                    break
            except (URLError, TimeoutError, ConnectionError) as error:
                reason = str(getattr(error, "reason", error))
            if attempt < ATTEMPTS:
                time.sleep(FIRST_PAUSE_SECONDS * 2 ** (attempt - 1))
        raise EncoderError(f"the embedding server {self._address} gave no vectors ({reason}), attempt {attempt}")

    def _post(self, body: bytes) -> Any:
        request = Request(self._address, data=body, headers=self._headers(), method="POST")
        with urlopen(request, timeout=self._timeout) as response:
            answer = response.read()
        try:
            return json.loads(answer)
        except ValueError as error:
            raise EncoderError(f"the embedding server {self._address} did not answer in JSON: {error}") from error

    def _headers(self) -> dict[str, str]:
        headers = {"Content-Type": "application/json"}
        if self._key:
            headers["Authorization"] = f"Bearer {self._key}"
        return headers

    def _vectors(self, answer: Any, expected: int) -> Vectors:
        try:
            rows = sorted(answer["data"], key=lambda row: row["index"])
            vectors = np.array([row["embedding"] for row in rows], np.float32)
        except (KeyError, TypeError, ValueError) as error:
            raise EncoderError(f"the embedding server {self._address} answered in another form: {error!r}") from error
        if vectors.ndim != 2 or len(vectors) != expected or not np.isfinite(vectors).all():
            raise EncoderError(
                f"the embedding server {self._address} gave vectors of shape {vectors.shape} for {expected} texts"
            )
        return vectors


def _quoted(error: HTTPError) -> str:
    return error.read(QUOTED_CHARACTERS).decode("utf-8", "replace")
