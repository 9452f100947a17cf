"""Other systems: carriers, and files of master data."""
