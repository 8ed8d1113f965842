"""What a visit sends: the page and all that it loads, compressed; the first time, and again."""

import re
from dataclasses import dataclass

from benchmarks._visiting import Answer, Visitor

LOADED = re.compile(r'<(?:link|script|img)\b[^>]*\b(?:href|src)="(/static/[^"#]+)"|<use href="(/static/[^"#]+)#')
BROWSERS_ACCEPT = "gzip, deflate, br"


@dataclass(frozen=True)
class Weight:
    """Bytes over the line, bodies as they were sent."""

    page: int
    files: int
    again: int
    number: int


def weigh(visitor: Visitor, path: str) -> Weight:
    """Fetch a page as a browser does that knows nothing, and again as one that keeps what it may keep."""
    page = visitor.get(path, accepts=BROWSERS_ACCEPT)
    if page.status != 200:
        raise RuntimeError(f"{path} answered {page.status}")
    found = LOADED.findall(visitor.text_of(page))
    files = {
        name: visitor.get(name, accepts=BROWSERS_ACCEPT) for name in sorted({one or other for one, other in found})
    }
    again = visitor.get(path, accepts=BROWSERS_ACCEPT)
    asked_again = sum(len(each.body) for each in files.values() if not _is_kept(each))
    return Weight(
        len(page.body), sum(len(each.body) for each in files.values()), len(again.body) + asked_again, len(files)
    )


def _bytes_of(answers: list[Answer]) -> int:
    return sum(len(each.body) for each in answers)


def _is_kept(answer: Answer) -> bool:
    """Whether a browser uses it again without asking."""
    return "immutable" in answer.headers.get("cache-control", "")
