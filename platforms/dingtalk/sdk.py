"""dingtalk-sdk without its generated catalogue of TOP calls: half a second and 70 MB for a gateway that is documented no longer.

The catalogue is one mixin of the client; every call that goes there can be made by path (platforms/dingtalk.md, 7.1).
"""

import sys
from types import ModuleType


def _empty_catalogue() -> ModuleType:
    module = ModuleType("dingtalk.client.api.taobao")
    module.TaobaoMixin = type("TaobaoMixin", (), {})  # type: ignore[attr-defined]
    return module


sys.modules.setdefault("dingtalk.client.api.taobao", _empty_catalogue())

from dingtalk import AppKeyClient  # noqa: E402
from dingtalk.core.exceptions import DingTalkException  # noqa: E402
from dingtalk.storage.memorystorage import MemoryStorage  # noqa: E402

__all__ = ["AppKeyClient", "DingTalkException", "MemoryStorage"]
