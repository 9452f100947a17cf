"""HTTP towards the platforms: requests, since wechatpy and dingtalk-sdk are built on it, with the limits they lack."""

import logging
from typing import Any
from urllib.parse import urlsplit

import requests

TIMEOUT = (2.0, 4.0)
"""Seconds to connect and to wait for bytes; several calls fit into the 15 seconds that a worker holds a message."""
_THIS_MACHINE = ("127.0.0.1", "localhost")
"""Stand-ins are never behind the proxy that a firm may have for the world outside."""

for _name, _least in {"urllib3": logging.WARNING, "dingtalk": logging.CRITICAL + 1, "wechatpy": logging.WARNING}.items():
    logging.getLogger(_name).setLevel(_least)
"""These libraries log addresses with access tokens in them."""


class BoundedSession(requests.Session):
    """A session whose calls all have a time limit; make it after a fork, not before."""

    def request(self, method: str | bytes, url: str | bytes, *args: Any, **kwargs: Any) -> requests.Response:
        kwargs["timeout"] = kwargs.get("timeout") or TIMEOUT
        kwargs.setdefault("allow_redirects", False)
        if urlsplit(str(url)).hostname in _THIS_MACHINE:
            kwargs["proxies"] = {"no_proxy": "*"}
        return super().request(method, url, *args, **kwargs)
