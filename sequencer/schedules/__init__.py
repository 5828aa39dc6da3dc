"""Search and bounds for maxima by schedules: what is known of project scheduling, on arrays and compiled."""
