"""Steps of numbers that are tried, until there is a plan."""
