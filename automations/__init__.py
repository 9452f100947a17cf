"""What happens without being asked: rules, reactions to events, and the clock."""
