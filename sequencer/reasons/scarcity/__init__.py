"""Prices of what places share: proofs that it is too scarce, in whole numbers."""
