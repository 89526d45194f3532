### The public page, shown to people on the street. It is neutral and holds nothing of any record.
###
### The wording is the force's to settle. A translation is read by a qualified translator before it is used.
### A line missing in one language is shown in English; a test says which one it is.

name = Português
languages = Idioma
heading = Diga-nos onde não se sente em segurança
text = O StreetSafe é anónimo. Marque o local no mapa e diga porquê. Demora poucos minutos.
not-for = Não serve para denunciar um crime nem para emergências.
qr = Código QR: { $address }

# What the campaign Enough means by STOP: the English initials of the four.
stop = Vê alguém a ser assediado? Pode ajudar: STOP
stop-say = Diga alguma coisa
stop-say-how = Mostre que não aprova. Diga que não é aceitável.
stop-tell = Conte a alguém
stop-tell-how = Pessoal do bar, segurança, motorista, quem passa. Pergunte à pessoa a quem quer que conte.
stop-offer = Ofereça apoio
stop-offer-how = Pergunte se está bem. Ofereça ajuda para denunciar.
stop-divert = Crie uma distração
stop-divert-how = Dê à pessoa a oportunidade de se afastar.
stop-safe = Só se for seguro. Em caso de emergência, ligue 999.

emergency = Emergência
not-emergency = Não urgente
silent = 999 e 55
silent-why = Telemóvel, se não puder falar
