"""What the drawn strips say: dates as dies write them, words as they stand around a ring, and plain
strings.
"""

from __future__ import annotations

from numpy.random import Generator

from recognizer.stages.alphabet import SHAPES


def _words(text: str, between: str = " ") -> list[str]:
    return text.split(between)


MONTHS = {
    "en": _words("JAN FEB MAR APR MAY JUN JUL AUG SEP OCT NOV DEC"),
    "de": _words("JAN FEB MÄRZ APR MAI JUNI JULI AUG SEPT OKT NOV DEZ"),
    "fr": _words("JANV FEVR MARS AVRIL MAI JUIN JUIL AOUT SEPT OCT NOV DEC"),
    "pl": _words("STY LUT MAR KWI MAJ CZE LIP SIE WRZ PAŹ LIS GRU"),
    "ru": _words("ЯНВ ФЕВ МАР АПР МАЯ ИЮН ИЮЛ АВГ СЕН ОКТ НОЯ ДЕК"),
    "es": _words("ENE FEB MAR ABR MAY JUN JUL AGO SEP OCT NOV DIC"),
    "nl": _words("JAN FEB MRT APR MEI JUNI JULI AUG SEPT OKT NOV DEC"),
    "hu": _words("JAN FEBR MÁRC ÁPR MÁJ JÚN JÚL AUG SZEPT OKT NOV DEC"),
    "it": _words("GEN FEB MAR APR MAG GIU LUG AGO SET OTT NOV DIC"),
    "uk": _words("СІЧ ЛЮТ БЕР КВІ ТРА ЧЕР ЛИП СЕР ВЕР ЖОВ ЛИС ГРУ"),
}
LONG_MONTHS = _words(
    "JANUARY FEBRUARY MARCH APRIL JUNE JULY AUGUST SEPTEMBER OCTOBER NOVEMBER DECEMBER JANUAR FEBRUAR "
    "OKTOBER DEZEMBER JANVIER JUILLET OCTOBRE MAART ЯНВАРЯ ФЕВРАЛЯ МАРТА АПРЕЛЯ МАЯ ИЮНЯ ИЮЛЯ АВГУСТА "
    "СЕНТЯБРЯ ОКТЯБРЯ НОЯБРЯ ДЕКАБРЯ STYCZNIA LUTEGO MARCA KWIETNIA GRUDNIA ENERO JULIO DICIEMBRE"
)
ROMAN = _words("I II III IV V VI VII VIII IX X XI XII")
_POSTAL = _words(
    "POST OFFICE|FIRST DAY|PREMIER JOUR|FIRST DAY OF ISSUE|ERSTTAG|ERSTER TAG|SONDERSTEMPEL|"
    "SONDERPOSTAMT|LUFTPOST|AIR MAIL|PAR AVION|REGISTERED|RECOMMANDE|EINSCHREIBEN|POSTAGE DUE|"
    "POSTAGE PAID|CENSOR|PASSED BY CENSOR|CENTS|EXAMINER|ARMY|NAVY|U.S.|U. S.|STATION|STA.|BRANCH|"
    "POSTAL SERVICE|A.P.O.|R.P.O.|TEX.|ILL.|MO.|N.Y.|N. J.|CALIF.|KANS.|WYO.|PA.|MASS.|OHIO|GA.|"
    "BUY SAVINGS BONDS|FLIGHT|SPACE|ORBIT|STATION|COSMOS|LAUNCH|LANDING|CREW|PHILATELIC|EXHIBITION|"
    "UNIVERSITY|CONGRESS|MUSEUM|FESTIVAL|ANNIVERSARY|JOURNÉE DU TIMBRE|POSTE|POSTES|CORREOS|CORREO AEREO|"
    "REPUBLICA|ESPAÑA|ÖSTERREICH|MAGYAR POSTA|POCZTA POLSKA|WARSZAWA|KRAKÓW|ŁÓDŹ|ČESKÁ POŠTA|PRAHA|"
    "BRATISLAVA|POŠTA|ПОЧТА|ПОЧТА РОССИИ|ПОЧТА СССР|БАЙКОНУР|КАЗАХСТАН|ҚАЗАҚСТАН|БАЙҚОҢЫР|ҚАЗПОШТА|"
    "ЗАКАЗНОЕ|МОСКВА|ПОЧТАМТ|КОРОЛЁВ|МЕЖДУНАРОДНОЕ|АВИА|ПЕРВЫЙ ДЕНЬ|КОСМОДРОМ|БОРТ МКС|"
    "РОССИЙСКИЙ СЕГМЕНТ|КОСМИЧЕСКИЙ ПОЛЁТ|ЭКСПЕДИЦИЯ|ПОСЕЩЕНИЯ|СТАРТ|ПОСАДКА|ЭКИПАЖ|СОЮЗ|ГАГАРИН|ЛЕНИНСК|"
    "ОБЛ.|РАЙОН|АРКАЛЫК|АРҚАЛЫҚ|КУСТАНАЙ|ОТДЕЛЕНИЕ СВЯЗИ|СВЯЗЬ|СПЕЦИАЛЬНОЕ|ГАШЕНИЕ|ДЕНЬ КОСМОНАВТИКИ|"
    "ВЫСТАВКА|ФИЛАТЕЛИЯ|БЕЛАРУСЬ|МІНСК|ГРОДНА|ПОШТА|УКРАЇНА|КИЇВ|ЛЬВІВ|БЪЛГАРИЯ|СОФИЯ|ПОЩА|БЕОГРАД|"
    "СРБИЈА|ПОШТЕ|НОВИ САД|КРАГУЈЕВАЦ|ЦЕНТР УПРАВЛЕНИЯ ПОЛЁТОМ|SOYUZ|ISS|МКС|NASA|ESA|РОСКОСМОС|MADE IN|"
    "JANV.|KAZAKHSTAN|BAIKONUR|RUSSIAN POST|LIETUVA|VILNIUS|EESTI|TALLINN|LATVIJA|RĪGA|SUOMI|NORGE|"
    "SVERIGE|DANMARK|HELVETIA|NEDERLAND|EERSTE DAG|'S-GRAVENHAGE|BRUXELLES|BERLIN|DEUTSCHE POST|HAMBURG|"
    "MÜNCHEN|KÖLN|WIEN|ZÜRICH|GENÈVE|PARIS",
    "|",
)
_LATIN_SYLLABLES = _words(
    "BER LIN HAM BURG STAD DORF FORD TON VILLE MONT SAN TA MAR GRAND RAP IDS WICH MOR OX FIELD HILL PORT "
    "LAND SPRING NEW BAD WALD HEIM KIR CHEN NO VA KO WO LEC BIA SZE GED DE BRE CEN PO ZNAN GDA RY KRA BO "
    "GO RO TA LA MI NE SU VE XI QUE JO HU WY YU ZA ŁA ŻY ŃSK ŠKO ŽI ČE ÜN ÖL ÄS ÉT ÈV ÇO ÑA ÅR ØR ŐR ŰZ "
    "ÁG ÍT ÓW ĄB ĘB ŹD ĆI ĢI ŅU ĻA ĶE ĀŽ ĪG ĒR ŪT ŞI"
)
_CYRILLIC_SYLLABLES = _words(
    "МО СК ВА КА ЗА НЬ БУР ГРАД НО ВО СИ БИР ЛЕ НИН ПЕР МЬ УФА ЧЕ ЛЯ ЦК ЖУ КОВ ШАХ ТЫ ЩЁ ЭЛ ИС ЮЖ НЫЙ ЯР "
    "ДОН ТУ ЛА ХАБ АР КА ЛЫК ФЁ ДОР БАЙ КО НУР ҚА РА ҒАН ДЫ ӘЛ ҰЗ ҮШ ӨС КЕ МЕН ҢЫР ІЛЕ ҺАН ЇВ ЄВ ҐО ЎС "
    "ЂЕ ЉА ЊА ЋИ ЏА ЪР ПОЛ ТА ВО РО НЕЖ"
)
_TAILS = _words(" 1| 2| 4|-1|-25| 12| 101| СССР| ОБЛ.|, PA.|, MO.| N.Y.| (OBL.)| 61| C.", "|")


def compose(rng: Generator) -> str:
    """One line of text: a date or part of one (about half), words of a legend, a number, or a plain
    string.
    """
    draw = rng.random()
    if draw < 0.5:
        return date_line(rng)
    if draw < 0.92:
        return legend_line(rng)
    return plain_line(rng)


def date_line(rng: Generator) -> str:
    """A date, or the part of one that shares a line: day and month, the hour, the year, a slug's number."""
    day, month = int(rng.integers(1, 32)), int(rng.integers(0, 12))
    year = int(rng.integers(1885, 2030))
    hour = _hour(rng)
    d = f"{day:02d}" if rng.random() < 0.6 else str(day)
    y2, y4 = f"{year % 100:02d}", str(year)
    m = f"{month + 1:02d}" if rng.random() < 0.7 else str(month + 1)
    named = MONTHS[str(rng.choice(list(MONTHS)))][month] if rng.random() < 0.55 else MONTHS["en"][month]
    if rng.random() < 0.08:
        named = str(rng.choice(LONG_MONTHS))
    sep = str(rng.choice([".", " ", "-", "/", ". ", "  ", "."]))
    y = y4 if rng.random() < 0.5 else y2
    kind = int(rng.integers(0, 16))
    if kind <= 3:
        line = sep.join((d, m, y)) + (
            str(rng.choice([" ", "-", "--", "  "])) + str(rng.integers(0, 25)) if rng.random() < 0.35 else ""
        )
    elif kind <= 6:
        line = f"{named}{rng.choice(['', ' ', '  ', '. ', '.'])}{day}" + (
            f" {y4}" if rng.random() < 0.15 else ""
        )
    elif kind == 7:
        line = f"{d}{rng.choice([' ', '.', '. ', '-'])}{named}{rng.choice([' ', '.', '. ', '-', ''])}{y}"
    elif kind == 8:
        line = sep.join((d, ROMAN[month], y)) + (f".-{rng.integers(1, 24)}" if rng.random() < 0.3 else "")
    elif kind == 9:
        line = f"{y2} {ROMAN[month] if rng.random() < 0.6 else m}.{d}" + (
            f" {rng.integers(0, 24)}" if rng.random() < 0.5 else ""
        )
    elif kind <= 11:
        line = y4
    elif kind <= 13:
        line = hour
    elif kind == 14:
        line = sep.join((y4, f"{month + 1:02d}", f"{day:02d}"))
    else:
        line = str(rng.choice([named, d, y2, str(rng.integers(1, 1000)), f"{named}.{d}.{y2}.{hour}"]))
    return line


def _hour(rng: Generator) -> str:
    half = str(rng.choice(["", "", "30", " 30"]))
    between = str(rng.choice(["", " "])) if half else str(rng.choice(["-", " ", "", "-"]))
    return f"{rng.integers(1, 13)}{half}{between}{rng.choice(['AM', 'PM', 'PM', 'M'])}"


def legend_line(rng: Generator) -> str:
    """Words as they stand around a ring or in a box."""
    if rng.random() < 0.3:
        text = " ".join(str(t) for t in rng.choice(_POSTAL, rng.integers(1, 4)))
    else:
        syllables = _LATIN_SYLLABLES if rng.random() < 0.5 else _CYRILLIC_SYLLABLES
        text = " ".join(
            "".join(str(s) for s in rng.choice(syllables, rng.integers(1, 5)))
            for _ in range(rng.integers(1, 4))
        )
    if rng.random() < 0.2:
        text += str(rng.choice(_TAILS))
    if rng.random() < 0.08:
        text = text.title() if rng.random() < 0.5 else text.lower()
    return text


def plain_line(rng: Generator) -> str:
    """Shapes without sense, so that each is seen often: letters, figures, registered numbers, postcodes."""
    draw = rng.random()
    if draw < 0.3:
        return "".join(str(c) for c in rng.choice(list("0123456789"), rng.integers(1, 9)))
    if draw < 0.4:
        return f"{rng.choice(['№', 'З', 'R', 'Nr.', 'No.', 'N'])} {rng.integers(1, 99999)}"
    letters = "".join(str(c) for c in rng.choice(list(SHAPES[:-1]), rng.integers(1, 8)))
    return letters.replace("З", str(rng.choice(["З", "3"])))
