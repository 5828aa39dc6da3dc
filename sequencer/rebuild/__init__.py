"""Plans found by ruin and recreate: packages are taken out and put back where they cost least."""
