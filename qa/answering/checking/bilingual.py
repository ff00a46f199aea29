"""Words of news and what they are in the other language, English | Spanish, beside those of `kinship`.

A line holds what one word may be rendered by; it never holds a word and its opposite.
"""

LINES = """
justice | justicia
finance treasury | hacienda
foreign | exterior exteriores extranjero
defence defense | defensa
education | educación enseñanza
labour labor work job employment | trabajo laboral empleo
health | sanidad salud sanitario
environment environmental | medioambiente ambiental
agriculture agricultural farm | agricultura agrario agrícola
energy | energía
economy economic | economía económico
place put set situate locate position lay | situar sitúa sitúan colocar poner puso puesto
fall correspond belong go | corresponder correspondió pertenecer
accept admit take | aceptar admitir
favour favor right reason | favor razón
stay remain keep | quedar permanecer queda quedan quedó
think thought see seen view deem believe look regard consider | ver veían veía vio vieron visto pensar creer considerar
hard difficult difficulty | difícil dificultad
easy | fácil
return back | volver regresar vuelta regreso devolver vuelve volvió
post station barracks office | puesto cuartel comisaría oficina
urgent urgently urgency | urgente urgencia
convene summon call | convocar convocó convocatoria
appear emerge surface came light | aparecer surgir aparición salir
monitor follow track watch tracking following | seguimiento seguir rastrear rastreo vigilar sigue siguió
set start going launch | poner marcha puesta
need require necessary must | necesitar necesario preciso deber
know known knowledge | conocer saber conocido sabe supo
new fresh recent | nuevo reciente
old former previous | antiguo viejo anterior
young youth | joven juventud
family relative | familia familiar
life living | vida vital
night evening | noche
morning | mañana
today | hoy
yesterday | ayer
public | público
problem trouble difficulty | problema dificultad
question matter issue | cuestión tema asunto
answer reply respond response | respuesta responder contestar
try attempt seek | intentar tratar intento
achieve manage reach obtain attain | lograr conseguir logró consiguió alcanzar
offer present provide deliver | ofrecer presentar ofreció entregar prestar
send dispatch forward remit transmit | enviar mandar remitir remitió trasladar transmitir
arrive reach come | llegar llegada llegó
leave depart exit | salir partir salida dejar
enter entry | entrar entrada ingresar ingreso
bring carry take move | llevar traer llevó trasladar
remove take withdraw | quitar retirar
form shape make compose | formar componer
belong member membership | pertenecer miembro
serve act function | servir actuar funcionar
act action activity | actuar actuación acción actividad
happen occur take | ocurrir suceder producir produjo
collect gather assemble compile | recoger reunir recopilar
deliver hand surrender transfer | entregar entrega ceder
store file archive record | archivo fichero expediente archivar
file case proceedings proceeding dossier | expediente diligencia procedimiento autos sumario
proceeding procedure process | procedimiento proceso
court room | sala
appeal challenge | recurso recurrir apelación
lawsuit suit claim | demanda
claim demand | reclamar reclamación
order warrant mandate | orden mandato auto
ask question interrogate | preguntar interrogar
examine analyse analyze check inspect review study analysis | examinar analizar revisar estudiar análisis revisión
verify confirm check | verificar confirmar comprobar
protect protection safeguard guard | proteger protección amparo
guarantee ensure secure assure | garantizar asegurar garantía
help aid assist assistance support | ayuda ayudar auxilio apoyo asistencia
hide conceal | ocultar esconder
computer | ordenador computadora informático
hard disk disc drive | disco duro
equipment gear device | equipo equipamiento dispositivo aparato
screen | pantalla
message mail email | mensaje correo
password key | contraseña clave
server | servidor
download | descargar descarga
upload post | subir
room | habitación
car vehicle | coche vehículo
money cash | dinero
worker employee staff | trabajador empleado personal
boss manager | jefe gerente
woman female | mujer
force troop | fuerza tropa
army military | ejército militar
unit brigade group | unidad brigada grupo
squad brigade | brigada
post job position | cargo puesto
name call title | nombre llamar nombrar denominar
sign | firmar firma
write wrote written | escribir escribió escrito
read | leer
speak talk | hablar
word | palabra
language | idioma lengua
history story | historia
book | libro
letter | carta
date day | fecha día
hour time | hora
century | siglo
ago | hace
moment time | momento
occasion time | ocasión vez
level | nivel
rate | tasa
per | por
half | medio media
double twice | doble duplicar
age old | edad
minor underage juvenile | menor
adult | adulto
victim | víctima
abuse | abuso
threat menace | amenaza
danger risk | peligro riesgo
safety security | seguridad
right | derecho
freedom liberty | libertad
duty obligation | deber obligación
fine | multa
serious grave severe | grave serio
guilty | culpable
innocence innocent | inocencia inocente
presumption | presunción
bill draft | proyecto borrador anteproyecto
article section clause | artículo apartado cláusula
paragraph | párrafo apartado
constitution constitutional | constitución constitucional
chapter | capítulo
annex appendix | anexo
invalid void annul null | inválido nulo anular invalidar
valid | válido
force effect | vigor efecto
apply application | aplicar aplicación
cover include comprise contain | incluir abarcar contener comprender
exclude | excluir
besides moreover also | además
together jointly joint | junto conjunto conjuntamente
first initial early beginning | primero inicial principio
later subsequently after afterwards | después luego posteriormente posterior
recently lately | recientemente últimamente
soon shortly | pronto
almost nearly | casi
approximately around about | aproximadamente alrededor
especially particularly | especialmente particularmente sobre
directly direct | directo directamente
fast quick rapid quickly rapidly | rápido rápidamente
own | propio
alone sole single only | solo único
same identical | mismo idéntico
similar alike like | similar parecido semejante
true real actual | verdadero real cierto
false wrong | falso erróneo
good | bueno bien
bad poor | malo mal
high | alto elevado
low | bajo
long | largo
short brief | corto breve
wide broad | amplio ancho
full complete whole entire | completo pleno entero
possible | posible
able capable | capaz
free | libre gratuito
busy occupied | ocupado
north northern | norte
south southern | sur
east eastern | este oriental
west western | oeste occidental
coast coastal | costa
sea | mar
island | isla
mountain | montaña
building | edificio
port harbour harbor | puerto
airport | aeropuerto
train railway rail | tren ferrocarril ferroviario
plane aircraft | avión
flight | vuelo
"""
