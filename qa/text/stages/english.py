"""English: how it reports the stages of a case."""

from __future__ import annotations

from functools import lru_cache

from qa.models.annotations import Stage
from qa.text.numbers import DIGITS, NUMBER_WORDS
from qa.text.stages.grammar import StageGrammar, either, stems

_NUMBER = rf"(?:{DIGITS}|{NUMBER_WORDS})"
_PEOPLE = (
    r"(?:people|persons?|men|women|m[ae]n|woman|suspects?|defendants?|teenagers?|brothers?|officials?|others?"
    rf"|he|she|they|who|fourth|third|second|{_NUMBER})"
)
_HUMANS = r"(?:people|persons?|m[ae]n|wom[ae]n|suspects?|defendants?|teenagers?)"
_BE = r"(?:was|were|been|being|is|are|be)"
_WAS = r"(?:was|were|been)"
_TERM = r"(?:[\w-]+\s){0,6}?(?:years?|months?|days?|weeks|life|sentences?|terms?)"
_RULING = r"(?:convictions?|verdicts?|sentences?|judgments?|rulings?)"
_CASE = r"(?:case|charges?|proceedings|prosecution|indictments?|investigation|inquiry|complaint)"
_OF_THEM = r"(?:the|his|her|their|its|all|an?|both)"

_TRIGGERS = {
    Stage.OVERTURNED: either(
        rf"(?:quashed|overturned|annulled|set aside|reversed|threw out|struck down) (?:{_OF_THEM} )?(?:[\w’']+ ){{0,4}}{_RULING}",
        rf"{_RULING}(?:[ ,]+[\w’']+){{0,8}}? {_WAS} (?:later )?(?:quashed|overturned|annulled|set aside|reversed|thrown out)",
    ),
    Stage.UPHELD: either(
        rf"(?:upheld|confirmed) (?:{_OF_THEM} )?(?:[\w’']+ ){{0,4}}{_RULING}",
        rf"(?:rejected|dismissed|threw out|turned down) (?:{_OF_THEM} )?(?:[\w’']+ ){{0,3}}appeals?",
        rf"(?:{_RULING}|appeals?)(?:[ ,]+[\w’']+){{0,8}}? {_WAS} (?:upheld|confirmed|rejected|dismissed|turned down)",
        r"lost (?:his|her|their|an|the) appeals?",
    ),
    Stage.ACQUITTED: either(
        r"acquitted", r"acquittals?", r"found (?:[\w’']+ ){0,6}?not guilty", r"not guilty verdicts?", r"exonerated",
        rf"{_BE} cleared(?= (?:of|by|on|in))", r"(?:jury|court|judges?|jurors|tribunal) (?:has |have |had )?cleared",
        r"found (?:[\w’']+ ){0,4}?innocent",
    ),
    Stage.DISMISSED: either(
        rf"{_CASE}(?:[ ,]+[\w’']+){{0,8}}? {_WAS} (?:dropped|dismissed|thrown out|shelved|closed|discontinued|abandoned)",
        rf"(?:dropped|dismissed|threw out|shelved|closed|discontinued|abandoned) (?:{_OF_THEM} )?(?:[\w’']+ ){{0,2}}{_CASE}",
    ),
    Stage.SENTENCED: either(
        r"sentenced", rf"(?:jailed|imprisoned) for {_TERM}", r"jailed for life",
        rf"sent to (?:prison|jail) for {_TERM}",
        rf"(?:given|received|got|handed|handed down|imposed) (?:{_NUMBER}|an?|the|terms?|sentences?|prison|jail|suspended)\b"
        rf"(?: [\w-]+){{0,5}}? (?:in (?:prison|jail)|sentences?|prison terms?|jail terms?|of (?:{_NUMBER}|between)[\w -]{{0,30}}years)",
    ),
    Stage.CONVICTED: either(
        r"convicted", r"found (?:[\w’']+ ){0,6}?guilty", r"(?:declared|ruled|judged) (?:[\w’']+ ){0,4}?guilty",
        r"guilty verdicts?", r"convictions (?:of|against) (?:the )?\w+",
    ),
    Stage.APPEALED: either(
        rf"appealed(?= (?:against|{_OF_THEM} (?:\w+ )?{_RULING}|to (?:the |an? )?(?:[\w’'.]+ ){{0,3}}(?:court|tribunal)))", r"(?:has|have|had) appealed(?! (?:for|to)\b)",
        r"(?:lodged|filed|launched|submitted|brought) (?:an? |their |his |her )?(?:\w+ )?appeals?",
    ),
    Stage.ON_TRIAL: either(
        r"(?:is|are|was|were|went|been|put|goes|go) on trial", r"stood trial", r"standing trial",
        r"trial\b[^.;]{0,120}?\b(?:began|begins|begun|opened|opens|started|starts|is under way|got under way|resumed)",
        r"plead(?:ed)? (?:not )?guilty", r"(?:is|are|was|were|been) (?:being )?tried(?= (?:for|in|on|over|by|at))", r"in the dock",
    ),
    Stage.RELEASED: either(
        r"(?:released|freed) (?:on bail|without charges?|pending|from (?:custody|prison|jail)|after questioning)",
        rf"{_PEOPLE} (?:[\w’']+ ){{0,3}}?{_WAS} (?:later |then )?(?:released|freed|bailed)",
        rf"(?:released|freed) (?:the )?(?:{_NUMBER} )?(?:of the )?{_HUMANS}", rf"release of (?:the )?(?:{_NUMBER} )?{_HUMANS}",
    ),
    Stage.CHARGED: either(
        r"(?:faces?|facing|faced) (?:[\w-]+ ){0,3}charges", r"indicted", r"arraigned", r"charged (?:with|over|in connection)",
        rf"(?:{_BE}|{_PEOPLE}) (?:[\w’']+ ){{0,2}}?charged(?! (?:an?|the|extra|up|{_NUMBER}|[$£€])\b)",
        r"(?:filed|brought|laid|pressed) (?:\w+ ){0,2}charges", r"charges (?:were|have been|had been) (?:filed|brought|laid)",
    ),
    Stage.IN_CUSTODY: either(
        r"remanded(?! on bail)", r"(?<!bail )on remand", r"(?:pre-?trial|preventive|provisional) (?:custody|detention|prison)",
        r"(?:jailed|imprisoned|(?:in|to|into) (?:prison|jail|custody)),? (?:pending|awaiting|without bail|while (?:awaiting|they await))",
    ),
    Stage.DETAINED: either(
        r"detained", r"(?:taken into|in(?: police)?|into) custody", r"jailed", r"imprisoned", r"sent to (?:prison|jail)",
        rf"{_HUMANS} (?:[\w’']+ ){{0,2}}?(?:{_BE} )?held(?! (?:an?|the|talks|meetings?)\b)",
    ),
    Stage.INVESTIGATED: either(
        r"under (?:(?:formal|judicial|criminal|police|further) )*investigation",
        rf"{_BE} (?:formally |still )?investigated", r"formal suspects?", r"imputad[oa]s?", r"investigad[oa]s",
    ),
    Stage.ARRESTED: either(
        r"arrested", r"under arrest", rf"{_NUMBER}(?: [\w-]+){{0,2}} arrests", r"one arrest",
        r"arrests (?:were|have been|had been) made", r"(?:made|making) (?:an|one|several|the|more) arrests?",
    ),
}  # fmt: skip

_STEMS = {
    Stage.OVERTURNED: stems("quash overturn annul set_aside revers threw_out thrown_out struck"),
    Stage.UPHELD: stems("upheld confirmed appeal"),
    Stage.ACQUITTED: stems("acquit not_guilty exonerat clear innocent"),
    Stage.DISMISSED: stems("dropp dismiss threw thrown shelv closed discontinu abandon"),
    Stage.SENTENCED: stems("sentenc jail prison years term"),
    Stage.CONVICTED: stems("convict guilty"),
    Stage.APPEALED: stems("appeal"),
    Stage.ON_TRIAL: stems("trial plead tried dock"),
    Stage.RELEASED: stems("releas freed bailed"),
    Stage.CHARGED: stems("charge indict arraign"),
    Stage.IN_CUSTODY: stems("custody remand jail prison detention"),
    Stage.DETAINED: stems("detain custody held jail prison"),
    Stage.INVESTIGATED: stems("investigat suspect imputad investigad"),
    Stage.ARRESTED: stems("arrest"),
}


@lru_cache(maxsize=1)
def english() -> StageGrammar:
    return StageGrammar(
        subject=stems(
            "arrest detain custody remand jail prison convict guilty acquit sentenc trial indict charge suspect releas bail verdict investigat imputad appeal court judge police prosecut"
        ),
        stems=_STEMS,
        triggers=_TRIGGERS,
        negation=either(
            r"not|\w+n[’']t|no(?!\. ?\d)|nobody|no one|none|never|neither|nor|without|cannot|yet to|nothing|few"
            r"|hardly|fail(?:s|ed)? to"
        ),
        lawful=either(r"not guilty|without charges?"),
        negated_object=either(r"no one|nobody|none|no [a-z]+"),
        modality=either(
            r"could|(?<!in )(?<!last )(?<!since )(?<!\d )may(?! \d)|might|would|should|will|shall|can|must|wo|to be|to stand|to go|to face|expect(?:s|ed|ing)?"
            r"|likely|risks?|risking|if|unless|whether|until|before|seeks?|sought|demand(?:s|ed)?|asks?|asked"
            r"|wants?|wanted|calls? for|called for|hop(?:es?|ed|ing)|threat(?:ens?|ened)?|fears?|feared"
            r"|den(?:y|ies|ied)|rumou?rs?|imagine|suppose|avoid(?:s|ed)?|possib(?:le|ly)|perhaps|ready to|about to"
            r"|wanted to|plans? to"
        ),
        forecast=either(r"likely|expected|are still to come|to come|possible|would|could|may|will"),
        breaks=r"[;:—–]|(?<!\w)(?:but|while|whereas|although|though|however|because|after|since|when)(?!\w)",
        joins=r",|(?<!\w)and(?!\w)",
        finite=either(
            r"was|were|has|have|had|is|are|did|does|do|he|she|they|who|court|jury|judges?|police|prosecutors?|said"
            r"|says|remains?"
        ),
        general=either(
            r"anyone|any person|anybody|whoever|every person|everyone|everybody|a person"
            r"|(?:persons?|people|those|suspects) who (?:are|is)|presumed innocent|presumption of innocence"
            r"|(?:penal|criminal) code|punishable|punishes|maximum (?:penalty|sentence)|carries|provides for"
            r"|(?:law|act|code|directive|convention|article \d+|statute) (?:says|provides|allows|requires|states|punishes)"
            # Who orders what is to be said doesn't report it; nor is a poll a verdict.
            r"|(?:^\W*|(?<=: )|(?<=[“\"‘«]))(?:please |now )?(?:write|say|state|tell|answer|reply|claim|declare|repeat|print|confirm|admit|assume|pretend)"
            r"(?: [\w’']+){0,4}? that"
            r"|(?:in|by|through) an? (?:\w+ )?(?:poll|survey)|readers (?:found|declared|voted|think|believe)|public opinion"
            r"|are where|as a rule|in general|usually|normally|in principle|on average|every (?:year|day|month)"
        ),
        timeless=r"(?<!\w)(?:is|are|be|gets?)",
        settled=frozenset(
            {Stage.ARRESTED, Stage.RELEASED, Stage.DISMISSED, Stage.CONVICTED, Stage.SENTENCED, Stage.ACQUITTED}
        ),
        backward=rf"(?<!\w)(?<!no\. )(?<!number )(?:{_HUMANS}|others?|brothers|officials|{_NUMBER})",
        contested=either(r"instead|by contrast|on the contrary|contradicts?|mistakenly|wrongly|in error"),
    )
