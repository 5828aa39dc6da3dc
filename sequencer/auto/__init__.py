"""The engine that chooses and combines: prices prove, ruin and recreate finds, branch and bound closes the gap."""
