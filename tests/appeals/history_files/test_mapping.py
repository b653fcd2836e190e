"""The mapping file is checked before the first line is read."""

import json

import pytest

from appeals.history_files.mapping import WrongMappingError, build_mapping, read_mapping
from appeals.reference.files import MAPPINGS

GOOD = {"source": "old", "fields": {"id": "id"}}


@pytest.mark.parametrize("path", sorted(MAPPINGS.glob("*.json")), ids=lambda path: path.stem)
def test_shipped_examples_are_valid(path):
    assert read_mapping(path).source


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"source": "Old One"}, "source"),
        ({"fields": {}}, "id"),
        ({"fields": {"id": 3}}, "fields"),
        ({"time_zone": "Mars/Olympus"}, "time zone"),
        ({"clocks": "sometimes"}, "clocks"),
        ({"steps": [{"value": "x", "becomes": "vanished"}]}, "becomes"),
        ({"steps": [{"value": "x", "becomes": "closed", "outcome": "fine"}]}, "outcome"),
        ({"routes": {"to": "("}}, "routes"),
        ({"categories": {"x": "waste"}}, "categories"),
    ],
)
def test_a_wrong_mapping_names_its_entry(change, named):
    with pytest.raises(WrongMappingError, match=named):
        build_mapping(GOOD | change)


def test_an_unknown_entry_is_refused(tmp_path):
    path = tmp_path / "m.json"
    path.write_text(json.dumps(GOOD | {"categorys": {}}))
    with pytest.raises(WrongMappingError, match="categorys"):
        read_mapping(path)
