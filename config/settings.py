"""All settings, fed by the environment (and by a `.env` file beside `manage.py`, if there is one).

`./dev` fills in everything for work on one machine. A value that is needed and missing stops the start and says how to
set it.
"""

import shlex
from datetime import timedelta
from ipaddress import ip_network
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import environ
from csp.constants import NONCE, NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

BASE_DIR = Path(__file__).resolve().parent.parent

env = environ.Env()
env.read_env(BASE_DIR / ".env")


def needed(name: str, how: str) -> str:
    """Return the environment's value for `name`, or stop the start by saying `how` to set it."""
    value: str = env.str(name, default="")
    if not value:
        raise ImproperlyConfigured(f"{name} is not set. {how} `./dev` sets it by itself.")
    return value


def address(name: str, how: str, *, schemes: set[str]) -> str:
    """Return the address that the environment has under `name`, or stop the start where it is of another kind."""
    value = needed(name, how)
    if urlsplit(value).scheme not in schemes:  # the value is not told: it holds a password
        raise ImproperlyConfigured(f"{name} is not an address of the kind that is needed. {how}")
    return value


def networks(name: str, *, default: list[str]) -> list[str]:
    """Return the networks that the environment lists under `name`, or stop the start by saying how to write them."""
    listed: list[str] = env.list(name, default=default)
    for network in listed:
        try:
            ip_network(network)
        except ValueError as error:
            raise ImproperlyConfigured(f"{name}: {error}. Write each as 10.0.0.0/8, with commas between.") from error
    return listed


# --- Mode -------------------------------------------------------------------------------------------------------------

DEBUG = env.bool("DEBUG", default=False)

# True where people reach us by https: cookies then travel encrypted only, and http is sent on to https.
HTTPS = env.bool("HTTPS", default=not DEBUG)

SECRET_KEY = (
    env.str("SECRET_KEY", default="")
    or ("known-to-everybody-so-for-debug-only" if DEBUG else "")
    or needed(
        "SECRET_KEY",
        "Make one with: python -c 'import secrets; print(secrets.token_urlsafe(50))'.",
    )
)

ALLOWED_HOSTS: list[str] = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS: list[str] = env.list("CSRF_TRUSTED_ORIGINS", default=[])

# --- Applications -----------------------------------------------------------------------------------------------------

INSTALLED_APPS = [
    "config.apps.DeskAdminConfig",  # Django's admin, for administrators only
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.contrib.humanize",
    "django.forms",  # its templates, of which ours may take the place of some
    "rest_framework",
    "knox",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "django_filters",
    "treebeard",
    "auditlog",
    "template_partials",
    "django_htmx",
    "csp",
    "axes",
    # ours, from the ground up: each may use those above it and none below
    "common",
    "live",
    "accounts",
    "calendars",
    "lists",
    "contact",
    "notifications",
    "customers",
    "complaints",
    "approvals",
    "attachments",
    "letters",
    "sla",
    "callbacks",
    "selfservice",
    "escalation",
    "pulse",
    "repeats",
    "inbound",
    "authorities",
    "figures",
    "search",
    "desk",
    "door",
    "api",
    "demo",
    "replay",
]

MIDDLEWARE = [
    "common.streaming.PieceByPiece",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",  # below the static files, which lie there packed
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "auditlog.middleware.AuditlogMiddleware",
    "axes.middleware.AxesMiddleware",
    "common.nul.NoRowHoldsNul",
]

ROOT_URLCONF = "config.urls"
ASGI_APPLICATION = "config.asgi.application"
WSGI_APPLICATION = "config.wsgi.application"

# Who follows which event; common.events reads the table from here so that no app has to import upwards.
REACTIONS = "config.reactions.REACTIONS"
# Who knows what somebody would leave behind; accounts.leaving reads it from here, for the same reason.
LEFT_BEHIND = ["complaints.leaving.tickets_of"]
# Who bounds holds otherwise than the desk's rules do; complaints.hold_bounds reads it from here, likewise.
HOLD_BOUNDS = ["sla.hold_bounds.bounds_by_policy"]
# Who knows the words of a message whose row must not hold them; notifications.rendering reads it from here.
MESSAGE_FACTS = {"written_reply": "letters.mail.facts"}

# --- Templates and static files ---------------------------------------------------------------------------------------

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "desk.context.frame",
            ],
        },
    },
]

FORM_RENDERER = "common.widgets.WrittenWidgets"

STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
STATICFILES_DIRS = [path for path in [BASE_DIR / "static"] if path.is_dir()]
MEDIA_ROOT = env.path("MEDIA_ROOT", default=str(BASE_DIR / "media"))()

# True serves static files from where they lie; False from what `manage collectstatic` gathered, named by content.
STATIC_FROM_SOURCE = env.bool("STATIC_FROM_SOURCE", default=DEBUG)
WHITENOISE_USE_FINDERS = STATIC_FROM_SOURCE
WHITENOISE_AUTOREFRESH = STATIC_FROM_SOURCE
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "attachments": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {
            "location": env.path("ATTACHMENTS_ROOT", default=str(Path(MEDIA_ROOT) / "attachments"))(),
            "file_permissions_mode": 0o640,
            "directory_permissions_mode": 0o750,
        },
    },
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if STATIC_FROM_SOURCE
        else "whitenoise.storage.CompressedManifestStaticFilesStorage",
    },
}
FILE_UPLOAD_PERMISSIONS = 0o640
FILE_UPLOAD_HANDLERS = [
    "attachments.uploads.BoundedRequest",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
UPLOAD_MAX_SIZE = env.int("UPLOAD_MAX_MB", default=60) * 1024 * 1024

# A command that gets the path of a file and ends with 0 for a clean one, 1 for an infected one; for instance
# "clamdscan --fdpass --no-summary". None: files are not scanned.
ATTACHMENT_SCAN: list[str] = shlex.split(env.str("ATTACHMENT_SCAN", default=""))

# --- Database ---------------------------------------------------------------------------------------------------------

address(
    "DATABASE_URL",
    "Set it to a PostgreSQL database, for instance postgres://user:password@host:5432/name.",
    schemes={"postgres", "postgresql"},
)
DATABASES: dict[str, dict[str, Any]] = {"default": env.db_url("DATABASE_URL")}
DATABASES["default"] |= {
    # Seconds; the web server's threads work on one request after the other (config/turns.py). Streams hold none.
    "CONN_MAX_AGE": env.int("DATABASE_CONN_MAX_AGE", default=60),
    "CONN_HEALTH_CHECKS": True,
    "OPTIONS": {
        "application_name": env.str("APPLICATION_NAME", default="complaint-desk"),
        # Compiling a query takes longer than running any of ours; it sets in where the planner guesses high.
        "options": "-c jit=off",
    }
    | DATABASES["default"].get("OPTIONS", {}),  # what the address asks for, ?sslmode=verify-full for instance
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- Redis: broker, cache and live channel ----------------------------------------------------------------------------

REDIS_URL = address(
    "REDIS_URL", "Set it to a Redis-protocol server, for instance redis://host:6379/0.", schemes={"redis", "rediss"}
)

# A database number of its own, so that emptying the cache cannot empty the broker.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": env.str("CACHE_URL", default=urlunsplit(urlsplit(REDIS_URL)._replace(path="/1"))),
        "KEY_PREFIX": "complaint-desk",
    }
}

# How many requests one web process works on at once; each holds a connection to the database meanwhile.
REQUESTS_AT_ONCE = env.int("REQUESTS_AT_ONCE", default=32)

# How old a board may be that is shown; 0 counts it anew each time.
BOARD_KEPT_SECONDS = env.int("BOARD_KEPT_SECONDS", default=5)

# --- Celery -----------------------------------------------------------------------------------------------------------

CELERY_BROKER_URL = REDIS_URL
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_RESULT_BACKEND = None
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_ENABLE_UTC = True
CELERY_TIMEZONE = "UTC"  # beat misses or repeats crontab entries on nights when clocks change
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True  # late acknowledgement alone loses the task of a killed worker
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = True
CELERY_TASK_SOFT_TIME_LIMIT = 240
CELERY_TASK_TIME_LIMIT = 300
# Longer than the hard time limit, or a task still at work is handed out a second time.
CELERY_BROKER_TRANSPORT_OPTIONS = {"visibility_timeout": 900}

# --- Languages and time -----------------------------------------------------------------------------------------------

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("Simplified Chinese")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = ["config.formats"]
USE_I18N = True

# The zone in which working hours, quiet hours and official days are meant. Stored moments are instants.
BUSINESS_TIME_ZONE = env.str("BUSINESS_TIME_ZONE", default="Asia/Shanghai")
TIME_ZONE = BUSINESS_TIME_ZONE
USE_TZ = True

# --- People and sessions ----------------------------------------------------------------------------------------------

AUTH_USER_MODEL = "accounts.Person"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",  # first, so that a locked-out attempt never reaches the password
    "django.contrib.auth.backends.ModelBackend",
    "accounts.backends.AdministratorBackend",  # knows what the role permits, signs nobody in
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
PASSWORD_RESET_TIMEOUT = 60 * 60

LOGIN_URL = env.str("LOGIN_URL", default="/sign-in/")
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = LOGIN_URL

# Half an hour idle ends a session; use begins the half hour anew (to the minute).
SESSION_ENGINE = "accounts.sessions"
SESSION_COOKIE_AGE = env.int("SESSION_IDLE_SECONDS", default=30 * 60)
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "desk.views.frame.strayed"

# Sign-in attempts are counted per account and address together, so a stranger cannot lock somebody else out, and a
# lock-out passes by itself.
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_FAILURE_LIMIT = env.int("SIGN_IN_ATTEMPTS", default=6)
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_RESET_ON_SUCCESS = True
AXES_VERBOSE = False
AXES_LOCKOUT_TEMPLATE = "desk/locked_out.html"

# --- Browser security -------------------------------------------------------------------------------------------------

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF, NONCE],
        "style-src": [SELF, NONCE],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    },
}
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^(livez|healthz|metrics)$"]  # asked from inside, where there is no https
SECURE_HSTS_SECONDS = env.int("HSTS_SECONDS", default=60 * 60 * 24 * 365) if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_HSTS_PRELOAD = HTTPS
SESSION_COOKIE_SECURE = HTTPS
CSRF_COOKIE_SECURE = HTTPS
# Only where a proxy in front removes this header from what strangers send.
if env.bool("BEHIND_PROXY", default=False):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000

# --- REST -------------------------------------------------------------------------------------------------------------

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "api.authentication.TokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated", "api.permissions.ReadersOnlyRead"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["api.parsers.Json"],
    "DEFAULT_FILTER_BACKENDS": ["api.filters.AllowedFilters"],
    "DEFAULT_PAGINATION_CLASS": "api.paging.CursorPages",
    "DEFAULT_SCHEMA_CLASS": "api.schema.DeskSchema",
    "URL_FORMAT_OVERRIDE": None,
    "DEFAULT_THROTTLE_CLASSES": ["api.throttles.StrangerRate", "api.throttles.PersonRate"],
    "DEFAULT_THROTTLE_RATES": {
        "anon": env.str("RATE_ANONYMOUS", default="60/min"),
        "user": env.str("RATE_PERSON", default="1200/min"),
    },
    "NUM_PROXIES": env.int("NUM_PROXIES", default=0),  # zero: forwarded addresses are not believed
    "EXCEPTION_HANDLER": "api.problems.handler",
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}

# Tokens are made by an administrator, shown once, and kept as hashes.
REST_KNOX = {
    "AUTH_HEADER_PREFIX": "Bearer",
    "TOKEN_TTL": timedelta(days=env.int("TOKEN_DAYS", default=90)),
}

SPECTACULAR_SETTINGS = {
    "TITLE": "Complaint desk",
    "DESCRIPTION": "Complaint tickets of a telecom operator, with limits, escalations and callbacks.",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PERMISSIONS": ["rest_framework.permissions.IsAuthenticated"],
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
    "COMPONENT_SPLIT_REQUEST": True,
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "ENUM_NAME_OVERRIDES": {
        "ApprovalKind": "approvals.models.SolutionKind",
        "AssistKind": "complaints.states.AssistKind",
        "AttemptResult": "complaints.states.AttemptResult",
        "AuthorityCaseState": "authorities.models.Standing",
        "AuthorityKind": "authorities.models.Kind",
        "CallbackState": "callbacks.answers.Standing",
        "ClockKind": "sla.kinds.Kind",
        "EscalationReason": "escalation.kinds.Reason",
        "EscalationState": "escalation.kinds.Standing",
        "FlagKind": "customers.models.FlagKind",
        "RepeatGround": "repeats.models.Ground",
        "RepeatMatch": "repeats.models.Match",
        "RepeatStanding": "repeats.models.Standing",
        "HoldReason": "complaints.models.hold.HoldReason",
        "Medium": "complaints.states.Medium",
        "ContactStanding": "customers.models.Standing",
        "LetterMedium": "letters.models.letter.CHOICES",
        "LetterStanding": "letters.kinds.Standing",
        "LetterStep": "letters.kinds.Step",
        "SpokenMedium": "api.replying.SAID",
        "ProgressMedium": "api.progressing.MEDIA",
        "FollowUpResult": "complaints.models.follow_up.FollowUpResult",
        "MissedResult": "api.replying.MISSED",
        "ReplyMedium": "api.replying.MEDIA",
        "Said": "api.calling.SAID",
        "Satisfaction": "callbacks.answers.Satisfaction",
        "State": "complaints.states.State",
        "UnitKind": "accounts.models.UnitKind",
    },
}

# --- Metrics ----------------------------------------------------------------------------------------------------------

# Who may read /metrics: whoever sends this token (Authorization: Bearer …), and whoever asks from these networks with
# no proxy between.
METRICS_TOKEN = env.str("METRICS_TOKEN", default="")
METRICS_NETWORKS = networks("METRICS_NETWORKS", default=["127.0.0.0/8", "::1/128"])

# --- E-mail -----------------------------------------------------------------------------------------------------------

# E-mail goes where EMAIL_URL says: consolemail:, filemail:////folder (four slashes) or smtp+tls://user:password@host:587.
vars().update(env.email_url("EMAIL_URL", default="consolemail:"))
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="complaints@desk.invalid")
SERVER_EMAIL = DEFAULT_FROM_EMAIL
EMAIL_TIMEOUT = 20

# --- Messages ---------------------------------------------------------------------------------------------------------

# False: messages are marked as sent when their time comes, and nothing leaves; for made-up pasts.
DELIVER_MESSAGES = env.bool("DELIVER_MESSAGES", default=True)
DELIVERY_TRIES = env.int("DELIVERY_TRIES", default=8)  # over some two or three hours; then a message is set aside

SMS_GATEWAY = env.str("SMS_GATEWAY", default="notifications.sms.FileGateway")
SMS_FILE = env.path("SMS_FILE", default=str(Path(MEDIA_ROOT).parent / "outbox" / "sms.jsonl"))()

# Of the gateway notifications.sms.HttpGateway.
SMS_URL = env.str("SMS_URL", default="")
SMS_SECRET = env.str("SMS_SECRET", default="")
SMS_TIMEOUT = env.float("SMS_TIMEOUT", default=10.0)  # seconds for one whole request
if SMS_GATEWAY == "notifications.sms.HttpGateway" and not (SMS_URL and SMS_SECRET):
    raise ImproperlyConfigured("SMS_URL and SMS_SECRET are not set. The gateway over HTTP needs both.")

# What the gateway signs customers' messages with that it hands to us; empty: none are taken.
SMS_INBOUND_SECRET = env.str("SMS_INBOUND_SECRET", default="")

# One endpoint of webhooks by the environment; administrators add others.
WEBHOOK_URL = env.str("WEBHOOK_URL", default="")
if WEBHOOK_URL and not WEBHOOK_URL.startswith("https://" if not DEBUG else ("https://", "http://")):
    raise ImproperlyConfigured("WEBHOOK_URL does not begin with https://. Give an address that does, or none.")
WEBHOOK_SECRET = env.str("WEBHOOK_SECRET", default="")
if WEBHOOK_URL and not WEBHOOK_SECRET:
    raise ImproperlyConfigured("WEBHOOK_SECRET is not set. Its receiver needs it to tell our messages from others.")
WEBHOOK_TIMEOUT = env.float("WEBHOOK_TIMEOUT", default=10.0)  # seconds for one whole request

# Networks inside the house (10.0.0.0/8, 127.0.0.0/8) that webhooks may reach all the same; without them only the open
# internet, and that by https.
OUTWARD_NETWORKS = networks("OUTWARD_NETWORKS", default=[])

# After so many failures in a row a way out of the house is left alone for a while (see `notifications.circuits`).
CIRCUIT_FAILURES = env.int("CIRCUIT_FAILURES", default=5)

# Where customers reach us, for the links in messages to them.
PUBLIC_URL = env.str("PUBLIC_URL", default="http://127.0.0.1:8000").rstrip("/")
# From one address; a mobile operator puts many customers behind one.
DOOR_VISITS_A_MINUTE = env.int("DOOR_VISITS_A_MINUTE", default=120)
DOOR_COMPLAINTS_AN_HOUR = env.int("DOOR_COMPLAINTS_AN_HOUR", default=60)
# About one number, from wherever they come; and for codes, about one reference.
DOOR_COMPLAINTS_ABOUT_A_NUMBER = env.int("DOOR_COMPLAINTS_ABOUT_A_NUMBER", default=5)
DOOR_CODES_AN_HOUR = env.int("DOOR_CODES_AN_HOUR", default=60)

# --- Customers --------------------------------------------------------------------------------------------------------

# Where facts of customers come from beside imports: a class like `customers.facts.Source`.
CUSTOMER_FACTS = env.str("CUSTOMER_FACTS", default="customers.facts.Nowhere")
CUSTOMER_FACTS_LAST = timedelta(hours=env.int("CUSTOMER_FACTS_LAST_HOURS", default=24))

# --- Logs -------------------------------------------------------------------------------------------------------------

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "config.logs.JsonLine"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["stderr"], "level": env.str("LOG_LEVEL", default="INFO")},
    "loggers": {
        "django": {"handlers": [], "level": "INFO"},
        "axes": {"level": "WARNING"},
        # one line for each of the sweep's turns, every second, would bury the rest
        "celery.app.trace": {"level": "WARNING"},
        "celery.worker.strategy": {"level": "WARNING"},
        "celery.beat": {"level": "WARNING"},
    },
}
