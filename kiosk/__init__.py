"""The touch kiosk: one press, one ticket, the truth about the paper."""
