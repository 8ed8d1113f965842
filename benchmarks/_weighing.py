"""What a visit sends: the page and all that it loads, compressed; the first time, and again."""

import re
from dataclasses import dataclass
from html import unescape

from benchmarks._visiting import Answer, Visitor

LOADED = re.compile(r'<(?:link|script|img)\b[^>]*\b(?:href|src)="(/static/[^"#]+)"|<use href="(/static/[^"#]+)#')
PART = re.compile(r'hx-get="(\?[^"]+)" hx-trigger="load')
"""What a page fetches of itself as soon as it is there."""
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
    pages = _with_its_parts(visitor, path)
    found = LOADED.findall("".join(visitor.text_of(each) for each in pages))
    files = {
        name: visitor.get(name, accepts=BROWSERS_ACCEPT) for name in sorted({one or other for one, other in found})
    }
    again = _with_its_parts(visitor, path) + [each for each in files.values() if not _is_kept(each)]
    return Weight(_bytes_of(pages), _bytes_of(list(files.values())), _bytes_of(again), len(files))


def _with_its_parts(visitor: Visitor, path: str) -> list[Answer]:
    """A page and what it fetches at once. Raises RuntimeError for what is refused."""
    page = visitor.get(path, accepts=BROWSERS_ACCEPT)
    parts = [unescape(found) for found in PART.findall(visitor.text_of(page))] if page.status == 200 else []
    answers = [page, *(visitor.get(f"{path.partition('?')[0]}{part}", accepts=BROWSERS_ACCEPT) for part in parts)]
    if refused := [each.status for each in answers if each.status != 200]:
        raise RuntimeError(f"{path} answered {refused[0]}")
    return answers


def _bytes_of(answers: list[Answer]) -> int:
    return sum(len(each.body) for each in answers)


def _is_kept(answer: Answer) -> bool:
    """Whether a browser uses it again without asking."""
    return "immutable" in answer.headers.get("cache-control", "")
