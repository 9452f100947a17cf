"""The doors out: who is told where, rate limits, retries, and one file per channel."""
