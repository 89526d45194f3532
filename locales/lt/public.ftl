### The public page, shown to people on the street. It is neutral and holds nothing of any record.
###
### The wording is the force's to settle. A translation is read by a qualified translator before it is used.
### A line missing in one language is shown in English; a test says which one it is.

name = Lietuvių
languages = Kalba
heading = Pasakykite, kur nesijaučiate saugiai
text = „StreetSafe“ yra anonimiška. Pažymėkite vietą žemėlapyje ir nurodykite priežastį. Tai užtruks kelias minutes.
not-for = Neskirta pranešti apie nusikaltimą ar skubų atvejį.
qr = QR kodas: { $address }

# What the campaign Enough means by STOP: the English initials of the four.
stop = Matote priekabiavimą? Galite padėti: STOP
stop-say = Pasakykite ką nors
stop-say-how = Parodykite, kad nepritariate. Pasakykite, kad tai nepriimtina.
stop-tell = Pasakykite kitam
stop-tell-how = Baro darbuotojui, apsaugai, vairuotojui, praeiviui. Paklauskite to žmogaus, kam pranešti.
stop-offer = Pasiūlykite paramą
stop-offer-how = Paklauskite, ar viskas gerai. Pasiūlykite padėti pranešti.
stop-divert = Nukreipkite dėmesį
stop-divert-how = Suteikite tam žmogui progą pasitraukti.
stop-safe = Tik jei saugu. Skubiu atveju skambinkite 999.

emergency = Skubi pagalba
not-emergency = Neskubus atvejis
silent = 999, po to 55
silent-why = Mobilusis, jei negalite kalbėti
