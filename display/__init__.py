"""What the public sees and hears: the board value, sign texts, phrases and the hall TV."""
