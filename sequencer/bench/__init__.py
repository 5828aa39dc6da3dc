"""Benchmarks: sets of instances, drawn or stored, and the harness that runs engines and peers side by side."""
