"""All settings, read from CS_* environment variables or .env; every default works for ./cs demo."""

from pathlib import Path
from urllib.parse import urlsplit

import environ
import structlog
from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _
from whitenoise.compress import Compressor

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()
env.read_env(BASE_DIR / ".env")

VAR_DIR = Path(env("CS_VAR_DIR", default=str(BASE_DIR / "var"))).resolve()


def _secret(name: str, default: str) -> str:
    path = env(f"{name}_FILE", default="")
    return Path(path).read_text().strip() if path else env(name, default=default)


DEBUG = env.bool("CS_DEBUG", default=False)
SECRET_KEY = _secret("CS_SECRET_KEY", "" if not DEBUG else "only-for-debugging")
BASE_URL = env("CS_BASE_URL", default="http://localhost:8000").rstrip("/")
ALLOWED_HOSTS = env.list("CS_ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
# also its own address: behind a proxy that ends TLS the server itself is asked over plain HTTP
CSRF_TRUSTED_ORIGINS = ["://".join(urlsplit(BASE_URL)[:2]), *env.list("CS_TRUSTED_ORIGINS", default=[])]
TRUSTED_PROXIES = env.list("CS_TRUSTED_PROXIES", default=[])
SECURE_COOKIES = BASE_URL.startswith("https://")

INSTALLED_APPS = [
    "cs_portal",
    "accounts",
    "accounts.audit",
    "accounts.jobs",
    "accounts.lists",
    "accounts.notifications",
    "accounts.comments",
    "accounts.attachments",
    "accounts.outbox",
    "accounts.rest",
    "accounts.records",
    "accounts.revenue",
    "accounts.support",
    "accounts.onboarding",
    "accounts.usage",
    "accounts.integrations",
    "surveys",
    "kvi",
    "kvi.health",
    "kvi.playbooks",
    "reports",
    "reports.dashboards",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.contrib.humanize",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "crispy_forms",
    "crispy_bootstrap5",
    "django_filters",
    "django_htmx",
    "django_tables2",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "drf_standardized_errors",
    "knox",
    "pgtrigger",
    "rest_framework",
    "rules",
]

MIDDLEWARE = [
    "accounts.middleware.trace",
    "cs_portal.kit.once.asking_once",
    "cs_portal.kit.secret_links.keep_secret",
    "django_prometheus.middleware.PrometheusBeforeMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "accounts.viewing.middleware.ViewingAs",
    "accounts.middleware.private_pages",
    "accounts.middleware.preferences",
    "accounts.security.middleware.SecondFactor",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_prometheus.middleware.PrometheusAfterMiddleware",
    "cs_portal.kit.again.OnceMore",
]

ROOT_URLCONF = "cs_portal.urls"
WSGI_APPLICATION = "cs_portal.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.template.context_processors.i18n",
                "django.template.context_processors.tz",
                "django.contrib.messages.context_processors.messages",
                "cs_portal.kit.navigation.shell",
                "accounts.branding.branding",
                "accounts.notifications.frame.bell",
            ],
            "libraries": {
                name: f"cs_portal.kit.templatetags.{name}"
                for name in ("cs_charts", "cs_icons", "cs_lists", "cs_metrics", "cs_progress")
            },
        },
    },
]

DATABASES = {"default": env.db_url("DATABASE_URL", default="postgres://localhost/cs_portal")}
DATABASES["default"].update(CONN_MAX_AGE=0, CONN_HEALTH_CHECKS=True)
DATABASES["default"].setdefault("OPTIONS", {}).setdefault("pool", {"min_size": 1, "max_size": 8, "timeout": 3})
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
# One cache for all processes without another service; the table is made by accounts.0001.
# Room for every counter of attempts: a full cache drops a third of them, and with them the limits on logging in.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "cs_cache",
        "OPTIONS": {"MAX_ENTRIES": 1_000_000},
    }
}
SESSION_ENGINE = "django.contrib.sessions.backends.db"

# --- people -----------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "rules.permissions.ObjectPermissionBackend",
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in ("UserAttributeSimilarityValidator", "MinimumLengthValidator", "CommonPasswordValidator")
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "dashboards:today"
LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_ADAPTER = "accounts.adapter.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 600
ACCOUNT_LOGIN_BY_CODE_SUPPORTS_RESEND = True
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_FORMS = {
    "login": "accounts.forms.LoginForm",
    "request_login_code": "accounts.forms.LoginCodeForm",
    "confirm_login_code": "accounts.forms.ConfirmCodeForm",
    "reset_password": "accounts.forms.ResetPasswordForm",
    "reset_password_from_key": "accounts.forms.NewPasswordForm",
    "reauthenticate": "accounts.security.forms.AgainForm",
    "change_password": "accounts.security.forms.ChangePasswordForm",
}
MFA_ADAPTER = "accounts.security.adapter.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_ALLOW_UNVERIFIED_EMAIL = True  # an address is proven by the invitation sent to it
MFA_TOTP_TOLERANCE = 1
MFA_FORMS = {
    "authenticate": "accounts.security.forms.SecondFactorForm",
    "reauthenticate": "accounts.security.forms.SecondFactorAgainForm",
    "activate_totp": "accounts.security.forms.AppForm",
    "add_webauthn": "accounts.security.forms.PasskeyForm",
    "login_webauthn": "accounts.security.forms.PasskeyLoginForm",
    "authenticate_webauthn": "accounts.security.forms.PasskeySecondForm",
    "reauthenticate_webauthn": "accounts.security.forms.PasskeyAgainForm",
    "edit_webauthn": "accounts.security.forms.PasskeyNameForm",
}
OIDC_ISSUER = env("CS_OIDC_ISSUER", default="")
OIDC_CLIENT_ID = env("CS_OIDC_CLIENT_ID", default="")
OIDC_CLIENT_SECRET = _secret("CS_OIDC_CLIENT_SECRET", "")
OIDC_NAME = env("CS_OIDC_NAME", default="Single sign-on")
OIDC_DOMAINS = env.list("CS_OIDC_DOMAINS", default=[])
OIDC_CREATES_VIEWERS = env.bool("CS_OIDC_CREATES_VIEWERS", default=False)
OIDC_IS_SECOND_FACTOR = env.bool("CS_OIDC_IS_SECOND_FACTOR", default=False)
ACCOUNT_LOGOUT_ON_GET = False
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_COOKIES
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_NAME = "cs_session"
CSRF_COOKIE_NAME = "cs_csrf"
CSRF_FAILURE_VIEW = "cs_portal.kit.errors.form_too_old"

# --- language and time -------------------------------------------------------
FORMAT_MODULE_PATH = ["cs_portal.kit.formats"]
LANGUAGE_CODE = "en"
LANGUAGES = [("de", _("German")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
LANGUAGE_COOKIE_NAME = "cs_language"
USE_TZ = True
TIME_ZONE = "UTC"

# --- files ---------------------------------------------------------------------
STATIC_URL = "static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
WHITENOISE_SKIP_COMPRESS_EXTENSIONS = (*Compressor.SKIP_COMPRESS_EXTENSIONS, "map")
MEDIA_ROOT = VAR_DIR / "files"
STORAGES = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"file_permissions_mode": 0o600, "directory_permissions_mode": 0o700},
    },
    "staticfiles": {
        "BACKEND": env("CS_STATIC_STORAGE", default="whitenoise.storage.CompressedManifestStaticFilesStorage")
    },
}

UPLOAD_MB = env.int("CS_UPLOAD_MB", default=20)
FILE_UPLOAD_HANDLERS = [
    "cs_portal.kit.uploads.Bounded",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]

# --- headers -----------------------------------------------------------------
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}
PERMISSIONS_POLICY: dict[str, list[str]] = {
    name: [] for name in ("camera", "geolocation", "microphone", "payment", "usb")
}
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
X_FRAME_OPTIONS = "DENY"
SECURE_HSTS_SECONDS = 31_536_000 if SECURE_COOKIES else 0

# --- forms -------------------------------------------------------------------
CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_621_440

# --- mail --------------------------------------------------------------------
vars().update(env.email_url("CS_EMAIL_URL", default="filemail://"))
EMAIL_FILE_PATH = str(VAR_DIR / "mail")
if "filebased" in EMAIL_BACKEND:  # noqa: F821 - set by the line above
    EMAIL_BACKEND = "cs_portal.kit.mail.EmlFiles"
EMAIL_TIMEOUT = 30
DEFAULT_FROM_EMAIL = env("CS_SENDER", default="Customer Success <customer-success@localhost>")

MAIL_PROVIDER = env("CS_MAIL_PROVIDER", default="")
ANYMAIL = {"WEBHOOK_SECRET": _secret("CS_MAIL_WEBHOOK_SECRET", "")}

# --- jobs --------------------------------------------------------------------
# A broker that stalls is as good as away for whoever serves a page; a worker waits for messages and is patient.
BROKER_IMPATIENCE = {
    "socket_timeout": 0.8, "socket_connect_timeout": 0.8, "max_retries": 1, "interval_start": 0, "interval_step": 0,
}  # fmt: skip
BROKER_PATIENCE = {"socket_timeout": 30, "socket_connect_timeout": 5}
# with a host, because kombu prints that it assumes one where there is none
CELERY_BROKER_URL = env("CS_BROKER_URL", default="filesystem://localhost")
CELERY_BROKER_TRANSPORT_OPTIONS = (
    {
        "data_folder_in": str(VAR_DIR / "broker" / "queue"),
        "data_folder_out": str(VAR_DIR / "broker" / "queue"),
        "control_folder": str(VAR_DIR / "broker" / "control"),
        "polling_interval": 0.2,
    }
    if CELERY_BROKER_URL.startswith("filesystem")
    else BROKER_IMPATIENCE
)
CELERY_BROKER_CONNECTION_TIMEOUT = 2
CELERY_TASK_PUBLISH_RETRY_POLICY = {"max_retries": 1, "interval_start": 0, "interval_max": 0.2}
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_ENABLE_REMOTE_CONTROL = False
CELERY_BEAT_SCHEDULER = "accounts.jobs.scheduler:Beat"
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR_DIR / "broker" / "beat")
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TIMEZONE = "UTC"
SWEEP_SECONDS = env.int("CS_SWEEP_SECONDS", default=60)
RENDER_LEASE_SECONDS = env.int("CS_RENDER_LEASE_SECONDS", default=60)

# --- imports: the files of the contract, in load order ---
IMPORT_FILES = "cs_portal.imports.FILES"

# --- API ---------------------------------------------------------------------
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "accounts.rest.authentication.TokenAuthentication",
        "cs_portal.kit.api.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated", "accounts.rest.permissions.InScope"],
    "DEFAULT_THROTTLE_CLASSES": ["accounts.rest.throttling.PerCaller"],
    "DEFAULT_RENDERER_CLASSES": ["drf_orjson_renderer.renderers.ORJSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["cs_portal.kit.api.parsing.StrictJSONParser"],
    "DEFAULT_PAGINATION_CLASS": "cs_portal.kit.api.paging.Cursor",
    "DEFAULT_SCHEMA_CLASS": "cs_portal.kit.api.schema.Schema",
    "EXCEPTION_HANDLER": "drf_standardized_errors.handler.exception_handler",
    "URL_FORMAT_OVERRIDE": None,
    "DEFAULT_METADATA_CLASS": None,  # OPTIONS is a verb we do not know; the schema says what there is
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
    "COERCE_DECIMAL_TO_STRING": True,
}
DRF_STANDARDIZED_ERRORS = {"EXCEPTION_HANDLER_CLASS": "cs_portal.kit.api.errors.Handler"}
API_READS_PER_MINUTE = env.int("CS_API_READS_PER_MINUTE", default=600)
API_WRITES_PER_MINUTE = env.int("CS_API_WRITES_PER_MINUTE", default=120)
KNOX_TOKEN_MODEL = "rest.ApiToken"
REST_KNOX = {"TOKEN_PREFIX": "csp_", "AUTH_HEADER_PREFIX": "Bearer"}
MIGRATION_MODULES = {"knox": None}  # its token model is replaced by ours
SPECTACULAR_SETTINGS = {
    "TITLE": "cs_portal",
    "DESCRIPTION": "Customers' goals, Key Value Indicators, measurements, surveys, metrics and value reports.",
    "VERSION": "1",
    "SERVE_PERMISSIONS": ["rest_framework.permissions.IsAuthenticated"],
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
    "SERVE_INCLUDE_SCHEMA": False,
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "COMPONENT_SPLIT_REQUEST": True,
    "COMPONENT_NO_READ_ONLY_REQUIRED": True,  # what a caller may not see is absent
    "ENUM_NAME_OVERRIDES": {
        "SubscriptionKindEnum": "accounts.revenue.models.Subscription.Kind",
        "AttachmentKindEnum": "accounts.attachments.api.KINDS",
        "IndicatorKindEnum": "kvi.models.IndicatorVersion.Kind",
    },
}

# --- health ------------------------------------------------------------------
METRICS_TOKEN = _secret("CS_METRICS_TOKEN", "")
PROMETHEUS_METRIC_NAMESPACE = "cs"

# --- logs --------------------------------------------------------------------
structlog.configure(
    processors=[
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.JSONRenderer(),
    ]
)
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {
        "mask_secrets": {"()": "cs_portal.kit.logs.MaskSecrets"},
        "request_id": {"()": "cs_portal.kit.logs.RequestId"},
    },
    "formatters": {"line": {"format": "%(levelname)s %(message)s%(request_mark)s"}},
    "handlers": {
        "console": {
            "class": "logging.StreamHandler",
            "filters": ["mask_secrets", "request_id"],
            "formatter": "line",
        }
    },
    "root": {"handlers": ["console"], "level": env("CS_LOG_LEVEL", default="WARNING")},
}
