"""What every installation shares; whatever differs between installations is read from the environment."""

import logging
from datetime import timedelta
from pathlib import Path
from typing import Any

from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from config import environment as env
from config.logs import configure_structlog, logging_config
from config.settings import outside

ROOT = Path(__file__).resolve().parents[3]
VAR = Path(env.text("HALYQ_VAR") or ROOT / "var")

# --- secrets and where the installation stands -------------------------------------------------------------
DEBUG = False
SECRET_KEY = env.text("SECRET_KEY")
SECRET_KEY_FALLBACKS = env.words("SECRET_KEY_FALLBACKS")  # keys of before: what they signed stays valid
FIELD_KEYS = env.words("HALYQ_FIELD_KEYS")  # Fernet keys of encrypted fields; the first one encrypts
HASH_KEY = env.text("HALYQ_HASH_KEY")  # keyed hashes by which encrypted values are looked up
ALLOWED_HOSTS = env.words("ALLOWED_HOSTS")
CSRF_TRUSTED_ORIGINS = env.words("CSRF_TRUSTED_ORIGINS")
PUBLIC_URL = env.text("PUBLIC_URL", "http://127.0.0.1:8000")  # for links in messages
CITY_KATO = env.text("HALYQ_CITY_KATO")  # of the city in the KATO classifier; empty: not told to programs
TRUSTED_PROXY_COUNT = env.number("TRUSTED_PROXY_COUNT", 0)

# --- apps, in the order of the layers ----------------------------------------------------------------------
INSTALLED_APPS = [
    "openapi",
    "reports",
    "appeals",
    "petitions",
    "privacy",
    "sso",
    "sso.outside",  # an app of its own, because allauth looks for providers in apps
    "identity",
    "signin",
    "notifications",
    "audit",
    "accounts",
    "organizations",
    "ui",
    "monitoring",
    "common",
    "catalogue",  # after all others: connectors from outside must not take the names of our own
    "config.admin_app.HubAdminConfig",  # django.contrib.admin, open to two roles
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.humanize",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.idp.oidc",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "csp",
    "django_htmx",
    "django_structlog",
]

# Every request passes all of these, so the list is short. The order matters:
MIDDLEWARE = [
    "monitoring.requests.RequestMiddleware",  # outermost: whatever answers is counted, timed and logged once
    "config.middleware.HeadersMiddleware",  # also the answers of those below get them
    "csp.middleware.CSPMiddleware",
    "config.middleware.ProgramsMiddleware",  # before the next one leads to HTTPS
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "config.middleware.MethodsMiddleware",
    "config.middleware.HooksMiddleware",  # what channels push needs nothing of what stands below
    "whitenoise.middleware.WhiteNoiseMiddleware",  # static files need neither session nor language
    "openapi.middleware.ApiMiddleware",  # programs need neither session nor pages
    "django.contrib.sessions.middleware.SessionMiddleware",
    "config.middleware.LanguageMiddleware",  # before anything that writes text
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",  # needs the session
    "config.middleware.PersonalPagesMiddleware",  # needs to know who it is
    "audit.current.CurrentRequestMiddleware",  # the log names whose request it was
    "django.contrib.messages.middleware.MessageMiddleware",  # needs the session
    "allauth.account.middleware.AccountMiddleware",  # needs user and messages
    "signin.session_middleware.SessionMiddleware",  # ends what is over; needs all of these
    "signin.middleware.SecondFactorMiddleware",  # needs all of these
    "django_htmx.middleware.HtmxMiddleware",
    "config.access_middleware.AccessMiddleware",  # needs the user; looks at nothing but the name of the view
    "common.middleware.DomainErrorMiddleware",  # innermost: turns a broken rule of a step into an answer
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
ASGI_APPLICATION = "config.asgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [ROOT / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "ui.context.site",
            ],
        },
    },
]

# --- database, cache, queue --------------------------------------------------------------------------------
# Without addresses: the servers that `make run` starts in its own folder.
DATABASE_URL = env.text("DATABASE_URL") or f"postgresql://hub@/hub?host={VAR}/run"
REDIS_URL = env.text("REDIS_URL") or f"unix://{VAR}/run/kv.sock"
IS_WEB_PROCESS = env.text("HALYQ_PROCESS") == "web"

DATABASES: dict[str, dict[str, Any]] = {
    # Seconds from task to task of a worker (config.worker_connections); nothing else outlives its work.
    "default": env.database(DATABASE_URL) | {"CONN_MAX_AGE": 600, "CONN_HEALTH_CHECKS": True},
}
if IS_WEB_PROCESS:
    # It looks for itself whether one is closed, and keeps them in a pool.
    DATABASES["default"] |= {"ENGINE": "common.postgres", "CONN_MAX_AGE": 0, "CONN_HEALTH_CHECKS": False}
    DATABASES["default"]["OPTIONS"] |= {
        "pool": {"min_size": 1, "max_size": env.number("DATABASE_POOL_SIZE", 5), "timeout": 10},
        # Statements written for it are prepared; behind a pooler that cannot keep them apart: DATABASE_PREPARE=0.
        "prepare_threshold": 2 if env.flag("DATABASE_PREPARE", True) else None,
        "options": "-c statement_timeout=15000 -c lock_timeout=5000 -c idle_in_transaction_session_timeout=60000",
    }

CACHES: dict[str, dict[str, Any]] = {
    "default": {
        "BACKEND": "common.key_value.KeyValueCache",
        "LOCATION": env.redis(REDIS_URL, 1),
        "KEY_PREFIX": "hub",
        "KEY_FUNCTION": "common.realm.cache_key",
        "TIMEOUT": 300,
    },
}
SESSION_ENGINE = "signin.session_store"
# A session ends after its lifetime, however much it is used; one of the staff also when it is not used.
RESIDENT_SESSION_LIFETIME = timedelta(days=env.number("HALYQ_RESIDENT_SESSION_DAYS", 14))
STAFF_SESSION_LIFETIME = timedelta(hours=env.number("HALYQ_STAFF_SESSION_HOURS", 12))
STAFF_SESSION_IDLE = timedelta(minutes=env.number("HALYQ_STAFF_IDLE_MINUTES", 60))
SESSION_COOKIE_AGE = int(max(RESIDENT_SESSION_LIFETIME, STAFF_SESSION_LIFETIME).total_seconds())
POLLED_PAGES = ("appeals:queue-count",)  # asked for by pages themselves: no sign that somebody sits before one

HINTS_IN_BACKGROUND = IS_WEB_PROCESS  # a request does not wait for the queue server
CELERY_BROKER_URL = env.broker(REDIS_URL, 0)
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_SOFT_TIME_LIMIT = 540
CELERY_TASK_TIME_LIMIT = 600
CELERY_TIMEZONE = "Asia/Almaty"
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BEAT_SCHEDULER = "config.beat:SingleBeat"
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 900,  # longer than the longest task, or it runs again and again
    "unacked_restore_interval": 5,
    "unacked_restore_throttle": 1,
    "health_check_interval": 10,
    "socket_timeout": 30,
    "global_keyprefix": "hub:",
}

# --- languages and time ------------------------------------------------------------------------------------
LANGUAGE_CODE = "kk"
LANGUAGES = [("kk", _("Kazakh")), ("ru", _("Russian")), ("en", _("English"))]
LANGUAGE_COOKIE_AGE = 365 * 24 * 3600
LANGUAGE_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_HTTPONLY = True
LOCALE_PATHS = [ROOT / "platform" / "ui" / "locale"]
FORMAT_MODULE_PATH = ["ui.formats"]
USE_I18N = True
TIME_ZONE = "Asia/Almaty"
USE_TZ = True

# --- static files and uploads ------------------------------------------------------------------------------
STATIC_URL = "static/"
STATIC_ROOT = Path(env.text("STATIC_ROOT") or VAR / "static")
PRINT_FONTS = ROOT / "platform" / "ui" / "static" / "vendor" / "print"  # of the PDF documents
STATICFILES_DIRS: list[Any] = []
STORAGES: dict[str, dict[str, Any]] = {
    "default": {"BACKEND": "common.realm_storage.RealmStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
# Uploads have no URL of their own: a view checks the right to see each one.
MEDIA_ROOT = Path(env.text("MEDIA_ROOT") or VAR / "media")
MEDIA_URL = ""
FILE_UPLOAD_PERMISSIONS = 0o640
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o750
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 500
DATA_UPLOAD_MAX_NUMBER_FILES = 20
# Appeals that one network address may file within ten minutes; many people share an address behind one provider.
FILING_LIMIT = env.number("HALYQ_FILING_LIMIT", 300)
# Requests of the open API in a minute from one network: without a key, and with one that is wrong.
API_VISITORS, API_WRONG_KEYS = 120, 60
# The first one begins new appeal numbers; the others were used before, and their numbers stay valid.
NUMBER_PREFIXES = env.number_prefixes("HALYQ_NUMBER_PREFIX", "TRK")

# --- sign-in -----------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["signin.backend.PasswordBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "common.passwords.KnownNumberValidator"},
    {"NAME": "common.passwords.ContextWordsValidator"},
    {"NAME": "common.breached_passwords.BreachedPasswordValidator"},
]
# Where published passwords are asked for: https://api.pwnedpasswords.com/range or the city's own copy; empty: nowhere.
BREACHED_PASSWORDS_URL = env.text("BREACHED_PASSWORDS_URL")
LOGIN_URL = "account_login"
UNLISTED_VIEWS_RAISE = False  # a view that nobody gave an entry in config.access is closed; tests want to hear of it
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/"
ACCOUNT_LOGIN_METHODS = {"username", "email"}  # and by phone: signin.forms
ACCOUNT_ADAPTER = "signin.adapter.AccountAdapter"
ACCOUNT_FORMS = {"login": "signin.forms.LoginForm", "change_password": "signin.forms.ChangePasswordForm"}
# Ours are in signin.limits: in the database, not in a cache that may be down.
ACCOUNT_RATE_LIMITS = {"login": None, "signup": None, "reset_password": None, "login_failed": None}
ACCOUNT_LOGIN_ON_PASSWORD_RESET = True  # through the second factor, like every sign-in
RESIDENT_HOME, STAFF_HOME = "appeals:my_appeals", "appeals:staff-home"  # where sign-in leads to
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"  # the code of the registration or of the sign-in confirms a contact
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_SESSION_REMEMBER = None
ALLAUTH_TRUSTED_PROXY_COUNT = TRUSTED_PROXY_COUNT
ACCOUNT_REAUTHENTICATION_REQUIRED = True  # before the addresses of an account change
ACCOUNT_REAUTHENTICATION_TIMEOUT = 15 * 60  # for how long one proof of oneself is good for sensitive acts
EVEN_ANSWER_SECONDS = 0.3  # a question for a new password is answered no sooner: its work takes a tenth of that
KNOWN_DEVICE_COOKIE_NAME = "device"
GEOIP_DATABASE = env.text("GEOIP_DATABASE")  # a MaxMind DB file with cities; without one places are not named
MFA_ADAPTER = "signin.mfa_adapter.MFAAdapter"
MFA_FORMS = {
    "authenticate": "signin.mfa_forms.CodeForm",
    "reauthenticate": "signin.mfa_forms.CodeAgainForm",
    "activate_totp": "signin.mfa_forms.AddAppForm",
    "add_webauthn": "signin.mfa_forms.AddPasskeyForm",
    "edit_webauthn": "signin.mfa_forms.RenamePasskeyForm",
    "authenticate_webauthn": "signin.mfa_forms.PasskeyForm",
    "reauthenticate_webauthn": "signin.mfa_forms.PasskeyAgainForm",
    "login_webauthn": "signin.mfa_forms.PasskeySignInForm",
}
TRUSTED_DEVICE_COOKIE, KNOWN_BROWSER_COOKIE = "halyq_trusted", "halyq_known"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_ALLOW_UNVERIFIED_EMAIL = True  # instead of allauth's rule: one confirmed contact (signin.factors)
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_RATE_LIMITS = {"webauthn_login": "60/m/ip"}  # many people share an address; there is nothing to guess
MFA_RECOVERY_CODE_COUNT = 10
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_TOTP_ISSUER = "Halyq Uni"
MFA_TOTP_TOLERANCE = 1

# --- one sign-in for the connected systems, and through an outside provider ---------------------------------
SSO_PROVIDER = env.flag("HALYQ_SSO")  # whether connected systems may sign people in through the hub
# The first key signs; the others are published and believed, so that keys change without anybody noticing.
SSO_KEYS = env.pem_blocks("HALYQ_SSO_KEYS")
SSO_OUTSIDE = outside.read()  # through whom the staff may sign in; more can be added on the pages
SSO_LOOPBACK = False  # redirect addresses at http://127.0.0.1: development machines and tests only
IDP_OIDC_ADAPTER = "sso.provider.adapter.ProviderAdapter"
IDP_OIDC_AUTH_METHODS = ["client_secret_basic", "client_secret_post", "none"]
IDP_OIDC_AUTHORIZATION_CODE_EXPIRES_IN = 60
IDP_OIDC_ID_TOKEN_EXPIRES_IN = 5 * 60
IDP_OIDC_ACCESS_TOKEN_EXPIRES_IN = 10 * 60
IDP_OIDC_REFRESH_TOKEN_EXPIRES_IN = 30 * 24 * 3600
IDP_OIDC_ROTATE_REFRESH_TOKEN = True
IDP_OIDC_RP_INITIATED_LOGOUT_ASKS_FOR_OP_LOGOUT = False  # asked only when the system cannot prove whose sign-in it ends
SOCIALACCOUNT_ADAPTER = "sso.outside.adapter.OutsideAdapter"
SOCIALACCOUNT_LOGIN_ON_GET = False
SOCIALACCOUNT_STORE_TOKENS = False
SOCIALACCOUNT_EMAIL_AUTHENTICATION = False  # an account is never found by an e-mail address that others claim
SOCIALACCOUNT_AUTO_SIGNUP = False
SOCIALACCOUNT_REQUESTS_TIMEOUT = 10

# --- the open API ------------------------------------------------------------------------------------------
REST_FRAMEWORK: dict[str, Any] = {
    "URL_FORMAT_OVERRIDE": None,  # the format is asked for by Accept alone
    "DEFAULT_AUTHENTICATION_CLASSES": ["openapi.authentication.KeyAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["openapi.permissions.ScopePermission"],
    "DEFAULT_THROTTLE_CLASSES": ["openapi.throttling.ApplicationThrottle"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["openapi.parsers.Json"],
    "DEFAULT_SCHEMA_CLASS": "openapi.schema.HubSchema",
    "EXCEPTION_HANDLER": "drf_standardized_errors.handler.exception_handler",
    "UNAUTHENTICATED_USER": None,
    "NUM_PROXIES": TRUSTED_PROXY_COUNT,
    "COERCE_DECIMAL_TO_STRING": False,
}
DRF_STANDARDIZED_ERRORS = {
    "EXCEPTION_HANDLER_CLASS": "openapi.errors.Handler",
    "EXCEPTION_FORMATTER_CLASS": "openapi.errors.Formatter",
}
SPECTACULAR_SETTINGS: dict[str, Any] = {
    "TITLE": "Halyq Uni",
    "VERSION": "1.1.0",
    "OAS_VERSION": "3.1.1",
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "COMPONENT_SPLIT_REQUEST": True,
    "COMPONENT_SPLIT_PATCH": False,  # what a change needs is told by its own serializer
    "SERVE_INCLUDE_SCHEMA": False,
    "SORT_OPERATIONS": True,
    "ENUM_NAME_OVERRIDES": {
        "KindEnum": "appeals.models.Kind",
        "LinkKindEnum": "appeals.models.LinkKind",
        "ApplicantTypeEnum": "appeals.models.Applicant.Type",
        "EventTypeEnum": "openapi.event_types.CHOICES",
        "IntegrationStateEnum": "catalogue.models.State",
        "AnswerLanguageEnum": [("kk", "Қазақша"), ("ru", "Русский")],
    },
    "DEFAULT_GENERATOR_CLASS": "openapi.schema.HubGenerator",
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "openapi.schema.add_problem",
        "openapi.introduction.introduce",
        "openapi.webhooks.document.add_parts",
        "openapi.dictionary.explaining.explain_fields",
    ],
    "WEBHOOKS": "openapi.webhooks.document.WEBHOOKS",
}

# --- security headers --------------------------------------------------------------------------------------
CSP_REPORTS = "/csp-reports/"
CONTENT_SECURITY_POLICY: dict[str, Any] = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "object-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "report-uri": CSP_REPORTS,
        "report-to": "csp",
    },
}
MESSAGE_STORAGE = "common.cookies.MessageStorage"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "ui.views.errors.csrf_failure"
X_FRAME_OPTIONS = "DENY"

# --- messages out and in -----------------------------------------------------------------------------------
# A transport without its address writes to the log instead of sending.
EMAIL_HOST = env.text("EMAIL_HOST")
EMAIL_PORT = env.number("EMAIL_PORT", 587)
EMAIL_HOST_USER = env.text("EMAIL_HOST_USER")
EMAIL_HOST_PASSWORD = env.text("EMAIL_HOST_PASSWORD")
EMAIL_USE_TLS = env.flag("EMAIL_USE_TLS", EMAIL_PORT == 587)
EMAIL_USE_SSL = env.flag("EMAIL_USE_SSL", EMAIL_PORT == 465)
EMAIL_TIMEOUT = 20
EMAIL_BACKEND = f"django.core.mail.backends.{'smtp' if EMAIL_HOST else 'console'}.EmailBackend"
DEFAULT_FROM_EMAIL = env.text("DEFAULT_FROM_EMAIL", "Halyq Uni <no-reply@localhost>")
SERVER_EMAIL = DEFAULT_FROM_EMAIL

TELEGRAM_BOT_TOKEN = env.text("TELEGRAM_BOT_TOKEN")
TELEGRAM_WEBHOOK_SECRET = env.text("TELEGRAM_WEBHOOK_SECRET")
TELEGRAM_API_BASE = env.text("TELEGRAM_API_BASE", "https://api.telegram.org")

SMS_GATEWAY_URL = env.text("SMS_GATEWAY_URL")
SMS_GATEWAY_TOKEN = env.text("SMS_GATEWAY_TOKEN")
SMS_SENDER = env.text("SMS_SENDER", "HalyqUni")

IMAP_HOST = env.text("IMAP_HOST")
IMAP_PORT = env.number("IMAP_PORT", 993)
IMAP_USER = env.text("IMAP_USER")
IMAP_PASSWORD = env.text("IMAP_PASSWORD")
IMAP_FOLDER = env.text("IMAP_FOLDER", "INBOX")
IMAP_USE_SSL = env.flag("IMAP_USE_SSL", True)

# --- calls to other servers ---------------------------------------------------------------------------------
# Hosts and networks of our own that may be called though they are private or plain HTTP; all others: HTTPS, public.
OUTGOING_ALLOWED = env.words("OUTGOING_ALLOWED")
# Of these the ones that partners may name as the address of a webhook: nobody else reaches into our own network.
WEBHOOKS_ALLOWED = env.words("HALYQ_WEBHOOKS_ALLOWED")
# Server-sent events: how many threads of each web process they may hold, and for how long one of them.
STREAMS = env.number("HALYQ_STREAMS", max(1, env.number("WEB_THREADS", 4) // 4))
STREAM_SECONDS = env.number("HALYQ_STREAM_SECONDS", 60)
OUTGOING_CA_FILE = env.text("OUTGOING_CA_FILE")  # certificates trusted beside the public ones

# --- the audit log on its way to a SIEM ---------------------------------------------------------------------
SIEM_SYSLOG_URL = env.text("SIEM_SYSLOG_URL")  # tcp://host:601, tls://host:6514 or udp://host:514
SIEM_SYSLOG_FACILITY = env.number("SIEM_SYSLOG_FACILITY", 13)  # log audit
SIEM_SYSLOG_SD_ID = env.text("SIEM_SYSLOG_SD_ID", "audit@32473")  # with the enterprise number of the city
SIEM_SYSLOG_CA_FILE = env.text("SIEM_SYSLOG_CA_FILE")
SIEM_SYSLOG_CONFIRM = env.flag("SIEM_SYSLOG_CONFIRM", True)  # wait until the receiver has ended the connection
SIEM_HTTP_URL = env.text("SIEM_HTTP_URL")
SIEM_HTTP_TOKEN = env.text("SIEM_HTTP_TOKEN")
SIEM_HTTP_GZIP = env.flag("SIEM_HTTP_GZIP")
SIEM_HOSTNAME = env.text("SIEM_HOSTNAME")  # how this installation is called there; empty: the name of the machine
SIEM_TIMEOUT = env.number("SIEM_TIMEOUT", 20)
env.check_siem(SIEM_SYSLOG_URL, SIEM_HTTP_URL, SIEM_SYSLOG_FACILITY)

# --- connectors from outside --------------------------------------------------------------------------------
# slug=package.module:Class, separated by commas; beside those that installed packages announce themselves.
CONNECTOR_PLUGINS = env.words("CONNECTOR_PLUGINS")

# --- virus scanner: unix:/run/clamav/clamd.ctl or host:port; empty: none --------------------------------------
CLAMD_ADDRESS = env.text("CLAMD_ADDRESS")
CLAMD_REQUIRED = env.flag("CLAMD_REQUIRED")  # refuse files while it does not answer; else they wait for it

# --- state signature ---------------------------------------------------------------------------------------
# NCANode checks signatures of the National Certification Centre; without its address the step is not offered.
NCANODE_URL = env.text("NCANODE_URL")
NCANODE_TIMEOUT = env.number("NCANODE_TIMEOUT", 10)  # seconds for one question; OCSP of the centre may be slow
NCALAYER_URL = "wss://127.0.0.1:13579"  # the signing program on the resident's own computer

# --- demo city ---------------------------------------------------------------------------------------------
DEMO_ALLOWED = False  # invented accounts with a password that everybody knows: development machines only
DEMO_PASSWORD = "demo-halyq-2026"

# --- logs --------------------------------------------------------------------------------------------------
LOG_LEVEL = env.text("LOG_LEVEL", "INFO").upper()
LOGGING = logging_config(json=True, level=LOG_LEVEL)
configure_structlog()
DJANGO_STRUCTLOG_CELERY_ENABLED = True
DJANGO_STRUCTLOG_CELERY_TASK_START_LOG_LEVEL = logging.DEBUG  # one line per task, when it has ended
DJANGO_STRUCTLOG_CELERY_TASK_FAILURE_LOG_LEVEL = logging.ERROR

# --- monitoring --------------------------------------------------------------------------------------------
# Who may read /metrics: networks, a token (Authorization: Bearer), or both together; without any of them nobody may.
METRICS_NETWORKS = env.words("HALYQ_METRICS_NETWORKS")
METRICS_TOKEN = env.secret("HALYQ_METRICS_TOKEN")
WORKER_METRICS_BIND = env.text("HALYQ_WORKER_METRICS")  # host:port at which a worker answers the same; empty: nowhere
env.check_metrics(METRICS_NETWORKS, WORKER_METRICS_BIND)
METRICS_FOLDER = env.text("PROMETHEUS_MULTIPROC_DIR")  # set by the first process of a server: config.metric_files
