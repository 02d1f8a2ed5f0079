"""The cross-encoder in PyTorch, for training only; `claims.matching.meaning` runs it from an ONNX file.

A pre-trained encoder (MiniLM, Wang et al., NeurIPS 2020) reads both texts of a pair, told also which words both have.
Its first place and the means over each text are compared as in InferSent (Conneau et al., EMNLP 2017).
"""

import torch
from torch import Tensor, nn
from torch.nn import functional

from claims.extraction.network import HEADS, HIDDEN, INNER, POSITIONS, VOCABULARY, Layer
from claims.matching.meaning import OUTPUTS, SHARES

DROPOUT = 0.1
LAYERS = 6


class Pairs(nn.Module):
    """Pairs of texts in, the log odds of OUTPUTS for each: (rows, pieces) to (rows, OUTPUTS)."""

    def __init__(self, layers: int = LAYERS) -> None:
        super().__init__()
        self.piece = nn.Embedding(VOCABULARY, HIDDEN)
        self.position = nn.Embedding(POSITIONS, HIDDEN)
        self.side = nn.Embedding(2, HIDDEN)
        self.shared = nn.Embedding(SHARES, HIDDEN)
        self.norm = nn.LayerNorm(HIDDEN, eps=1e-12)
        self.layers = nn.ModuleList(Layer(HIDDEN, HEADS, INNER) for _ in range(layers))
        self.told = nn.Linear(3 * HIDDEN, OUTPUTS)
        nn.init.normal_(self.told.weight, std=0.02)
        nn.init.zeros_(self.told.bias)

    def forward(self, pieces: Tensor, sides: Tensor, shared: Tensor) -> Tensor:
        valid = pieces != 0
        hidden = self.piece(pieces) + self.position.weight[: pieces.shape[1]] + self.side(sides) + self.shared(shared)
        hidden = functional.dropout(self.norm(hidden), DROPOUT, self.training)
        for layer in self.layers:
            hidden = layer(hidden, valid[:, None, None, :])
        a = _mean(hidden, valid & (sides == 0))
        b = _mean(hidden, valid & (sides == 1))
        compared = torch.cat([hidden[:, 0], (a - b).abs(), a * b], -1)
        return self.told(functional.dropout(compared, DROPOUT, self.training))

    @torch.no_grad()
    def load_pretrained(self, weights: dict[str, Tensor]) -> None:
        """Take over the weights of a BERT of this width; where it has more layers, those from the first on."""
        self.piece.weight.copy_(weights["embeddings.word_embeddings.weight"])
        self.position.weight.copy_(weights["embeddings.position_embeddings.weight"])
        self.side.weight.copy_(weights["embeddings.token_type_embeddings.weight"])
        self.shared.weight.zero_()
        for kind in ("weight", "bias"):
            getattr(self.norm, kind).copy_(weights[f"embeddings.LayerNorm.{kind}"])
            for number, layer in enumerate(self.layers):
                name = f"encoder.layer.{number}"
                attention = [weights[f"{name}.attention.self.{part}.{kind}"] for part in ("query", "key", "value")]
                getattr(layer.attend, kind).copy_(torch.cat(attention))
                getattr(layer.attended, kind).copy_(weights[f"{name}.attention.output.dense.{kind}"])
                getattr(layer.norm_attended, kind).copy_(weights[f"{name}.attention.output.LayerNorm.{kind}"])
                getattr(layer.widen, kind).copy_(weights[f"{name}.intermediate.dense.{kind}"])
                getattr(layer.narrow, kind).copy_(weights[f"{name}.output.dense.{kind}"])
                getattr(layer.norm, kind).copy_(weights[f"{name}.output.LayerNorm.{kind}"])


def _mean(hidden: Tensor, chosen: Tensor) -> Tensor:
    weights = chosen[..., None].to(hidden.dtype)
    return (hidden * weights).sum(1) / weights.sum(1).clamp(min=1)
