"""Small words that change what a sentence claims, English and Spanish: denials, hedges, causes, quantities, sayings.

Each entry is a regular expression for text in lower case.
"""

from __future__ import annotations

import re
from functools import cache

from qa.language.figure_words import ACCORDING as ACCORDING_WORDS
from qa.language.figure_words import SAYING as SAYING_WORDS

DENYING = (
    r"not|n[’']t|no one|nobody|nothing|none|never|neither|nor|without|cannot|no longer|no(?!\. ?\d| \d)|nowhere|hardly|yet to"
    r"|no(?= )|nunca|jamás|nadie|ningún|ninguna|ninguno|nada|tampoco|ni|sin(?! embargo)"
)
"""Words that deny what stands behind them; "no one" what stands before them too."""
DENYING_THAT = r"den(?:y|ies|ied|ying)(?: that)?|ruled out|rules out|refus(?:e|es|ed|ing) to|fail(?:s|ed)? to|declin(?:e|es|ed) to|neg(?:ó|aron)|niega[n]?|desmintió|desmiente[n]?|descartó"
"""Words that deny what stands behind them by what they mean."""
DENIED_OBJECT = r"neither|no one|nobody|none|nothing|no|nadie|ningún|ninguna|ninguno|nada"
NO_DENIAL = (
    r"not only|not just|no (?:fewer|less|more|later|earlier) than|not (?:fewer|less|more) than|no solo|no sólo"
    r"|whether or not|without charges?|not guilty|no doubt|no menos de|no más de|sin duda"
)
"""What denies nothing, or is the name of something."""
CONTRARY = (
    r"refus\w+|reject\w+|den(?:y|ies|ied|ying)|declin\w+|fail\w*|lack\w*|absen\w+|un(?:able|related|resolved|clear|known"
    r"|finished|likely|connected|changed|altered)|still|ongoing|under way|await\w*|separate\w*|independent\w*|except\w*|exclud\w+|instead"
    r"|rather than|impossible|prevent\w*|stopp\w*|zero|empty|free of|rul\w+ out|far from|neg(?!oci|oti)\w+"
    r"|rechaz\w+|desment\w+|desmint\w+|falt\w+|salvo|excepto|imposible|impid\w+|sigue\w*|aún|todavía|carec\w+|beyond"
    r"|missing|declined|short of|left out|omit\w*|withdr\w+"
)
"""Words that deny by what they mean; a denial may be put in them."""

HEDGES = {
    "doubt": r"(?<!in )(?<!last )(?<!of )(?<!since )(?<!\b\d )(?<!\b\d\d )may(?!,? \d| and june)|might|could|possib\w+|perhaps|maybe|likel\w+|probabl\w+|apparent\w+|potential\w*"
             r"|(?<!than )expect\w*|forecast\w*|predict\w*|anticipat\w+|foresee\w*|foresaw|still to come|to come|appear(?:s|ed)? to|seem\w*|fac(?:e|es|ed|ing) up to"
             r"|risk\w*|unlikely|assum\w+|believ\w+|(?:thought|said|understood|reported|rumou?red|held|deemed|considered) to (?:be|have)|(?:is|are|was|were|been) (?:reported|said|believed|thought|rumou?red)(?= \w+ed\b)|reportedly|seemingly|(?:is|was|remains?|remained) (?:unclear|unknown|uncertain)|not (?:yet )?(?:known|clear)|conceivabl\w+|tentative\w*|unconfirmed|rumou?rs?|projected to|in doubt|al parecer|tal vez|se dice|eventualmente|estimat\w+|podr[íi]an?|pod[íi]an?|pueden?|quizás?|posibl\w+|probabl\w+|(?<!lo )espera\w*"
             r"|(?<!lo )previst\w+|prevé\w*|preve[ií]\w*|pronóstic\w+|parece\w*|se enfrentan? a|se exponen? a|cabe",
    "alleged": r"alleg\w+|presum\w+|suspect\w*|suspicion\w*|accus\w+|supposed\w*|reputed\w*|purported\w*|presunt\w+|supuest\w+|sospech\w+|acusad\w+",
    "plan": r"would|propos(?:e|es|ed|ing|als? to)|plans? (?:\w+ ){0,2}(?:to|for)|plans(?= (?:an?|the|its|his|her|their|that) )|planned|planning|recommend(?:s|ed|ing)?|suggest\w*|intend\w*|intention\w*|envisag\w+|contemplat\w+|aspira[n]?|baraja[n]?|aim(?:s|ed|ing)?|hop(?:e|es|ed|ing)"
            r"|wants?|wanted|ask(?:s|ed|ing)?(?= (?:that|for|to|the|its|his))|call(?:s|ed|ing)? (?:for|on)|seek\w*|sought|urg(?:e|es|ed|ing)|demand(?:s|ed|ing)? that|consider\w*|should|advis\w+|forward"
            r"|(?!(?:teor|mayor|minor|categor|auditor|asesor|consultor|bater|galer|librer|ingenier|loter|tesorer|fiscal)ía)\w+ría[n]?|propon\w+|propuest\w+|propuso|pid(?:e|en|ió|ieron)|solicit\w+|recomend\w+|recomiend\w+|quier\w+|plane\w+|pretend\w+|debería\w*",
    "future": r"will|shall|(?:is|are|was|were) (?:due )?to(?= [a-z]+)|about to|await\w*|yet to|still to|subject to|going to|set to|due to(?= (?:be|take|meet|begin|start|come))|\w{3,}(?:ará|erá|irá|arán|erán|irán)|va a|van a",
}  # fmt: skip
"""Words by which something isn't told as having happened, by how it is held back."""
RESOLVED = (
    r"approv(?:e[sd]?|ing)|back(?:s|ed|ing)|agree\w*|decid\w+|decision|announc\w+|order(?:s|ed)|vow\w*|promis\w+|commit\w*|pledg\w+|aprob\w+|acord\w+|acuerdo|orden(?:ó|aron|a)"
    r"|decid\w+|anunci\w+|promet\w+|compromet\w+"
)
"""Words for what was resolved and not yet done, which no plan is told too strongly by."""
MILDER = {
    "doubt": ("doubt", "plan"),
    "alleged": ("alleged", "doubt"),
    "plan": ("plan", "doubt"),
    "future": ("future", "plan", "doubt"),
}
"""Which hedges say no more than each."""
OPEN_DOUBT = (
    r"(?<!in )(?<!last )(?<!of )(?<!since )(?<!\b\d )(?<!\b\d\d )may(?!,? \d)|might|could|possibly|perhaps|maybe|likely|probably|apparently|allegedly|alleged"
    r"|suspected|expected to|plans? to|planned to|intends? to|intended to|proposes? to|planea\w*|supposedly|reportedly|podrían?|quizás?|posiblemente|probablemente|supuestamente"
    r"|presuntamente|presunt[oa]s?|supuest[oa]s?"
)
"""Hedges that are plain to see: one that no source has makes of a fact a rumour."""

CONNECTING = (
    r"by contrast|in contrast|on the other hand|on the one hand|for (?:its|his|her|their) part|in turn|in addition|in all|as well|in total|in fact"
    r"|at the same time|at the time|in time|at first|in this way|of course|for example|for instance|in particular|among others|among them|in question|as a whole"
    r"|in the framework of|in the context of|in the course of|in the end|at the end|in this case|in this regard|instead|namely|respectively|altogether|overall|in other words|in its own words|came to light|took place"
    r"|por el contrario|en cambio|por su parte|a su vez|además|en total|de hecho|al mismo tiempo|por ejemplo|entre ell[oa]s|entre otros|en concreto|es decir"
    r"|en el marco de|en el contexto de|en el ámbito de|en este caso|por otro lado|asimismo|igualmente|en cuestión|respectivamente|así como|salieron a la luz|tuvo lugar|tuvieron lugar|se trata de|tal y como"
)
"""What joins sentences and says nothing by itself."""
CAUSES = (
    r"because(?: of)?|due to(?! (?:be|cut|open|close|end|leave|vote|make|run|arrive|expire|return|sign|pay|receive|join|take|meet|begin|start|come))|owing to|as a (?:result|consequence)(?: of)?|result(?:s|ed|ing)? (?:in|from)|led (?:\w+ )?to"
    r"|leads? to|leading to|caus(?:e|es|ed|ing)|thanks to|therefore|thus|hence|which is why|consequently|trigger\w*"
    r"|prompt(?:s|ed|ing)|brought about|gave rise to|on account of|in response to|so that|in order to|as a reaction"
    r"|provok\w+|spark(?:s|ed|ing)|forc(?:ed|ing)|contributed to|stem(?:s|med|ming)? from|attribut\w+ to|blam\w+|meant that|the reason"
    r"|reflect(?:s|ed|ing)|driven by|following pressure|for (?:lack|want|fear) of|gives? rise to|giving rise to|paved the way (?:for|to)"
    r"|porque|debido a|a causa de|por culpa de|como (?:resultado|consecuencia)|gracias a|por lo que|por eso|por ello"
    r"|por tanto|a raíz de|provoc\w+|causó|causaron|causad\w+|ya que|puesto que|dado que|para que|con el fin de"
    r"|en respuesta a|llevó a(?! cabo)|llevaron a(?! cabo)|derivó en|motiv(?:ó|ado|ada)"
    r"|por (?:falta|miedo|temor|orden|presión|presiones|exceso) (?:de|a)|(?:dio|dieron|dando|da|dar) (?:lugar|pie|origen) a|desencaden\w+|ocasion(?:ó|aron|ado)|fruto de"
    r"|en consecuencia|de ahí que|a consecuencia de"
)
"""Words by which one thing is told to be the reason for another."""
GIVEN = (
    r"since(?= (?:\w+ ){1,4}(?:had|has|have|is|was|are|were|would|will))|since(?= (?:\w+ ){1,2}(?!(?:was|has|this|its|his)\b)\w+[^s\W]s (?:in|on|to|at|the|a|an|by|no|with) )|as (?:it|he|she|they)"
    r"|(?:by|for)(?= \w+ing)|through(?= the use)|led (?!by )(?:[\w’'-]+ ){2,4}to(?= [a-z])|push\w* (?:up|down)|as too|arguing|on the grounds|saying|arising|arose|pues"
)
"""Words by which a source may give a reason or a result without saying so."""
LEAVING = r"left|leaves|leaving|dejado|dejó|dejan?|salda"
"""Words for a result that a source may have instead of a word of cause."""
LOOSE_CAUSES = (
    r"so|since|after|followed|following|for|to|whose purpose|purpose|reason\w*|motiv\w+|para|tras|por|pues|como"
)
"""Words by which a source may give a reason."""

WHOLE = (
    r"all(?! right| but)|every(?! (?:day|week|month|year|hour))|everyone|everybody|each(?! (?:day|week|month|year|hour))|entire|entirely|whole|always|completely|fully|exclusively|todos|todas|todo|toda|cada"
    r"|siempre|enter[oa]s?|completamente|totalidad"
)
MOST = r"most of|most(?= \w+s\b)(?<!at most)|majority|mayoría|mayor parte"
ONLY = r"only|sole|solely|exclusively|alone|just|merely|s[oó]lo|solamente|únic\w+"
UTMOST = (
    r"largest|biggest|greatest|smallest|highest|lowest|oldest|newest|youngest|longest|shortest|worst|best|strongest|first|second|third|fourth|fifth|sixth"
    r"|seventh|eighth|ninth|tenth|last|final|latest|unprecedented|record|primer[oa]?s?|segund[oa]s?|tercer[oa]?s?|cuart[oa]s?"
    r"|quint[oa]s?|últim[oa]s?|mayor(?! parte)|mejor|peor"
)
RANKS = (
    "largest biggest greatest mayor", "smallest menor", "highest", "lowest", "oldest", "newest latest recent", "first primer primero primera primeros primeras",
    "second segundo segunda", "third tercer tercero tercera", "fourth cuarto cuarta", "fifth quinto quinta",
    "last final último última latest últimos últimas previous past", "longest", "shortest", "worst peor", "best mejor",
    "record unprecedented",
)  # fmt: skip

TELLING = (
    r"says?|said|thinks?|thought|suspects?(?= that)|suspected(?= that)|tells?|told|writes?|wrote|adds?|added|explains?|explained|recalls?|recalled|claims?(?= that| to)|claimed|argues?|argued|announces?|announced"
    r"|insists?|insisted|stress(?:es|ed)|admits?|admitted|acknowledges?|acknowledged|den(?:y|ies|ied)|believes?|believed|predicts?|predicted|forecasts?|expects?"
    r"|expected|estimates?|estimated|suggests?|suggested|recommends?|recommended|proposes?|proposed|urges?|urged|demands?|demanded|warns?|warned|complains?(?= that)"
    r"|complained(?= that)|concludes?|concluded|contends?|contended|pointed out|points out|blames?|blamed|alleges?|alleged|maintains?|maintained|assures?|assured"
    r"|(?:found|finds|held|holds|ruled|rules|decided|states|stated|notes|noted|hopes|hoped|feared|fears|confirmed|confirms|reported|reports|show|shows|showed|agreed)(?: that|(?=[,.]))"
    r"|rejects?|rejected|asks?|asked|requests?|requested|calls? for|called for|called on|calls on|wants?|wanted|cautions?|cautioned|describes?|described|called|calls"
    r"|dice[n]?|dijo|dijeron|informa[n]?|informó|informaron|señala[n]?|señaló|señalaron|indica[n]?|indicó|indicaron|añade[n]?|añadió|explica[n]?|explicó|recuerda[n]?|recordó"
    r"|asegura[n]?|aseguró|aseguraron|afirma[n]?|afirmó|afirmaron|advierte[n]?|advirtió|anuncia[n]?|anunció|anunciaron|subraya|subrayó|destaca|destacó|declaró|declararon"
    r"|denunció|denunciaron|denuncian|pidió|pidieron|pide[n]?|propuso|propone[n]?|sostiene[n]?|admitió|reconoció|negó|niega[n]?|opina[n]?|insistió|manifestó|manifestaron|comunicó|calcula|calculó|estima|estimó"
)
"""Words that anybody may be the subject of."""
SAYING = rf"{SAYING_WORDS}|{TELLING}|holds?|held|found|ruled|decided|speaks?|spoke|plans?|declares?|declared|entiende|habla|cree"
"""The same, and those that say no more than that a report reports."""
ACCORDING = (
    rf"{ACCORDING_WORDS}|by (?=the \w+[’']s (?:own )?(?:account|count|reckoning))|by (?:the )?(?:count|reckoning|figures) of|in the view of"
    r"|citing|quoting|quoted by|cited by|as told by|en opinión de"
)


@cache
def any_of(pattern: str) -> re.Pattern[str]:
    """A pattern that finds whole words only."""
    return re.compile(
        rf"(?<!\w)(?:{pattern})(?!\w)" if not pattern.startswith("not|") else rf"(?:(?<!\w)(?:{pattern})|n[’']t)(?!\w)"
    )
