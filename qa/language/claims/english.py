"""English words by which claims are read; each entry is a regular expression, matched without regard to case."""

from __future__ import annotations

from qa.domain.claims import ClaimKind as K

KINDS = {
    K.REMANDED: r"sent to prison|remanded|jailed (?:pending|before|until)|pre-?trial detention",
    K.ARRESTED: r"arrest(?:s|ed|ing)?|(?<=people )held|(?<=suspects )held|(?<=were )held",
    K.DETAINED: r"detain(?:s|ed|ees?|ing)?|detentions?|in custody",
    K.IMPLICATED: r"implicat(?:ed|es?|ing)|involved in|connected with|linked (?:to|with)"
                  r"|fac(?:e|es|ed|ing) (?:\w+ )?proceedings",
    K.INVESTIGATED: r"under (?:\w+ )?investigation|(?:being|were|are|was|is) investigated|investigating",
    K.REPORTED: r"complaints?|reported to (?:the )?(?:police|authorities)",
    K.WARRANTED: r"warrants?",
    K.CHARGED: r"charged|indict(?:ed|ments?)|prosecuted",
    K.TRIED: r"(?:on|stand|stood|faced?) trial|tried",
    K.CONVICTED: r"convict(?:ed|ions?)|found guilty|sentenced",
    K.ACQUITTED: r"acquitt(?:ed|als?)|cleared of|found not guilty",
    K.RELEASED: r"releas(?:ed?|es)|freed|on bail|let go",
    K.SEARCHED: r"search(?:es|ed|ing)?|raid(?:s|ed)?",
    K.FOUND: r"found|discovered|located|traced|recovered|came to light|(?:brought|bring) to light|turned up|uncovered",
    K.SEIZED: r"seiz(?:ed?|ures?|ing)|confiscated?|impounded",
    K.DISTRIBUTED: r"distribut(?:ed?|ing|ion)|circulat(?:ed?|ing|ion)|disseminated|handed out",
    K.VOTED: r"vot(?:e|es|ed|ing)|ballots?|abstentions?",
    K.ATTENDED: r"attend(?:ed|ing|ees?|ance)?|took part|taken? part|participat(?:ed|ants?)|met(?= )|meeting",
    K.KILLED: r"kill(?:s|ed|ing)?|dead|died|deaths?|fatalities|lost their lives|death toll",
    K.INJURED: r"injur(?:ed|ies|y)|wounded|hurt",
    K.MISSING: r"missing|unaccounted for",
    K.DISPLACED: r"evacuat(?:ed|ions?)|displaced|homeless|fled",
    K.RESCUED: r"rescued?|saved",
}  # fmt: skip
"""What is said of the things counted."""

EXPECTING = (
    r"expect(?:s|ed|ing)?|forecasts?|predict(?:s|ed)?|foresees?|foresaw|estimated to reach|could (?:be|reach|rise)"
    r"|may (?:be|reach|rise)|might|would (?:be|reach|rise)|to come|likely to|planned?"
)
"""Words by which a figure is a forecast, not a count."""

ADDITIONAL_BEFORE = r"another|further|an additional|additional|other"
ADDITIONAL_AFTER = r"more\b(?! than)|others?|additional|further"
"""Words, right before or behind a figure, that put it on top of others."""

WORLDWIDE = (
    r"world-?wide|around the world|across the world|globally|world total|in all (?:the )?countries"
    r"|in (?:\w+ (?:or|to) )?(?:all |total )?(?:\w+|\d+)(?: [A-Z]\w+(?: and [A-Z]\w+)*(?: [A-Z]\w+)?)? countries"
    r"|international(?:ly)?|abroad"
)
"""Words for all countries concerned."""

SAYING = (
    r"says?|said|reports?|reported|writes?|wrote|adds?|added|explains?|explained|tells?|told|recalls?|recalled|notes?"
    r"|noted|claims?|claimed|counts?|counted|puts?|gives?|gave|calls?|called|describes?|described|presents?|presented"
    r"|estimates?|estimated|announced|announces|states?|stated|quotes?|quoted|confirmed|confirms|speaks? of|mentions?"
    r"|mentioned|expected|expects|prints?|printed|files|filed|cites?|cited|warned|warns|insists?|insisted|lists?|listed"
    r"|names?|breaks? down"
)
ACCORDING = r"according to|in the words of|as reported by|by the account of"

ITSELF = (
    r"(?:this|the|that) (?:[\w-]+ )?(?:newspaper|paper|daily|weekly|report|article|summary|text|broadcaster|station"
    r"|dispatch|account|story|magazine|site|piece|bulletin|firm)"
)
"""What a report calls itself, or the one report that it sums up."""

NOT_SPEAKERS = r"(?:it|he|she|they|who|which|that|this|there|people|operation|headline|number|archive)"

LABELS = (
    r"article|articles|section|paragraph|recital|chapter|page|pages|law|act|number|no|court|room|class|route|flight"
    r"|aged?|channel|convention|protocol|resolution|case|volume|highway|unit"
)
"""Words before a number that it numbers, not counts."""

NO_ONE = (
    r"no[ -]one|nobody|none|no (?=arrests?|people|persons?|suspects?|one|deaths?|injur|detentions?|charges?|convict)"
)
"""Words for a count of nought."""

NO = r"no|without|not|never"
"""Words right before one that says what became of things, which deny it: "no deaths were reported"."""

SOME = r"arrests|detentions|deaths|casualties|injuries|charges|convictions|evacuations"
"""Words that say of a thing that there were some, without a number."""

PERIOD = r"in|over|during|within|for|throughout"
COUNT_OF = r"(?:number|numbers|total|count|figure|toll|tally) of"
