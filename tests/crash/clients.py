"""Residents at the web form and Telegram at the webhook: they repeat until they are told that it is safe."""

from __future__ import annotations

import io
import random
import threading
import uuid
import zlib
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

import httpx
from PIL import Image

from tests.crash.stand import NO_TLS, SECRET

CSRF = "a" * 32
TIMEOUT = httpx.Timeout(20.0, connect=3.0)
FAILURES = (httpx.HTTPError,)


@dataclass
class Remembered:
    """What was acknowledged, and how often the way there was tried."""

    filings: dict[str, str] = field(default_factory=dict)  # token -> number on the receipt
    photos: set[str] = field(default_factory=set)
    updates: dict[int, str] = field(default_factory=dict)  # update -> id of the message in the channel
    doubled: int = 0
    tries: int = 0
    failures: int = 0
    refused: list[str] = field(default_factory=list)


def photo() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (64, 48), "teal").save(out, "JPEG")
    return out.getvalue()


PHOTO = photo()


class Clients:
    """A few threads of each kind; `stop` lets each finish what it has begun."""

    def __init__(self, address: str, seed: int, topic: int) -> None:
        self.address, self.seed, self.topic = address, seed, topic
        self.kept = Remembered()
        self.stopping = threading.Event()
        self.lock = threading.Lock()
        self.threads = [
            threading.Thread(target=work, args=(number,), daemon=True)
            for number, work in enumerate([self._resident] * 3 + [self._telegram] * 2)
        ]

    def start(self) -> None:
        for thread in self.threads:
            thread.start()

    def stop(self) -> Remembered:
        """Everybody gets the time to hear of what he has sent: the hub runs again by now."""
        self.stopping.set()
        for thread in self.threads:
            thread.join(timeout=120)
        assert not any(thread.is_alive() for thread in self.threads)
        return self.kept

    def _resident(self, number: int) -> None:
        chance, count = random.Random(self.seed + number), 0
        while not self.stopping.wait(chance.uniform(0.0, 0.3)):
            count += 1
            self._file(uuid.UUID(int=chance.getrandbits(128)).hex, f"{number}-{count}", chance)

    def _file(self, token: str, name: str, chance: random.Random) -> None:
        fields = filing(token, name, self.topic, statutory=chance.random() < 0.2)
        with_photo = chance.random() < 0.25
        request = {"data": fields, "files": {"attachments": ("p.jpg", PHOTO, "image/jpeg")} if with_photo else None}
        numbers = set()
        for _ in range(2 if chance.random() < 0.3 else 1):
            numbers |= self._post_form(request, twice_at_once=chance.random() < 0.3)
        assert len(numbers) == 1, f"one form, several receipts: {numbers}"
        with self.lock:
            self.kept.filings[token] = numbers.pop()
            if with_photo:
                self.kept.photos.add(token)

    def _post_form(self, request: dict[str, Any], *, twice_at_once: bool) -> set[str]:
        if not twice_at_once:
            return {self._until_safe("/appeals/new/", 303, **request)}
        with self.lock:
            self.kept.doubled += 1
        with ThreadPoolExecutor(2) as pool:
            return set(pool.map(lambda _: self._until_safe("/appeals/new/", 303, **request), range(2)))

    def _telegram(self, number: int) -> None:
        """Each chat tells its matter and goes on telling, as people do."""
        chance, count = random.Random(self.seed + number), 0
        while not self.stopping.wait(chance.uniform(0.0, 0.25)):
            count += 1
            chat = number * 1_000_000 + count // 3 + 1
            update = number * 10_000_000 + count
            request = {"json": message(update, chat, count), "headers": {"X-Telegram-Bot-Api-Secret-Token": SECRET}}
            for _ in range(2 if chance.random() < 0.3 else 1):
                self._until_safe("/hooks/telegram/", 200, **request)
            with self.lock:
                self.kept.updates[update] = f"{chat}:{count}"

    def _until_safe(self, path: str, safe: int, **request: Any) -> str:
        """Send, and send the same again until the hub says that it has it."""
        while True:
            try:
                with httpx.Client(
                    base_url=self.address, cookies={"csrftoken": CSRF}, timeout=TIMEOUT, verify=NO_TLS
                ) as client:
                    answer = client.post(path, **request)
            except FAILURES:
                answer = None
            with self.lock:
                self.kept.tries += 1
                if answer is None or answer.status_code >= 500:
                    self.kept.failures += 1
                elif answer.status_code != safe:
                    self.kept.refused.append(f"{path} {answer.status_code}")
            if answer is not None and answer.status_code == safe:
                return answer.headers.get("Location", "")
            threading.Event().wait(0.2)


def filing(token: str, name: str, topic: int, *, statutory: bool) -> dict[str, str]:
    fields = {
        "csrfmiddlewaretoken": CSRF,
        "token": token,
        "text": f"Көшемізде үш күннен бері су жоқ, құбыр жарылған. {name}",
        "phone": f"8701{zlib.crc32(name.encode()) % 10_000_000:07}",
        "answer_language": "kk",
        "topic": str(topic),
        "regime": "request",
        "applicant_type": "individual",
        "consent": "on",
    }
    if not statutory:
        return fields
    return fields | {
        "regime": "appeal",
        "kind": "complaint",
        "applicant_name": "Серікова Айгүл Маратқызы",
        "identifier": "000101300019",
        "postal_address": "Түркістан қаласы, Тәуке хан даңғылы, 1",
    }


def message(update: int, chat: int, number: int) -> dict[str, Any]:
    return {
        "update_id": update,
        "message": {
            "message_id": number,
            "from": {"id": chat, "is_bot": False, "first_name": "Айгерім", "language_code": "kk"},
            "chat": {"id": chat, "first_name": "Айгерім", "type": "private"},
            "date": 1764000000,
            "text": f"Көшеде үш күннен бері су жоқ, құбыр жарылған болуы керек. {number}",
        },
    }
