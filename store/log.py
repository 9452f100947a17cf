"""Logging of both programs: JSON lines on standard error, without secrets and telephone numbers.

structlog writes them, since it carries names and values rather than sentences; what libraries log with the standard
library goes the same way.
"""

import logging
import re
import sys
from functools import lru_cache
from typing import Any

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

_SECRET_NAME = re.compile(r"secret|token|password|authorization|aes_key|webhook|signature|mobile|phone|address", re.IGNORECASE)
_SECRET_IN_TEXT = re.compile(r"(?i)((?:access_token|corpsecret|secret|appsecret|token|key|sign|password)=)[^&\s\"']+")
_LOGIN_IN_URL = re.compile(r"(://[^:/@\s]*:)[^@/\s]+@")
_MOBILE = re.compile(r"(?<!\d)(1[3-9]\d)\d{4}(\d{4})(?!\d)")
_MAY_HIDE = re.compile(r"=|://|1[3-9]\d{9}")
"""A text without any of these holds nothing to hide: most are known for harmless by one look."""
_HIDDEN = "***"
_QUIET = {
    "rq.worker": logging.ERROR,
    "rq.job": logging.ERROR,
    "rq": logging.ERROR,
    "aiohttp.access": logging.WARNING,
    "alembic": logging.WARNING,
}
"""Libraries that write a line for each job, request or start."""


def configure(level: str = "INFO") -> None:
    """Sends everything that this process logs to standard error, one JSON object a line."""
    begin: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    end: list[Processor] = [
        structlog.processors.format_exc_info,
        redact,
        structlog.processors.JSONRenderer(ensure_ascii=False, default=str),
    ]
    # Our own lines do not pass through the standard library, which takes three times as long.
    structlog.configure(
        processors=[*begin, *end],
        logger_factory=structlog.WriteLoggerFactory(sys.stderr),
        wrapper_class=structlog.make_filtering_bound_logger(level),
        cache_logger_on_first_use=True,
    )
    _configure_libraries(level, begin, end)


def _configure_libraries(level: str, begin: list[Processor], end: list[Processor]) -> None:
    handler = logging.StreamHandler(sys.stderr)
    unwrap: list[Processor] = [structlog.stdlib.ProcessorFormatter.remove_processors_meta, structlog.stdlib.ExtraAdder()]
    named: list[Processor] = [structlog.stdlib.add_logger_name, *begin]
    handler.setFormatter(structlog.stdlib.ProcessorFormatter(processors=[*unwrap, *end], foreign_pre_chain=named))
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level)
    for name, least in _QUIET.items():
        logging.getLogger(name).setLevel(max(least, root.level))


def redact(_logger: WrappedLogger, _method: str, line: EventDict) -> EventDict:
    """Hides values whose name says that they are secret, and secrets and mobile numbers inside texts."""
    return {name: _HIDDEN if value and _is_secret(name) else hide(value) for name, value in line.items()}


@lru_cache(1024)
def _is_secret(name: str) -> bool:
    return _SECRET_NAME.search(name) is not None


def hide(value: Any) -> Any:
    """`value` with the secrets and mobile numbers inside its texts made unreadable."""
    if isinstance(value, str):
        if not _MAY_HIDE.search(value):
            return value
        return _MOBILE.sub(r"\1****\2", _LOGIN_IN_URL.sub(rf"\1{_HIDDEN}@", _SECRET_IN_TEXT.sub(rf"\1{_HIDDEN}", value)))
    if isinstance(value, dict):
        return redact(None, "", value)
    if isinstance(value, list | tuple):
        return [hide(item) for item in value]
    return value
