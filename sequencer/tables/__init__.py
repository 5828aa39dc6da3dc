"""Tables: reading the folder of an instance, and the one schema that says what its files hold."""
