"""The files that describe how the site is deployed agree with the code and with each other."""

import re
import subprocess
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]


def test_the_example_environment_lists_every_variable_that_is_read():
    example = (REPOSITORY / ".env.example").read_text(encoding="utf-8")
    settings = (REPOSITORY / "config/settings.py").read_text(encoding="utf-8")
    compose = (REPOSITORY / "docker-compose.yml").read_text(encoding="utf-8")
    read = set(re.findall(r'env\.\w+\(\s*"(\w+)"', settings)) | set(re.findall(r"\$\{(\w+)", compose))

    assert read <= set(re.findall(r"^#?([A-Z_]+)=", example, flags=re.MULTILINE))


def test_make_alone_lists_the_targets():
    listed = subprocess.run(["make"], cwd=REPOSITORY, capture_output=True, text=True, check=True).stdout

    for target in ("setup", "run", "test", "check", "bench", "lock", "clean"):
        assert f"make {target} " in listed


def test_make_names_a_python_that_is_too_old(tmp_path):
    old = tmp_path / "python3.9"
    old.write_text("#!/bin/sh\nexit 1\n")
    old.chmod(0o755)
    command = ["make", f"PYTHON={old}", f"VENV={tmp_path}/venv", "setup"]
    result = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, check=False)

    assert result.returncode != 0
    assert "Python 3.11 or later is needed" in result.stderr
