"""What a person can ask for: one file per command, and the one table that lists them (commands.py)."""
