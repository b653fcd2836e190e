"""Every operation carries an example, and every example is true: it is sent, and answered as it is written."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pytest
import time_machine

from openapi import stream
from openapi.examples import EXAMPLES
from openapi.examples.base import JSON
from tests.openapi.examples.calls import document, fits, headers_of_answer, same, same_stream, schema_of_answer, send
from tests.openapi.examples.prepared import BEFORE, Ready
from tests.openapi.examples.prepared_more import MORE
from tests.openapi.examples.prepared_statistics import STATISTICS
from tests.openapi.examples.world import make_world
from tests.openapi.operations_expected import EXPECTED
from tests.openapi.test_operations import operations

FRIDAY = dt.datetime(2026, 11, 27, 5, 15, tzinfo=dt.UTC)


def _outside() -> list[str]:
    found = operations(document())
    return sorted(name for name in EXAMPLES if "/sandbox" not in found[name][1])


@pytest.fixture
def on_a_friday() -> Iterator[None]:
    with time_machine.travel(FRIDAY):
        yield


def test_every_operation_has_an_example():
    """Write one in openapi/examples/, and in BEFORE what must have happened before."""
    assert set(EXAMPLES) == set(EXPECTED)


@pytest.mark.parametrize("operation", sorted(EXAMPLES))
def test_example_fits_the_document(operation):
    """Bodies and answers by their schemas; required headers and values of the address are there."""
    example = EXAMPLES[operation]
    _, _, described = operations(document())[operation]
    required = {row["name"] for row in described.get("parameters", []) if row.get("required")}
    assert required <= {*example.path, *example.query, *example.headers}
    assert ("requestBody" in described) == (example.body is not None)
    if example.body is not None and "application/json" in described["requestBody"]["content"]:
        fits(described["requestBody"]["content"]["application/json"]["schema"], example.body)
    if example.answer is not None:
        ((media, answer),) = described["responses"][str(example.status)]["content"].items()
        if media != stream.MEDIA_TYPE:  # its schema is that of one message; test_example_is_true reads them
            fits(answer["schema"], example.answer)


@pytest.mark.django_db
@pytest.mark.usefixtures("on_a_friday")
@pytest.mark.parametrize("operation", _outside())
def test_example_is_true(operation):
    example, world = EXAMPLES[operation], make_world()
    before = {**BEFORE, **MORE, **STATISTICS}.get(operation)
    ready = before(world) if before else Ready(world.portal)
    answer = send(ready.program, operation, example, ready.path, ready.body)
    assert answer.status_code == example.status, b"".join(answer).decode()
    assert headers_of_answer(operation, answer) <= {*answer.headers, "Idempotency-Replayed"}  # of a second try alone
    if example.media != JSON:
        assert answer["Content-Type"].split(";")[0] == example.media
        assert b"".join(answer)
        return
    if answer.streaming:
        same_stream(example.answer, b"".join(answer.streaming_content).decode())
        return
    if example.answer is None:
        assert not answer.content
        return
    fits(schema_of_answer(operation, answer), answer.json())
    same(example.answer, answer.json())
