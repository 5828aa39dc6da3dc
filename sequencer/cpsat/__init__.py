"""The problem told to CP-SAT; the only folder that imports ortools."""
