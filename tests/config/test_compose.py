"""docker-compose.yml does what the documentation says, as far as a machine without containers can tell."""

import json
import os
import secrets
import subprocess
import sys
import urllib.error
import urllib.request
from urllib.parse import quote, urlsplit, urlunsplit

import psycopg
import pytest

from config import queues
from config.embedded import processes
from config.embedded.workers import KINDS
from tests.config import compose, rabbitmq
from tests.config.running import REPOSITORY, free_port, wait_until

WORKERS = list(KINDS)
SITE = ["migrate", "web", *WORKERS, "beat"]
TEXT = "Mayor Ana Silva said that the lighthouse beside the harbour had been sold to the railway company."


@pytest.fixture
def services():
    return compose.read()["services"]


def test_it_follows_the_specification():
    checked = subprocess.run(
        [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.compose-spec", str(compose.FILE)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert checked.returncode == 0, checked.stdout


def test_it_has_the_servers_and_the_programs_of_the_site(services):
    assert set(services) == {"proxy", "postgres", "rabbitmq", *SITE}
    assert services["postgres"]["image"] == "pgvector/pgvector:pg18"
    assert services["rabbitmq"]["image"] == "rabbitmq:4"
    assert {services[name]["image"] for name in SITE} == {"second-source"}


@pytest.mark.parametrize("name", [name for name in SITE if name != "migrate"])
def test_programs_of_the_site_start_on_a_migrated_database(services, name):
    needs = {needed: how["condition"] for needed, how in services[name]["depends_on"].items()}

    assert needs == {
        "postgres": "service_healthy",
        "rabbitmq": "service_healthy",
        "migrate": "service_completed_successfully",
    }


def test_whatever_runs_on_has_a_health_check_and_limits(services):
    # That of `web` is the image's own.
    assert [name for name, service in services.items() if "healthcheck" not in service] == ["web"]
    assert "HEALTHCHECK" in (REPOSITORY / "Dockerfile").read_text(encoding="utf-8")
    for name in set(services) - {"migrate"}:
        assert {"cpus", "memory", "pids"} <= set(services[name]["deploy"]["resources"]["limits"]), name


def test_every_container_has_as_few_rights_as_it_needs(services):
    for name, service in services.items():
        assert service["cap_drop"] == ["ALL"], name
        assert service["security_opt"] == ["no-new-privileges:true"], name
        assert "privileged" not in service, name
        assert not any("docker.sock" in str(volume) for volume in service.get("volumes", [])), name
        assert service["read_only"] is True, name
        # Memory that is limited, as it counts as the container's own.
        assert all(":size=" in mount for mount in service["tmpfs"]), name
    # What the start scripts of these images write to beside their volume.
    written = {"postgres": {"/run/postgresql", "/tmp"}, "rabbitmq": {"/tmp", "/var/log/rabbitmq"}}  # noqa: S108
    for name, places in written.items():
        assert {mount.partition(":")[0] for mount in services[name]["tmpfs"]} == places
    assert not any("cap_add" in services[name] for name in SITE)
    dockerfile = (REPOSITORY / "Dockerfile").read_text(encoding="utf-8")
    assert dockerfile.index("USER site") < dockerfile.index("HEALTHCHECK")


def test_only_the_proxy_is_reached_from_outside_and_servers_reach_nothing(services):
    assert [name for name, service in services.items() if "ports" in service] == ["proxy"]
    assert compose.read()["networks"]["inside"] == {"internal": True}
    outside = {name for name, service in services.items() if "outside" in service["networks"]}
    assert outside == {"proxy", "web", "fetch", "notify"}


def test_secrets_are_in_files_alone(services):
    known = set(compose.read()["secrets"])
    for name, service in services.items():
        for variable, value in service.get("environment", {}).items():
            is_secret = any(word in variable for word in ("PASS", "KEY", "TOKEN", "DATABASE_URL", "BROKER_URL"))
            assert not is_secret or variable.endswith("_FILE"), f"{variable} of {name}"
            if value.startswith(compose.SECRETS_IN_A_CONTAINER):
                assert value.removeprefix(compose.SECRETS_IN_A_CONTAINER) in known
                assert value.removeprefix(compose.SECRETS_IN_A_CONTAINER) in service["secrets"]


def test_every_kind_of_work_has_a_worker_that_is_asked_by_its_name(services):
    taken = set()
    for name in WORKERS:
        words = compose.command_of(name)
        taken |= set(words[words.index("--queues") + 1].split(","))
        assert words[words.index("--hostname") + 1] == f"{name}@%h"
        assert f"--destination {name}@$$HOSTNAME" in services[name]["healthcheck"]["test"][1]
        assert services[name]["environment"]["DATABASE_STATEMENT_TIMEOUT_S"] == str(queues.TASK_TIME_LIMIT_S)
    assert taken == set(queues.QUEUES)


def test_secrets_are_made_once_and_fit_each_other(tmp_path):
    folder = tmp_path / "secrets"
    for _ in range(2):
        subprocess.run(["sh", REPOSITORY / "deploy/make-secrets", folder], check=True, capture_output=True)
        made = {path.name: path.read_text().strip() for path in folder.iterdir()}
        password = made["postgres_password"]
        assert set(made) == set(compose.read()["secrets"])
        assert made["database_url"] == f"postgresql://second_source:{password}@postgres:5432/second_source"
        broker = urlsplit(made["broker_url"])
        assert made["rabbitmq_user"].splitlines() == [
            "default_user = second_source",
            f"default_pass = {broker.password}",
        ]
        assert min(len(made[name]) for name in ("secret_key", "metrics_token", "postgres_password")) >= 64
    # Containers may read each file; other users of this machine do not get that far.
    assert folder.stat().st_mode & 0o077 == 0
    assert {path.stat().st_mode & 0o777 for path in folder.iterdir()} == {0o444}
    again = subprocess.run(["sh", REPOSITORY / "deploy/make-secrets", folder], check=True, capture_output=True)
    assert again.stdout == b""


@pytest.fixture
def database():
    """Give the address of an empty database beside that of the tests."""
    address = urlsplit(os.environ["DATABASE_URL"])
    name = f"compose_{secrets.token_hex(4)}"
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
        yield urlunsplit(address._replace(path=f"/{name}"))
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def broker_url(quick_path):
    """Give the address of a RabbitMQ, as in the file; where there is none, of the tests' own broker, but not in CI."""
    programs = rabbitmq.find()
    if programs is None:
        assert not os.environ.get("CI"), rabbitmq.MISSING
        yield os.environ["CELERY_BROKER_URL"]
        return
    folder = quick_path / "rabbitmq"
    folder.mkdir()
    broker = rabbitmq.RabbitMQ(folder, *programs)
    try:
        yield broker.start().url
    finally:
        broker.end()


@pytest.fixture
def containers(tmp_path, database, broker_url):
    folder = tmp_path / "secrets"
    subprocess.run(["sh", REPOSITORY / "deploy/make-secrets", folder], check=True, capture_output=True)
    for name, address in (("database_url", database), ("broker_url", broker_url)):
        (folder / name).unlink()
        (folder / name).write_text(address + "\n")
    containers = compose.Containers(tmp_path, folder, port=free_port(), python=sys.executable)
    yield containers
    for program, process in reversed(containers.running):
        processes.stop(process, program)


def test_its_programs_import_an_article_and_show_its_claim(containers, tmp_path):
    documents = tmp_path / "articles.jsonl"
    documents.write_text(json.dumps({"id": "a", "outlet": "Harbour Gazette", "title": "Sold", "text": TEXT}))
    # Done when the image is built.
    subprocess.run(
        [sys.executable, "manage.py", "collectstatic", "--noinput", "--verbosity", "0"],
        cwd=REPOSITORY,
        env={**os.environ, "STATIC_ROOT": str(tmp_path / "static")},
        check=True,
    )
    containers.run("migrate")
    for service in ("web", *WORKERS, "beat"):
        containers.start(service)
    containers.run("web", "python", "manage.py", "import_articles", str(documents))

    def answer(path, **headers):
        address = f"http://127.0.0.1:{containers.port}{path}"
        # As the proxy asks.
        asked = {"Host": "localhost", "X-Forwarded-Proto": "https", "X-Forwarded-For": "192.0.2.7"} | headers
        try:
            with urllib.request.urlopen(urllib.request.Request(address, headers=asked), timeout=30) as response:
                return response.status, response.read().decode()
        except urllib.error.HTTPError as error:
            error.close()
            return error.code, ""
        except OSError:
            return 0, ""

    def found():
        return "lighthouse" in answer(f"/api/v1/claims/?q={quote('lighthouse railway')}")[1]

    try:
        wait_until(found)
        status, page = answer("/claims/?q=lighthouse")
        assert (status, "Harbour Gazette" in page) == (200, True)
        assert answer("/readyz") == (200, "ok\n")
    except AssertionError as error:
        raise AssertionError(f"{error}\n{containers.logs()}") from error
    assert answer("/", Host="evil.example")[0] == 400
    assert answer("/metrics")[0] == 401
    token = (containers.secrets / "metrics_token").read_text().strip()
    assert answer("/metrics", Authorization=f"Bearer {token}")[0] == 200
    for program, process in containers.running:
        assert process.poll() is None, f"{program.name} ended\n{containers.logs()}"
