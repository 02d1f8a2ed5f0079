"""Shapes of the answers, by resource."""
