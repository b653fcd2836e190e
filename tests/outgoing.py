"""Answers in place of the servers that the hub calls."""

from __future__ import annotations

from collections.abc import Callable

import httpx
import pytest

from common import outgoing


def answer_outgoing_calls(monkeypatch: pytest.MonkeyPatch, handler: Callable[[httpx.Request], httpx.Response]) -> None:
    """Whatever `common.outgoing` would send goes to the handler; no name is looked up."""
    monkeypatch.setattr(outgoing, "_Transport", lambda allow_private: httpx.MockTransport(handler))
