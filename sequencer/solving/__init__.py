"""Finding a timetable and proving it best, level after level; checking one that is given."""
