"""WeChat Official Account 服务号: reaches customers by template messages."""
