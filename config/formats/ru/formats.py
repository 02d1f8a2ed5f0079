"""Russian with the hour in two digits, so that the times of a column stand below each other.

And without “г.” behind the year, whose full stop would meet that of a sentence.
"""

DATE_FORMAT = "j E Y"
TIME_FORMAT = "H:i"
DATETIME_FORMAT = "j E Y, H:i"
YEAR_MONTH_FORMAT = "F Y"
SHORT_DATETIME_FORMAT = "d.m.Y, H:i"
