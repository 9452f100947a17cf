"""Stand-in WeCom, DingTalk, WeChat and tracking servers and a chat page. Used by `demo` and the tests, never by the product."""
