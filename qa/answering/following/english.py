"""How English readers follow up on a question."""

from __future__ import annotations

from qa.answering.following.tongue import Tongue, pattern

_SAY = (
    r"sa(?:id|ys?)|reports?|reported|claims?|claimed|wrote|writes|states?|stated|announced|announces|confirmed|confirms"
    r"|told|tells|published"
)

ENGLISH = Tongue(
    name="en",
    opening=pattern(r"^\W*(?:(?:and|but|so|also,|ok(?:ay)?|then|well|yes|no)\b[\s,]*)+"),
    about=pattern(r"^\W*(?:and\s+|but\s+)?(?:what|how) about\b[\s,]*"),
    asks={
        "when": r"(?:since |until |by |from )?when(?: exactly)?|(?:(?:in|on) )?(?:what|which) (?:year|month|day|date)",
        "where": r"where(?: exactly)?",
        "why not": r"why not",
        "why": r"why(?: exactly)?|for what reason|how come",
        "how": r"how(?: exactly)?",
        "how long": r"(?:for )?how long",
        "by whom": r"by (?:whom|who)",
        "in which": r"(?:in|at|to|from|with|against|under|by) (?:which|what|how many) [\w-]+(?: [\w-]+)?|(?:with|against) whom|(?:about|for|with|on|to) what",
    },
    asks_in={
        "when": "when",
        "since when": "since when",
        "where": "where",
        "why": "why",
        "why not": "why not",
        "how": "how",
        "how long": "for how long",
        "by whom": "by whom",
    },
    happened=(
        r"(?: (?:was|is|were|are|did|does|has|had|will) (?:all )?(?:that|this|it|they|those|these)"
        r"(?: (?:happen(?:ed)?|occur(?:red)?|take place|taken place|be|been|done|the case|(?:do|say|decide) (?:so|that|it|this)))?)?"
    ),
    state=pattern(
        r"(?:under|in|on|awaiting) (?:investigation|prison|trial|custody|remand|inquiry)|(?:later |then )?[a-z]+ed|sentenced to prison|found guilty"
    ),
    number=pattern(r"how many(?: exactly| of (?:them|those|these)| (?:were|are) there| in (?:total|all))?(?!\w)"),
    number_of=pattern(
        r"how many (?P<noun>[a-z][\w-]*(?: (?!(?:were|was|are|is|did|do|does|have|has|had|can|will)\b)[a-z][\w-]*)?)(?: (?:were|was) (?:there|that|it))?(?!\w)"
    ),
    which=pattern(
        r"(?:which|what)(?: ones?| of them| (?:were|are) (?:they|those|these)| (?P<noun>[a-z][\w-]*s))?|name them"
    ),
    who=pattern(r"who(?: exactly)?(?: (?:was|is) (?:it|that|this)| were (?:they|those)| did (?:it|that|this|so))?"),
    said=pattern(
        rf"(?P<who>who|(?:which|what) \w+(?: \w+)?) (?P<verb>{_SAY}) (?:so|that|this|it)|(?P<whom>according to (?:whom|who|(?:which|what) \w+))"
        r"|(?P<says>says who)"
    ),
    again=pattern(
        r"(?P<words>when|where|why|how) (?:did|does|do|has|have|is|was|were|are) (?:he|she|they|it|the \w+) (?P<verb>\w+)"
        r"(?: (?:that|this|it|so|them))"
    ),
    sequel=pattern(
        r"(?P<bare>(?P<order>after|before|since)(?: that| this| then|wards)?|afterwards|then|later|next|since then)"
        r"|what (?:happened|came|followed|was done|did they do) (?:next|then|afterwards|later|after(?: that| this)?|since(?: then)?"
        r"|(?P<earlier>before(?: that| this)?))"
    ),
    whereabouts=pattern(r"where(?:['’]s| is) (?:that|this|it)"),
    bind={"en": "in", "desde": "from", "de": "of", "fuera de": "outside", "": "", "del": "of", "para": "for"},
)
