"""The tagger's network in PyTorch, for training only; `claims.extraction.tagger` runs it from ONNX files.

A pre-trained encoder of six layers (MiniLM, Wang et al., NeurIPS 2020) reads word pieces, told also of capitals and
quotation marks. One linear layer tags cues. For each cue, two small layers read all words of the window again with
their distance from it, and tag its source and content.
"""

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

    def forward(self, inputs: Tensor, mask: Tensor) -> Tensor:
        rows, length, hidden = inputs.shape
        split = self.attend(inputs).view(rows, length, 3, self.heads, hidden // self.heads)
        query, key, value = split.permute(2, 0, 3, 1, 4)
        seen = functional.scaled_dot_product_attention(query, key, value, attn_mask=mask)
        seen = self.attended(seen.transpose(1, 2).reshape(rows, length, hidden))
        middle = self.norm_attended(inputs + functional.dropout(seen, DROPOUT, self.training))
        outputs = self.narrow(functional.gelu(self.widen(middle)))
        return self.norm(middle + functional.dropout(outputs, DROPOUT, self.training))


class Encoder(nn.Module):
    """Word pieces in, a vector for each out: (rows, pieces) to (rows, pieces, HIDDEN)."""

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
        mask = (pieces != 0)[:, None, None, :]
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
    """For one cue a row: the scores of each word's role tags, (rows, words, ROLE_TAGS).

    hidden: (rows, words, HIDDEN). first, last: the cue's words. paragraphs: of each word. valid: False for padding.
    """

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

    def forward(self, hidden: Tensor, first: Tensor, last: Tensor, paragraphs: Tensor, valid: Tensor) -> Tensor:
        rows = torch.arange(hidden.shape[0])
        places = torch.arange(hidden.shape[1])[None, :]
        before = (places - first[:, None]).clamp(max=0)
        after = (places - last[:, None]).clamp(min=0)
        within = ((before == 0) & (after == 0)).to(hidden.dtype)
        cue = self.cue(torch.cat([hidden[rows, first], hidden[rows, last]], -1))
        side = (paragraphs - paragraphs[rows, first][:, None]).sign() + 1
        outputs = self.word(hidden) + cue[:, None] + self.distance(_steps(before + after))
        outputs = outputs + within[..., None] * self.within + self.paragraph(side)
        outputs = self.norm(functional.gelu(outputs))
        for layer in self.layers:
            outputs = layer(outputs, valid[:, None, None, :])
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
