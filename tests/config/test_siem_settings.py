"""An address of the SIEM that nothing could be sent to stops the start."""

import pytest
from django.core.exceptions import ImproperlyConfigured

from config.environment import check_siem


@pytest.mark.parametrize(
    ("syslog", "http", "facility"),
    [
        ("siem.city.kz:601", "", 13), ("http://siem.city.kz", "", 13), ("tcp://", "", 13), ("", "siem.city.kz/in", 13),
        ("", "ftp://siem.city.kz", 13), ("", "https://", 13), ("", "", 24), ("", "", -1), ("tcp://h:70000", "", 13),
    ],
)  # fmt: skip
def test_wrong_settings_are_refused(syslog, http, facility):
    with pytest.raises(ImproperlyConfigured, match="SIEM_"):
        check_siem(syslog, http, facility)


@pytest.mark.parametrize("syslog", ["", "tcp://siem.city.kz:601", "tls://siem.city.kz", "udp://[2001:db8::1]:514"])
def test_right_settings_are_taken(syslog):
    check_siem(syslog, "https://siem.city.kz/in", 13)
