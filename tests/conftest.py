"""Property tests run the same examples every time: a red test is red for everyone. The portal has a
secret key and a journal key, new in every run. Passwords are hashed as in the product, only with a
little memory: guessing them is not what the tests are about."""

import os
import secrets

from django.contrib.auth.hashers import Argon2PasswordHasher
from hypothesis import settings

settings.register_profile("same", derandomize=True, deadline=None, print_blob=True)
settings.load_profile("same")
os.environ.setdefault("QOR_SECRET_KEY", secrets.token_urlsafe(50))
os.environ.setdefault("QOR_JOURNAL_KEY", secrets.token_hex(32))
Argon2PasswordHasher.time_cost, Argon2PasswordHasher.memory_cost = 1, 8
Argon2PasswordHasher.parallelism = 1
