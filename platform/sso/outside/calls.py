"""Calls to an outside provider: allauth speaks through `requests`, and every call leaves by `common.outgoing`."""

from __future__ import annotations

from collections.abc import Mapping

import httpx
import requests
from requests.adapters import BaseAdapter
from requests.structures import CaseInsensitiveDict

from common import outgoing

SECONDS = 10.0
MOST_BYTES = 256 * 1024
# What the connection sets for itself.
LEFT_OUT = {"accept-encoding", "connection", "content-length", "host", "user-agent"}


class OutgoingTransport(BaseAdapter):
    """HTTPS only, checked addresses, bounded size and time; private ones only where OUTGOING_ALLOWED lists them."""

    def send(
        self,
        request: requests.PreparedRequest,
        stream: bool = False,
        timeout: object = None,
        verify: object = True,
        cert: object = None,
        proxies: Mapping[str, str] | None = None,
    ) -> requests.Response:
        headers = {name: str(value) for name, value in request.headers.items() if name.lower() not in LEFT_OUT}
        try:
            answer = outgoing.request(
                str(request.method),
                str(request.url),
                allow_private=True,
                timeout=SECONDS,
                max_bytes=MOST_BYTES,
                headers=headers,
                content=request.body or b"",
            )
        except httpx.HTTPError as error:
            raise requests.ConnectionError(type(error).__name__, request=request) from error
        response = requests.Response()
        response.status_code, response.url, response.request = answer.status_code, str(request.url), request
        response.headers = CaseInsensitiveDict(answer.headers)
        response.encoding, response._content = answer.encoding, answer.content
        return response

    def close(self) -> None:
        """Every call has a connection of its own."""


def session() -> requests.Session:
    """A provider that redirects its programs' calls is refused: a secret must not travel on."""
    made = requests.Session()
    made.trust_env = False
    made.max_redirects = 0
    made.mount("https://", OutgoingTransport())
    made.mount("http://", OutgoingTransport())
    return made
