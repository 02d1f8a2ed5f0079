"""Pages of claims, and of outlets, articles and topics where they show claims."""
