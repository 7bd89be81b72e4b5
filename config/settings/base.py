"""Settings that hold everywhere. They are safe for production; local.py and test.py relax what they must.

Everything that differs between sites comes from the environment (docs/operations.md lists it). A missing
value names itself and its cure.
"""

from pathlib import Path

import environ
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _
from redis.backoff import NoBackoff
from redis.retry import Retry

BASE_DIR = Path(__file__).resolve().parent.parent.parent
env = environ.Env()


def required(name: str, cure: str) -> str:
    """The value of an environment variable that has no safe default, or an error that says how to set it."""
    value = env.str(name, default="")
    if not value:
        raise ImproperlyConfigured(f"{name} is not set. {cure}")
    return value


SECRET_KEY = required("SECRET_KEY", "Start through ./portal, or set it to 50 or more random characters.")
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])
# The key ring of personal data (unions/kit/crypto.py). prod.py demands it at the start, everything else at first use.
PORTAL_KEYS = env.str("PORTAL_KEYS", default="")
DEBUG = False
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=[])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])

INSTALLED_APPS = [
    "evaluation",
    "disclosure",
    "assemblies",
    "cadres",
    "unions",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.postgres",
    "django.contrib.messages",
    "django.contrib.sitemaps",
    "django.contrib.staticfiles",
    "django.forms",
    "axes",
    "csp",
    "django_filters",
    "django_htmx",
    "django_tables2",
    "drf_spectacular",
    "guardian",
    "lucide",
    "pgtrigger",
    "rest_framework",
]

MIDDLEWARE = [
    "unions.middleware.TraceMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "unions.middleware.SettingsMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "unions.middleware.WallMiddleware",
    "unions.guards.SessionMiddleware",
    "unions.guards.FactorMiddleware",
    "unions.guards.AssistMiddleware",
    "unions.guards.SignInMiddleware",
    "unions.middleware.AuditMiddleware",
    "unions.middleware.AccountMiddleware",
    "unions.middleware.TextMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "unions.middleware.ProblemMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"

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
                "unions.context.layout",
            ],
            "builtins": [
                "django.templatetags.i18n",
                "django.templatetags.l10n",
                "django.templatetags.static",
                "unions.templatetags.components",
            ],
        },
    }
]
FORM_RENDERER = "unions.kit.forms.PortalRenderer"

DATABASES = {
    "default": {
        **env.db_url_config(
            required(
                "DATABASE_URL", "Start through ./portal, or name a PostgreSQL: postgres://user:password@host/name"
            )
        ),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
    }
}
DATABASE_LOGIN = DATABASES["default"]["USER"]
# The role that owns the tables: only `migrate` and the demo connect as it (unions/wall.py).
_OWNER = env.str("DATABASE_OWNER_URL", default="")
DATABASE_OWNER = {
    name: value
    for name, value in (env.db_url_config(_OWNER) if _OWNER else {}).items()
    if name in ("USER", "PASSWORD", "HOST", "PORT")
}
# How long a statement of a page may take; jobs have their own limits.
PAGE_STATEMENT_TIMEOUT = env.str("PAGE_STATEMENT_TIMEOUT", default="30s")
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = required("REDIS_URL", "Start through ./portal, or name a Redis: redis://host:6379/0")
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": env.str("PORTAL_PREFIX", default="portal"),
        # A queue that stands still must not hold up pages: asked once, and not for long.
        "OPTIONS": {"socket_timeout": 1, "socket_connect_timeout": 1, "retry": Retry(NoBackoff(), 0)},
    }
}
# In the database alone: a session that was ended is ended, whatever a cache remembers.
SESSION_ENGINE = "unions.session_store"


def broker_url(url: str) -> str:
    """Celery's spelling of the address: it says redis+socket:// where Django says unix://."""
    if not url.startswith("unix://"):
        return url
    path, _sep, query = url.removeprefix("unix://").partition("?")
    return f"redis+socket://{path}" + (f"?{query.replace('db=', 'virtual_host=')}" if query else "")


CELERY_BROKER_URL = broker_url(REDIS_URL)
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_TIME_LIMIT = 3600
CELERY_TASK_DEFAULT_QUEUE = env.str("PORTAL_PREFIX", default="portal")
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
# A page that hands over a job asks a queue that stands still once: the sweep finds what was not sent (unions/jobs.py).
CELERY_TASK_PUBLISH_RETRY = False
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 7200,
    "unacked_restore_throttle": 1,
    "socket_timeout": 1,
    "max_retries": 1,
    "interval_start": 0,
}
CELERY_WORKER_HIJACK_ROOT_LOGGER = False

AUTH_USER_MODEL = "unions.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "unions.backends.TreeBackend",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "unions.passwords.LengthValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
    {"NAME": "unions.passwords.UnionWordsValidator"},
    {"NAME": "unions.passwords.HistoryValidator"},
]
LOGIN_URL = "unions:sign-in"
LOGIN_REDIRECT_URL = "unions:home"
LOGOUT_REDIRECT_URL = "unions:sign-in"

# A street hall shares one address: the lock is on the pair of name and address, and it passes.
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.25
AXES_CLIENT_IP_CALLABLE = "unions.kit.http.client_address"
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_CALLABLE = "unions.views.accounts.locked_out"
AXES_VERBOSE = False
AXES_ENABLE_ADMIN = False

# Grants are guardian's rows, answered by TreeBackend, which reaches them down the tree.
SILENCED_SYSTEM_CHECKS = ["guardian.W001"]
GUARDIAN_AUTO_PREFETCH = False
GUARDIAN_MONKEY_PATCH_USER = False
ANONYMOUS_USER_NAME = None

SESSION_COOKIE_AGE = 12 * 3600
SESSION_COOKIE_SECURE = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SECURE = True
CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_NAME = "__Host-session"
CSRF_COOKIE_NAME = "__Host-csrf"
CSRF_FAILURE_VIEW = "unions.views.problems.csrf_failure"
SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", default=True)
# Set where a proxy of ours stands in front and overwrites X-Forwarded-For and X-Forwarded-Proto.
TRUSTED_PROXY = env.bool("TRUSTED_PROXY", default=False)
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if TRUSTED_PROXY else None
SECURE_HSTS_SECONDS = 31536000
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "manifest-src": [SELF],
        "object-src": [NONE],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("Chinese")), ("en", _("English"))]
LANGUAGE_COOKIE_NAME = "language"
LANGUAGE_COOKIE_AGE = 365 * 24 * 3600
LANGUAGE_COOKIE_SAMESITE = "Lax"
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True
# Numbers are grouped where a template says so (`number`): a year, an id or an attribute never is.
USE_THOUSAND_SEPARATOR = False
FORMAT_MODULE_PATH = ["config.formats"]

STATIC_URL = "static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = Path(env.str("PORTAL_STATIC", default=str(BASE_DIR / ".run" / "static")))
STORAGES = {
    "default": {"BACKEND": "unions.kit.storage.WholeFiles"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
# Uploads and finished workbooks: outside the web root, handed out by views through the scope alone.
MEDIA_ROOT = Path(env.str("PORTAL_FILES", default=str(BASE_DIR / ".run" / "files")))
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
FILE_UPLOAD_PERMISSIONS = 0o600
# Where clamd listens, host:port or unix:/path; without it files stay in quarantine (unions/uploads.py).
CLAMD_ADDRESS = env.str("CLAMD_ADDRESS", default="")

# Where the seals over the record of acts are written down outside the database (unions/seals.py).
SEALS_FILE = Path(env.str("PORTAL_DATA", default=str(BASE_DIR / ".run"))) / "seals.txt"

EMAIL_CONFIG = env.email_url("EMAIL_URL", default="filemail://")
EMAIL_BACKEND = EMAIL_CONFIG["EMAIL_BACKEND"]
EMAIL_HOST = EMAIL_CONFIG.get("EMAIL_HOST", "")
EMAIL_PORT = EMAIL_CONFIG.get("EMAIL_PORT") or 25
EMAIL_HOST_USER = EMAIL_CONFIG.get("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD = EMAIL_CONFIG.get("EMAIL_HOST_PASSWORD", "")
EMAIL_USE_TLS = EMAIL_CONFIG.get("EMAIL_USE_TLS", False)
EMAIL_USE_SSL = EMAIL_CONFIG.get("EMAIL_USE_SSL", False)
EMAIL_FILE_PATH = str(Path(env.str("PORTAL_DATA", default=str(BASE_DIR / ".run"))) / "mail")
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="portal@localhost")
# `demo` makes accounts that share a published password: never where a real portal runs.
DEMO_ALLOWED = env.bool("PORTAL_DEMO", default=False)
# host:port pairs that webhooks may call though they are not public: a relay of the district's own network.
WEBHOOK_ALLOWED = env.list("WEBHOOK_ALLOWED", default=[])
# Where links in e-mails lead.
SITE_URL = env.str("SITE_URL", default="http://127.0.0.1:8000").rstrip("/")

# Links that the portal did not make, from one network address within ten minutes (unions/tokens.py).
WRONG_LINKS = env.int("WRONG_LINKS", default=30)
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["unions.api.authentication.SessionAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["unions.api.permissions.ScopedPermission"],
    "DEFAULT_FILTER_BACKENDS": ["django_filters.rest_framework.DjangoFilterBackend"],
    "DEFAULT_PAGINATION_CLASS": "unions.api.pagination.Pagination",
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_THROTTLE_CLASSES": ["rest_framework.throttling.UserRateThrottle"],
    "DEFAULT_THROTTLE_RATES": {"user": env.str("API_RATE", default="600/min")},
    "EXCEPTION_HANDLER": "unions.api.errors.handler",
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "娘家 · 区工会工作平台 API",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "COMPONENT_SPLIT_REQUEST": True,
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "SORT_OPERATIONS": False,
    "AUTHENTICATION_WHITELIST": ["unions.api.authentication.SessionAuthentication"],
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "unions.api.schema.describe_refusals",
    ],
    "ENUM_NAME_OVERRIDES": {
        "UnionKind": "unions.enums.UnionKind",
        "FormKind": "disclosure.enums.FormKind",
        "UnionState": "unions.enums.UnionState",
        "DutyState": "unions.enums.DutyState",
        "JobState": "unions.enums.JobState",
        "EventResult": "unions.enums.EventResult",
        "ReturnState": "disclosure.enums.ReturnState",
        "ProposalKind": "assemblies.enums.ProposalKind",
        "ProposalState": "assemblies.enums.ProposalState",
        "DelegateState": "assemblies.enums.DelegateState",
        "MeetingKind": "assemblies.enums.MeetingKind",
        "MeetingState": "assemblies.enums.MeetingState",
        "AgendaKind": "assemblies.enums.AgendaKind",
        "MeetingManner": "assemblies.enums.Manner",
        "VoteKind": "assemblies.enums.VoteKind",
        "VoteManner": "assemblies.enums.VoteManner",
        "VoteState": "assemblies.enums.VoteState",
        "AppraisalState": "assemblies.enums.AppraisalState",
        "Sex": "unions.enums.Sex",
        "AnnualState": "disclosure.enums.AnnualState",
        "BudgetState": "disclosure.enums.BudgetState",
        "ExecutionState": "disclosure.enums.ExecutionState",
        "BulletinState": "disclosure.enums.BulletinState",
        "OversightState": "disclosure.enums.OversightState",
        "OverseerState": "disclosure.enums.OverseerState",
        "FindingState": "disclosure.enums.FindingState",
        "PromiseState": "disclosure.enums.PromiseState",
        "Disposal": "disclosure.enums.Disposal",
        "AssetState": "disclosure.enums.AssetState",
        "AssetCategory": "disclosure.enums.AssetCategory",
        "AssetSource": "disclosure.enums.AssetSource",
        "RemittanceKind": "disclosure.enums.RemittanceKind",
        "RemittanceMatch": "disclosure.enums.RemittanceMatch",
        "FundAuditKind": "disclosure.enums.FundAuditKind",
        "FundAuditState": "disclosure.enums.FundAuditState",
        "FundFindingState": "disclosure.enums.FundFindingState",
        "EnquiryKind": "disclosure.enums.EnquiryKind",
        "EnquiryState": "disclosure.enums.EnquiryState",
        "EnquiryWay": "disclosure.enums.EnquiryWay",
    },
}

# The page that shows every component (/_components/), for developers.
SHOW_GALLERY = False

DJANGO_TABLES2_TEMPLATE = "components/table.html"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"()": "config.logs.JsonLine"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "INFO"},
    "loggers": {"django.security.csrf": {"level": "ERROR"}, "axes": {"level": "WARNING"}},
}
