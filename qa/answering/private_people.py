"""Questions that ask who a private person is, or for anyone's private life: declined before anything is looked up.

The archive names officials and institutions. Who was arrested, who complained, who was harmed is nobody's to
find here, whatever a source may say: see the rules on archives and private persons in corpus/SOURCES.md.
"""

from __future__ import annotations

import re

from qa.language.letters import plain_letters

_PRIVATE = (
    r"(?:victims?|suspects?|detainees?|arrestees?|defendants?|accused|complainants?|witness(?:es)?|minors?|child(?:ren)?"
    r"|residents?|neighbou?rs?|informants?|users?|(?:people|persons?|men|man|women|woman|those|ones?|anyone|everyone|everybody|all)"
    r"(?:\s\w+){0,3}\s(?:arrested|detained|held|charged|accused|investigated|jailed|imprisoned|named|complained)"
    r"|(?:\d+|\w+teen|twenty|thirty)\s(?:people\s)?(?:arrested|detained|held)"
    r"|victimas?|sospechos[oa]s?|detenid[oa]s?|arrestad[oa]s?|imputad[oa]s?|denunciantes?|vecin[oa]s?|testigos?|menores?)"
)
_IDENTITY = (
    r"(?:names?|identit(?:y|ies)|called|initials|(?<!ip )addresse?s?|home ?towns?|occupations?|jobs?|professions?|ages?|how old"
    r"|nombr(?:es?|a|ad|ame)|identidad(?:es)?|se llama(?:n|ba|ban)?|apellid(?:os?|aban?)|iniciales|domicilios?|profesion(?:es)?|edad(?:es)?|cuantos anos (?:ten|tien)\w+)"
)
_OPENING = (
    r"(?:^\W*|[.!?:;—–]\s*\W*|\b(?:tell (?:me|us)|(?:want|like|need) to know|do you know|reveal|disclose|find out|and|but|then|dime|decidme|saber|y|pero)\s+)"
    r"(?:exactly\s+)?"
)
_ASKS = re.compile(
    # "Who was the resident who complained?"
    rf"{_OPENING}(?:who|quien|quienes)\s+(?:is|was|are|were|es|era|fue|fueron|son|eran)\s+(?:the|el|la|los|las)\s+"
    rf"(?:(?!for\b|of\b|from\b|para\b|de\b)\w+\s){{0,2}}?{_PRIVATE}\b(?!['’]|-)"
    rf"|\blist of (?:the |all |those )?{_PRIVATE}\b|\blist of (?:the |all )?(?:arrested|detained|accused)\b"
    # "Whose computer was seized?", "Identify the man who was arrested."
    rf"|{_OPENING}whose (?:\w+ )?(?:computers?|house|home|flat|phone|accounts?|files?) (?:was|were) (?:seized|searched|raided|taken|watched)\b"
    rf"|(?:^\W*|\byou |\bplease ){{1,2}}identify (?:the |that |this )?(?:\w+ )?{_PRIVATE}\b"
    # "Who made the complaint?", "Who was arrested?", "¿Quién denunció?"
    rf"|{_OPENING}(?:who|which (?:person|man|woman)|quien|quienes)\s+(?:\w+\s){{0,2}}?(?:made|filed|lodged|sent in|raised)\s+(?:the|a)"
    r"\s+(?:first\s+|original\s+|initial\s+)?(?:complaint|alarm|report|tip)"
    rf"|{_OPENING}who\s+(?:(?:exactly|first)\s+)?(?:complained|reported (?:it|the (?:case|crime|matter|site|chat|suspects?))\b|tipped off|(?:was|were|got)\s+(?:\w+\s){{0,2}}?"
    r"(?:arrested|detained|jailed|charged|abused|harmed))"
    rf"|{_OPENING}(?:quien|quienes)\s+(?:\w+\s){{0,2}}?(?:(?:denuncio|denunciaron)(?! que\b)|puso la denuncia|presento la denuncia|(?:fue|fueron)"
    r"\s+(?:\w+\s)?(?:detenid|arrestad)\w+)"
    # "Identifica al hombre detenido", "¿De quién era el ordenador incautado?", "Haz una lista de los detenidos."
    rf"|^\W*(?:identifica|identifique|nombra|nombre|senala) (?:al?|a la|a los|a las) (?:\w+ )?{_PRIVATE}\b"
    rf"|{_OPENING}de quien(?:es)? (?:era|eran|es|son) (?:el|la|los|las) (?:ordenador(?:es)?|casas?|pisos?|viviendas?|telefonos?|cuentas?|archivos?)"
    r"(?: \w+){0,3}? (?:incautad|registrad|intervenid|confiscad|vigilad)\w+"
    rf"|\blista (?:\w+ )?de (?:todos |todas )?(?:los|las) {_PRIVATE}\b",
    re.IGNORECASE,
)
_PAIRED = (re.compile(rf"\b{_IDENTITY}\b", re.IGNORECASE), re.compile(rf"\b{_PRIVATE}\b", re.IGNORECASE))
_COUNTING = re.compile(r"\b(?:how many|how much|cuant[ao]s?(?! anos (?:ten|tien)))\b", re.IGNORECASE)
_CLAUSES = re.compile(r"[.!?:;,—–]")

_OFFICIAL = (
    r"(?:ministers?|judges?|officers?|officials?|ombudsm[ae]n|prosecutors?|magistrates?|mayors?|spokes(?:man|woman|person)|policem[ae]n|commissioners?"
    r"|journalists?|reporters?|editors?|lawyers?|masters?|directors?|engineers?|captains?|presidents?|ministr[oa]s?|juez(?:a|es)?|jueces|agentes?"
    r"|fiscal(?:es)?|alcaldes?a?s?|portavo(?:z|ces)|periodistas?|abogad[oa]s?|director(?:a|es)?|capitan(?:a|es)?|president[ea]s?|defensora?)"
)
_PERSON = rf"(?:{_PRIVATE}|(?:\w+ )?{_OFFICIAL}|(?:man|woman|person|hombre|mujer|persona)|(?-i:[A-Z]\w+ (?:de |del |of )?[A-Z]\w+))"
_DETAILS = (
    r"(?:home (?:address(?:es)?|phone)|(?:phone|telephone|mobile|cell(?:phone)?)(?: numbers?)?|e-?mail(?: address(?:es)?)?|social media|facebook(?: \w+)?"
    r"|instagram(?: \w+)?|(?:number|licen[cs]e) plates?|passport numbers?|bank (?:accounts?|details)|workplaces?|employers?|private (?:address|life|number)"
    r"|photo(?:graph)?s?|pictures?|telefonos?(?: \w+)?|moviles|movil|correo(?: electronico)?|matriculas?(?: (?:del|tiene el|lleva el|llevaba el) (?:coche|vehiculo))?|fotos?|fotografias?|(?:direccion|domicilio)(?: \w+){0,3}?)"
)
_FAMILY = (
    r"(?:wi(?:fe|ves)|husbands?|partners?|spouses?|parents?|mothers?|fathers?|sons?|daughters?|children|kids|brothers?|sisters?|relatives|family|families"
    r"|esposas?|maridos?|mujer(?:es)?|parejas?|padres?|madres?|hij[oa]s?|herman[oa]s?|familia(?:res)?)"
)
_OF = r"(?: of| for|['’]s| del?| de la| de los| de las)"
_A = r"(?: (?:the|that|this|those|these|his|her|el|la|los|las))?"
_PRYING = re.compile(
    # "What is the phone number of …?", "the judge's home address"; photos of children are no portraits.
    rf"\b{_DETAILS}{_OF}{_A} (?!minors|child|menores|nin){_PERSON}\b|\b{_PERSON}['’]s? {_DETAILS}\b"
    rf"|\b(?:has|have|does|do|is|are){_A} {_PERSON} (?:have |has |use |on )?(?:an? )?(?:facebook|instagram|twitter|social media|whatsapp|telegram)\b"
    # "Where does the minister live?"
    rf"|\b(?:where|(?:which|what) (?:street|town|village|house|city|flat)) (?:exactly )?(?:does|do|did){_A} (?!residents|neighbou?rs|users){_PERSON}(?: \w+){{0,4}}? (?:live|stay)\b|\b(?:donde|en que (?:calle|pueblo|barrio|ciudad|localidad|casa|piso)) (?:vive|vivia|viven|vivian){_A} {_PERSON}\b"
    rf"|\bwhere (?:does|do|did){_A} {_PRIVATE}(?: \w+){{0,4}}? work\b|\bdonde trabajan?{_A} {_PRIVATE}\b"
    rf"|\bhow (?:can|could|do) (?:i|we|one) (?:contact|reach|meet|find|write to|call|phone|visit){_A} {_PRIVATE}\b"
    # "Who is the wife of …?", "Which school do the minister's children go to?"
    rf"|\b(?:who|names?|quien(?:es)?|nombres?) (?:\w+ ){{0,2}}?(?:the |la |el |los |las )?{_FAMILY}{_OF}{_A} {_PERSON}\b"
    rf"|\b(?:who|where|which|what) (?:\w+ ){{0,3}}?{_PERSON}['’]s? {_FAMILY}(?: (?:live|go|work|attend|study)|\W*$)"
    rf"|\bcomo (?:(?:puedo|podria|podemos|se puede) )?(?:contactar|contacto|hablar|hablo|comunicarme|escribir|escribo|llamar|llamo|visitar|localizar|localizo)(?: con| al?)?{_A} {_PRIVATE}\b"
    rf"|\b(?:tienen?|usan?){_A} {_PERSON} (?:\w+ ){{0,3}}?(?:facebook|instagram|twitter|whatsapp|telegram|redes sociales)\b"
    rf"|\bque (?:colegio|escuela|instituto|universidad) (?:van?|asisten?|acuden?) (?:la|el|los|las|su|sus) {_FAMILY}{_OF}{_A} {_PERSON}\b"
    rf"|\bdonde (?:vive|viven|estudian?|trabajan?) (?:la|el|los|las|su|sus) {_FAMILY}{_OF}{_A} {_PERSON}\b",
    re.IGNORECASE,
)


def asks_who_a_private_person_is(question: str) -> bool:
    """Whether the question wants the identity of someone arrested, harmed, suspected or complaining."""
    text = plain_letters(question)
    return any(not _COUNTING.search(_clause_of(found, text)) for found in _ASKS.finditer(text)) or _pairs(text)


def asks_for_private_details(question: str) -> bool:
    """Whether the question wants someone's address, number, picture or family, be it an official's."""
    text = plain_letters(question)
    return any(not _COUNTING.search(_clause_of(found, text)) for found in _PRYING.finditer(text))


def _pairs(text: str) -> bool:
    """Whether what makes an identity is asked for, and not counted, beside a private person."""
    identity, private = _PAIRED
    wanted = [found for found in identity.finditer(text) if not _COUNTING.search(_clause_of(found, text))]
    return any(
        found.end() <= one.start() or one.end() <= found.start() for found in wanted for one in private.finditer(text)
    )


def _clause_of(found: re.Match[str], text: str) -> str:
    """The clause that what was found ends in."""
    before = [mark.end() for mark in _CLAUSES.finditer(text, 0, found.end())]
    after = _CLAUSES.search(text, found.end())
    return text[before[-1] if before else 0 : after.start() if after else len(text)]
