"""Words of news that say the same, English | Spanish: what one report calls by one of a line another calls by another.

A line never holds a word and its opposite, nor two stages of a case, nor two grades of certainty. Words of one stem
needn't both stand here.
"""

from __future__ import annotations

from functools import cache, lru_cache

from qa.answering.checking.bilingual import LINES
from qa.answering.checking.stemming import stem_in

_LINES = """
arrest detain capture | arrestar arresto arrestado arrestaron detener detenido detención detienen detuvo detuvieron
people person individual human | persona individuo gente
man men | hombre
child children minor kid | menor niño niña infancia
inquiry investigation probe investigate probed | investigación investigar investigaron pesquisa
investigator detective | investigador
police officer constable cop policeman policemen | policía agente
search raid searched | registro registrar registró registraron allanamiento
home house dwelling residence | domicilio casa vivienda hogar
country nation state | país estado nación
internet online web cyber | internet red
image picture photograph photo | imagen fotografía foto
item file material | archivo fichero elemento material
illegal unlawful illicit | ilegal ilícito
delinquency crime offence offense criminal | delito crimen delictivo
exchange swap share trade trading | intercambio intercambiar compartir
distribute spread circulate disseminate distribution | distribuir difundir distribuido difundido difusión distribución repartir reparto
keep store retain retention storage hold conserve preserve save | conservar guardar retener conservación retención almacenar
data information detail record | dato información detalle registro
connection hit access | conexión acceso
address location | dirección
provider supplier firm company business corporation | proveedor empresa compañía firma
ministry department | ministerio departamento
minister | ministro ministra
mayor | alcalde alcaldesa
lawyer attorney solicitor | abogado abogada
secretary | secretario secretaria
governor gov | gobernador gobernadora
senator sen | senador senadora
rapporteur | ponente
king | rey
queen | reina
team squad side | equipo
game match | partido
party | partido
player | jugador
government administration | gobierno administración ejecutivo
ombudsman defender | defensor
judge magistrate justice | juez jueza magistrado
court tribunal | tribunal juzgado audiencia corte
judicial judiciary | judicial
law statute act legislation rule regulation norm | ley norma legislación regla reglamento normativa
parliament congress chamber legislature | parlamento congreso cámara
vote ballot voted | voto votar votación votaron
pass adopt approve passed adopted approval adoption | aprobar adoptar aprobado aprobó adoptó adopción aprobación
reject refuse throw veto decline rejection | rechazar rechazo rechazó denegar
propose suggest recommend proposal recommendation suggestion advise forward | proponer propuesta recomendar recomendación sugerir propuso
ask request call urge demand seek want appeal | pedir pide pidió solicitar reclamar exigir querer quiere
agree agreed accord deal agreement pact | acordar acuerdo pacto
oblige require force compel make obligation obligatory mandatory | obligar obligación exigir
begin start open launch commence originate origin began begun arise date stem outset | comenzar empezar iniciar inicio arrancar comienzo abrir abrió origen
end finish conclude close complete terminate over | terminar acabar concluir cerrar finalizar fin cierra
continue remain ongoing proceed stay | continuar seguir
strict tight tough stringent | estricto duro severo
minimum least shortest lowest floor | mínimo menos
maximum most ceiling highest longest cap | máximo techo
complaint report tip alarm alert | denuncia denunciar aviso alarma alerta
resident neighbour neighbor inhabitant citizen local | vecino habitante residente ciudadano
town municipality village city | pueblo municipio localidad ciudad
region community province area | región comunidad provincia zona
international worldwide global world worldwide | internacional mundial mundo
cross-border border transnational | frontera fronterizo
network ring net | red
operation action sweep crackdown | operación
coordinate co-ordinate direct lead command led run head conduct | coordinar dirigir dirige dirigió encabezar liderar
participate attend join attendance participant | participar participó asistir acudir asistieron
meeting session gathering talk meet met | reunión reunirse sesión encuentro
plan prepare planning preparation | planear preparar planificar
inform notify tell told contact alert | informar avisar notificar contactar comunicar
describe call present term label portray characterise | describir llamar presentar calificar denominar
body organisation organization institution agency entity | organismo organización institución órgano entidad agencia
find locate trace discover identify detect found | hallar encontrar localizar descubrir identificar detectar halló encontró
seize confiscate impound seizure | incautar decomisar intervenir incautó
stage phase step | fase etapa
month | mes
year annual yearly | año anual
week | semana
month-before previous earlier prior preceding past last | anterior previo pasado último
recall remember remind | recordar recuerda
newspaper paper daily report article account press dispatch broadcaster story | periódico diario crónica noticia artículo informe prensa emisora
count tally number figure total sum amount | cifra número total cantidad recuento
prison jail imprisonment custody gaol remand | prisión cárcel
sentence term punishment penalty punish | pena condena castigo castigar
suspect suspected suspicion | sospechoso sospecha sospechar
accuse allege alleged accusation | acusar acusación
hotline helpline | línea
purpose aim goal target objective intend | objetivo fin propósito finalidad
link tie connect relate relation connection | relación relacionado vínculo vinculado
separate different distinct other another | distinto diferente otro otra aparte
big large great huge major biggest | grande gran mayor
small little minor | pequeño
important significant importance key | importante importancia
kill dead die death killed died fatal | muerto morir murió muerte fallecer
injure wound hurt | herido lesionado
fire blaze | incendio fuego
rise increase grow climb up gain higher rose growth | subir aumentar crecer aumento subida crecimiento subió
fall drop decline decrease down lower fell slip | bajar caer descender caída descenso bajó cayó cayeron cae
tonne ton | tonelada
invest investment | invertir inversión invertirá
renovate refurbish renovation reform | reforma reformar renovación
council municipality | ayuntamiento
market | mercado
producer maker | productor
passenger traveller | pasajero viajero
union | sindicato
strike walkout | huelga
company firm enterprise | empresa compañía
plan scheme project | plan proyecto
budget | presupuesto
bridge | puente
road street | carretera calle
river | río
water | agua
rain | lluvia
flood | inundación
hospital clinic | hospital
patient | paciente
doctor physician | médico
source | fuente
expert specialist | experto
study research | estudio
evidence proof | prueba
isolated | aislado
remand jail | preso
trial hearing process | juicio proceso
refuse decline | negarse
strong | fuerte
strengthen reinforce bolster | reforzar fortalecer
valley | valle
head lead chair | encabezar dirigir presidir
price cost | precio coste
profit earnings income | beneficio ganancia
loss deficit | pérdida
share stock | acción
buy purchase acquire acquisition bought takeover | comprar adquirir compra adquisición
sell sale sold | vender venta
pay paid payment | pagar pago
bank lender | banco
loan credit | préstamo crédito
export shipment ship | exportación exportar
oil petroleum crude | petróleo crudo
oil | aceite
trade commerce commercial | comercio comercial
tax duty levy tariff | impuesto arancel
spokesman spokeswoman spokesperson | portavoz
official authority | autoridad funcionario
chief head leader director chairman president | jefe presidente director líder
attack assault bombing strike | ataque atentado
war conflict | guerra
election poll | elección
win victory won | ganar victoria ganó
lose defeat lost | perder derrota perdió
build construct building construction built | construir construcción
school college | escuela colegio
university | universidad
student pupil | estudiante alumno
church | iglesia
teach teacher | enseñar profesor maestro
wear use employ utilise | usar utilizar emplear
give provide grant offer supply given hand | dar ofrecer facilitar proporcionar dieron
get receive obtain reach receipt | recibir obtener llegar alcanzar
allow permit let authorise authorize permission enable | permitir autorizar permiso dejar
ban prohibit forbid bar | prohibir prohibición
monitor watch observe surveillance observation | vigilar observar vigilancia observación
chat conversation room | chat charla conversación sala
user | usuario
site website page | sitio página web
communication | comunicación
telephone phone | teléfono telefónico
traffic | tráfico
content substance | contenido
association group | asociación grupo
expensive costly dear | caro costoso
intrude intrusion interference | intromisión injerencia
privacy secrecy confidentiality | secreto privacidad intimidad
change amend amendment reform modify alteration | cambio reforma modificar modificación
replace succeed substitute successor | sustituir reemplazar
create establish found founded | crear fundar establecer
prosecutor prosecution | fiscal fiscalía
case affair | caso asunto
complain protest | quejarse protestar
show reveal display indicate | mostrar revelar indicar
publish issue release print | publicar difundir emitir
explain clarify | explicar aclarar
stress emphasise emphasize underline | subrayar destacar
compare comparison | comparar
join enter | unirse incorporarse
deadline limit | plazo límite
support back endorse | apoyar respaldar
cooperation collaboration co-operation | cooperación colaboración
simultaneous simultaneously | simultáneo simultáneamente
document paper | documento
camera | cámara
expect forecast anticipate predict prediction expectation | esperar prever previsión pronóstico espera preveía prevé
result outcome | resultado
implicate involve | implicar implicado involucrado
headline title | titular
customs | aduana
supervise oversee supervision | supervisar supervisión supervisó
decide rule decision ruling judgment | decidir decisión sentencia fallo
quarter | trimestre
half | mitad
europe european | europa europeo europea
america american | américa americano americana
africa african | áfrica africano africana
asia asian | asia asiático asiática
wait await pending | esperar espera pendiente
remand custody pre-trial | preventivo provisional
open-ended unlimited | ilimitado
joint co-ordinated coordinated | conjunto coordinado
measure rule | medida
term period time | plazo periodo
chiefly mainly mostly primarily | principalmente sobre
shake jolt hit strike struck | sacudir golpear
slightly marginally | ligeramente
third | tercio
"""


@cache
def _groups() -> dict[tuple[str, str], tuple[str, ...]]:
    """The lines' numbers by language and stem."""
    groups: dict[tuple[str, str], tuple[str, ...]] = {}
    for number, line in enumerate(filter(None, (_LINES + LINES).splitlines())):
        for language, words in zip(("en", "es"), line.split("|"), strict=True):
            for word in words.split():
                key = (language, stem_in(word, language))
                groups[key] = (*groups.get(key, ()), f"={number}")
    return groups


@lru_cache(maxsize=20_000)
def kin_of(stem: str, language: str) -> tuple[str, ...]:
    """The names of the lines that a stem stands in; none for most."""
    return _groups().get((language, stem), ())
