"""The same dates as in German: one office, one way of writing them."""

from stutensee_im.formats.de.formats import DATE_FORMAT as DATE_FORMAT
from stutensee_im.formats.de.formats import DATE_INPUT_FORMATS as DATE_INPUT_FORMATS
from stutensee_im.formats.de.formats import DATETIME_FORMAT as DATETIME_FORMAT
from stutensee_im.formats.de.formats import DATETIME_INPUT_FORMATS as DATETIME_INPUT_FORMATS
from stutensee_im.formats.de.formats import FIRST_DAY_OF_WEEK as FIRST_DAY_OF_WEEK
from stutensee_im.formats.de.formats import MONTH_DAY_FORMAT as MONTH_DAY_FORMAT
from stutensee_im.formats.de.formats import SHORT_DATE_FORMAT as SHORT_DATE_FORMAT
from stutensee_im.formats.de.formats import SHORT_DATETIME_FORMAT as SHORT_DATETIME_FORMAT
from stutensee_im.formats.de.formats import TIME_FORMAT as TIME_FORMAT
from stutensee_im.formats.de.formats import TIME_INPUT_FORMATS as TIME_INPUT_FORMATS
from stutensee_im.formats.de.formats import YEAR_MONTH_FORMAT as YEAR_MONTH_FORMAT
