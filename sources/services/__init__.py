"""Writes of sources, a module each: outlets, import runs, items of runs, articles.

A document's way: `runs` stores it as an item that waits; `items` takes waiting items and says what became of them;
`contents` reads the text in their bytes; `articles` stores it.
"""
