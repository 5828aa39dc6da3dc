"""What changed instances can bring at most, by prices that are known already."""
