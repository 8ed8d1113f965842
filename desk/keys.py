"""The key of each action on a ticket's page: a letter that stays the same, so that a hand learns it."""

from collections.abc import Iterable

RESERVED = frozenset("ajkxonum?/. ")
"""What these do is the same on all pages; `a` is the usual action, whichever that is, and `m` shows the seldom ones."""
LETTERS = {
    "add_facts": "0",
    "answer_assistance": "w",
    "answer_callback": "q",
    "answer_chase_up": "U",
    "ask_assistance": "s",
    "assign": "g",
    "attempt_callback": "Q",
    "attempt_reply": "N",
    "begin_reply": "b",
    "cancel": "C",
    "chase_up": "p",
    "claim": "i",
    "comment": "c",
    "conclude": "z",
    "conclude_unreachable": "Z",
    "confirm": "Y",
    "confirm_repeat": "R",
    "consent": "1",
    "decide_approval": "P",
    "decide_gravity": "2",
    "decide_round": "D",
    "demand": "v",
    "dispatch": "d",
    "escalate": "e",
    "extend": "E",
    "feed_back": "f",
    "finish_follow_up": "F",
    "grant_solution": "S",
    "hand_over": "O",
    "handle_at_desk": "K",
    "hold": "h",
    "link_repeat": "3",
    "mark_grave": "4",
    "merge": "M",
    "name_replier": "5",
    "open_case": "6",
    "promise": "7",
    "readdress": "8",
    "recall": "L",
    "reclassify": "l",
    "reject_feedback": "J",
    "reject_repeat": "9",
    "release": "Y",
    "release_reply": "B",
    "reopen": "r",
    "reply": "y",
    "report_interim": "I",
    "request_approval": "V",
    "resolve_on_site": "V",
    "resubmit": "f",
    "resume": "H",
    "return_for_completion": "r",
    "send_back": "X",
    "take_over": "G",
    "tell_progress": "T",
    "transfer": "t",
    "withdraw_approval": "W",
    "write_letter": "A",
}
"""By the name of the deed. Two share one where they belong to different stages of a life."""
SPARE = "0123456789bcdefghilpqrstvwyz"


def keys_of(names: Iterable[str]) -> dict[str, str]:
    """One key for each of these deeds, of which the first comes first; its own, or a spare one where that is taken."""
    keys: dict[str, str] = {}
    taken = set(RESERVED)
    for name in names:
        own = LETTERS.get(name, "")
        key = next((each for each in (own, *SPARE) if each and each not in taken), "")
        taken.add(key)
        keys[name] = key
    return keys
