"""Names of cells, rows and columns."""


def column_name(column: int) -> str:
    """Give the letters of a column counted from 0.

    Examples
    --------
    >>> column_name(0), column_name(26), column_name(702)
    ('A', 'AA', 'AAA')
    """
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def column_number(letters: str) -> int:
    """Give the number, counted from 0, of a column.

    Examples
    --------
    >>> column_number("A"), column_number("AA")
    (0, 26)
    """
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1


def address(row: int, column: int) -> str:
    """Give the address of a cell, its row and column counted from 0.

    Examples
    --------
    >>> address(11, 2)
    'C12'
    """
    return f"{column_name(column)}{row + 1}"


def ranges(what: str, numbers: list[int]) -> str:
    """Name rows or columns counted from 1, those that follow each other as a range.

    Examples
    --------
    >>> ranges("row", [5, 6, 7, 12]), ranges("column", [6])
    ('rows 5-7, 12', 'column F')
    """
    runs: list[list[int]] = []
    for number in sorted(set(numbers)):
        if runs and number == runs[-1][-1] + 1:
            runs[-1][1:] = [number]
        else:
            runs.append([number])
    named = ["-".join(column_name(end - 1) if what == "column" else str(end) for end in run) for run in runs]
    return f"{what}{'s' if len(set(numbers)) > 1 else ''} {', '.join(named)}"
