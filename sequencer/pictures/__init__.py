"""What planners look at and pass on: pages that need no network, drawn as plain SVG."""
