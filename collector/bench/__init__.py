"""Speed, size and accuracy as ratios measured in one run."""
