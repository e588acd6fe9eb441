"""What stands beside the state of an entity on a day: 另册管理, 特别标注, 歇业中, 拟注销, with its days and in words.

歇业 lasts three years at most, and ends by itself (市场主体登记管理条例 article 30); what the register then says is not
known before it says so. A notice of deregistration that has run out says that it has. All else stands until its last
day.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from xincha.kinds.entity import FLAG_FACTS, STAYING_FLAGS
from xincha.rules.window import months_later

_MOST_SUSPENDED = 36  # months


def flags_on(stored: Mapping[str, Any], day: date) -> list[dict[str, str | None]]:
    """The flags of a stored entity on a day, as the lines of `flags`; days are ISO 8601 text."""
    found = []
    for flag, facts in FLAG_FACTS.items():
        if not stored.get(facts[0].name):
            continue
        since, until, basis = (stored.get(fact.name) for fact in facts[1:])
        if since and since > day.isoformat():
            continue
        if until and until < day.isoformat() and flag not in STAYING_FLAGS:
            continue
        text = _told(flag, since, until, basis, day.isoformat())
        found.append({"flag": flag, "since_on": since, "until_on": until, "basis": basis, "text": text})
    return found


def _told(flag: str, since: str | None, until: str | None, basis: str | None, day: str) -> str:
    """What a flag says on a day."""
    over = bool(until) and (until or "") < day
    if flag == "歇业中":
        longest = months_later(date.fromisoformat(since), _MOST_SUSPENDED).isoformat() if since else None
        if over or (longest and longest < day):
            return "歇业期限届满（视为自动恢复经营）"
        return f"歇业中{_days(since, until)}"
    if flag == "拟注销":
        notice = (
            "拟强制注销公告"
            if basis and "强制" in basis
            else "简易注销公告"
            if basis and "简易" in basis
            else "拟注销公告"
        )
        return f"{notice}{_days(since, until)}{'，公告期满' if over else ''}"
    return f"{flag}{_days(since, until)}"


def _days(since: str | None, until: str | None) -> str:
    if since and until:
        return f" {since} 至 {until}"
    return f"（自 {since} 起）" if since else f"（至 {until}）" if until else ""
