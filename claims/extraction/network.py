"""The tagger's network in PyTorch, for training only; `claims.extraction.tagger` runs it from ONNX files.

A pre-trained encoder of six layers (MiniLM, Wang et al., NeurIPS 2020) reads word pieces, told also of capitals and
quotation marks. One linear layer tags cues. For each cue, two small layers read all words of the window again with
their distance from it, and tag its source and content.
"""

from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional

from claims.extraction.tagger import CUE_TAGS, ROLE_TAGS
from claims.extraction.windows import PLACES, SHAPES

VOCABULARY = 30_522
POSITIONS = 512
HIDDEN, LAYERS, HEADS, INNER = 384, 6, 12, 1536
ROLE_HIDDEN, ROLE_LAYERS, ROLE_HEADS, ROLE_INNER = 128, 2, 4, 512
DROPOUT = 0.1
#: Distances from a cue are told exactly below NEAR words and by thirds of an octave beyond, up to REACH steps.
NEAR, REACH = 8, 24


def _attention(query: Tensor, key: Tensor, value: Tensor, heads: int, mask: Tensor | None = None) -> Tensor:
    rows, length, hidden = query.shape
    split = [part.view(rows, length, heads, hidden // heads).transpose(1, 2) for part in (query, key, value)]
    seen = functional.scaled_dot_product_attention(*split, attn_mask=mask)
    return seen.transpose(1, 2).reshape(rows, length, hidden)


class _Attention(torch.autograd.Function):
    """Attention without a mask, written to ONNX as the one operator that ONNX Runtime has for it."""

    @staticmethod
    def forward(ctx: Any, query: Tensor, key: Tensor, value: Tensor, heads: int) -> Tensor:
        return _attention(query, key, value, heads)

    @staticmethod
    def symbolic(graph: Any, query: Any, key: Any, value: Any, heads: int) -> Any:
        return graph.op("com.microsoft::MultiHeadAttention", query, key, value, num_heads_i=heads).setType(query.type())


class Layer(nn.Module):
    """One layer of a transformer (Vaswani et al., NIPS 2017), normed after each part as in BERT."""

    def __init__(self, hidden: int, heads: int, inner: int) -> None:
        super().__init__()
        self.heads = heads
        self.attend = nn.Linear(hidden, 3 * hidden)
        self.attended = nn.Linear(hidden, hidden)
        self.norm_attended = nn.LayerNorm(hidden, eps=1e-12)
        self.widen = nn.Linear(hidden, inner)
        self.narrow = nn.Linear(inner, hidden)
        self.norm = nn.LayerNorm(hidden, eps=1e-12)

    def forward(self, inputs: Tensor, mask: Tensor | None) -> Tensor:
        """mask: (rows, 1, 1, length), False for padding; None where there is none."""
        query, key, value = self.attend(inputs).chunk(3, -1)
        if mask is None:
            seen = _Attention.apply(query, key, value, self.heads)
        else:
            seen = _attention(query, key, value, self.heads, mask)
        seen = self.attended(seen)
        middle = self.norm_attended(inputs + functional.dropout(seen, DROPOUT, self.training))
        outputs = self.narrow(functional.gelu(self.widen(middle)))
        return self.norm(middle + functional.dropout(outputs, DROPOUT, self.training))


class Encoder(nn.Module):
    """Word pieces in, a vector for each out: (rows, pieces) to (rows, pieces, HIDDEN).

    `padded`: whether rows may end in padding, as batches do in training; windows are read one by one.
    """

    padded = True

    def __init__(self) -> None:
        super().__init__()
        self.piece = nn.Embedding(VOCABULARY, HIDDEN)
        self.position = nn.Embedding(POSITIONS, HIDDEN)
        self.segment = nn.Parameter(torch.zeros(HIDDEN))
        self.shape = nn.Embedding(SHAPES, HIDDEN)
        self.place = nn.Embedding(PLACES, HIDDEN)
        self.norm = nn.LayerNorm(HIDDEN, eps=1e-12)
        self.layers = nn.ModuleList(Layer(HIDDEN, HEADS, INNER) for _ in range(LAYERS))

    def forward(self, pieces: Tensor, shapes: Tensor, places: Tensor) -> Tensor:
        mask = (pieces != 0)[:, None, None, :] if self.padded else None
        outputs = self.piece(pieces) + self.position.weight[: pieces.shape[1]] + self.segment
        outputs = self.norm(outputs + self.shape(shapes) + self.place(places))
        outputs = functional.dropout(outputs, DROPOUT, self.training)
        for layer in self.layers:
            outputs = layer(outputs, mask)
        return outputs

    @torch.no_grad()
    def load_pretrained(self, weights: dict[str, Tensor]) -> None:
        """Take over the weights of a BERT of this size; shapes and places start without any say."""
        self.piece.weight.copy_(weights["embeddings.word_embeddings.weight"])
        self.position.weight.copy_(weights["embeddings.position_embeddings.weight"])
        self.segment.copy_(weights["embeddings.token_type_embeddings.weight"][0])
        self.shape.weight.zero_()
        self.place.weight.zero_()
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


class Words(nn.Module):
    """The encoder read at the first piece of each word, and the scores of each word's cue tags."""

    def __init__(self) -> None:
        super().__init__()
        self.encoder = Encoder()
        self.cue = nn.Linear(HIDDEN, CUE_TAGS)

    def forward(self, pieces: Tensor, shapes: Tensor, places: Tensor, starts: Tensor) -> tuple[Tensor, Tensor]:
        outputs = self.encoder(pieces, shapes, places)
        hidden = outputs.gather(1, starts[..., None].expand(-1, -1, HIDDEN))
        return hidden, self.cue(hidden).log_softmax(-1)


class Roles(nn.Module):
    """For one cue a row: the scores of each word's role tags, (rows, words, ROLE_TAGS)."""

    def __init__(self) -> None:
        super().__init__()
        self.word = nn.Linear(HIDDEN, ROLE_HIDDEN)
        self.cue = nn.Linear(2 * HIDDEN, ROLE_HIDDEN)
        self.distance = nn.Embedding(2 * REACH + 1, ROLE_HIDDEN)
        self.within = nn.Parameter(torch.zeros(ROLE_HIDDEN))
        self.paragraph = nn.Embedding(3, ROLE_HIDDEN)
        self.norm = nn.LayerNorm(ROLE_HIDDEN)
        self.layers = nn.ModuleList(Layer(ROLE_HIDDEN, ROLE_HEADS, ROLE_INNER) for _ in range(ROLE_LAYERS))
        self.tags = nn.Linear(ROLE_HIDDEN, ROLE_TAGS)
        nn.init.normal_(self.distance.weight, std=0.02)
        nn.init.normal_(self.paragraph.weight, std=0.02)

    def projected(self, hidden: Tensor) -> Tensor:
        """What is read of each word, whichever cue it is read for: (rows, words, HIDDEN) to (…, 3 * ROLE_HIDDEN).

        In turn: as any word, as a cue's first word, as its last.
        """
        first, last = self.cue.weight.chunk(2, -1)
        parts = (self.word(hidden), functional.linear(hidden, first, self.cue.bias), functional.linear(hidden, last))
        return torch.cat(parts, -1)

    def forward(
        self, words: Tensor, first: Tensor, last: Tensor, paragraphs: Tensor, valid: Tensor | None = None
    ) -> Tensor:
        """words: `projected`. first, last: the cue's words. paragraphs: of each word. valid: False for padding."""
        rows = torch.arange(words.shape[0])
        places = torch.arange(words.shape[1])[None, :]
        word, as_first, as_last = words.chunk(3, -1)
        before = (places - first[:, None]).clamp(max=0)
        after = (places - last[:, None]).clamp(min=0)
        within = ((before == 0) & (after == 0)).to(words.dtype)
        cue = as_first[rows, first] + as_last[rows, last]
        side = (paragraphs - paragraphs[rows, first][:, None]).sign() + 1
        outputs = word + cue[:, None] + self.distance(_steps(before + after))
        outputs = outputs + within[..., None] * self.within + self.paragraph(side)
        outputs = self.norm(functional.gelu(outputs))
        mask = None if valid is None else valid[:, None, None, :]
        for layer in self.layers:
            outputs = layer(outputs, mask)
        return self.tags(outputs).log_softmax(-1)


def _steps(distances: Tensor) -> Tensor:
    """Return signed distances in words as numbers from 0 to 2 * REACH."""
    size = distances.abs()
    octaves = torch.log2(size.clamp(min=NEAR).to(torch.float32) / NEAR)
    steps = torch.where(size < NEAR, size, NEAR + (octaves * 3).floor().clamp(max=REACH - NEAR - 1).long())
    return torch.where(distances < 0, REACH - steps, REACH + steps)


class Tagger(nn.Module):
    """Both parts. `flat` tags roles without a cue: a second task in training that leads the encoder to roles early."""

    def __init__(self) -> None:
        super().__init__()
        self.words = Words()
        self.roles = Roles()
        self.flat = nn.Linear(HIDDEN, ROLE_TAGS)


class Reader(nn.Module):
    """What the tagger runs once for each window: (what is read of each word for roles, the scores of cue tags)."""

    def __init__(self, network: Tagger) -> None:
        super().__init__()
        self.words, self.roles = network.words, network.roles

    def forward(self, pieces: Tensor, shapes: Tensor, places: Tensor, starts: Tensor) -> tuple[Tensor, Tensor]:
        hidden, cue = self.words(pieces, shapes, places, starts)
        return self.roles.projected(hidden), cue
