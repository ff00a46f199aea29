"""Spanish: how it reports the stages of a case. *Imputado* and *investigado* are under investigation, not charged."""

from __future__ import annotations

from functools import lru_cache

from qa.models.annotations import Stage
from qa.text.numbers import DIGITS, NUMBER_WORDS
from qa.text.stages.grammar import StageGrammar, either, stems

_NUMBER = rf"(?:{DIGITS}|{NUMBER_WORDS})"
_WAS = r"(?:fue|fueron|ha sido|han sido|había sido|habían sido|quedó|quedaron|está|están|estaba|estaban|es|son|resultó|resultaron)"
_HAS = r"(?:ha|han|había|habían)"
_ENDING = "[oa]s?"
_PEOPLE = (
    r"(?:personas?|hombres?|mujer(?:es)?|sospechos[oa]s?|acusad[oa]s?|detenid[oa]s?|otr[oa]s?|l[oa]s|él|ella|ell[oa]s|que|"
    rf"{_NUMBER})"
)
_RULING = r"(?:condenas?|sentencias?|fallos?|penas?|veredictos?)"
_CASE = r"(?:causas?|casos?|investigación|procedimientos?|denuncias?|diligencias|expedientes?|actuaciones|cargos)"
_THE = r"(?:la|las|el|los|su|sus|una?)"
_PENALTY = r"(?:años?|meses|días|euros|cárcel|prisión|multa|reclusión)"

_TRIGGERS = {
    Stage.OVERTURNED: either(
        rf"(?:anuló|anularon|revocó|revocaron|{_HAS} (?:anulado|revocado)) {_THE} {_RULING}",
        rf"{_RULING}(?:[ ,]+\w+){{0,8}}? {_WAS} (?:anulad|revocad){_ENDING}",
    ),
    Stage.UPHELD: either(
        rf"(?:confirmó|confirmaron|ratificó|{_HAS} (?:confirmado|ratificado)) {_THE} {_RULING}",
        rf"(?:rechazó|desestimó|rechazaron|desestimaron|{_HAS} (?:rechazado|desestimado)) {_THE} (?:\w+ )?recursos?",
        rf"(?:{_RULING}|recursos?)(?:[ ,]+\w+){{0,8}}? {_WAS} (?:confirmad|ratificad|rechazad|desestimad){_ENDING}",
    ),
    Stage.ACQUITTED: either(
        rf"absuelt{_ENDING}", "absolvió", "absolvieron", "absolución", "sentencia absolutoria",
        rf"(?:declar(?:ó|ad{_ENDING}|aron)) (?:\w+ ){{0,4}}?inocentes?", r"no culpables?", rf"exculpad{_ENDING}",
    ),
    Stage.DISMISSED: either(
        rf"sobrese(?:íd{_ENDING}|yó|ído|yeron)", "sobreseimiento", rf"(?:archivó|archivaron|{_HAS} archivado) (?:\w+ ){{0,3}}?{_CASE}",
        rf"{_CASE}(?:[ ,]+\w+){{0,8}}? {_WAS} (?:archivad|sobreseíd|desestimad){_ENDING}", rf"(?:retiró|retiraron|{_HAS} retirado) los cargos",
    ),
    Stage.SENTENCED: either(
        rf"(?:condenó|condenaron|condenad{_ENDING}|sentenció|sentenciad{_ENDING})\b[^.;]{{0,120}}?\ba (?:(?:una |las )?(?:penas?|condenas?) de )?"
        rf"(?:entre |más de |hasta )?(?:{_NUMBER}|un[oa]?)\b[^.;]{{0,25}}?{_PENALTY}",
        rf"(?:impuso|impusieron|{_HAS} impuesto) (?:\w+ ){{0,6}}?(?:penas?|condenas?|multas?|{_PENALTY})",
        rf"(?:condenó|condenaron|condenad{_ENDING}) a (?:prisión|cárcel|la cárcel|cadena perpetua)",
    ),
    Stage.CONVICTED: either(
        rf"condenad{_ENDING}", "condenó", "condenaron", "sentencia condenatoria", "veredicto de culpabilidad",
        rf"(?:declaró|declararon|declarad{_ENDING}|halló|hallaron|hallad{_ENDING}|encontró|consideró) (?:\w+ ){{0,6}}?culpables?",
    ),
    Stage.APPEALED: either(
        rf"(?:recurrió|recurrieron|apeló|apelaron) (?:contra |ante )?{_THE} (?:\w+ )?(?:{_RULING}|tribunal|supremo|audiencia|decisión)",
        rf"{_HAS} (?:recurrido|apelado)(?! a(?:l)? )", r"(?:presentó|presentaron|interpuso|interpusieron|ha presentado|han presentado) (?:\w+ )?recursos?",
        rf"{_WAS} (?:recurrid|apelad){_ENDING}",
    ),
    Stage.ON_TRIAL: either(
        r"juicio\b[^.;]{0,120}?\b(?:comenzó|empezó|arrancó|se inició|ha comenzado|ha empezado|ha arrancado|se celebra|quedó visto para sentencia)",
        r"(?:comenzó|empezó|arrancó|se inició|ha comenzado|ha empezado|ha arrancado)\b[^.;]{0,60}?\bjuicio", r"en el banquillo",
        rf"(?:fue|fueron|es|son|ha sido|han sido|está siendo|están siendo) juzgad{_ENDING}", r"visto para sentencia",
    ),
    Stage.CHARGED: either(
        rf"procesad{_ENDING}", r"proces(?:ó|aron)(?= (?:\w+ )?a )", r"auto de procesamiento",
        rf"{_WAS} (?:formalmente )?acusad{_ENDING}", rf"acusad{_ENDING} formalmente",
        r"fiscal(?:ía|es)?\b[^.;]{0,40}?\b(?:acusó|acusa|acusaron|ha acusado) a", r"(?:presentó|presentaron|formuló) (?:\w+ ){0,2}(?:cargos|acusación)",
    ),
    Stage.RELEASED: either(
        rf"(?:pus(?:o|ieron)|dejó|dejaron|{_HAS} (?:puesto|dejado)) (?:\w+ ){{0,3}}?en libertad",
        rf"(?:puest{_ENDING}|quedó|quedaron|qued[oa]|están|está|salió|salieron) (?:\w+ )?en libertad", r"(?:quedó|quedaron) libres?", rf"liberad{_ENDING}",
    ),
    Stage.IN_CUSTODY: either(
        r"(?:prisión|detención) (?:provisional|preventiva)", r"presos? provisional(?:es)?",
        r"(?:prisión|cárcel)(?: \w+){0,3}? (?:sin fianza|a la espera de(?:l)? juicio)",
    ),
    Stage.DETAINED: either(
        r"(?:ingresó|ingresaron|ingresado|ingresan) en (?:prisión|la cárcel)",
        rf"(?:envió|enviaron|enviad{_ENDING}|mandó|{_HAS} enviado) (?:\w+ ){{0,4}}?a (?:prisión|la cárcel)", rf"encarcelad{_ENDING}", "encarceló",
        r"detuv(?:o|ieron)", rf"detenid{_ENDING}", r"detenciones", r"bajo custodia",
    ),
    Stage.INVESTIGATED: either(
        rf"imputad{_ENDING}", "imputó", "imputaron", rf"(?:{_WAS}|personas?|{_NUMBER}|los|las|como) investigad{_ENDING}", "bajo investigación",
        "fase de instrucción", "investigación judicial", "en instrucción",
    ),
    Stage.ARRESTED: either(rf"arrestad{_ENDING}", "arrestó", "arrestaron", "arrestado", rf"{_NUMBER} (?:\w+ )?arrestos?"),
}  # fmt: skip

_STEMS = {
    Stage.OVERTURNED: stems("anul revoc"),
    Stage.UPHELD: stems("confirm ratific recurso desestim"),
    Stage.ACQUITTED: stems("absuelt absol inocente exculpad no_culpable"),
    Stage.DISMISSED: stems("sobrese archiv desestim retir"),
    Stage.SENTENCED: stems("conden sentenci impus impuest"),
    Stage.CONVICTED: stems("conden culpab"),
    Stage.APPEALED: stems("recurri recurso apel"),
    Stage.ON_TRIAL: stems("juicio juzgad banquillo visto_para"),
    Stage.CHARGED: stems("procesa procesó acusa acusó cargos"),
    Stage.RELEASED: stems("libertad libre liberad"),
    Stage.IN_CUSTODY: stems("prisión cárcel detención preso"),
    Stage.DETAINED: stems("prisión cárcel detenci deten detuv encarcel custodia"),
    Stage.INVESTIGATED: stems("imput investiga instrucción"),
    Stage.ARRESTED: stems("arrest"),
}


@lru_cache(maxsize=1)
def spanish() -> StageGrammar:
    return StageGrammar(
        subject=stems(
            "deten detuv arrest prisi cárcel preso imput investigad procesa acusad fiscal juicio juzgad juez tribunal audiencia conden culpable absuel absol sobrese polic guardia sentencia supremo recurso libertad"
        ),
        stems=_STEMS,
        triggers=_TRIGGERS,
        negation=either(r"no|nadie|ningun[oa]?s?|ningún|nunca|jamás|tampoco|ni|sin|nada|apenas"),
        lawful=either(r"no culpables?"),
        negated_object=either(r"a nadie|a ningun[oa]|a ningún"),
        modality=either(
            r"podr[íi]an?|pod[eé]mos|puede[n]?|pudo|pudieron|podrán?|debe[n]?|deber[íi]an?|deberán?|será[n]?"
            r"|serían?|sea[n]?|ser|fuera[n]?|fuese[n]?|si|salvo que|para que|cuando sea[n]?|hasta que|antes de"
            r"|pide[n]?|pidió|pidieron|pedirá|solicita[n]?|solicitó|reclama|exige|quiere[n]?|espera[n]?|esperaban?"
            r"|previsto|prevé[n]?|afrontar(?:ían?)?|se enfrentan? a|se exponen? a|riesgo|posibles?|probables?"
            r"|quizá[s]?|supuesta condena|niega[n]?|negó|negaron|desmintió|desmiente[n]?|rumor(?:es)?"
            r"|evit(?:a|ó|ar)|presunta condena|a punto de"
        ),
        forecast=either(r"previst[oa]s?|posibles?|probables?|por venir|más adelante"),
        breaks=r"[;:—–]|(?<!\w)(?:pero|sino|mientras|aunque|porque|pues|tras|después|desde|cuando|por lo que)(?!\w)",
        joins=r",|(?<!\w)(?:y|e)(?!\w)",
        finite=either(
            r"fue|fueron|ha|han|había|habían|es|son|está|están|que|quien|juez|jueza|tribunal|audiencia|juzgado"
            r"|fiscal(?:ía)?|policía|guardia|siguen?|quedó|quedaron"
        ),
        general=either(
            r"quien|quienes|cualquiera|cualquier persona|toda persona|todo aquel|presunción de inocencia"
            r"|código penal|castiga[n]?|se castigará|la ley|prevé penas|pena máxima|por lo general|en general"
            r"|habitualmente|cada año"
            r"|(?:^\W*|(?<=: )|(?<=[“\"‘«]))(?:di|diga|escribe|escriba|responde|responda|afirma|afirme|repite|confirma|confirme|imprime|admite) que"
            r"|en una (?:encuesta|votación)|opinión pública|los lectores (?:creen|votaron|opinan)"
        ),
        timeless=r"(?<!\w)(?:se (?:es|son)|ser)",
        settled=frozenset({Stage.CONVICTED, Stage.SENTENCED, Stage.ACQUITTED}),
        backward=rf"(?<!\w){_PEOPLE}",
        contested=either(r"en cambio|por el contrario|al contrario|erróneamente|por error|en contra de"),
    )
