"""Instances drawn from a seed, hard where real ones are, with a plan known to exist."""
