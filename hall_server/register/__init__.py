"""The asset register as it stands in hallcall.toml: edited, replaced and written into sheets."""
