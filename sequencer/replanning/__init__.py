"""Re-planning: what has happened is fixed, the rest moves as the planner asks, and a diff says what moved and why."""
