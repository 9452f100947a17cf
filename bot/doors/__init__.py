"""The doors: one file for each platform's callbacks."""
