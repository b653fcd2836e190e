"""Devices in words, and places by address."""

from __future__ import annotations

import pytest
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st
from mmdb_writer import MMDBWriter
from netaddr import IPSet

from signin import places
from signin.device_words import KINDS, LONGEST_NAME, describe
from tests.signin.people import CHROME, PHONE

FIREFOX = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10.15; rv:128.0) Gecko/20100101 Firefox/128.0"
ANDROID = (
    "Mozilla/5.0 (Linux; Android 14; SM-A155F) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 {}Safari/537.36"
)


@pytest.mark.parametrize(
    ("agent", "words", "kind"),
    [
        (CHROME, "Chrome, Windows", "computer"),
        (PHONE, "Safari, iOS", "phone"),
        (ANDROID.format("Mobile "), "Chrome, Android", "phone"),
        (ANDROID.format(""), "Chrome, Android", "tablet"),
        (FIREFOX, "Firefox, macOS", "computer"),
        ("", "Белгісіз құрылғы", "other"),
        ("curl/8.1", "curl", "other"),
    ],
)  # fmt: skip
def test_browsers_in_words(agent, words, kind):
    with override("kk"):
        assert (str(describe(agent)), describe(agent).kind) == (words, kind)


@given(st.text(max_size=2000))
def test_whatever_a_browser_says_becomes_short_words(agent):
    found = describe(agent)
    assert 0 < len(str(found)) <= 2 * LONGEST_NAME + 30
    assert found.kind in KINDS
    assert len(found.fingerprint) <= 80
    assert str(found).isprintable()


@given(st.sampled_from([CHROME, PHONE, ANDROID]), st.integers(0, 200), st.text(max_size=50))
def test_neither_does_a_real_one_with_rubbish_in_it(agent, place, rubbish):
    found = describe(agent[:place] + rubbish + agent[place:])
    assert len(str(found)) <= 2 * LONGEST_NAME + 30


@given(st.text(max_size=60))
def test_no_address_raises(address):
    assert places.place_of(address)
    assert len(places.shortened(address)) <= 12


@pytest.fixture
def database(tmp_path, settings):
    writer = MMDBWriter(4, "GeoLite2-City", languages=["en", "ru"], description="test")
    turkistan = {
        "city": {"names": {"en": "Turkistan", "ru": "Туркестан"}},
        "country": {"iso_code": "KZ", "names": {"en": "Kazakhstan", "ru": "Казахстан"}},
    }
    writer.insert_network(IPSet(["2.132.0.0/16"]), turkistan)
    writer.insert_network(IPSet(["5.63.0.0/16"]), {"country": {"iso_code": "KZ"}, "city": "broken"})
    settings.GEOIP_DATABASE = str(tmp_path / "city.mmdb")
    writer.to_db_file(settings.GEOIP_DATABASE)
    return settings.GEOIP_DATABASE


@pytest.mark.parametrize(
    ("address", "language", "words"),
    [
        ("2.132.10.20", "kk", "Туркестан, Қазақстан"),
        ("2.132.10.20", "ru", "Туркестан, Казахстан"),
        ("2.132.10.20", "en", "Turkistan, Kazakhstan"),
        ("::ffff:2.132.10.20", "en", "Turkistan, Kazakhstan"),
        ("5.63.1.1", "en", "Kazakhstan"),
        ("8.8.4.4", "en", "place unknown (8.8.…)"),
        ("2a02:26f7::1", "en", "place unknown (2a02:26f7:…)"),
        ("127.0.0.1", "en", "this network"),
        ("10.20.30.40", "ru", "эта сеть"),
        (None, "en", "place unknown"),
        ("unknown", "en", "place unknown"),
    ],
)
def test_places_by_address(database, address, language, words):
    with override(language):
        assert places.place_of(address) == words


@pytest.mark.parametrize("content", [None, b"", b"no database at all" * 100])
def test_a_missing_or_broken_database_names_no_place(tmp_path, settings, content):
    path = tmp_path / "broken.mmdb"
    if content is not None:
        path.write_bytes(content)
    settings.GEOIP_DATABASE = str(path)
    with override("en"):
        assert places.place_of("2.132.10.20") == "place unknown (2.132.…)"
