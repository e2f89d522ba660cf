"""How large a roster may be. An average school has 5,300 running stages."""

FILE_BYTES = 5_000_000
UNPACKED_BYTES = 50_000_000
UNPACK_RATIO = 200  # a real sheet shrinks 5 to 30 times; a bomb a thousand
PARTS = 500  # files inside a workbook
ROWS = 10_000
COLUMNS = 100
CELL_CHARACTERS = 500
TEXT_CHARACTERS = FILE_BYTES  # over all cells: a workbook keeps a repeated text once, in memory it counts
NUMBER = 10_000_000_000  # ten digits; a date is a number of days
