"""The reminder texts an installation starts with, by language.

Plain words and the polite form. Each has three texts: an appointment at a place, a home visit, a call. A last line
names the service as people know it, in German.
"""

from typing import NamedTuple


class Texts(NamedTuple):
    """One language."""

    meeting: str
    visit: str
    call: str


SIGNATURE = "Integrationsmanagement"
TEXTS: dict[str, Texts] = {
    "de": Texts(
        "Guten Tag, wir erinnern an Ihren Termin am {date} um {time} Uhr.\nOrt: {place}\n"
        "Wenn Sie nicht kommen können, sagen Sie uns bitte vorher Bescheid.",
        "Guten Tag, wir kommen am {date} um {time} Uhr zu Ihnen nach Hause.\n"
        "Wenn das nicht passt, sagen Sie uns bitte vorher Bescheid.",
        "Guten Tag, wir rufen Sie am {date} um {time} Uhr an. Bitte gehen Sie ans Telefon.\n"
        "Wenn das nicht passt, sagen Sie uns bitte vorher Bescheid.",
    ),
    "en": Texts(
        "Hello, this is a reminder of your appointment on {date} at {time}.\nPlace: {place}\n"
        "If you cannot come, please tell us beforehand.",
        "Hello, we will come to your home on {date} at {time}.\n"
        "If this does not suit you, please tell us beforehand.",
        "Hello, we will call you on {date} at {time}. Please answer the phone.\n"
        "If this does not suit you, please tell us beforehand.",
    ),
    "ar": Texts(
        "مرحبًا، نذكّركم بموعدكم يوم {date} الساعة {time}.\nالمكان: {place}\n"
        "إذا لم تتمكنوا من الحضور، فيرجى إبلاغنا مسبقًا.",
        "مرحبًا، سنزوركم في بيتكم يوم {date} الساعة {time}.\n"
        "إذا كان الوقت غير مناسب لكم، فيرجى إبلاغنا مسبقًا.",
        "مرحبًا، سنتصل بكم هاتفيًا يوم {date} الساعة {time}. يرجى الرد على الهاتف.\n"
        "إذا كان الوقت غير مناسب لكم، فيرجى إبلاغنا مسبقًا.",
    ),
    "fa": Texts(
        "سلام، شما در تاریخ {date} ساعت {time} قرار ملاقات دارید. لطفاً فراموش نکنید.\nمحل: {place}\n"
        "اگر نمی‌توانید بیایید، لطفاً از قبل به ما خبر دهید.",
        "سلام، ما در تاریخ {date} ساعت {time} به خانهٔ شما می‌آییم.\n"
        "اگر این زمان مناسب نیست، لطفاً از قبل به ما خبر دهید.",
        "سلام، ما در تاریخ {date} ساعت {time} به شما تلفن می‌کنیم. لطفاً جواب دهید.\n"
        "اگر این زمان مناسب نیست، لطفاً از قبل به ما خبر دهید.",
    ),
    "prs": Texts(
        "سلام، شما به تاریخ {date} ساعت {time} وعدهٔ ملاقات دارید. لطفاً فراموش نکنید.\nجای: {place}\n"
        "اگر آمده نمی‌توانید، لطفاً پیش از آن به ما خبر بدهید.",
        "سلام، ما به تاریخ {date} ساعت {time} به خانهٔ شما می‌آییم.\n"
        "اگر این وقت مناسب نیست، لطفاً پیش از آن به ما خبر بدهید.",
        "سلام، ما به تاریخ {date} ساعت {time} به شما زنگ می‌زنیم. لطفاً جواب بدهید.\n"
        "اگر این وقت مناسب نیست، لطفاً پیش از آن به ما خبر بدهید.",
    ),
    # Many count the hours from sunrise; the text says that the German clock is meant.
    "ti": Texts(
        "ሰላም፡ ብ {date} ሰዓት {time} (ናይ ጀርመን ሰዓት) ቆጸራ ኣለኩም። በጃኹም ኣይትረስዑ።\nቦታ፦ {place}\n"
        "ክትመጹ ዘይትኽእሉ እንተኾይንኩም፡ በጃኹም ኣቐዲምኩም ሓብሩና።",
        "ሰላም፡ ብ {date} ሰዓት {time} (ናይ ጀርመን ሰዓት) ናብ ቤትኩም ክንመጽእ ኢና።\n"
        "እዚ ሰዓት እዚ ዘይጥዕመኩም እንተኾይኑ፡ በጃኹም ኣቐዲምኩም ሓብሩና።",
        "ሰላም፡ ብ {date} ሰዓት {time} (ናይ ጀርመን ሰዓት) ክንድውለልኩም ኢና። በጃኹም ስልኪ ኣልዕሉ።\n"
        "እዚ ሰዓት እዚ ዘይጥዕመኩም እንተኾይኑ፡ በጃኹም ኣቐዲምኩም ሓብሩና።",
    ),
    "uk": Texts(
        "Добрий день! Нагадуємо про вашу зустріч {date} о {time}.\nМісце: {place}\n"
        "Якщо ви не можете прийти, будь ласка, повідомте нас заздалегідь.",
        "Добрий день! Ми прийдемо до вас додому {date} о {time}.\n"
        "Якщо цей час вам не підходить, будь ласка, повідомте нас заздалегідь.",
        "Добрий день! Ми зателефонуємо вам {date} о {time}. Будь ласка, дайте відповідь на дзвінок.\n"
        "Якщо цей час вам не підходить, будь ласка, повідомте нас заздалегідь.",
    ),
    "ru": Texts(
        "Здравствуйте! Напоминаем о вашей встрече {date} в {time}.\nМесто: {place}\n"
        "Если вы не можете прийти, пожалуйста, сообщите нам заранее.",
        "Здравствуйте! Мы придём к вам домой {date} в {time}.\n"
        "Если это время вам не подходит, пожалуйста, сообщите нам заранее.",
        "Здравствуйте! Мы позвоним вам {date} в {time}. Пожалуйста, ответьте на звонок.\n"
        "Если это время вам не подходит, пожалуйста, сообщите нам заранее.",
    ),
    "fr": Texts(
        "Bonjour, nous vous rappelons votre rendez-vous le {date} à {time}.\nLieu : {place}\n"
        "Si vous ne pouvez pas venir, merci de nous prévenir à l’avance.",
        "Bonjour, nous viendrons chez vous le {date} à {time}.\n"
        "Si cela ne vous convient pas, merci de nous prévenir à l’avance.",
        "Bonjour, nous vous appellerons le {date} à {time}. Merci de répondre au téléphone.\n"
        "Si cela ne vous convient pas, merci de nous prévenir à l’avance.",
    ),
    "tr": Texts(
        "Merhaba, {date} tarihinde, saat {time} için randevunuz var. Lütfen unutmayın.\nYer: {place}\n"
        "Gelemeyecekseniz lütfen önceden bize haber verin.",
        "Merhaba, {date} tarihinde sizi evinizde ziyaret edeceğiz. Saat: {time}.\n"
        "Bu zaman size uymuyorsa lütfen önceden bize haber verin.",
        "Merhaba, {date} tarihinde sizi telefonla arayacağız. Saat: {time}. Lütfen telefonu açın.\n"
        "Bu zaman size uymuyorsa lütfen önceden bize haber verin.",
    ),
}
