"""The parts of the summary: each a function that says a block of plain words, None where there is nothing to say."""
