"""The memory that benchmarks tell is that of the process which they measure."""

import subprocess
import sys

from benchmarks._memory import peak_mib
from tests.config.running import REPOSITORY

MEASURED = "from benchmarks._memory import peak_mib; print(peak_mib())"
LARGE = f"""
import subprocess, sys
held = bytearray(300 * 2**20)
for at in range(0, len(held), 4096):
    held[at] = 1
subprocess.run([sys.executable, "-c", {MEASURED!r}], check=True)
"""


def test_the_memory_of_who_starts_a_process_is_not_counted_as_its_own():
    said = subprocess.run([sys.executable, "-c", LARGE], cwd=REPOSITORY, capture_output=True, text=True, check=True)
    assert 1 < float(said.stdout) < 200


def test_the_most_that_a_process_had_is_told_after_it_has_given_it_back():
    before = peak_mib()
    held = b"1" * int((before + 50) * 2**20)
    del held
    assert peak_mib() > before + 40
