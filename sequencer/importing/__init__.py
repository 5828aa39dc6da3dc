"""Foreign formats made into instance folders: what they say becomes rows that a planner could have written.

Apart from ``sequencer/tables``, which reads the project's own tables: an import ends in such a folder, and whatever is
solved afterwards is read from it like any other.
"""
