"""What follows from a claim's counted reports: origins, outlets, gaps; now, and as of a past moment."""
