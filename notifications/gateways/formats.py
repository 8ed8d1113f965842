"""The forms in which endpoints want to be told, and how each of them says that it did not work.

Another system gets codes and references as signed JSON. A robot of a group chat gets the words of the message, and
answers 200 with a code of its own in the body, whatever became of it.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.core.serializers.json import DjangoJSONEncoder

from notifications.gateways import signing
from notifications.gateways.answers import Failed, Refused, judge_code
from notifications.gateways.posting import Answer
from notifications.kinds import Format
from notifications.models import Endpoint, Message
from notifications.rendering import render

# In bytes, as their makers say; a longer text is refused by them as a whole.
LONGEST_FOR_WECOM = 2048
LONGEST_FOR_OTHERS = 18_000

# Too much at once, or busy: trying again later helps.
BUSY = {
    Format.WECOM: {-1, 45009, 45033},
    Format.DINGTALK: {-1, 130101, 410100},
    Format.FEISHU: {9499, 11232, 11233},
}


@dataclass(frozen=True)
class Request:
    """What is posted, and where."""

    url: str
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)


def compose(message: Message, endpoint: Endpoint, *, at: datetime) -> Request:
    """The request of one try. Raises Unrenderable where a robot's message has no safe words."""
    return COMPOSERS[Format(endpoint.format)](message, endpoint, at)


def judge(answer: Answer, endpoint: Endpoint) -> None:
    """Whether it was taken. Raises Failed where trying again may help, Refused where it would not."""
    judge_code(answer)
    if endpoint.format == Format.JSON:
        return
    try:
        said = json.loads(answer.body)
        code = said["code"] if endpoint.format == Format.FEISHU and "code" in said else said.get("errcode", 0)
        words = str(said.get("msg") or said.get("errmsg") or "")
    except (ValueError, AttributeError) as error:
        raise Failed("the robot's answer is not its usual JSON", code=answer.code) from error
    if code == 0:
        return
    told = f"the robot answers {code}: {words}"[:300]
    if code in BUSY[Format(endpoint.format)]:
        raise Failed(told, code=answer.code)
    raise Refused(told, code=answer.code)


def _json(message: Message, endpoint: Endpoint, at: datetime) -> Request:
    body = _written(
        {"key": message.key, "kind": message.kind, "ticket": message.ticket, "context": message.context},
    )
    headers = signing.signed_headers(body, secret=endpoint.key, key=message.key, at=at)
    return Request(endpoint.address, body, headers)


def _wecom(message: Message, endpoint: Endpoint, at: datetime) -> Request:
    words = _words(message, endpoint, longest=LONGEST_FOR_WECOM)
    return Request(endpoint.address, _written({"msgtype": "text", "text": {"content": words}}))


def _dingtalk(message: Message, endpoint: Endpoint, at: datetime) -> Request:
    words = _words(message, endpoint, longest=LONGEST_FOR_OTHERS)
    url = endpoint.address
    if endpoint.key:
        timestamp, sign = signing.sign_for_dingtalk(endpoint.key, at=at)
        url += ("&" if "?" in url else "?") + urlencode({"timestamp": timestamp, "sign": sign})
    return Request(url, _written({"msgtype": "text", "text": {"content": words}}))


def _feishu(message: Message, endpoint: Endpoint, at: datetime) -> Request:
    words = _words(message, endpoint, longest=LONGEST_FOR_OTHERS)
    body: dict[str, Any] = {"msg_type": "text", "content": {"text": words}}
    if endpoint.key:
        timestamp, sign = signing.sign_for_feishu(endpoint.key, at=at)
        body = {"timestamp": timestamp, "sign": sign, **body}
    return Request(endpoint.address, _written(body))


COMPOSERS: Mapping[Format, Callable[[Message, Endpoint, datetime], Request]] = {
    Format.JSON: _json,
    Format.WECOM: _wecom,
    Format.DINGTALK: _dingtalk,
    Format.FEISHU: _feishu,
}


def _words(message: Message, endpoint: Endpoint, *, longest: int) -> str:
    """Subject and body, cut between two signs where they are too long."""
    text = render(message, language=endpoint.language)
    words = "\n".join(part for part in (text.subject, text.body) if part)
    cut = words.encode()[:longest].decode(errors="ignore")
    return words if cut == words else cut[:-1] + "…" if len(cut.encode()) + 2 <= longest else cut[:-2] + "…"


def _written(body: Mapping[str, Any]) -> bytes:
    return json.dumps(body, cls=DjangoJSONEncoder, ensure_ascii=False).encode()
