"""Programmes: from a topic that comes of a demand, by sealed submissions and review, to an accepted project."""
