"""The problem told to MILP solvers through PuLP; the only folder that imports pulp and highspy."""
