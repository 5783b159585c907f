"""What arrives is on the disk within the second, whatever happens."""
