"""One level of what binds: its reason, and what numbers are worth, asked one after the other."""
