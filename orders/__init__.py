"""The trade itself, one file per decision (design: trade.md). Use cases take the open transaction as an argument."""
