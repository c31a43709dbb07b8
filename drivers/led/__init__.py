"""LED signs over windows: frame codecs, one file a family."""
