"""What an electrician asks of a hall on the command line: its devices now, its asset register, its own health."""
