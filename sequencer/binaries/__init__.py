"""The problem over binaries, one for each open cell: every rule is a row of sums over them. Knows no solver."""
