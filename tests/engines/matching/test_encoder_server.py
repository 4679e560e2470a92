"""Any OpenAI-compatible server can make the vectors; what it refuses is told with its own words."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import numpy as np
import pytest

from rongtong.engines.matching.encoder import EncoderError, EncoderSettings, ServerEncoder, open_encoder
from rongtong.engines.matching.encoding import server as server_module


class Embeddings(BaseHTTPRequestHandler):
    """Answers with the lengths of the texts; statuses queued in `refusals` are given first."""

    refusals: list[int] = []
    requests: list[dict] = []
    broken: object = None

    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.requests.append({**body, "key": self.headers["Authorization"], "path": self.path})
        if self.refusals:
            self._send(self.refusals.pop(0), {"error": {"message": "try later"}})
        else:
            self._send(200, self.broken or {"data": self._rows(body["input"])})

    def _rows(self, texts):
        rows = [{"index": index, "embedding": [len(text), 1.0]} for index, text in enumerate(texts)]
        return rows[::-1]

    def _send(self, status, answer):
        body = json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *arguments):
        pass


@pytest.fixture
def handler():
    return type("Handler", (Embeddings,), {"refusals": [], "requests": [], "broken": None})


@pytest.fixture
def url(handler, monkeypatch):
    monkeypatch.setattr(server_module, "FIRST_PAUSE_SECONDS", 0.01)
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/v1"
        server.shutdown()
        thread.join()


def test_vectors_come_back_in_the_order_of_the_texts_with_length_one(url):
    vectors = ServerEncoder(url, "m").encode(["aaa", "a"], role="query")
    assert np.allclose(vectors, np.array([[3, 1], [1, 1]]) / np.sqrt([[10], [2]]))


def test_prefix_key_and_model_reach_the_server(url, handler, tmp_path):
    settings = EncoderSettings("server", tmp_path, url=url, model="m", key="secret", query_prefix="query: ")
    encoder = open_encoder(settings)
    assert encoder is not None
    encoder.encode(["a"], role="query")
    encoder.close()
    sent = handler.requests[-1]
    assert (sent["path"], sent["model"], sent["key"], sent["input"]) == (
        "/v1/embeddings", "m", "Bearer secret", ["query: a"],
    )  # fmt: skip
    assert "secret" not in repr(settings)


def test_a_passing_failure_is_tried_again(url, handler):
    handler.refusals += [503, 429]
    assert ServerEncoder(url, "m").encode(["a"], role="query").shape == (1, 2)
    assert len(handler.requests) == 3


def test_a_lasting_failure_ends_with_the_servers_words(url, handler):
    handler.refusals += [503] * 9
    with pytest.raises(EncoderError, match=r"status 503.*try later.*attempt 3"):
        ServerEncoder(url, "m").encode(["a"], role="query")


def test_a_refusal_is_not_tried_again(url, handler):
    handler.refusals += [401]
    with pytest.raises(EncoderError, match="status 401"):
        ServerEncoder(url, "m").encode(["a"], role="query")
    assert len(handler.requests) == 1


@pytest.mark.parametrize("broken", [{"rows": []}, {"data": []}, {"data": [{"index": 0, "embedding": ["x"]}]}, [1]])
def test_an_answer_in_another_form_is_told(url, handler, broken):
    handler.broken = broken
    with pytest.raises(EncoderError, match="embedding server"):
        ServerEncoder(url, "m").encode(["a"], role="query")


def test_nobody_listening_is_told_with_the_address():
    with pytest.raises(EncoderError, match=r"http://127\.0\.0\.1:9/v1/embeddings"):
        ServerEncoder("http://127.0.0.1:9/v1", "m", timeout=1).encode(["a"], role="query")


def test_many_texts_are_sent_in_chunks(url, handler):
    assert len(ServerEncoder(url, "m").encode(["a"] * 70, role="passage")) == 70
    assert [len(request["input"]) for request in handler.requests] == [32, 32, 6]


@pytest.mark.parametrize(("address", "model"), [("ftp://x", "m"), ("", "m"), ("http://x", "")])
def test_settings_that_cannot_work_are_refused_at_once(address, model):
    with pytest.raises(EncoderError):
        ServerEncoder(address, model)
