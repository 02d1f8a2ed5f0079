"""What pages show, shaped from rows that are already loaded."""
