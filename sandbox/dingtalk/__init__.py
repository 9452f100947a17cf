"""A stand-in for both DingTalk gateways, its clients, its to-do list and its group robots."""
