"""Names of columns that speak of leaving, in English and Persian."""

import re

# What would be read as leaving but is something else: taken out of the name first.
_INNOCENT = re.compile(
    r"""\b(?:
      left\ (?:handed|hand|hander|side|eye|ear|over|join|margin|swipes?)
    | (?:days?|weeks?|months?|years?|time|minutes?|hours?|data|credits?|balance|stock|items?)\ left
    | (?:data|log|water|file|record|backup|message)\ retention | retention\ (?:days|period|policy)
    | (?:orders?|bookings?|appointments?|flights?|meetings?|rides?|trips?|deliver\w+|reservations?)
      \ (?:cancel\w*|closed)
    | cancel\w*\ (?:orders?|bookings?|appointments?|flights?|meetings?|rides?|trips?|deliver\w+
                   |reservations?|policy|fee)
    | (?:noise|echo)\ cancel\w* | (?:calls?|minutes?)\ terminat\w*
    | terminat\w*\ (?:calls?|minutes?)
    | (?:tickets?|cases?|complaints?|requests?|issues?|deals?|tasks?)\ (?:closed|closure)
    | closed\ (?:tickets?|cases?|complaints?|requests?|issues?|deals?|loop|tasks?)
    | (?:email|newsletter|sms|marketing|mail)\ (?:un|de)subscri\w*
    | exit\ (?:rates?|pages?|intent) | (?:maternity|sick|parental|annual|paternity)\ leave
    | (?:contact|call|visit|purchase|ticket|complaint|join|signup|return|refund|order)\ reasons?
    | lost\ (?:packets?|calls?|luggage|items?|cards?) | save\ (?:offers?\ )?clicks?
    | لغو\ سفارش\w* | سفارش\w*\ (?:ها\w*\ )?لغو | ورود\ و\ خروج | قومیت\ ترک
    )\b""",
    re.VERBOSE,
)
_PERSON = r"(?:customers?|clients?|accounts?|members?(?:hip)?|subscri\w+|contracts?|users?|service)"
_OUTCOME = re.compile(
    rf"""\b(?:
      churn\w* | attrit\w* | cancel\w* | terminat\w* | disconnected | deactivat\w* | unsubscri\w*
    | leav(?:e|ers?|ing) | left | exit(?:s|ed)? | quit | resigned | lapsed | defect(?:ed|or|ion)
    | offboard\w* | dropout | dropped\ out | port(?:ed)?\ out | portout | closed | closure
    | win\ ?back\w* | retention | retained | save\ (?:offer|desk|team|call)s?
    | end(?:ed)?\ (?:date|day|month|time|reason|at|on|of\ contract) | enddate | ended
    | disconnect(?:ion)?\ (?:date|reason|flag|day) | final\ (?:bill|invoice|payment|settlement)
    | (?:lost|inactive)\ (?:flag|date|reason|{_PERSON}) | (?:is|has|{_PERSON})\ (?:lost|inactive)
    | {_PERSON}\ status | reasons?(?:\ code)?
    | ریزش\w* | لغو(?:شده)? | انصراف\w* | ترک | خروج | فسخ\w* | رویگردان\w* | بازگشت\ مشتری\w*
    | قطع\ (?:همکاری|اشتراک|سرویس|ارتباط) | علت\ رفتن | دلیل\ رفتن
    )\b
    | ^(?:outcome|target|label|lost|inactive|ended|(?:is|still)\ active|active(?:\ flag)?)$""",
    re.VERBOSE,
)


def speaks_of_outcome(name: str) -> str:
    """The words of a column's name that speak of leaving, "" when none do.

    Whole words, so that `online_security` or `legend` never count, in any of the usual ways to
    write a name (snake_case, camelCase, blanks, half-spaces), Arabic yeh and kaf as Persian ones.
    Words that mean something else in their company do not count: `days_left`, `left_handed`,
    `cancelled_orders`, `tickets_closed`, `call_reason`.
    """
    apart = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name.replace("ي", "ی").replace("ك", "ک"))
    words = " ".join(re.sub(r"[\W\d_]+", " ", apart).lower().split())
    found = _OUTCOME.search(_INNOCENT.sub("", words).strip())
    return found[0] if found else ""
