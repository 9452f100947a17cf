"""What is known of each chat platform, and the neutral words that pass between a platform and the desk. Imports no other room."""
