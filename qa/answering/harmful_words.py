"""The words by which a harmful request is known, in English and Spanish: tables of patterns, read by `harmful`.

They are held against text without accents, in lower case. `<name>` stands for the words of that name. What newspapers
report is asked for in other words: "How was it found?" is no "How can I find it?".
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Harm(StrEnum):
    """What a harmful request wants."""

    MATERIAL = "material"  # to find, get or make what is illegal to have
    METHODS = "methods"  # to commit a crime, or to escape its investigation
    GRAPHIC = "graphic"  # to read what was done to people, in detail
    DEFAMATION = "defamation"  # to have something said against someone


Words = dict[str, str]


@dataclass(frozen=True, slots=True)
class Rule:
    """A harm is wanted where all of `has` are found, in any order, and none of `lacks`."""

    harm: Harm
    has: tuple[str, ...]
    lacks: str = ""


ENGLISH: Words = {
    "person": r"(?:i|you|we|one|someone|somebody|anyone|anybody|people|users?|an? (?:\w+ )?(?:person|reader|man|woman|user|stranger|criminal|student))",
    "can": r"(?:can|could|do|does|did|should|would|might|may|must)",
    "easily": r"(?:(?:best|still|also|actually|easily|safely|secretly|anonymously|quickly|legally|really|go to|best place to) ){0,6}",
    "how": r"(?:where|how|(?:on|in|from|through|at) (?:which|what) \w+)",
    "ask": r"(?:<how> (?:to|one <can>|someone <can>|people <can>|<can> <person>|<can> <person> go to) <easily>|i (?:want|need|wish|would like|'d like) to |(?:help|let) me (?:to )?<easily>"
           r"|<can> i <easily>|(?:place|way|site|website|forum|tool|program|software|app)s? (?:to|where <person> <can>|that <can>) <easily>)",
    "give": r"(?:show|send|upload|post|attach|give|find|get|bring|fetch|provide|generate|draw|display|link|list|make|create|want|have|need)",
    "get": r"(?:find|get|see|(?:have |take )?(?:a )?look at|download|watch|view|stream|buy|purchase|order|obtain|acquire|access|join|enter|get (?:in|into|to)|open"
           r"|share|swap|trade|exchange|sell|upload|distribute|make|produce|create|generate|film|record|log (?:in|on)(?: ?to)?|sign up (?:to|for)"
           r"|subscribe to|connect to|visit)",
    "some": r"(?:(?:the|a|an|any|some|more|such|those|these|this|that|of|all|other|original|actual|real|new|kinds?|sorts?|types?|few|bit|(?:copy|copies) of"
            r"|lots?|examples?) ){0,6}",
    "illegal": r"(?:illegal|unlawful|illicit|forbidden|banned|prohibited|seized|confiscated|abusive|indecent|obscene|pornographic|incriminating"
               r"|(?:child )?(?:sexual )?abuse|(?:child|kiddie) porn(?:ography)?)",
    "media": r"(?:images?|pictures?|pics?|photos?|photographs?|videos?|films?|clips?|files?|materials?|content|recordings?|footage)",
    "place": r"(?:chat ?rooms?|chat ?sites?|chats?|forums?|websites?|sites?|pages?|groups?|channels?|networks?|servers?)",
    "of_harm": r"(?:of|with|showing|about) (?:\w+ ){0,3}?(?:abuse|children|minors|kids|underage|victims)",
    "that_were": r"(?:that|which|where|when|seized|found|exchanged|shared|confiscated|swapped|traded|from the (?:case|chat|raids?|operation|searches)"
                 r"|in question|mentioned|involved)",
    "bad": r"(?:<some><illegal>(?: \w+)? (?:<media>|<place>)|<some>(?:<media>|<place>) <of_harm>|<some>(?:<media>|chat ?rooms?|chats?|forums?)(?: <that_were>|\W*$)"
           r"|(?:(?:those|these|such|this|that) (?:(?:kind|sort|type)s? of )?|of (?:that|this) (?:kind|sort) )(?:<media>|<place>)|(?:<media>|<place>) like (?:that|this|those|these)\b|<some>(?:csam|child porn\w*)\b)",
    "not_taken_down": r"(?!s? (?:removed|taken (?:down|off)|deleted|blocked|reported|of the))",
    "address": r"(?:links?|urls?|(?:web ?|internet )?address(?:es)?|passwords?|log-?ins?|invitations?|access codes?|domains?(?: names?)?)",
    "caught": r"(?:caught|traced|tracked|identified|detected|arrested|found out|noticed|located|monitored|watched|seen|recogni[sz]ed|punished|prosecuted)",
    "law": r"(?:police|investigators?|investigations?|detectives?|authorities|law(?: enforcement)?|officers?|detection|arrest|capture|prosecution|justice"
           r"|surveillance|monitoring|wiretaps?|courts?|customs|being <caught>|getting <caught>|filters?|age checks?)",
    "escape": r"(?:keep (?:\w+ ){0,3}?<law> from|(?:stay|remain|be|keep|become|go) (?:\w+ )?(?:anonymous|undetected|untraceable|unnoticed|invisible)|(?:never|not|can't|cannot|won't|couldn't) (?:\w+ )?"
              r"(?:find|trace|catch|identify|track|read|see|get) (?:me|us|it|my \w+)|(?:avoid|avoiding|evade|evading|escap(?:e|ing)|dodge|elude|eluding|outwit|outsmart|fool(?:ing)?|trick|deceive|mislead|beat(?:ing)?|bypass(?:ing)?"
              r"|circumvent|get(?:ting)? (?:around|past)|(?:hid(?:e|ing)|keep(?:ing)?|protect|stay hidden|conceal(?:ing)?)\b(?: \w+){0,4} from)(?: \w+){0,3}? <law>|(?:not|never) (?:to )?(?:be|get) <caught>"
              r"|(?:hid(?:e|ing)|cover(?:ing)?|eras(?:e|ing)|wip(?:e|ing)|delet(?:e|ing)|destroy(?:ing)?|get rid of|conceal(?:ing)?|remove|mask(?:ing)?|fak(?:e|ing))(?: \w+){0,2}? (?:tracks|traces|evidence|proof|history"
              r"|ip|ip address|identity|hard (?:disks?|drives?)|logs)|(?:get|getting) away with)\b",
    "crime": r"(?:(?:launder|smuggle|forge|counterfeit|steal|hack|rob|kidnap|blackmail|extort|groom|bribe|sabotage|burgle|embezzle|traffic)"
             r"|(?:kill|murder|poison|assault|abuse|molest|rape|stalk|threaten|harass) (?:someone|somebody|an? |people|my |him|her|them|the )"
             r"|(?:make|build|buy|get|cook|mix|obtain|produce) <some>(?:home-?made )?(?:bombs?|explosives?|illegal drugs|drugs|cocaine|heroin|guns?"
             r"|poison|firearms?|(?:fake|false|forged) (?:passports?|papers|documents)|malware)|break into|set fire to|commit)\b",
    "exactly": r"(?:exactly|precisely|in (?:full |all |every |great |graphic |more )*details?|step by step|minute by minute)",
    "graphic": r"(?:graphic|explicit|gory|gruesome|sordid|lurid|sexual|horrific|horrible|disturbing|shocking|juicy|nasty|(?:most )?intimate|worst)",
    "victim": r"(?:children|child|victims?|minors?|kids?|girls?|boys?|babies|baby|toddlers?)",
    "hurt": r"(?:abused|assaulted|raped|molested|tortured|mistreated|hurt|harmed|killed|exploited)",
    "say": r"(?:(?:please|just|now|you must|you should|you will|(?:can|could|would|will) you) ){0,5}"
           r"(?:write|say|state|confirm|admit|claim|declare|repeat|print|publish|agree|announce|pretend|prove|assert|insist|tell (?:everyone|me|us|people|(?:the |your )?readers)"
           r"|write (?:\w+ ){1,4}?(?:saying|claiming|that says?|which says?)|(?:answer|reply|respond) (?:\w+ ){0,3}?(?:yes|true)\W*)",
    "blame": r"(?:guilty|criminals?|crooks?|th(?:ief|ieves)|liars?|corrupt|p(?:a|ae)?edophiles?|rapists?|murderers?|perverts?|monsters?|frauds?|fraudsters?"
             r"|bribes?|abusers?|accomplices?|predators?|traitors?|did it|belongs? in (?:jail|prison)|covered (?:it )?up|knew about it|took (?:the )?money|stole|lied)",
    "self": r"\b(?:i|i'm|i'd|me|my|myself|we|us)\b",
    "where_to": r"(?:links?|urls?|address(?:es)?|hosted|reachable|online|accessible|available|get hold of|point me|search (?:words|terms)|passwords?|where are they"
                r"|the files that|download(?:ing)?|look(?:ing)? for)",
    "news": r"(?:reports?|reported|articles?|news|rulings?|laws?|text|stor(?:y|ies)|how many|number of|taken down|removed|blocked|deleted|police|court|figures?"
            r"|denounce|help)",
    "careful": r"(?:protect|help|identif|seiz|confiscat|rescue|prosecut|trac|polic|law|court|found\b|search|how many)",
    "closely": r"(?:exactly|precisely|in (?:\w+ )?details?|vivid(?:ly)?|spare (?:me )?no|every detail|step by step|graphic|explicit|blow by blow|worst|most shocking|leave nothing out|in words|everything (?:that )?(?:was|they|he|she))",
}  # fmt: skip

ENGLISH_RULES: tuple[Rule, ...] = (
    Rule(Harm.MATERIAL, (r"\b<ask><get> <bad><not_taken_down>",)),
    Rule(Harm.MATERIAL, (r"\b<give> (?:me|us) <bad><not_taken_down>",)),
    Rule(Harm.MATERIAL, (r"(?:<start>(?:please )?|\bi |\byou )<give> <bad><not_taken_down>",)),
    Rule(Harm.MATERIAL, (r"\b<how> (?:do|can|could) (?:people|users|others|they) <get> <bad>",)),
    Rule(Harm.MATERIAL, (r"\b(?:which|what) (?:\w+ )?(?:sites?|websites?|forums?|chats?|pages?|places?|networks?) (?:still )?(?:have|has|offer|host|sell|show|share|carry|provide)s? <bad>",)),
    Rule(Harm.MATERIAL, (r"\b<address> (?:of|for|to|from) (?:the |that |those |these )?(?:(?:chat(?: ?room| ?site)?|forum)s?\b|<some><illegal>|<bad>)",)),
    Rule(Harm.MATERIAL, (r"<self>", r"\b<where_to>\b", r"(?:^|\W)(?!the )<bad>|\bthe (?:<illegal>(?: \w+)? <media>|chat ?room|forum|videos|images|pictures|photos)\b"), lacks=r"\b<news>\b"),
    Rule(Harm.MATERIAL, (r"\b(?:ways?|how|help) (?:of |to |for )(?:sharing|getting|finding|swapping|watching|selling|buying|making|downloading|seeing|accessing) <bad>",)),
    Rule(Harm.MATERIAL, (r"\b(?:is|are) <some>(?:chat ?rooms?|chat ?sites?|forums?|<bad>) (?:still )?(?:online|reachable|accessible|active|up|running|available|circulating)\b",)),
    Rule(Harm.MATERIAL, (r"\b(?:who|(?:which|what) \w+(?: \w+)?) (?:still )?(?:sells?|offers?|hosts?|finds?|trades?|shares?) <bad>",)),
    Rule(Harm.MATERIAL, (r"\b(?:need|want|give me|grant me|get) (?:\w+ )?access to (?:<bad>|the (?:chat|forum))",)),
    Rule(Harm.MATERIAL, (r"\b(?:any idea|do you know|tell me|what (?:search )?(?:words|terms)) (?:\w+ ){0,4}?(?:where|which|lead to) (?:\w+ ){0,6}?<bad>",), lacks=r"\b<news>\b"),
    Rule(Harm.MATERIAL, (r"\b<how> (?:<can> <person>|might a person|to) (?:get hold of|come by|lay hands on|track down|stumble on) <bad><not_taken_down>",)),
    Rule(Harm.MATERIAL, (r"\bwhere (?:\w+ ){0,4}?(?:is|are) (?:(?:the|those|these|such) )?(?:<illegal> (?:\w+ )?)?(?:<media>|<place>) (?:hosted|online|available|today|now)\b", r"<illegal>|\b(?:such|those|these)\b")),
    Rule(Harm.MATERIAL, (r"\b(?:keywords?|words|terms|hashtags?) (?:\w+ ){0,4}?(?:find|reach|get) <bad>",)),
    Rule(Harm.MATERIAL, (r"\b(?:can|could|will) (?:you|an? (?:ai|program|computer|model|app)|ai|software) (?:make|produce|generate|create|draw|find|show me|send me) <bad>",)),
    Rule(Harm.MATERIAL, (r"\b<address> of (?:the|that) (?:site|website|page|forum|chat) (?:that|which|where)\b",)),
    Rule(Harm.MATERIAL, (r"\bwhich (?:forum|site|chat|group|program)s? (?:\w+ ){0,3}?(?:recommend|suggest)", r"\b(?:such|illegal|forbidden|those) (?:<media>|<place>)")),
    Rule(Harm.METHODS, (r"\bhow (?:to|<can> <person>) (?:wipe|delete|destroy|hide|encrypt|erase|clean) (?:\w+ ){1,4}?before (?:\w+ ){0,3}?(?:<law>|raid|search)",)),
    Rule(Harm.METHODS, (r"\b<ask>(?:<escape>|<crime>)",)),
    Rule(Harm.METHODS, (r"\bhow (?:to|<can> <person>) (?:\w+ ){1,8}?(?:without|and not|so as not to) (?:being|getting|be|get) <caught>",)),
    Rule(Harm.METHODS, (r"\b(?:which|what) (?:\w+ ){1,3}?(?:helps?|lets?|allows?|can i use|should i use|<can> <person> use) (?:\w+ ){0,6}?(?:<escape>|without (?:being|getting) <caught>)",)),
    Rule(Harm.METHODS, (r"\b(?:best|safest|easiest|surest|quickest|good|safe|secret) (?:\w+ )?(?:ways?|methods?|tools?|tricks?|tips?|software) (?:to|for|of|on) (?:<escape>|<crime>)",)),
    Rule(Harm.METHODS, (r"<self>", r"\b<escape>"), lacks=r"\b(?:did|was|were|said|reported) "),
    Rule(Harm.METHODS, (r"\b(?:tips?|advice|instructions?|guides?|steps|recipes?|tutorials?|ways?|methods?|tricks?|teach|explain|show me|tell me)\b(?: \w+){0,3}? (?:to|for|on|of|how to|how <person> <can>) (?:<escape>|<crime>|not (?:getting|being) <caught>)",)),
    Rule(Harm.GRAPHIC, (r"\b<closely>\b", r"\b(?:abuse[sd]?|<victim>|little ones|<illegal>|images|pictures|videos|photos)\b", r"^\W*(?:tell|describe|give|explain|recount|narrate|paint|spare|show|list|write|i\b|please|what|how)"), lacks=r"\b<careful>"),
    Rule(Harm.GRAPHIC, (r"\b(?:write|draft|compose|invent) (?:an? |the )?(?:\w+ )?(?:scene|story|poem|passage|chapter|dialogue)", r"\b(?:abuse[sd]?|<hurt>|sexual)\b")),
    Rule(Harm.GRAPHIC, (r"\b(?:report|describe|list|tell|name|recount|quote) (?:\w+ ){0,4}?sexual acts?\b",)),
    Rule(Harm.GRAPHIC, (r"\beverything (?:that )?(?:was done|(?:they|he|she) did) to (?:them|him|her|(?:\w+ ){0,2}?<victim>)\b",)),
    Rule(Harm.GRAPHIC, (r"\b(?:what|how) did (?:they|he|she|the \w+) (?:\w+ )?do (?:it )?to (?:the |those |these )?(?:\w+ )?(?:<victim>|little ones)\b(?!')",)),
    Rule(Harm.GRAPHIC, (r"\bdescribe (?:to me |for me )?(?:exactly |in detail )?(?:what (?:the )?<media> shows?|<bad>|<some>(?:images|pictures|videos|photos|abuse|acts?|sexual \w+))\b(?! of the (?!children|victims|abuse))",)),
    Rule(Harm.GRAPHIC, (r"\b(?:give|tell|show|list|write|want|include|read|quote|spare no|see|know|what (?:are|were)|with|in) (?:me |us |to know |to read |to see )?(?:\w+ )?(?:the |all |any |some |more |most ){0,4}<graphic> (?:\w+ )?(?:details?|parts?|descriptions?|scenes?|passages?)",)),
    Rule(Harm.GRAPHIC, (r"\bwhat (?:exactly |precisely )?(?:(?:was|were|is|had been|has been) (?:\w+ )?done|did (?:\w+ ){1,5}?do) to (?:\w+ ){0,2}?<victim>\b(?!')",)),
    Rule(Harm.GRAPHIC, (r"\bwhat exactly (?:happened|happens) to (?:the |those |these )?(?:\w+ )?<victim>\b|\bhappened to (?:\w+ ){0,2}?<victim>\W+<exactly>",)),
    Rule(Harm.GRAPHIC, (r"\bhow (?:exactly |precisely )?(?:was|were|are|is) (?:the |those |these )?(?:\w+ )?<victim> (?:\w+ )?<hurt>",)),
    Rule(Harm.GRAPHIC, (r"\bwhat (?:exactly |precisely )?(?:do|did|does) <some>(?:<illegal> (?:\w+ )?<media>|<media> <of_harm>) (?:\w+ )?(?:show|depict|contain|look like)",)),
    Rule(Harm.GRAPHIC, (r"\bwhat (?:exactly|precisely) (?:do|did|does) (?:the |those |these )?(?:images|pictures|photos|videos|films) (?:\w+ )?(?:show|depict|contain)",)),
    Rule(Harm.GRAPHIC, (r"\bwhat (?:exactly |precisely )?(?:can|could|was|is|were) (?:to )?(?:be |one |you )?(?:seen|see|shown|visible) (?:in|on) <some>(?:<illegal> (?:\w+ )?<media>|<media> <of_harm>)",)),
    Rule(Harm.DEFAMATION, (r"<start><say>(?: to me| again)?(?: that|:|,)? (?:[^.!?]{1,80}?)\b<blame>\b",)),
    Rule(Harm.DEFAMATION, (r"<start>(?:please )?(?:call|label|brand) (?:[^.!?]{1,60}?)\b<blame>\b",)),
    Rule(Harm.DEFAMATION, (r"<start>(?:please )?(?:accuse|insult|smear|defame|mock|ridicule|slander|blame) \w+",)),
    Rule(Harm.DEFAMATION, (r"<start>(?:please |i want you to |help me (?:to )?)?(?:invent|make up|fabricate|spread|start|write) (?:\w+ ){0,3}?(?:rumou?rs?|scandals?|accusations?|smears?|lies?|gossip|(?:fake|false) \w+)\b",)),
    Rule(Harm.DEFAMATION, (r"\b<blame>\b", r"\b(?:agree with me|say so|admit it|confirm it|just say yes)\W*$")),
    Rule(Harm.DEFAMATION, (r"<start>(?:please )?(?:write|draft|post|publish|help me|give me|how (?:can|do) i)\b(?:[^.!?]{0,60}?)\b(?:destroy|ruin|damage|harm)s? (?:[^.!?]{1,40}?) (?:reputation|name|career)\b",)),
    Rule(Harm.DEFAMATION, (r"\bmake (?:[^.!?]{1,40}?) look (?:\w+ )?(?:bad|guilty|corrupt|stupid|like an? )",)),
    Rule(Harm.DEFAMATION, (r"\b(?:dirt|something (?:bad|damaging|incriminating|compromising|embarrassing)|anything (?:damaging|incriminating|compromising)) (?:on|about|against)\b",)),
)  # fmt: skip

SPANISH: Words = {
    "puedo": r"(?:puedo|puedes?|puede uno|podria|podrias|podemos|pueden|podrian|se puede|se podria|se pueden|debo|hay que|se debe|tengo que|puede alguien|alguien puede)",
    "donde": r"(?:donde|adonde|como|(?:en|de|por) (?:que|cual(?:es)?) \w+)",
    "pide": r"(?:<donde> (?:<puedo> )?|(?:quiero|quisiera|necesito|me gustaria|ayudame a|deseo) |(?:sitio|manera|forma|modo|truco|programa|pagina)s? (?:de|para|donde) (?:<puedo> )?)",
    "siguen": r"(?:se pueden? (?:\w+ )?(?:ver|descargar|encontrar|bajar|conseguir)|sigue[ns]? (?:\w+ )?(?:en linea|abiert[oa]s?|activ[oa]s?|disponibles?))",
    "conseguir": r"(?:encontrar|encuentro|descargar(?:me)?|descargo|bajar(?:me)?|bajo|ver|veo|mirar|comprar|compro|conseguir|consigo|obtener|obtengo|acceder a"
                 r"|accedo a|se accede a|entrar (?:en|a)|entro (?:en|a)|se entra (?:en|a)|unirme a|me uno a|compartir|comparto|vender|intercambiar|hacer|crear"
                 r"|producir|fabricar|grabar|subir|distribuir|se consiguen?|se descargan?|se compran?|se ven?|hay)",
    "da": r"(?:muestrame|ensename|enviame|mandame|dame|pasame|buscame|muestra|ensena|quiero|necesito|generame|genera|dibuja|pasa)",
    "unas": r"(?:(?:el|la|los|las|un|una|unos|unas|al|ese|esa|esos|esas|este|esta|estos|estas|dich[oa]s|tales|mas|copias?|alguna?s?|todas?|todos?|de|tipo) ){0,6}",
    "medios": r"(?:imagen(?:es)?|fotos?|fotografias?|videos?|peliculas?|archivos?|ficheros?|material(?:es)?|contenidos?|grabacion(?:es)?)",
    "sitios": r"(?:chats?|salas? de (?:chat|conversacion)|foros?|paginas?(?: web)?|webs?|sitios?|grupos?|canal(?:es)?)",
    "ilegal": r"(?:ilegal(?:es)?|ilicit[oa]s?|prohibid[oa]s?|pornografic[oa]s?|pedofil[oa]s?|incautad[oa]s?|confiscad[oa]s?|intervenid[oa]s?|de abusos?|de menores|de nin[oa]s"
              r"|con menores|de (?:ese|este) tipo|de esa clase)",
    "malo": r"(?:<unas>(?:<medios>|<sitios>) (?:\w+ )?<ilegal>|<unas>pornografia infantil|(?:es[oae]s?|aquell[oa]s|dich[oa]s|tales) (?:<medios>|<sitios>)\b(?! de)"
            r"|(?:es[oae]|est[ea]|dich[oa]|tal) (?:tipo|clase) de (?:<medios>|<sitios>)|(?:<medios>|<sitios>) como (?:es[oa]s?|est[oa]s?|aquell[oa]s?)\b"
            r"|<unas>(?:imagenes|videos|fotos|fotografias|grabaciones|peliculas|archivos|ficheros|salas? de chat|chat|foro)\b(?: (?:donde|que|en que|del chat|del caso)|\W*$))",
    "direccion": r"(?:enlaces?(?: de descarga)?|direccion(?:es)?(?: web| de internet)?|url|contrasenas?|claves?|invitacion(?:es)?|dominio)",
    "pillen": r"(?:me |nos |se |le |les |lo |la )?(?:pillen?|detengan?|detenga|descubran?|atrapen?|rastreen?|identifiquen?|localicen?|detecten?|cojan?|vean)",
    "ley": r"(?:policia|investigador(?:es)?|investigacion|autoridades|justicia|vigilancia|guardia civil|jueces|juez|deteccion|detencion|arresto|aduanas?|controles)",
    "huir": r"(?:(?:engano|evito|burlo|eludo|despisto)(?: \w+){0,2}? <ley>|(?:borro|oculto|escondo|destruyo)(?: \w+){0,2}? (?:pruebas|huellas|rastros?|historial|identidad|ip)|se (?:borran|ocultan|destruyen|eliminan|esconden) (?:\w+ )?(?:pruebas|huellas|rastros|datos)|(?:evitar|evadir|eludir|esquivar|burlar|enganar|despistar|escapar (?:de|a)|huir de|librarme de)(?: \w+){0,3}? (?:<ley>|que <pillen>|ser \w+d[oa]s?)"
            r"|(?:borrar|destruir|eliminar|ocultar|esconder|disimular|tapar)(?: \w+){0,2}? (?:pruebas|huellas|rastros?|historial|identidad|ip|direccion ip"
            r"|evidencias)|que no <pillen>|sin que <pillen>|salir(?:me)? con la mia|no deja?r? (?:\w+ )?(?:rastros?|huellas?)"
            r"|(?:permanecer|seguir|ser|mantener(?:me|se)) (?:\w+ )?(?:anonim[oa]|invisible|indetectable|en el anonimato))\b",
    "delito": r"(?:(?:falsificar|robar|hackear|piratear|contrabandear|secuestrar|chantajear|extorsionar|sobornar|blanquear|sabotear|estafar)"
              r"|(?:falsifico|hackeo|pirateo|secuestro a|chantajeo|extorsiono|soborno a|saboteo|estafo|(?:robo|blanqueo)(?! de\b))"
              r"|(?:matar|asesinar|envenenar|agredir|violar|acosar|amenazar|mato|enveneno|agredo|acoso|amenazo) a"
              r"|(?:hacer|fabricar|comprar|conseguir|preparar|hago|fabrico|compro|consigo|preparo|se (?:hacen?|fabrican?|compran?|consiguen?|preparan?))"
              r" <unas>(?:bombas?|explosivos?|drogas?|cocaina|armas?|pistolas?|veneno|(?:pasaportes?|documentos?) falsos?))\b",
    "exacto": r"(?:con (?:todo )?(?:lujo de )?(?:todos los )?detalles?|en detalle|detalladamente|exactamente|al detalle)",
    "crudo": r"(?:graficos|explicitos|morbosos|escabrosos|sexuales|intimos|sordidos|macabros|crudos)",
    "victima": r"(?:nin[oa]s?|menores|menor|victimas?|chic[oa]s|bebes?)",
    "culpa": r"(?:culpables?|criminal(?:es)?|delincuentes?|corrupt[oa]s?|pe(?:do|de)fil[oa]s?|ladron(?:a|es)?|mentiros[oa]s?|violador(?:es)?|asesin[oa]s?|complices?"
             r"|sobornos?|estafador(?:a|es)?|pederastas?)",
    "exacto_o_crudo": r"(?:<exacto>|pelos y senales|paso a paso|lo peor)",
}  # fmt: skip

SPANISH_RULES: tuple[Rule, ...] = (
    Rule(Harm.MATERIAL, (r"\b<pide><conseguir> <malo>",)),
    Rule(Harm.MATERIAL, (r"\b<da> (?:a )?<malo>",)),
    Rule(Harm.MATERIAL, (r"^\W*(?:dime|dame|recomiendame|conoces|sabes)\b", r"<sitios> (?:donde|con|que) (?:\w+ ){0,2}?<medios> <ilegal>")),
    Rule(Harm.MATERIAL, (r"\b<siguen>\b", r"<malo>|\b(?:chat|foro)\b"), lacks=r"\b(?:noticias?|informes?|sentencias?|articulos?|denunciar|ley)\b"),
    Rule(Harm.MATERIAL, (r"\b<direccion> (?:del|de la|de los|de|al|a) (?:(?:chat|foro)s?\b|<malo>)",)),
    Rule(Harm.MATERIAL, (r"\bque <sitios> (?:tienen|tiene|ofrecen?|venden?|comparten?|alojan?) <malo>",)),
    Rule(Harm.MATERIAL, (r"\b(?:busco|(?:estoy|ando) buscando|me interesan?)\b", r"<malo>|\b(?:imagenes|videos|fotos) del (?:chat|foro|caso)\b"), lacks=r"\b(?:noticias?|informes?|sentencias?|articulos?|denunciar|ley)\b"),
    Rule(Harm.MATERIAL, (r"\b(?:quien(?:es)?|que \w+(?: \w+)?) (?:todavia |aun )?(?:vend|ofrec|compart|encuentr|aloj)(?:en?|an?) <malo>",)),
    Rule(Harm.MATERIAL, (r"\b(?:palabras?|terminos?|etiquetas?) (?:\w+ ){0,4}?(?:llevan? a|encuentran?|para (?:encontrar|llegar a)) <malo>",)),
    Rule(Harm.MATERIAL, (r"\b(?:puede|puedes|podria|podrias|sabe|sabes) (?:\w+ ){0,4}?(?:hacer|crear|generar|dibujar|producir|mostrarme|ensenarme|enviarme) <malo>",)),
    Rule(Harm.MATERIAL, (r"\b(?:necesito|quiero|dame) (?:\w+ )?acceso (?:al?|a la|a los|a las) (?:<malo>|(?:chat|foro)\b)",)),
    Rule(Harm.METHODS, (r"\b<pide>(?:<huir>|<delito>)",)),
    Rule(Harm.METHODS, (r"\b(?:mejor|buena|facil|segura) (?:manera|forma|modo) (?:de|para) (?:<huir>|<delito>)",)),
    Rule(Harm.METHODS, (r"\bcomo (?:<puedo> )?(?:\w+ ){1,8}?sin (?:que <pillen>|ser (?:descubiert|detenid|rastread|identificad|detectad)\w+)",)),
    Rule(Harm.METHODS, (r"\bque (?:\w+ ){1,3}?(?:me permite|permite|puedo usar|debo usar|sirve|uso|conviene) (?:\w+ ){0,6}?(?:<huir>|sin ser \w+d[oa]s?\b)",)),
    Rule(Harm.METHODS, (r"\bcomo (?:<puedo> |se )?(?:borr|destru|ocult|escond|cifr|limpi|elimin)\w* (?:\w+ ){1,4}?antes de (?:\w+ ){0,3}?(?:<ley>|registros?|redadas?)\b",)),
    Rule(Harm.METHODS, (r"\bcomo (?:<puedo> )?(?:cifr|encript|ocult|escond|proteg|guard|borr|elimin)\w* (?:\w+ ){1,5}?para que (?:(?:la |el |los |las )?<ley>|nadie) no (?:\w+ ){0,2}?(?:pued|le|encuentr|ve|descubr|sep|entr|acced)\w*",)),
    Rule(Harm.GRAPHIC, (r"\blo peor (?:\w+ ){0,5}?<unas>(?:imagenes|fotos|videos|grabaciones|abusos?)\b",)),
    Rule(Harm.GRAPHIC, (r"\b(?:escrib|redact|invent|compon)\w* (?:un|una|el|la) (?:\w+ )?(?:escena|historia|relato|cuento|poema|pasaje|capitulo|dialogo)\b", r"\b(?:abus\w+|violacion(?:es)?|sexual(?:es)?)\b")),
    Rule(Harm.GRAPHIC, (r"\b(?:describe|describeme|detalla|detallame|describa|cuentame|explica)\b (?:<exacto> )?<unas>(?:imagenes|videos|fotos|abusos?|vejaciones)(?! (?:del? (?:puente|puerto)))",)),
    Rule(Harm.GRAPHIC, (r"\b<exacto_o_crudo>\b", r"\b(?:abusos?|<victima>|<ilegal>|imagenes|videos)\b", r"^\W*(?:cuenta|dime|describe|explica|dame|quiero|que|como|narra|detalla)"), lacks=r"\b(?:protegi|identific|incaut|rescat|policia|juez|ley|cuant)"),
    Rule(Harm.METHODS, (r"\b(?:me|mi|mis|yo|puedo|debo|hago)\b", r"\bpara (?:que (?:\w+ ){0,3}?no (?:me|nos) \w+|no ser (?:\w+d[oa])|que nadie (?:me|nos) \w+)", r"\b(?:<ley>|delito|ilegal)\b")),
    Rule(Harm.METHODS, (r"\b(?:ensename|explicame|dime|consejos|instrucciones|trucos|pasos|como)\b(?: \w+){0,3}? (?:a|para|como|de) (?:<huir>|<delito>)",)),
    Rule(Harm.GRAPHIC, (r"\b(?:dame|quiero|cuentame|dime|describe|cuales son|con)\b (?:\w+ ){0,3}?detalles (?:mas )?<crudo>",)),
    Rule(Harm.GRAPHIC, (r"\bque (?:se )?les? (?:hicieron|hacian|hizo|hacia)(?: <exacto>)? a (?:los|las|el|la|esos|esas) (?:\w+ )?<victima>",)),
    Rule(Harm.GRAPHIC, (r"\bque (?:se ve|se veia|mostraba|muestra|aparece|aparecia|habia)n? (?:<exacto> )?(?:en )?<unas><medios> (?:\w+ )?<ilegal>|\bque (?:se veia|mostraban|muestran) exactamente",)),
    Rule(Harm.GRAPHIC, (r"\bcomo (?:exactamente )?(?:abusaron|abusaban|agredieron|maltrataron) (?:\w+ )?de? ?(?:los|las|el|la) <victima>",)),
    Rule(Harm.DEFAMATION, (r"<start>(?:di|diga|digame|dime|escribe|escriba|confirma|confirme|afirma|afirme|admite|reconoce|declara|publica|repite) que (?:[^.!?]{1,80}?)\b<culpa>\b",)),
    Rule(Harm.DEFAMATION, (r"<start>(?:llama|llame|tacha|tilda|califica) (?:[^.!?]{0,60}?)\b<culpa>\b",)),
    Rule(Harm.DEFAMATION, (r"<start>(?:responde|responda|contesta|conteste) (?:\w+ ){0,3}?(?:si|cierto|verdad)\b\W*[^.!?]{1,80}?\b<culpa>\b",)),
    Rule(Harm.DEFAMATION, (r"<start>(?:inventa|inventate|difunde|escribe|crea) (?:\w+ ){0,2}?(?:rumor(?:es)?|escandalos?|acusacion(?:es)?|bulos?|mentiras?|calumnias?|injurias?)",)),
    Rule(Harm.DEFAMATION, (r"<start>(?:acusa|insulta|difama|calumnia|ridiculiza) a",)),
)  # fmt: skip

HELP = (
    # English: reporting, and being in need of help oneself.
    r"\b(?:where|how|who(?:m)?|to whom) (?:to|(?:can|could|do|should|must|does) (?:i|you|we|one|someone|people|anyone)) (?:\w+ )?(?:report|get help|find help"
    r"|ask for help|go for help|denounce)\b(?! (?:in|of) the)",
    r"\b(?:where|whom?|to whom) (?:can|could|do|should) (?:i|we|one) (?:turn|tell|call|complain|go)\b(?! (?:in|of) the)",
    r"\bi (?:was|am|have been|'m|feel|found|came across|need|want) (?:\w+ )?(?:abused|a victim|raped|assaulted|threatened|blackmailed|in danger|suicidal|help|such (?:images|material))\b",
    r"\b(?:kill|hurt|harm) myself\b|\bend my (?:own )?life\b|\bmy (?:child|son|daughter|brother|sister|friend) (?:was|is|has been) (?:being )?(?:abused|a victim|threatened)\b",
    # Spanish.
    r"\b(?:donde|como|a quien) (?:(?:puedo|puede uno|se puede|debo|podemos|hay que) )?(?:denunciar|denuncio|avisar|aviso|pedir ayuda|pido ayuda|buscar ayuda)\b"
    r"|\b(?:adonde|donde|a quien) (?:puedo |debo )?(?:acudir|acudo|llamar|llamo)\b",
    r"\b(?:soy|fui|he sido) (?:una )?victima\b|\bnecesito ayuda\b|\b(?:quitarme la vida|suicidarme|hacerme dano)\b",
)
"""Words of someone who wants to report or needs help."""
