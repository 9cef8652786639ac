"""What is said of an input that is no table."""

# Where a remedy is declared; the door, which knows the entry, names it.
IN_ENTRY = "in its entry"


class UnreadableFileError(Exception):
    """An input that cannot be taken as a table at all: what is wrong with it, and the remedy.

    `lines`: where in a text file, if it can be said.
    """

    def __init__(self, problem: str, remedy: str, lines: tuple[int, ...] = ()) -> None:
        super().__init__(problem)
        self.problem = problem
        self.remedy = remedy
        self.lines = lines
