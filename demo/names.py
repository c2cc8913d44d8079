"""Invented names. No surname is an everyday word, a place or the name of a member of staff.

A surname is put together from a stem and an ending, so that a large installation has many; a reader
recognises where a name is at home, and nobody living is meant.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class NameStock:
    """The names of one part of the world."""

    stems: tuple[str, ...]
    endings: tuple[str, ...]
    women: tuple[str, ...]
    men: tuple[str, ...]
    # Surnames that differ for women, as in Ukraine and Russia.
    women_endings: tuple[str, ...] = ()

    def surname(self, pick: random.Random, *, female: bool) -> str:
        endings = self.women_endings if female and self.women_endings else self.endings
        return pick.choice(self.stems) + pick.choice(endings)

    def given(self, pick: random.Random, *, female: bool) -> str:
        return pick.choice(self.women if female else self.men)


def _stock(stems: str, endings: str, women: str, men: str, women_endings: str = "") -> NameStock:
    return NameStock(*(tuple(words.split()) for words in (stems, endings, women, men, women_endings)))


ARABIC: Final = _stock(
    stems=(
        "Alhar Almasr Alqas Alkhat Aljar Alnass Alzoub Alrifa Alsab Alghaz Almouh Alhamd "
        "Alkur Alshah Albaz Altour Aldar Alfakh Alwaz Alyous"
    ),
    endings="iri awi oudi ouni aneh imeh",
    women="Nourhan Rahaf Samiha Lubna Hanadi Ghadeer Razan Maysaa Duaa Shahed Wafaa Tasnim",
    men="Khaled Mahmoud Anwar Bassel Firas Ghassan Hussam Jamil Mouaz Nidal Wassim Yazan",
)
KURDISH: Final = _stock(
    stems="Berz Dilsh Ferh Hewr Kerim Mirz Nawr Rojh Serd Xelil Zerd Botan",
    endings="anyan adoğlu inzade oyan ekani",
    women="Berivan Dilnaz Evîndar Gulistan Helin Narîn Rojbîn Zeynep",
    men="Azad Baran Ciwan Dilovan Ferhad Rêzan Serdar Şivan",
)
AFGHAN: Final = _stock(
    stems="Moham Rahmat Qaland Haidar Nazar Ghaf Karim Sultan Zahir Yaqub Habib Latif",
    endings="adzai yaryan ollahi khelwal iandar",
    women="Shirin Farzaneh Parwana Zarghona Nasrin Marzia Latifa Soraya Homeira Freshta",
    men="Mirwais Najibullah Farhad Jawid Esmatullah Ramin Sohrab Zabihullah Naqib Hamayun",
)
IRANIAN: Final = _stock(
    stems="Tavakol Shirvan Qasem Golesh Ardak Mehrab Rostam Kamali Farahb Nourouz",
    endings="ianfar ipour izadeh akhani",
    women="Mahsa Niloufar Parisa Roya Shadi Yalda Arezoo",
    men="Behnam Dariush Kaveh Mehrdad Peyman Siamak Kourosh",
)
UKRAINIAN: Final = _stock(
    stems=(
        "Horban Kovtun Shevchuk Bondarev Melnych Tkachiv Lysohor Pavliuch Zhuravel Kravets "
        "Oliinych Haidash Romanych Savruk Tymoshch Vasylkiv Yurchysh Marchuk"
    ),
    endings="enko yshyn ovych iuk",
    women=("Oleksandra Iryna Kateryna Liudmyla Nataliia Oksana Svitlana Tetiana Yuliia Halyna Daryna Vira"),
    men="Andrii Bohdan Dmytro Ihor Mykola Oleksandr Petro Serhii Taras Volodymyr",
)
RUSSIAN: Final = _stock(
    stems="Belorev Gorshen Malysh Nikifor Sokolnik Timoshev Zavarin Kudryash",
    endings="ev in",
    women_endings="eva ina",
    women="Ljudmila Galina Jelena Marina Tatjana Raissa",
    men="Aleksej Grigorij Konstantin Nikolaj Ruslan Wadim",
)
TURKISH: Final = _stock(
    stems="Karabul Özdem Yıldır Çelikh Aksoyl Demirt Kılıçd Şahinb",
    endings="utlar iroğlu anoğlu eköy",
    women="Ayşegül Elif Fadime Gülsüm Hatice Songül Zeliha",
    men="Bülent Cemal Emre Hakan İbrahim Mehmet Yusuf",
)
ERITREAN: Final = _stock(
    stems="Ghebre Woldeg Tekle Habte Kidane Haile Berhane Asfaha Mebrah Weldem",
    endings="yohannes iorgis michael mariam selassie zghi",
    women="Abrehet Freweini Letebrhan Rahwa Senait Tsega Yordanos",
    men="Biniam Dawit Efrem Filmon Merhawi Tesfay Yonas",
)
SOMALI: Final = _stock(
    stems="Warsam Abdull Nuurad Guleed Xasano Cabdir Jimcaa Maxame",
    endings="ehi ahow iyeh uhul",
    women="Hodan Ifrah Nasteexo Sagal Ubax Hibaq",
    men="Abdirahman Bashiir Cabdi Liibaan Mahad Saciid",
)
GAMBIAN: Final = _stock(
    stems="Ceesay Jammeh Kanteh Sanyang Touray Drammeh Bojang Jallow",
    endings="tou kunda ling bah",
    women="Fatmata Hawa Isatou Kaddijatou Mariama Nyima",
    men="Alieu Buba Ebrima Lamin Modou Ousman Sulayman",
)
NIGERIAN: Final = _stock(
    stems="Okonkw Adeban Chukwud Ezeobi Ogunlek Uwadia Igbino Osarem",
    endings="ojie olaye umaka ehia",
    women="Adaeze Blessing Chiamaka Efosa Ngozi Osayi",
    men="Chidubem Emeka Ikenna Obinna Osaro Tunde",
)
BALKAN: Final = _stock(
    stems="Berish Gashnj Krasniq Shabanaj Petrovsk Jovanosk Hoxhaj Bajramov",
    endings="ani aliu ovski eviq",
    women="Albana Drita Fatlinda Mirjeta Snežana Vesna",
    men="Agron Besnik Dragan Florim Naser Valon",
)
PAKISTANI: Final = _stock(
    stems="Chaudh Qureish Bhattar Mirzah Rajpoot Siddiq",
    endings="aryan iwala ullah anzai",
    women="Ayesha Bushra Nadia Saima Uzma",
    men="Asif Bilal Imran Kashif Tariq Zubair",
)
GEORGIAN: Final = _stock(
    stems="Beridz Gelasch Kapanad Lomidz Mchedl Tsiklau",
    endings="ashvili eladze iani",
    women="Ketevan Lali Manana Nino Tamar",
    men="Giorgi Irakli Levan Vakhtang Zurab",
)


def spelled_otherwise(surname: str) -> str:
    """An Arabic surname as another office writes it: the article with an E."""
    return "El" + surname.removeprefix("Al")
