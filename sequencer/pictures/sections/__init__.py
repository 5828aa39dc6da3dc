"""The sections of a page: for each a function that says what its template is told, None where it has nothing to say."""
