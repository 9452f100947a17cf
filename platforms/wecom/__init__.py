"""WeCom 企业微信: crypto, callbacks, API client, card form, limits, error codes (platforms/wecom.md)."""
