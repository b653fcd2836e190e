"""The Python client repeats what does no harm, and nothing else."""

from __future__ import annotations

import asyncio
import gzip
import importlib.util
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from types import ModuleType

import httpx
import pytest

from tools.sdk.steps import ROOT

FILE = ROOT / "clients" / "python" / "halyq_uni" / "patience.py"
Answer = httpx.Response | httpx.TransportError
Sent = tuple[httpx.Response | None, int, list[float]]


@pytest.fixture(scope="module")
def patience() -> ModuleType:
    spec = importlib.util.spec_from_file_location("patience", FILE)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def call(patience: ModuleType) -> Callable[..., Sent]:
    """Send one request to a server that answers as it is told: the answer, how often it was asked, the pauses."""

    def sent(answers: list[Answer], method: str = "GET", **headers: str) -> Sent:
        left: list[Answer] = list(answers)
        pauses: list[float] = []
        bodies: list[bytes] = []

        def serve(request: httpx.Request) -> httpx.Response:
            bodies.append(request.content)
            answer = left.pop(0)
            if isinstance(answer, httpx.TransportError):
                raise answer
            return answer

        transport = patience.Patience(httpx.MockTransport(serve), tries=3, sleep=pauses.append)
        with httpx.Client(transport=transport, base_url="http://hub.example") as client:
            try:
                response = client.request(method, "/", content=b"x" if method == "POST" else None, headers=headers)
            except httpx.TransportError:
                response = None
        assert len(set(bodies)) == 1
        return response, len(bodies), pauses

    return sent


KEY = {"Idempotency-Key": "k-1"}
LOST = httpx.ReadError("cut off")


@pytest.mark.parametrize(
    ("answers", "method", "headers", "status", "asked"),
    [
        ([LOST, httpx.Response(200)], "GET", {}, 200, 2),
        ([httpx.Response(503), LOST, httpx.Response(200)], "POST", KEY, 200, 3),
        ([LOST], "POST", {}, None, 1),
        ([httpx.Response(503)], "DELETE", {}, 503, 1),
        ([httpx.Response(503)] * 3, "GET", {}, 503, 3),
        ([LOST] * 3, "GET", {}, None, 3),
        ([httpx.Response(500)], "GET", {}, 500, 1),
        ([httpx.Response(409)], "POST", KEY, 409, 1),
        ([httpx.Response(409, headers={"Retry-After": "2"}), httpx.Response(201)], "POST", KEY, 201, 2),
        ([httpx.Response(502), httpx.Response(504), httpx.Response(201)], "POST", KEY, 201, 3),
    ],
)
def test_only_what_can_be_repeated_is_repeated(call, answers, method, headers, status, asked):
    response, times, pauses = call(answers, method, **headers)
    assert (response.status_code if response else None, times) == (status, asked)
    assert len(pauses) == asked - 1


def test_pauses_are_as_long_as_the_hub_says_or_grow(call):
    put_off = httpx.Response(429, headers={"Retry-After": "7"})
    assert call([put_off, httpx.Response(200)])[2] == [7.0]
    _, _, (first, second) = call([LOST, LOST, httpx.Response(200)])
    assert 0.25 <= first <= 0.5 <= second <= 1
    assert call([httpx.Response(503, headers={"Retry-After": "9999"}), httpx.Response(200)])[2] == [60.0]


class CutOff(httpx.SyncByteStream, httpx.AsyncByteStream):
    """The beginning of a body, and then nothing more."""

    def __iter__(self) -> Iterator[bytes]:
        yield b"{"
        raise httpx.ReadError("cut off")

    async def __aiter__(self) -> AsyncIterator[bytes]:
        yield b"{"
        raise httpx.ReadError("cut off")


def test_an_answer_that_is_cut_off_in_the_middle_is_asked_for_again(call):
    half, whole = httpx.Response(201, stream=CutOff()), httpx.Response(201, content=b"{}")
    response, times, _ = call([half, whole], "POST", **KEY)
    assert (response.content, times) == (b"{}", 2)
    assert call([httpx.Response(201, stream=CutOff())], "POST")[:2] == (None, 1)


@pytest.mark.parametrize("cut", [LOST, None], ids=["before", "within"])
def test_asynchronous_calls_are_as_patient(patience, cut):
    left: list[Answer] = [cut or httpx.Response(201, stream=CutOff()), httpx.Response(201, content=b"{}")]
    pauses: list[float] = []

    def serve(request: httpx.Request) -> httpx.Response:
        answer = left.pop(0)
        if isinstance(answer, httpx.TransportError):
            raise answer
        return answer

    async def pause(seconds: float) -> None:
        pauses.append(seconds)

    async def call() -> httpx.Response:
        transport = patience.Patience(below_async=httpx.MockTransport(serve), sleep_async=pause)
        async with httpx.AsyncClient(transport=transport, base_url="http://hub.example") as client:
            return await client.post("/", content=b"x", headers=KEY)

    with ThreadPoolExecutor(1) as thread:  # the browser of other tests keeps a loop running in this one
        assert thread.submit(lambda: asyncio.run(call())).result().content == b"{}"
    assert len(pauses) == 1


def test_a_packed_answer_is_unpacked_once(call):
    class Packed(httpx.SyncByteStream):
        def __iter__(self) -> Iterator[bytes]:
            yield gzip.compress("су жоқ".encode())

    packed = httpx.Response(200, stream=Packed(), headers={"Content-Encoding": "gzip"})
    assert call([packed])[0].text == "су жоқ"


def test_a_stream_is_handed_on_as_it_comes(patience):
    def serve(request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, headers={"Content-Type": "text/event-stream"}, stream=CutOff())

    transport = patience.Patience(httpx.MockTransport(serve))
    with httpx.Client(transport=transport, base_url="http://hub.example") as client, client.stream("GET", "/") as found:
        assert next(found.iter_raw()) == b"{"
