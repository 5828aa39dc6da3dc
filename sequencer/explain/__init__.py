"""Questions about an answer."""
