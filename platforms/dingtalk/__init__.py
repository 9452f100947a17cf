"""DingTalk 钉钉: signatures, callbacks, API clients, card form, limits, error codes (platforms/dingtalk.md)."""
