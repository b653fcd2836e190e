"""The settings of the measured server: as `make run` has them, with the calibration views beside the real ones."""

from config.settings.dev import *  # noqa: F403
from config.settings.dev import MIDDLEWARE

ROOT_URLCONF = "bench.urls"
TELEGRAM_WEBHOOK_SECRET = "bench-only-secret"
STREAM_SECONDS = 0  # who calls everything at random waits for no stream
FILING_LIMIT = API_VISITORS = API_WRONG_KEYS = 10**9  # all requests come from one address
MIDDLEWARE = ["bench.views.CalibrationMiddleware", *MIDDLEWARE]
