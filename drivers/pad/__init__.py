"""Call pads and rating units: their frames, their kinds, and what each key means at a site."""
