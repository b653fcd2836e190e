"""What a browser says of itself, in words a person knows: «Chrome, Android, phone». Never raises, whatever it says."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from ua_parser import parse

LONGEST_READ = 300
LONGEST_NAME = 30
UNKNOWN = {"", "Other"}

PHONE, TABLET, COMPUTER, OTHER = "phone", "tablet", "computer", "other"
KINDS: dict[str, str | Promise] = {
    PHONE: _("Phone"),
    TABLET: _("Tablet"),
    COMPUTER: _("Computer"),
    OTHER: _("Unknown device"),
}
ICONS = {PHONE: "phone", TABLET: "phone", COMPUTER: "home", OTHER: "info"}
DESKTOPS = {"Windows", "Mac OS X", "Linux", "Ubuntu", "Fedora", "Debian", "Chrome OS", "FreeBSD", "OpenBSD"}
SYSTEM_NAMES = {"Mac OS X": "macOS"}
BROWSER_NAMES = {
    "Mobile Safari": "Safari",
    "Chrome Mobile": "Chrome",
    "Chrome Mobile iOS": "Chrome",
    "Chrome Mobile WebView": "Chrome",
    "Firefox Mobile": "Firefox",
    "Firefox iOS": "Firefox",
    "Edge Mobile": "Edge",
    "Opera Mobile": "Opera",
    "Yandex Browser": "Yandex",
    "HeadlessChrome": "Chrome",
}


@dataclass(frozen=True)
class DeviceWords:
    """The name of the browser, of the system, and the kind of device; empty names are not known."""

    browser: str
    system: str
    kind: str

    @property
    def kind_words(self) -> str:
        return str(KINDS[self.kind])

    @property
    def fingerprint(self) -> str:
        """Coarse on purpose: it stays the same over updates and says little about a person."""
        return f"{self.browser or '?'}/{self.system or '?'}"

    @property
    def is_named(self) -> bool:
        return bool(self.browser or self.system)

    def __str__(self) -> str:
        names = [name for name in (self.browser, self.system) if name]
        return ", ".join(names) if names else self.kind_words


@lru_cache(maxsize=500)
def describe(user_agent: str) -> DeviceWords:
    """Read what a browser sent; nothing of it comes back but names that the parser knows, cut to a length."""
    try:
        found = parse(user_agent[:LONGEST_READ])
        browser = _name(found.user_agent.family if found.user_agent else "")
        system = _name(found.os.family if found.os else "")
        device = str(found.device.family if found.device else "")
    except Exception:  # a parser of hostile text must never stop a sign-in
        return DeviceWords("", "", OTHER)
    kind = _kind(system, device, user_agent)
    return DeviceWords(BROWSER_NAMES.get(browser, browser), SYSTEM_NAMES.get(system, system), kind)


def _name(family: str) -> str:
    name = "".join(sign for sign in str(family) if sign.isprintable())[:LONGEST_NAME].strip()
    return "" if name in UNKNOWN else name


def _kind(system: str, device: str, user_agent: str) -> str:
    if "iPad" in device or "Tablet" in device or (system == "Android" and "Mobile" not in user_agent):
        return TABLET
    if system in {"iOS", "Android"} or "Mobile" in user_agent:
        return PHONE
    return COMPUTER if system in DESKTOPS else OTHER
