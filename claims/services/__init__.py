"""Writes of claims, a module each: reading articles, matching, claims, topics, summaries, editors' decisions.

Nothing is imported here, so that the site, which decides but never parses, does not load the parser.
"""
