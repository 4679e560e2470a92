"""A real identity provider for the tests: django-oauth-toolkit in a process of its own.

    python provider.py FOLDER

listens on a free port of this machine, writes its address into FOLDER/address and serves until it is ended. It knows
one client and two people: ``wai`` signs in there with a password, ``liang`` with a password and a code.
"""

import os
import sys
from pathlib import Path

import django
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from django.conf import settings
from django.http import HttpRequest
from django.urls import include, path

CLIENT, SECRET, PASSWORD = "rongtong-tests", "secret of the tests alone", "password of the tests alone"
BACK, HOME = "http://localhost/sign-in/unified/back", "http://localhost/"
FORM = "<form method=post>{% csrf_token %}{{ form }}<button>ok</button></form>"


def main(folder: Path) -> None:
    os.environ["OAUTHLIB_INSECURE_TRANSPORT"] = "1"  # nothing leaves this machine
    configure(folder)
    django.setup()
    fill()
    serve(folder)


def configure(folder: Path) -> None:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    written = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    settings.configure(
        SECRET_KEY="of the tests alone",
        ROOT_URLCONF=__name__,
        ALLOWED_HOSTS=["127.0.0.1"],
        USE_TZ=True,
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
        DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": folder / "provider.sqlite3"}},
        INSTALLED_APPS=[
            "django.contrib.auth",
            "django.contrib.contenttypes",
            "django.contrib.sessions",
            "oauth2_provider",
        ],
        MIDDLEWARE=[
            "django.contrib.sessions.middleware.SessionMiddleware",
            "django.middleware.csrf.CsrfViewMiddleware",
            "django.contrib.auth.middleware.AuthenticationMiddleware",
        ],
        TEMPLATES=[
            {
                "BACKEND": "django.template.backends.django.DjangoTemplates",
                "OPTIONS": {
                    "loaders": [("django.template.loaders.locmem.Loader", {"registration/login.html": FORM})],
                    "context_processors": ["django.template.context_processors.request"],
                },
            }
        ],
        PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"],
        LOGIN_URL="/login",
        OAUTH2_PROVIDER={
            "OIDC_ENABLED": True,
            "OIDC_RSA_PRIVATE_KEY": written.decode(),
            "OIDC_RP_INITIATED_LOGOUT_ENABLED": True,
            "OIDC_RP_INITIATED_LOGOUT_ALWAYS_PROMPT": False,
            "OAUTH2_VALIDATOR_CLASS": f"{__name__}.Claims",
            "SCOPES": {"openid": "who", "profile": "name"},
            "PKCE_REQUIRED": True,
        },
    )


def __getattr__(name: str) -> object:
    """What needs Django to be set up, made when it is first asked for."""
    if name == "Claims":
        return _claims()
    if name == "urlpatterns":
        from django.contrib.auth.views import LoginView

        return [path("login", LoginView.as_view()), path("o/", include("oauth2_provider.urls"))]
    raise AttributeError(name)


def _claims() -> type:
    from oauth2_provider.oauth2_validators import OAuth2Validator

    class Claims(OAuth2Validator):
        oidc_claim_scope = None

        def get_additional_claims(self, request: HttpRequest) -> dict[str, object]:
            methods = ["pwd", "otp"] if request.user.username == "liang" else ["pwd"]
            return {"name": request.user.first_name, "amr": methods}

    return Claims


def fill() -> None:
    from django.contrib.auth.models import User
    from django.core.management import call_command
    from oauth2_provider.models import Application

    call_command("migrate", verbosity=0)
    User.objects.create_user("wai", password=PASSWORD, first_name="外部 王工")
    User.objects.create_user("liang", password=PASSWORD, first_name="外部 梁处")
    Application.objects.create(
        client_id=CLIENT,
        client_secret=SECRET,
        client_type="confidential",
        authorization_grant_type="authorization-code",
        redirect_uris=BACK,
        post_logout_redirect_uris=HOME,
        skip_authorization=True,
        algorithm="RS256",
    )


def serve(folder: Path) -> None:
    from django.core.wsgi import get_wsgi_application
    from waitress.server import create_server

    server = create_server(get_wsgi_application(), host="127.0.0.1", port=0, threads=4)
    ready = folder / "address.new"
    ready.write_text(f"http://127.0.0.1:{server.effective_port}")
    ready.rename(folder / "address")
    server.run()


if __name__ == "__main__":
    sys.modules["provider"] = sys.modules[__name__]
    __name__ = "provider"  # Django looks this module up by its name
    main(Path(sys.argv[1]))
