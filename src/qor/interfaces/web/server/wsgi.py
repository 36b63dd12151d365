"""The portal as a WSGI application. It does not start without a secret key of its own: sessions and
second factors hang on it."""

from __future__ import annotations

import os

from django.core.wsgi import get_wsgi_application

from qor.interfaces.clock import check_demo_clock
from qor.interfaces.disk import PRIVATE
from qor.interfaces.web.server.start import check_secret_key

os.umask(PRIVATE)
check_secret_key()
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "qor.interfaces.web.server.settings")
application = get_wsgi_application()


def _check_clock() -> None:
    from django.conf import settings

    check_demo_clock(str(settings.DATABASES["default"]["NAME"]))


_check_clock()
