"""Small words of the three languages: too common to search by, and the surest sign of the language.

Kazakh words stand folded (see `stemming.fold`), so that they are known from any keyboard.
"""

from __future__ import annotations


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# «жоқ» and «нет» are not here: «су жоқ» and «нет света» are what people search for.
KAZAKH = _words(
    """жане мен бен пен ушин деп дейин кейин бойынша туралы жонинде жонинен болып болды болса болады болган болмайды
    емес еди екен гой кой бар ма ме ба бе па пе бул осы сол ол мына мынау бир бирак сондай сондыктан сонымен катар
    сиз сизге сизден сиздин биз бизге биздин маган менин мени оган онын олар олардын озим ози озинин оз тек гана да де
    та те немесе ягни кандай кайда калай кашан неге нелер бари барлык баска дагы тагы аркылы кунде кун казир кеше
    алды алдында астында устинде ишинде арасында жанында карай сайын тур отыр жатыр жур турмыз отырмыз жатырмыз
    турган кала калды келди кетти берди берип алып келип кетип турып отырып жатып кыл кылып етти етип ете жок керек
    отинемин отинеми сураймын сураймыз етемиз етемин берсениз беруинизди саламатсыз сизбе салеметсиз салем рахмет
    курметти кобинесе оте коп аз болатын"""
)
RUSSIAN = _words(
    """и в во не на с со что как а то по но из у за от до к ко о об для при или же бы ли мы вы он она они оно я
    нас нам нами вас вам вами их им его ее ей ему мне меня мной нет есть был была было были быть это этот эта эти этого
    этой этом тот та те того так также тоже уже еще если когда где куда который которая которые которого чтобы после
    без под над между через около возле только очень все всех всем весь вся всего наш наша наше наши нашего нашей ваш
    ваша ваше прошу просим просьба здравствуйте добрый день пожалуйста спасибо потому поэтому там тут здесь сейчас
    который можно нужно надо будет будут никто ничего раз даже почему вот"""
)
ENGLISH = _words(
    """the a an and or of to in on at for with is are was were be been has have had do does did not no this that these
    those it its we our you your i my me they their there here when where who what why how please from by as but if so
    near since after before can could would should will very"""
)
KAZAKH_LATIN = _words(
    """zhok joq jok jane zhane men bar su kerek bizdin bizge kop oty otir tur turmyz kun suranys otinish otinemin salem
    salemetsizbe rahmet rakhmet koshe koshede kala ush eki bir jaryk zharyk"""
)
RUSSIAN_LATIN = _words(
    """net vody svet sveta i v na ne u nas zdravstvujte zdravstvuyte pozhalujsta pozhaluysta spasibo kak chto eto dom
    ulica ulitsa proshu prosim uzhe gde kogda my vy pochemu den"""
)
# Left out of the index. Words that only mark the language but say something («бар», «күн», «қала») stay searchable.
_MEANINGFUL = _words(
    "бар жок кун кала калды алды керек день нет кеше казир коп аз астында устинде рахмет спасибо бари су"
)
STOP_WORDS = (KAZAKH | RUSSIAN | ENGLISH) - _MEANINGFUL
