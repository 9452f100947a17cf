"""HTML pages: Jinja2 with escaping on, one inline style sheet, nothing loaded from anywhere."""

import base64
import hashlib
from pathlib import Path
from typing import Any

from aiohttp import web
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from pages.filters import FILTERS

_FOLDER = Path(__file__).parent / "templates"
_STYLE = (_FOLDER / "page.css").read_text("utf-8")
_STYLE_HASH = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()
_POLICY = f"default-src 'none'; style-src 'sha256-{_STYLE_HASH}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
_HEADERS = {
    "Content-Security-Policy": _POLICY,
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex, nofollow",
    "Cache-Control": "no-store",
}
_jinja = Environment(loader=FileSystemLoader(_FOLDER), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
_jinja.globals["style"] = _STYLE
_jinja.filters.update(FILTERS)


def page(template: str, status: int = 200, **data: Any) -> web.Response:
    """The page that pages/templates/<template> makes of `data`; read-only, kept by nobody, linked from nowhere."""
    html = _jinja.get_template(template).render(data)
    return web.Response(text=html, status=status, content_type="text/html", charset="utf-8", headers=_HEADERS)


def not_found() -> web.Response:
    """What a link that we did not sign, or whose order is gone, leads to."""
    return page("missing.html", status=404)
