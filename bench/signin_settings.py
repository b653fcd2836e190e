"""The settings of the server whose clock is asked who has an account.

A cheap hash: that one is computed for every login is counted in tests/signin/test_enumeration.py, and in its noise
nothing else could be seen. Without a worker the messages wait, so that the bench finds the codes.
"""

from bench.settings import *  # noqa: F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
TRUSTED_PROXY_COUNT = 1  # each question comes from an address of its own
