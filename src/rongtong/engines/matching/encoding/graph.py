"""The network of e5-small as an ONNX graph with int8 matrix products.

The graph takes one text's tokens and gives one vector. There is no mask and no padding: texts run one by one and
several runs go side by side, which measured faster on a server CPU than padded batches, and it makes a vector depend
on its own text alone (activations are quantised by the range of the whole input, neighbours included).
The word embeddings stay in their original four bits; every other matrix becomes int8 with one scale per output.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from rongtong.engines.matching.encoding.weights import BLOCK_WEIGHTS, Weights

TOKENS, VECTOR = "tokens", "vector"
# Raise when the graph changes: converted files of older graphs are then left aside.
GRAPH_VERSION = 1
MICROSOFT = "com.microsoft"
OPSET, MICROSOFT_OPSET, IR_VERSION = 21, 1, 10


def write_graph(weights: Weights, path: Path) -> None:
    """Convert the weights and write the ONNX file (about 82 MB) to `path`."""
    graph = _Graph(weights)
    hidden = graph.embeddings()
    for layer in range(weights.shape.layers):
        hidden = graph.layer(f"l{layer}", hidden)
    graph.pool(hidden)
    onnx.save(graph.model(), str(path))


class _Graph:
    """Collects nodes and constants; each method adds one part of the network and returns the name of its output."""

    def __init__(self, weights: Weights) -> None:
        self.weights = weights
        self.shape = weights.shape
        self.nodes: list[Any] = []
        self.constants: list[Any] = []

    def constant(self, name: str, values: NDArray[Any]) -> str:
        self.constants.append(numpy_helper.from_array(np.ascontiguousarray(values), name))
        return name

    def tensor(self, name: str) -> str:
        return self.constant(name, self.weights.tensor(name))

    def node(self, kind: str, inputs: Sequence[str], output: str, domain: str = "", **attributes: Any) -> str:
        self.nodes.append(helper.make_node(kind, list(inputs), [output], domain=domain, **attributes))
        return output

    def embeddings(self) -> str:
        """Word, position and type embeddings, summed and normalised."""
        words = self.word_embeddings()
        summed = self.node("Add", [words, self.positions()], "embedded")
        scale, shift = self.tensor("emb.ln.w"), self.tensor("emb.ln.b")
        return self.node("LayerNormalization", [summed, scale, shift], "x0", epsilon=self.shape.epsilon)

    def word_embeddings(self) -> str:
        nibbles, scales = self.weights.four_bit("emb.word", self.shape.vocabulary)
        self.constants.append(_signed_four_bit("words", nibbles))
        inputs = ["words", TOKENS, self.constant("word_scales", scales)]
        attributes = {"gather_axis": 0, "quantize_axis": 1, "block_size": BLOCK_WEIGHTS}
        return self.node("GatherBlockQuantized", inputs, "word_vectors", MICROSOFT, **attributes)

    def positions(self) -> str:
        # Every token has type 0 and position i, so both embeddings are one table cut to the length of the text.
        table = self.weights.matrix("emb.pos", self.shape.positions)
        table = table + self.weights.matrix("emb.type", self.shape.token_types)[0]
        self.constant("position_table", table)
        self.constant("zero", np.array([0], np.int64))
        self.node("Shape", [TOKENS], "length", start=1, end=2)
        return self.node("Slice", ["position_table", "zero", "length"], "position_vectors")

    def layer(self, name: str, hidden: str) -> str:
        attended = self.product(f"{name}.ao", self.attention(name, hidden))
        hidden = self.add_and_normalise(name, "aln", attended, hidden, bias=f"{name}.ao.b")
        inner = self.product(f"{name}.fi", hidden)
        active = self.node("BiasGelu", [inner, self.tensor(f"{name}.fi.b")], f"{name}.active", MICROSOFT)
        outer = self.product(f"{name}.fo", active)
        return self.add_and_normalise(name, "oln", outer, hidden, bias=f"{name}.fo.b")

    def attention(self, name: str, hidden: str) -> str:
        projected = self.product(f"{name}.qkv", hidden, [f"{name}.{part}.w" for part in "qkv"])
        parts = [f"{name}.{part}" for part in "QKV"]
        self.nodes.append(helper.make_node("Split", [projected], parts, axis=-1, num_outputs=3))
        biases = np.concatenate([self.weights.tensor(f"{name}.{part}.b") for part in "qkv"])
        inputs = [*parts, self.constant(f"{name}.qkv.b", biases)]
        return self.node("MultiHeadAttention", inputs, f"{name}.attended", MICROSOFT, num_heads=self.shape.heads)

    def product(self, name: str, hidden: str, tensors: Sequence[str] = ()) -> str:
        """hidden x matrix in int8; the matrix is [outputs, inputs] in the file and may be stacked from several."""
        matrix = np.concatenate([self.weights.matrix(each, self.outputs(each)) for each in tensors or [f"{name}.w"]])
        values, scales = _int8(matrix)
        inputs = [hidden, self.constant(f"{name}.values", values.T), self.constant(f"{name}.scales", scales)]
        zeros = self.constant(f"{name}.zeros", np.zeros(len(scales), np.int8))
        return self.node("DynamicQuantizeMatMul", [*inputs, zeros], f"{name}.product", MICROSOFT)

    def outputs(self, tensor: str) -> int:
        return self.shape.feed_forward if tensor.endswith(".fi.w") else self.shape.hidden

    def add_and_normalise(self, layer: str, norm: str, update: str, residual: str, bias: str) -> str:
        scale, shift = self.tensor(f"{layer}.{norm}.w"), self.tensor(f"{layer}.{norm}.b")
        inputs = [update, residual, scale, shift, self.tensor(bias)]
        output = f"{layer}.{norm}.output"
        return self.node("SkipLayerNormalization", inputs, output, MICROSOFT, epsilon=self.shape.epsilon)

    def pool(self, hidden: str) -> str:
        """Mean over the tokens, then length 1: the sum has the same direction as the mean."""
        summed = self.node("ReduceSum", [hidden, self.constant("one", np.array([1], np.int64))], "summed", keepdims=0)
        return self.node("LpNormalization", [summed], VECTOR, axis=-1, p=2)

    def model(self) -> Any:
        tokens = helper.make_tensor_value_info(TOKENS, TensorProto.INT64, ["texts", "length"])
        vector = helper.make_tensor_value_info(VECTOR, TensorProto.FLOAT, ["texts", self.shape.hidden])
        graph = helper.make_graph(self.nodes, "e5-small", [tokens], [vector], self.constants)
        opsets = [helper.make_opsetid("", OPSET), helper.make_opsetid(MICROSOFT, MICROSOFT_OPSET)]
        return helper.make_model(graph, opset_imports=opsets, ir_version=IR_VERSION)


def _int8(matrix: NDArray[np.float32]) -> tuple[NDArray[np.int8], NDArray[np.float32]]:
    """[outputs, inputs] -> int8 of the same shape and the scale of each output."""
    scales = np.abs(matrix).max(axis=1) / 127
    values = np.round(matrix / scales[:, None]).astype(np.int8)
    return values, scales.astype(np.float32)


def _signed_four_bit(name: str, nibbles: NDArray[np.uint8]) -> Any:
    """Unsigned nibbles 0..15 (meaning value - 8) as an ONNX int4 tensor, two to a byte, the first in the low half."""
    rows, columns = nibbles.shape
    signed = nibbles ^ 0x08
    packed = signed[:, 0::2] | (signed[:, 1::2] << 4)
    return helper.make_tensor(name, TensorProto.INT4, [rows, columns], packed.tobytes(), raw=True)
