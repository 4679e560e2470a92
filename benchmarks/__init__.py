"""What is claimed of speed and ranking, each by a command: `python -m benchmarks.<name>`."""
