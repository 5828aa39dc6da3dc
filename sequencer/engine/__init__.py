"""What every engine shares: the question it is asked, the answer it gives, and tables over cells."""
