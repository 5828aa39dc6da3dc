"""Briefs of one page, each for one reader: a minister, a donor, whoever commands forces."""
