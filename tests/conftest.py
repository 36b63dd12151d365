"""Property tests run the same examples every time: a red test is red for everyone. The portal has a
secret key and a journal key, new in every run."""

import os
import secrets

from hypothesis import settings

settings.register_profile("same", derandomize=True, deadline=None, print_blob=True)
settings.load_profile("same")
os.environ.setdefault("QOR_SECRET_KEY", secrets.token_urlsafe(50))
os.environ.setdefault("QOR_JOURNAL_KEY", secrets.token_hex(32))
