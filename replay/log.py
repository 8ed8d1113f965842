"""A whole log, from its file to what it adds up to, in memory that does not grow with it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from common.csv_lines import Line, Problem, opened
from replay.gathering import cases
from replay.mapping import Map
from replay.playing import play
from replay.reading import Event, Reader
from replay.tallying import Tally
from replay.terms import Book


@dataclass
class Counted:
    """Passes lines and problems on, and counts them."""

    blame: Callable[[Problem], None]
    progress: Callable[[], object]
    problems: int = 0

    def lines(self, lines: Iterator[Line]) -> Iterator[Line]:
        """The same lines."""
        for line in lines:
            self.progress()
            yield line

    def problem(self, problem: Problem) -> None:
        """Name a problem."""
        self.problems += 1
        self.blame(problem)


def replay(
    path: Path,
    *,
    meaning: Map,
    book: Book,
    blame: Callable[[Problem], None],
    progress: Callable[[], object] = lambda: None,
) -> tuple[Tally, int]:
    """Play a log; what came of it, and how many problems its lines have, each told to `blame`. Writes no database.

    Raises BadFile for what is no such file, and NotSorted where the map says 'sorted by case' and it is not.
    """
    tally, counted = Tally(book, meaning.judged), Counted(blame, progress)
    with opened(
        path, columns=meaning.columns, encoding=meaning.shape.encoding, delimiter=meaning.shape.delimiter
    ) as file:
        events: Iterator[Event] = Reader(meaning, book).events(counted.lines(file.lines), counted.problem)
        for _case, of_the_case in cases(events, is_sorted=meaning.is_sorted, blame=counted.problem):
            tally.add(play(of_the_case, book))
    return tally, counted.problems
