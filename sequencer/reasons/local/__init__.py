"""Local answers: what stands against other dates of one package while all others stay."""
