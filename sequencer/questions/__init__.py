"""Questions about an answer that are solved for: wishes, what binds, repairs."""
