"""How dates and times are written in each language, where Django's own formats are not ours."""
