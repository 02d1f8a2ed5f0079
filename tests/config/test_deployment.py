"""The files that describe how the site is deployed agree with the code and with each other."""

import re
import subprocess
from pathlib import Path

import pytest
import yaml

REPOSITORY = Path(__file__).resolve().parents[2]


@pytest.fixture
def services():
    return yaml.safe_load((REPOSITORY / "docker-compose.yml").read_text(encoding="utf-8"))["services"]


def test_compose_has_the_servers_and_the_programs_of_the_site(services):
    assert set(services) == {"postgres", "rabbitmq", "migrate", "web", "worker", "beat"}
    assert services["postgres"]["image"] == "pgvector/pgvector:pg18"
    assert services["rabbitmq"]["image"] == "rabbitmq:4"
    assert {services[name]["image"] for name in ("migrate", "web", "worker", "beat")} == {"second-source"}


@pytest.mark.parametrize("name", ["web", "worker", "beat"])
def test_compose_starts_programs_of_the_site_on_a_migrated_database(services, name):
    needs = {needed: how["condition"] for needed, how in services[name]["depends_on"].items()}

    assert needs == {
        "postgres": "service_healthy",
        "rabbitmq": "service_healthy",
        "migrate": "service_completed_successfully",
    }


def test_compose_has_a_health_check_for_whatever_runs_on(services):
    # That of `web` is the image's own.
    assert [name for name, service in services.items() if "healthcheck" not in service] == ["web"]
    assert "HEALTHCHECK" in (REPOSITORY / "Dockerfile").read_text(encoding="utf-8")


def test_compose_holds_no_secret(services):
    for service in services.values():
        for name, value in service.get("environment", {}).items():
            if "PASS" in name or "URL" in name:
                assert ":?set it in .env}" in value


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
