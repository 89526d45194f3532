### The public page, shown to people on the street. It is neutral and holds nothing of any record.
###
### The wording is the force's to settle. A translation is read by a qualified translator before it is used.
### A line missing in one language is shown in English; a test says which one it is.

name = Polski
languages = Język
heading = Powiedz nam, gdzie nie czujesz się bezpiecznie
text = StreetSafe jest anonimowe. Zaznacz miejsce na mapie i podaj powód. Zajmie to kilka minut.
not-for = Nie służy do zgłaszania przestępstw ani nagłych wypadków.
qr = Kod QR: { $address }

# What the campaign Enough means by STOP: the English initials of the four.
stop = Widzisz nękanie? Możesz pomóc: STOP
stop-say = Powiedz coś
stop-say-how = Pokaż, że tego nie akceptujesz. Powiedz, że to niedopuszczalne.
stop-tell = Powiedz komuś
stop-tell-how = Obsłudze baru, ochronie, kierowcy, przechodniowi. Zapytaj tę osobę, komu powiedzieć.
stop-offer = Zaproponuj wsparcie
stop-offer-how = Zapytaj, czy wszystko w porządku. Zaproponuj pomoc w zgłoszeniu.
stop-divert = Odwróć uwagę
stop-divert-how = Daj tej osobie szansę, by mogła odejść.
stop-safe = Tylko jeśli to bezpieczne. W nagłym wypadku dzwoń pod 999.

emergency = Nagły wypadek
not-emergency = Sprawa niepilna
silent = 999 i 55
silent-why = Komórka, gdy nie możesz mówić
