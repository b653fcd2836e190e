"""Structured logs: one JSON object per line in production, readable lines elsewhere."""

import re
from collections.abc import MutableMapping
from typing import Any

import structlog

SHARED: list[Any] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso"),
    structlog.processors.StackInfoRenderer(),
]


HIDDEN = "[hidden]"
SECRET_NAMES = re.compile(
    r"passw|secret|token|authori[sz]ation|cookie|api_?key|session_?key|\botp\b|^code$|_code$|^iin$|^phone$|^email$",
    re.I,
)
SECRET_TEXTS = (
    # what PostgreSQL tells beside an error: the values of a key, or a whole row with the text and the name of somebody
    (re.compile(r"(?s)(DETAIL: +).*?(?=\Z|\n(?:CONTEXT|HINT|QUERY): |\n\n(?:The above exception|During handling))"),
     rf"\1{HIDDEN}"),
    # a key of the open API but for its prefix, a secret of a webhook, the address of a bot's API
    (re.compile(r"\b(hub_[a-z0-9]{10}_)[A-Za-z0-9_-]{8,}"), rf"\1{HIDDEN}"),
    (re.compile(r"\bwhsec_[A-Za-z0-9+/=_-]{8,}"), HIDDEN),
    (re.compile(r"(?<!\d)\d{5,}:[A-Za-z0-9_-]{20,}"), HIDDEN),
    (re.compile(r"(?i)\b(bearer|basic)\s+[A-Za-z0-9+/=._~-]{6,}"), rf"\1 {HIDDEN}"),
    (re.compile(r"(?i)\b(password|passwd|secret|token|code|api_?key|sessionid|csrftoken)(['\"]?\s*[=:]\s*['\"]?)[^\s&,;'\"]+"),
     rf"\1\2{HIDDEN}"),
    # the key in an address of a mail, and who somebody is: IIN or BIN, e-mail address, telephone
    (re.compile(r"(?i)(/(?:key|confirm-email)/)[^/\s\"']{6,}"), rf"\1{HIDDEN}"),
    (re.compile(r"(?<![\w.+-])[\w.+-]+@[\w-]+(?:\.[\w-]+)+"), HIDDEN),
    (re.compile(r"(?<![\w+])(?:\+\d{1,3}|8)[\s(-]*\d{3}[\s)-]*\d{3}[\s-]?\d{2}[\s-]?\d{2}(?![\w-])"), HIDDEN),
    (re.compile(r"(?<!\d)\d{12}(?!\d)"), HIDDEN),
)  # fmt: skip


# One word, an id of ours or a moment: most values of most lines, and twelve digits of an id are no IIN.
PLAIN = re.compile(
    r"[A-Za-z._]{0,30}"
    r"|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
    r"|\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z"
)


def hide_secrets(_logger: Any, _name: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """The last look at a line: what is called a secret or looks like one does not get into any log."""
    return {name: _hidden(name, value) for name, value in event.items()}


def _hidden(name: str, value: Any) -> Any:
    if name.startswith("_"):  # what structlog keeps for itself
        return value
    if isinstance(value, str):
        return HIDDEN if value and SECRET_NAMES.search(name) else hide_in_text(value)
    if isinstance(value, dict):
        return {key: _hidden(str(key), inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_hidden(name, inner) for inner in value]
    return value


def hide_in_text(text: str) -> str:
    if PLAIN.fullmatch(text):
        return text
    for pattern, instead in SECRET_TEXTS:
        text = pattern.sub(instead, text)
    return text


def configure_structlog() -> None:
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *SHARED,
            structlog.processors.format_exc_info,
            hide_secrets,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )


def logging_config(*, json: bool, level: str) -> dict[str, Any]:
    renderer: Any = (
        structlog.processors.JSONRenderer(ensure_ascii=False) if json else structlog.dev.ConsoleRenderer(colors=False)
    )
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "structured": {
                "()": structlog.stdlib.ProcessorFormatter,
                "processors": [structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
                "foreign_pre_chain": [
                    *SHARED,
                    structlog.stdlib.ExtraAdder(),
                    structlog.processors.format_exc_info,
                    hide_secrets,
                ],
            },
        },
        "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "structured"}},
        "root": {"handlers": ["console"], "level": level},
        "loggers": {
            # Replaces Django's own handlers, so that every line has one shape.
            "django": {"handlers": [], "propagate": True},
            "django.server": {"handlers": [], "propagate": True},
            # Logs the address of every request, and the address of a bot holds its token.
            "httpx": {"level": "WARNING"},
            # What is refused stands in the line of the request; these would write its address beside it.
            "django.request": {"level": "ERROR"},
            # One line per task is written by django_structlog; these would write arguments and results as well.
            "celery.worker.strategy": {"level": "WARNING"},
            "celery.app.trace": {"level": "WARNING"},
            "celery.beat": {"level": "WARNING"},
        },
    }
