"""The portal as a WSGI application. It does not start without a secret key of its own: sessions and second factors hang on it."""

from __future__ import annotations

import os

from django.core.wsgi import get_wsgi_application

from qor.law.refusals import Refusal


class SecretKeyMissing(Refusal):
    """QOR_SECRET_KEY is not set; only the demo makes up a key for as long as it runs."""

    key = "secret_key_missing"


if not os.environ.get("QOR_SECRET_KEY") and not os.environ.get("QOR_DEMO_CLOCK"):
    raise SecretKeyMissing()
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "qor.interfaces.portal.settings")
application = get_wsgi_application()
