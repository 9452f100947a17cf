"""The doors in: the HTTP app, the gate (signature, duplicates, who is it, may they), and the answer given back."""
