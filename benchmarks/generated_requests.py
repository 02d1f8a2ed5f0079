"""How many requests that its description allows, or does not, the API answers as it says, and how many otherwise.

    python benchmarks/generated_requests.py [--requests 20000] [--seed 1]

Schemathesis makes them up from the description and checks every answer in all its ways. They go over HTTP to a server
with a throwaway database (in an embedded PostgreSQL where DATABASE_URL is not set). What failed is printed with the
command that sends it again. The baseline is what is described: no answer may differ.
"""

# Models can be imported only after the services are up and Django is set.
# ruff: noqa: E402

import argparse
import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
os.environ.setdefault("LOG_LEVEL", "CRITICAL")
# What is measured is what is said, not how often.
LIMITS = ("READS", "READS_KNOWN", "WRITES", "SEARCHES", "EXPORTS", "WRONG_TOKENS")
os.environ.update({f"RATE_{kind}": "1000000000" for kind in LIMITS})

import django

import tests.services  # noqa: F401 (starts PostgreSQL)

django.setup()

from django.conf import settings
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.test.testcases import LiveServerThread
from django.test.utils import override_settings, setup_databases, setup_test_environment

from benchmarks._figures import note
from tests.claims.generated import ALL_PHASES, FEW_PHASES, ask, make_rows

#: Of one operation, in one round; and about how many operations there are.
EXAMPLES, OPERATIONS = 100, 85
#: About as many requests try the bounds of all parameters, once.
BOUNDS = 6_000
PATIENCE_S = 4 * 3600


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--requests", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    setup_test_environment()
    # Static files as they lie, since none have been collected.
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    override_settings(STORAGES={**settings.STORAGES, "staticfiles": plain}).enable()
    setup_databases(verbosity=0, interactive=False)
    token = make_rows()
    server = LiveServerThread("127.0.0.1", StaticFilesHandler)
    server.daemon = True
    server.start()
    server.is_ready.wait()
    if server.error:
        raise server.error
    asked, seed, wrong = 0, options.seed, 0
    while asked < options.requests:
        found = ask(
            f"http://127.0.0.1:{server.port}",
            token,
            examples=max(1, min(EXAMPLES, (options.requests - asked) // OPERATIONS)),
            seed=seed,
            phases=ALL_PHASES if asked == 0 and options.requests > BOUNDS else FEW_PHASES,
            patience_s=PATIENCE_S,
        )
        if not found.cases:
            raise SystemExit(found.told)
        asked, seed, wrong = asked + found.cases, seed + 1, wrong + (not found.is_right)
        print(found.told if not found.is_right else found.summary, flush=True)
    print(f"{asked} requests: {'some answered otherwise than described' if wrong else 'all answered as described'}")
    note("generated requests to the API", asked, at_least=options.requests)
    note("rounds of them with an answer that is not described", wrong, at_most=0)
    server.terminate()
    return int(bool(wrong))


if __name__ == "__main__":
    sys.exit(main())
