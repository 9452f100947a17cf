"""A stand-in for the WeCom server, its clients and its group robots."""
