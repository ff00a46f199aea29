"""What agencies say of an item's publication, in the words of the IPTC's lists, as this archive holds it."""

from __future__ import annotations

from collections.abc import Mapping

CANCELLED = "Cancelled by its publisher"

_STATUS = {
    "usable": "live",
    "embargoed": "embargoed",
    "embargo": "embargoed",
    "withheld": "withheld",
    "canceled": "withdrawn",
    "cancelled": "withdrawn",
    "killed": "withdrawn",
    "kill": "withdrawn",
}


def standing(said: str, *, embargo: str | None = None, reason: str = "") -> Mapping[str, object]:
    """Facts about an item's standing, from a status such as `usable` or `stat:canceled` and the end of its embargo.

    A status that isn't known withholds the item: better not shown than shown too early. So does an embargo that has no
    end. `reason` is what readers are told of a cancelled item.
    """
    word = said.strip().lower().replace(" ", "").rpartition(":")[2].rpartition("/")[2]
    status = _STATUS.get(word, "withheld") if word else "live"
    if status == "withdrawn":
        return {"status": status, "withdrawn": reason.strip() or CANCELLED}
    if status == "withheld" or (status == "embargoed" and not embargo):
        return {"status": "withheld"}
    return {"embargo": embargo} if embargo else {}
