"""Programs about days that are over: their figures, why somebody was called, and how else they could have gone."""
