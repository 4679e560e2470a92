"""Django's settings, all derived from the checked environment."""

import secrets
from pathlib import Path

import dj_database_url
from django.core.management.utils import get_random_secret_key

from rongtong.domain.foundation.kept import kept_secret
from rongtong.site.environment import Environment, read_environment
from rongtong.site.mail import read_mail

ENVIRONMENT: Environment = read_environment()
PACKAGE = Path(__file__).resolve().parent.parent
HOME = ENVIRONMENT.home


def _kept_secret(home: Path) -> str:
    """The signing key kept in the data folder, made on first start."""
    return kept_secret(home / "secret_key", lambda: (get_random_secret_key() + secrets.token_hex(8)).encode()).decode()


SECRET_KEY = ENVIRONMENT.secret_key or _kept_secret(HOME)
SECRET_KEY_FALLBACKS = ENVIRONMENT.former_secret_keys
DEBUG = ENVIRONMENT.debug
ALLOWED_HOSTS = ENVIRONMENT.hosts
ROOT_URLCONF = "rongtong.site.urls"
WSGI_APPLICATION = "rongtong.site.wsgi.application"

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django_htmx",
    "rongtong.domain.foundation",
    "rongtong.domain.parties",
    "rongtong.domain.mailbox",
    "rongtong.domain.registry",
    "rongtong.domain.leads",
    "rongtong.domain.programmes",
    "rongtong.domain.assessments",
    "rongtong.portal",
    "rongtong.api",
]
MIDDLEWARE = [
    "rongtong.portal.middleware.HeadWithoutBody",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "rongtong.portal.middleware.ContentSecurityPolicy",
    "rongtong.portal.guard.SessionGuard",
    "rongtong.portal.middleware.ActorMiddleware",
    "rongtong.portal.limiting.RateLimits",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "rongtong.portal.context.shell",
            ]
        },
    }
]

_SQLITE_OPTIONS = {
    "transaction_mode": "IMMEDIATE",
    # an import writes 100,000 rows in one transaction; whoever writes meanwhile waits for it rather than fails
    "timeout": 120,
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA cache_size=-65536;",
}
DATABASES = {
    "default": dj_database_url.parse(
        ENVIRONMENT.database_url or f"sqlite:///{HOME / 'rongtong.sqlite3'}", conn_max_age=600, conn_health_checks=True
    )
}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["OPTIONS"] = _SQLITE_OPTIONS
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "parties.Account"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"rongtong.domain.parties.signing.policy.{name}"}
    for name in ("LongEnough", "UnlikeTheName", "NotCommon", "NotBreached", "NotUsedBefore")
]
LOGIN_URL = "portal:sign-in"
LOGIN_REDIRECT_URL = "portal:workbench"

LANGUAGE_CODE = ENVIRONMENT.language
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
LOCALE_PATHS = [PACKAGE / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"

STATIC_URL = "static/"
STATIC_ROOT = HOME / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": HOME / "files"}},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = True

# A name that begins with __Host- is kept by browsers only when it is secure, for this host alone and for every path.
_COOKIE = "__Host-" if ENVIRONMENT.https else ""
SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = f"{_COOKIE}sessionid", f"{_COOKIE}csrftoken"
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = ENVIRONMENT.https
SESSION_COOKIE_AGE = ENVIRONMENT.session_hours * 3600
SECURE_SSL_REDIRECT = ENVIRONMENT.https
SECURE_HSTS_SECONDS = 31536000 if ENVIRONMENT.https else 0
# Whether other hosts under the same name are served by HTTPS alone is for their owners to say.
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if ENVIRONMENT.https else None
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
CSRF_FAILURE_VIEW = "rongtong.site.failures.csrf_failed"
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
FILE_UPLOAD_HANDLERS = [
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "rongtong.domain.foundation.sealing.spool.SpoolUploadHandler",
]
_MAIL = read_mail(ENVIRONMENT.email_url)
EMAIL_BACKEND, EMAIL_FILE_PATH = _MAIL.backend, _MAIL.folder
EMAIL_HOST, EMAIL_PORT = _MAIL.host, _MAIL.port
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = _MAIL.user, _MAIL.password
EMAIL_USE_TLS, EMAIL_USE_SSL, EMAIL_TIMEOUT = _MAIL.tls, _MAIL.ssl, 20
DEFAULT_FROM_EMAIL = ENVIRONMENT.email_from

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "filters": {"quiet": {"()": "rongtong.portal.quiet.Quiet"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["quiet"]}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {"rongtong": {"level": "INFO"}},
}
