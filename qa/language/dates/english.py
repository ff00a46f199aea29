"""English: its words for dates and the ways to put them together. The letters are those of `grammar`."""

from __future__ import annotations

from functools import lru_cache

from qa.language.dates.grammar import Grammar, Rule, Shape, TenseWords, lexicon, rule, word_set

_WORDS = lexicon(
    {
        "w": "mon=0 tue=1 tues=1 wed=2 thu=3 thur=3 thurs=3 fri=4 sat=5 sun=6",
        "W": "monday=0 tuesday=1 wednesday=2 thursday=3 friday=4 saturday=5 sunday=6",
        "s": "spring=0 summer=1 autumn=2 winter=3",
        "J": "day=0 days=0",
        "b": "weekend=1 weekends=1",
        "k": "week=2 weeks=2",
        "U": "month=3 months=3",
        "q": "quarter=4 quarters=4 qtr=4",
        "H": "half=5",
        "V": "year=6 years=6",
        "o": "decade=7 decades=7",
        "K": "q1=1 q2=2 q3=3 q4=4 1q=1 2q=2 3q=3 4q=4",
        "n": "thirty=30 forty=40 fifty=50 sixty=60 seventy=70 eighty=80 ninety=90",
        "A": "a=1 an=1",
        "T": "the",
        "F": "of",
        "I": "in on since during by until till from before after between through throughout for fiscal over at",
        "&": "to and",
        "-": "- – —",
        "E": "early late mid",
        "f": "beginning end start middle close",
        "L": "last=-1",
        "p": "past=-1",
        "N": "next=1 coming=1",
        "S": "this=0 current=0",
        "h": "that=0 same=0",
        "P": "previous=-1 preceding=-1 prior=-1",
        "X": "following=1",
        "G": "ago=-1",
        "B": "earlier=-1",
        "Z": "later=1",
        "v": "before=-1",
        "z": "after=1",
        "r": "time=1",
        "R": "yesterday=-1 today=0 tonight=0 tomorrow=1",
        "D": "morning afternoon evening night lunchtime",
        "%": "% people persons men women officers police countries pct percent per million billion mln bln dollars dlrs"
        " euros pounds arrests suspects cases workers jobs tonnes tons troops miles km shares votes degrees minutes"
        " hours points times cts cents vs francs marks yen barrels bpd",
    },
    M="january february march april may june july august september october november december",
    m="jan feb mar apr · jun jul aug sep|sept oct nov dec",
    n="one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen"
    " eighteen nineteen twenty",
    O="first|1st second|2nd third|3rd fourth|4th",
)
"""Values: units as in periods.Unit, weekdays from Monday, seasons from spring; -1 is back, 0 here, 1 on."""

_PHRASES = lexicon(
    {
        "R": "the_day_before_yesterday=-2 the_day_after_tomorrow=2",
        "j": "from_now=1",
        "h": "that_same=0 the_same=0 the_very_same=0",
        "A": "a_couple_of=2 a_dozen=12",
        "x": "sunday_times sunday_telegraph sunday_mirror sunday_express sunday_herald sunday_mail mail_on_sunday"
        " black_friday black_monday black_wednesday good_friday bloody_sunday ash_wednesday easter_monday cyber_monday"
        " sheffield_wednesday man_friday may_day at_last day_to_day day_by_day"
        " coming_days coming_weeks coming_months coming_years these_days one_day some_day",
    }
)

_DAY = "(?P<day>[de])"
_MONTH = r"(?P<month>M|m\.?)"
_YEAR = r"(?:,?F?T?V?(?P<year>Y)|,?F?T?(?P<year_way1>[LNS])V|FT?(?P<year_step>[hPX])V)"
_OF_YEAR = rf"(?:{_YEAR}|(?P<year_way2>F)TV)"
_WEEKDAY = r"(?:(?:W|w\.?),?I?T?)?"
_NUMBER = "(?P<number>[ndA#])(?:-(?P<plus>[nd]))?F?"
_UNIT = "(?P<unit>[JkUVqo])"
_LENT = r"(?=[-&,]I?T?(?:[de]F?)?(?P<later>M|m\.?)(?:[de])?,?F?(?P<lent>Y))"
_EARLY = "(?:[EBZ]-?I?|T?fF)?"
_END = r"(?=[.,;:)¶”\"&]|$)"

_RULES: tuple[Rule, ...] = (
    rule(Shape.NUMERIC, "(?P<numeric>C)"),
    # 16 March 2005 · Wednesday, March 16 · Tuesday (15 March) · Jan 19 last year · 3 May last
    rule(Shape.DAY, rf"W\({_DAY}F?{_MONTH}{_YEAR}?\)"),
    rule(Shape.DAY, rf"W\({_MONTH}{_DAY}{_YEAR}?\)"),
    rule(Shape.DAY, rf"{_WEEKDAY}(?:T(?=e))?{_DAY}F?{_MONTH}(?:{_YEAR}|{_LENT})?"),
    rule(Shape.DAY, rf"{_WEEKDAY}{_MONTH}T?{_DAY}(?:{_YEAR}(?!%)|{_LENT})?(?![%JkUV]|-?[ndA#]?V)"),
    rule(Shape.DAY, rf"{_DAY}F?{_MONTH}(?P<way>L)(?!V)"),
    # 15-17 March · March 15 to 17, 2005
    rule(Shape.DAYS, rf"{_DAY}[-&]T?(?P<until>[de])F?{_MONTH}{_YEAR}?"),
    rule(Shape.DAYS, rf"{_MONTH}{_DAY}[-&](?P<until>[de])(?![%JkUVMm]){_YEAR}?"),
    # on the 16th · the 16th of this month
    rule(Shape.DAY, rf"(?<=I)T(?P<day>e){_END}"),
    rule(Shape.DAY, r"T(?P<day>e)F(?P<month_way>[LNS])U"),
    # March 2005 · March of last year · last December · the previous May · July · in Jan
    rule(Shape.MONTH, rf"{_EARLY}{_MONTH}(?:{_YEAR}|{_LENT})"),
    rule(Shape.MONTH, rf"{_EARLY}T?(?P<way>[LNS]){_MONTH}"),
    rule(Shape.MONTH, rf"{_EARLY}T?(?P<step>[PX]){_MONTH}"),
    rule(Shape.MONTH, r"(?P<month>M)(?P<way>L)(?![kUVDW])"),
    rule(Shape.MONTH, rf"{_EARLY}(?P<month>M)"),
    rule(Shape.MONTH, r"(?<=[IE])(?P<month>m\.?)(?!x)"),
    rule(Shape.SEASON, rf"{_EARLY}T?(?P<season>s)F?{_YEAR}"),
    rule(Shape.SEASON, rf"{_EARLY}T?(?P<way>[LNS])(?P<season>s)"),
    # on Tuesday · next Friday · the previous Friday night · Monday of last week
    rule(Shape.WEEKDAY, "T?(?P<way>[LNS])(?P<weekday>W)D?"),
    rule(Shape.WEEKDAY, "T?(?P<step>[PX])(?P<weekday>W)D?"),
    rule(Shape.WEEKDAY, "(?P<weekday>W)(?P<way>[LN])(?!k|U|V|D|s|M)"),
    rule(Shape.WEEKDAY, f"{_EARLY}(?P<weekday>W)E?D?"),
    rule(Shape.WEEKDAY, "(?P<weekday>W)D?F?T?(?P<week>[LNS])k"),
    # yesterday · yesterday Wednesday · late last night · this morning
    rule(Shape.OFFSET, rf"{_EARLY}(?P<offset>R)(?:,?W|\(W\))?E?D?"),
    rule(Shape.OFFSET, f"{_EARLY}(?P<offset>[LS])D"),
    # last month · late next year · at the weekend · the end of the year
    rule(Shape.UNIT, f"{_EARLY}T?(?P<way>[LNS])(?P<unit>[kbUVqo])(?!r)"),
    rule(Shape.UNIT, "T?fF(?P<way>T)(?P<unit>[kUVqo])"),
    rule(Shape.UNIT, "[Ef](?P<way>-)(?P<unit>V)"),
    rule(Shape.UNIT, "(?<=I)(?P<way>T)(?P<unit>b)"),
    # the past seven days · the next two weeks · the past year
    rule(Shape.WINDOW, f"T?(?P<way>[LpN]){_NUMBER}{_UNIT}"),
    rule(Shape.WINDOW, "T(?P<way>p)(?P<unit>[kUVo])", number=1),
    # three months ago · ten days from now · in two weeks' time
    rule(Shape.COUNTED, f"{_NUMBER}{_UNIT}(?P<way>[Gj])"),
    rule(Shape.COUNTED, "(?P<unit>[kUV])-?(?P<way>G)", number=1),
    rule(Shape.COUNTED, f"(?<=I){_NUMBER}{_UNIT}['’]?(?P<way>r)"),
    # the previous month · two weeks earlier · the next day · the day before · that year
    rule(Shape.STEP, f"{_EARLY}T(?P<step>[PX])(?P<unit>[JkbUVq])", number=1),
    rule(Shape.STEP, "(?<=[FI])(?P<step>P)(?P<unit>[kUVq])", number=1),
    rule(Shape.STEP, "T(?P<step>N)(?P<unit>J)D?", number=1),
    rule(Shape.STEP, f"{_NUMBER}{_UNIT}(?P<step>[BZ])"),
    rule(Shape.STEP, f"{_NUMBER}{_UNIT}(?P<step>[vz]){_END}"),
    rule(Shape.STEP, f"T(?P<unit>[JkUV])(?P<step>[vz]){_END}", number=1),
    rule(Shape.STEP, "(?P<step>h)(?P<unit>[JkUV])D?", number=1),
    # the first half of 2005 · Q3 1989 · the last quarter of last year · first-quarter · first three months of 2005
    rule(Shape.PART, f"{_EARLY}T?(?P<ordinal>O)-?(?P<part>[qH]){_OF_YEAR}"),
    rule(Shape.PART, "(?P<year>Y)(?P<ordinal>O)-?(?P<part>[qH])"),
    rule(Shape.PART, f"T?(?P<ordinal>[Lp])(?P<part>[qH]){_OF_YEAR}"),
    rule(Shape.PART, f"T?(?P<part>[qH])(?P<ordinal>K){_OF_YEAR}"),
    rule(Shape.PART, "T?(?P<ordinal>O)-?(?P<part>q)(?![-FH])"),
    rule(Shape.PART, f"(?P<ordinal>K)-?{_OF_YEAR}?", part=4),
    rule(Shape.PART, "(?P<year>Y)-?(?P<ordinal>K)", part=4),
    rule(Shape.MONTHS, f"T?(?P<ordinal>[OLp])(?P<number>[nd])U{_OF_YEAR}"),
    # 2005 · 2001-2004 · 1986/87 · the 1990s
    rule(Shape.YEARS, "(?P<year>Y)-(?P<until>Y)(?![%-])"),
    rule(Shape.YEARS, "(?P<years>y)"),
    rule(Shape.DECADE, f"{_EARLY}T?(?P<decade>c)"),
    rule(Shape.YEAR, rf"{_EARLY}(?<=[IFETVhv&z-])(?P<year>Y)(?![%#d-])"),
    rule(Shape.YEAR, r"(?<=\()(?P<year>Y)(?=\)(?!d))"),
)

_TENSE = TenseWords(
    past=word_set(
        "was were had did has have said told went came took made met held fell rose won lost beat saw gave left began"
        " became found led got ran sent hit spoke wrote sold bought paid broke drew struck shot kept brought caught"
        " felt grew heard knew laid quit sat stood threw withdrew chose flew fought swore drove sank sought taught"
        " thought built spent dealt stole shook slid swept wound bore bound fled fed drank ate hid rode sang swam tore"
        " woke wore arose forbade forgave froze overtook undertook underwent upheld overturned"
    ),
    past_endings=("ed",),
    future=word_set(
        "will won't shall would could may might should must due scheduled plans planned planning plan expected expects"
        " expect intends hopes hoped slated deadline upcoming forthcoming ahead effective payable starting postponed"
        " adjourned rescheduled delayed delay extended deferred set"
        " takes leaves joins enters ends runs comes goes flies holds marks"
        " meets opens begins starts faces hosts resumes expires returns arrives travels visits plays kicks closes votes"
        " invited invites aims vowed promised threatened pledged can cannot prepares"
    ),
    future_endings=("'ll", "’ll"),
    neither=word_set(
        "hundred red need speed indeed united feed seed shed armed alleged so-called limited based embed naked sacred"
        " unaided accused unnamed unidentified sacked"
    ),
    modals=word_set("will to would shall could may might should must"),
    carriers=word_set("be have been not also formally officially then later being"),
    goals=word_set("by until till before for to ahead from"),
    plain_be=word_set("is are"),
    before_to=word_set("is are was were"),
    afterwards=word_set("later subsequently"),
)


@lru_cache(maxsize=1)
def english() -> Grammar:
    return Grammar(
        words=_WORDS,
        phrases=_PHRASES,
        capitals=True,
        doubtful=frozenset({"may"}),
        day_first=False,
        rules=_RULES,
        tense=_TENSE,
        attacks=frozenset({"attack", "attacks", "hijackers", "terrorist", "bombings", "bombing"}),
    )
