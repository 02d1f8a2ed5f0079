"""The site with a page and a task that fail, for tests of what is told of that elsewhere."""
