"""What the planner said: facts, the instance that holds them, and the levers that turn its numbers."""
