"""Settings of the portal. SQLite by default, PostgreSQL by QOR_DATABASE_URL; secrets come from the
environment, never from here."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from csp.constants import NONE, SELF

from qor.interfaces.clock import demo_clock
from qor.interfaces.home import default_attachments, default_database, default_lake
from qor.interfaces.web.server.database_address import database_settings
from qor.law.nouns.identifiers import check_iban


def listed(name: str, otherwise: str = "") -> list[str]:
    """Return the parts, between commas, of a setting of the environment."""
    return [part.strip() for part in os.environ.get(name, otherwise).split(",") if part.strip()]


DATABASES = {
    "default": database_settings(
        os.environ.get("QOR_DATABASE_URL") or default_database(),
        int(os.environ.get("QOR_CONN_MAX_AGE", "0")),
    )
}
# Shared by every process of the server: limits of tries hold for all of them.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "portal_cache",
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    }
}
SECRET_KEY = os.environ.get("QOR_SECRET_KEY") or secrets.token_urlsafe(50)
DEBUG = False
ALLOWED_HOSTS = listed("QOR_HOSTS", "127.0.0.1,localhost,[::1]")
# Behind HTTPS: addresses that forms may come from, the machines whose forwarding is believed, the
# address that letters name. docs/operations lists them all.
CSRF_TRUSTED_ORIGINS = listed("QOR_ORIGINS")
QOR_PROXIES = listed("QOR_PROXIES")
QOR_ADDRESS = os.environ.get("QOR_ADDRESS", "").rstrip("/")
# Who pays: the Fund's own account in payment files; a fund sets its own.
QOR_PAYER = {
    "name": os.environ.get("QOR_PAYER_NAME", "Қор (демо)"),
    "bin": os.environ.get("QOR_PAYER_BIN", "990140000017"),
    "iban": os.environ.get("QOR_PAYER_IBAN", check_iban("KZ", "9990000000000000")),
    "bic": os.environ.get("QOR_PAYER_BIC", "DEMOKZKA"),
}
# How letters are written in 1C's exchange file, and a fund's own data of payment codes in place of
# those that come with Qor.
QOR_1C_ENCODING = os.environ.get("QOR_1C_ENCODING", "utf-8")
QOR_PAYMENT_CODES = os.environ.get("QOR_PAYMENT_CODES", "")
_WEB = Path(__file__).parents[1]
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "axes",
    "csp",
    "django_q",
    "qor.workflow.accounts",
    "qor.workflow.audit",
    "qor.workflow.disputes",
    "qor.workflow.ledger",
    "qor.workflow.acts",
    "qor.workflow.treasury",
    "qor.interfaces.web.server",
]
MIDDLEWARE = [
    "qor.interfaces.web.kernel.gate.true_client",
    "qor.interfaces.web.kernel.gate.body_limit",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "qor.interfaces.web.kernel.gate.private_pages",
    "qor.interfaces.web.kernel.gate.idle_sessions",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "qor.interfaces.web.kernel.gate.readable",
    "qor.interfaces.web.server.middleware.language",
    "qor.interfaces.web.server.middleware.own_password",
    "qor.interfaces.web.server.middleware.second_factor",
    "qor.interfaces.web.server.middleware.refusals",
    "qor.interfaces.web.server.watched.downloads",
    "axes.middleware.AxesMiddleware",
]
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
ACCOUNT_ADAPTER = "qor.interfaces.web.server.adapters.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = False
# Who locks whom out is django-axes' affair; this also limits guesses at a second factor.
ACCOUNT_RATE_LIMITS = {"login_failed": "100/m/ip,10/5m/key"}
MFA_ADAPTER = "qor.interfaces.web.server.adapters.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "Qor"
# People of the Fund sign in with a second factor; the demo, which listens on this machine only,
# does without.
QOR_SECOND_FACTOR = os.environ.get("QOR_SECOND_FACTOR", "1" if demo_clock() is None else "0") == "1"
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 1
# A name at an address after five wrong passwords; a name from anywhere, and an address, after more.
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_CLIENT_IP_CALLABLE = "qor.interfaces.web.kernel.gate.client_address"
AXES_LOCKOUT_TEMPLATE = "locked.html"
AXES_VERBOSE = False
AXES_USERNAME_CALLABLE = "qor.interfaces.web.kernel.gate.signing_in_as"
ROOT_URLCONF = "qor.interfaces.web.server.urls"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [_WEB / "kernel/templates", *sorted(_WEB.glob("features/*/templates"))],
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "qor.interfaces.web.server.menu.everywhere",
            ],
            "builtins": ["qor.interfaces.web.kernel.template_tags"],
        },
    }
]
AUTH_USER_MODEL = "accounts.User"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
LOGIN_URL = "/sign-in/"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/sign-in/"
SESSION_COOKIE_AGE = 8 * 3600
QOR_IDLE_MINUTES = int(os.environ.get("QOR_IDLE_MINUTES", "30"))
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = os.environ.get("QOR_HTTPS", "") == "1"
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")  # only from QOR_PROXIES: see gate
SECURE_HSTS_SECONDS = 63_072_000 if SESSION_COOKIE_SECURE else 0
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}
# Jobs live in the database: one that died is given out again after `retry` seconds, so each may run
# twice and must not mind.
Q_CLUSTER = {
    "name": "qor",
    "orm": "default",
    "workers": 1,
    "timeout": 240,
    "retry": 300,
    "max_attempts": 3,
    "catch_up": False,
    "save_limit": 1000,
}
USE_TZ = True
TIME_ZONE = "Asia/Almaty"
LANGUAGE_CODE = "kk"
USE_I18N = True
STATIC_URL = "static/"
STATICFILES_DIRS = [_WEB / "kernel/static"]
WHITENOISE_USE_FINDERS = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 << 20
QOR_MOST_BYTES = 200 << 20  # of a register's file
QOR_TRIES_A_MINUTE = int(os.environ.get("QOR_TRIES_A_MINUTE", "30"))
QOR_MOST_ROWS = int(os.environ.get("QOR_MOST_ROWS", "2000000"))
QOR_UPLOAD_SECONDS = int(os.environ.get("QOR_UPLOAD_SECONDS", "120"))
EMAIL_HOST = os.environ.get("QOR_EMAIL_HOST", "")
EMAIL_PORT = int(os.environ.get("QOR_EMAIL_PORT", "25"))
EMAIL_HOST_USER = os.environ.get("QOR_EMAIL_USER", "")
EMAIL_HOST_PASSWORD = os.environ.get("QOR_EMAIL_PASSWORD", "")
EMAIL_USE_TLS = os.environ.get("QOR_EMAIL_TLS", "") == "starttls"
EMAIL_USE_SSL = os.environ.get("QOR_EMAIL_TLS", "") == "tls"
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = SERVER_EMAIL = os.environ.get("QOR_EMAIL_FROM", "qor@localhost")
EMAIL_BACKEND = os.environ.get("QOR_EMAIL_BACKEND") or (
    f"django.core.mail.backends.{'smtp' if EMAIL_HOST else 'console'}.EmailBackend"
)
QOR_ATTACHMENTS = Path(os.environ.get("QOR_ATTACHMENTS") or default_attachments())
QOR_LAKE = os.environ.get("QOR_LAKE") or default_lake()
# The journal's key stays outside the database; its head is written outside after each day, closing,
# signature and bank file.
QOR_JOURNAL_KEY = os.environ.get("QOR_JOURNAL_KEY", "")
QOR_JOURNAL_KEY_FILE = os.environ.get("QOR_JOURNAL_KEY_FILE", "")
QOR_JOURNAL_HEADS = os.environ.get("QOR_JOURNAL_HEADS", "")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
}
