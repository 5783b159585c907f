"""The command line. Heavy libraries are imported inside the commands that need them."""
