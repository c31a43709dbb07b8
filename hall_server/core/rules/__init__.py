"""Rules look: (hall, command, now) -> facts or a named refusal."""
