"""What the desk can do, in figures: `make bench`, or `python -m tests.bench callbacks scale --quick`. Trust ratios, not seconds."""
