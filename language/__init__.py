"""Reading what people type: pure functions over a catalogue and a base day."""
