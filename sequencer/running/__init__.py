"""Many solves at once: on processes of their own, or wherever an executor runs them."""
