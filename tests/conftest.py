"""Property tests run the same examples every time: a red test is red for everyone."""

from hypothesis import settings

settings.register_profile("same", derandomize=True, deadline=None, print_blob=True)
settings.load_profile("same")
