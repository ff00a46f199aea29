"""Families of words of opposite meaning, English and Spanish, and turns of phrase that are opposites."""

from __future__ import annotations

FAMILIES = """
found create establish foundation creation fundar crear fundación creación constituir | dissolve disband abolish dissolution disolver disolución suprimir abolir supresión
punish penalise penalize sanction castigar sancionar penar | reward permit allow legalise premiar recompensar permitir
require oblige compel force mandate obligar exigir | forbid forbad ban prohibit exempt prohibir eximir
share publish disclose reveal report identify expose spread compartir publicar contó revelar identificar difundir divulgar | conceal hide withhold suppress ocultar esconder silenciar callar encubrir
send forward transmit pass enviar remitir transmitir | withhold retain retener
accelerate speed hasten expedite acelerar agilizar | slow delay hamper hinder frenar retrasar ralentizar demorar
end finish terminate close terminar acabar cerrar concluir | extend prolong continue prorrogar prolongar continuar
find discover locate recover hallar encontrar localizar recuperar | lose mislay perder extraviar
seize confiscate impound incautar decomisar | return restore devolver restituir
international worldwide global internacional mundial | local
necessary needed essential necesario imprescindible | forbidden prohibited unnecessary needless prohibido innecesario
civil civilian judicial | military militar
new nuevo | old former antiguo viejo
examine inspect analyse analyze review examinar analizar inspeccionar revisar | delete erase destroy discard ignore borrar eliminar destruir
possession hold posesión tenencia | deletion removal borrado eliminación
spread distribution distribute difundir difusión distribución distribuir | withdrawal withdraw remove removal retirar retirada supresión
isolated scattered aislado disperso | organised organized organizado
challenge contest dispute oppose impugnar recurrir cuestionar | defend uphold defender
attend participate asistir participar acudir | boycott abstain boicotear abstener
intervene intervenir | abstain abstener
convene summon convocar | cancel dismiss reject cancelar rechazar desconvocar
return come regresar volver | leave depart salir marchar
remain stay quedar queda permanecer | leave exit sale salir abandonar
file lodge present submit presentar presentó interponer | withdraw drop retirar retiró
complain protest quejar protestar | thank praise agradecer elogiar
urgent urgently urgencia urgente | leisurely unhurried lento despacio prisa
paid payment pay pago | free gratis gratuito
link connect relate associate vincular relacionar asociar | contrast detach desvincular separar
contact approach | avoid shun
inform advise notify informar avisar notificar | deceive mislead engañar
receive accept get recibir aceptar | refuse reject rehusar
launch start implement activate activar lanzar iniciar | suspend cancel abolish halt stop suspender cancelar suprimir detener
force effect vigor vigente | lapse lapsed expire expired repeal repealed caducar derogar
sign firmar | terminate cancel revoke rescindir
recommend advise recomendar aconsejar | discourage desaconsejar
protect protection proteger protección | intrusion intrude violate threaten vulnerar intromisión amenazar
demonstrator protester opponent manifestante opositor | supporter partidario
born birth nacer nació | die died death morir murió muerte
lead head direct dirigir encabezar | follow seguir
import importar | export exportar
agree accord consent acordar acuerdo | disagree refuse discrepar
trust confidence confianza | distrust mistrust desconfianza
unanimous unanimously unánime | divided split dividido
arrive arrival llegar llegada | leave depart departure salir partida
invite invitar | exclude bar excluir
encourage promote fomentar promover | discourage deter disuadir
improve improvement mejorar mejora | worsen deteriorate empeorar
employ hire contratar | dismiss sack despedir
majority | minority
full complete total lleno completo | empty partial vacío parcial
correct right correcto | wrong incorrect incorrecto erróneo
unchanged steady stable flat estable invariable | higher lower rise fall increase decrease drop climb gain decline up down subir bajar aumentar disminuir caer
require compel oblige mandatory compulsory obligatory obligar obligatorio exigir | encourage recommend advise suggest invite optional voluntary recomendar aconsejar sugerir opcional voluntario
identical idéntico same mismo | different distinct other otro distinto diferente
"""
"""A line a pair of families, parted by a bar: words on one side are the opposites of those on the other."""

_RIGHT = r"gave (?:\w+ )?(?:permission|leave|consent)|permission was given|dio (?:el )?permiso|authori[sz]ed|autoriz\w+"
_SHARE = r"\d(?:[\d.,]*\d)?\s?(?:%|per ?cent|pct|por ciento)"
PHRASES: tuple[tuple[str, str], ...] = (
    (r"simultaneous\w*|at the same time|at once|simultáne\w+|a la vez|al mismo tiempo",
     r"one after (?:another|the other)|in turn|one by one|successively|uno tras otro|una tras otra|sucesivamente"),
    (_RIGHT, r"(?:refused|denied|withheld|negó|denegó) (?:\w+ )?(?:permission|leave|consent|permiso|autorización)"),
    (r"still (?:applies|apply|holds|stands|in force)|remains? in force|sigue (?:vigente|en vigor)",
     r"no longer (?:applies|apply|holds|stands|in force)|ya no (?:rige|está en vigor|se aplica)"),
    (r"pass(?:ed|es)? (?:\w+ ){0,3}on|forward\w*|hand(?:ed|s)? over|transmit\w*", r"h[eo]ld (?:\w+ )?back|withh[eo]ld\w*|kept back"),
    (r"isolated|casos aislados|aislad[oa]s?", r"(?:one|a single|an?) (?:organi[sz]ed )?(?:network|ring|gang)|una (?:sola |misma )?(?:red|banda)"),
    (r"took part|takes? part|attend\w*|particip\w+|asisti\w+|acudi\w+", r"stay(?:ed|s)? away|boycott\w*|absent\w*|se ausent\w+|no acudi\w+"),
    (r"(?:came|entered|comes|enters) into (?:force|effect)|took effect|takes effect|entr(?:ó|aron) en vigor", r"lapsed?|expired?|(?:was|were) repealed|derogad[oa]s?|caduc\w+"),
    (r"not (?:yet )?(?:over|finished|ended|complete)|going on|continu\w+|ongoing|under way|sigue abiert[oa]",
     r"(?:was|is|were|are|been) (?:\w+ )?(?:over|finished|complete)(?! \d)|ha terminado|ya terminó"),
    (r"contra|frente a|against|to combat|to fight", r"en favor de|a favor de|junto a|in favou?r of|alongside"),
    (r"raised the alarm|dio la alarma|dieron la alarma|alert\w+|avis\w+", r"(?:kept|keeps) (?:silent|quiet)|guard(?:ó|aron) silencio|call(?:ó|aron)"),
    (r"dado la razón|dio la razón|found (?:in favou?r of|for)|upheld", r"quit(?:ado|ó) la razón|found against|overturned"),
    (r"poner en marcha|puso en marcha|puesta en marcha|launch\w*|set up", r"suprimi\w+|suspend\w+|disol\w+|dissolv\w+|scrap\w*|suprim\w+"),
    (r"up from", r"down from"),
    (r"first|primer[oa]?s?", r"last|últim[oa]s?"),
    (r"across borders|cross-border|in several countries|transfronteriz\w+", r"in one country|within one country|en un solo país"),
    (r"directly|directamente", r"not in any way|in no way|de ningún modo"),
    (_SHARE + r" (?:more|higher|greater|up|más|superior\w*)", _SHARE + r" (?:fewer|less|lower|down|menos|inferior\w*)"),
    (r"preced\w+|c[ao]mes? before|antecedi\w+|preced\w+", r"c[ao]mes? after|followed (?!by)\w+"),
    (r"neither", r"both"),
    (r"lack(?:s|ed|ing)? an?", r"ha(?:s|d|ve) an?"),
    (r"(?:arrested|detained) (?:no one|nobody)|no arrests|no one (?:was|has been|had been) (?:arrested|detained)",
     r"made (?:\w+ )?arrests|carried out (?:\w+ )?arrests"),
    (r"not directly", r"not in any way|in no way"),
)  # fmt: skip
"""Pairs of turns of phrase of opposite meaning, as regular expressions for text in lower case."""
