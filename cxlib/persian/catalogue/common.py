"""What several reports say: intervals, counts, figures in words, names of columns."""

LABELS = {
    "The data": "داده‌ها",
    "How the answer comes about": "پاسخ چگونه به دست می‌آید",
    "Does the method suit these data?": "آیا روش با این داده‌ها سازگار است؟",
    "Limits, next steps, references": "محدودیت‌ها، گام‌های بعدی و منابع",
    "Limits, what to do next, references": "محدودیت‌ها، گام‌های بعدی و منابع",
    "Data": "داده‌ها",
    "read": "خوانده",
    "kept": "نگه‌داشته",
    "complete to": "کامل تا",
    "rows of the table": "سطرهای جدول",
    "no answer": "بی‌پاسخ",
    "yes": "بله",
    "no": "نه",
    "low": "کران پایین",
    "high": "کران بالا",
    "n": "تعداد",
    "value": "مقدار",
    "mean": "میانگین",
    "median": "میانه",
    "level": "سطح",
    "unit": "واحد",
    "text": "متن",
    "item": "گویه",
    "id": "شناسه",
    "rank": "رتبه",
    "share": "سهم",
    "group": "گروه",
    "groups": "گروه‌ها",
    "attribute": "ویژگی",
    "kind": "نوع",
    "what": "چه شد",
    "rows": "سطرها",
    "row": "سطر",
    "column": "ستون",
    "period": "دوره",
    "periods": "دوره‌ها",
    "month": "ماه",
    "months": "ماه",
    "date": "تاریخ",
    "method": "روش",
    "note": "یادداشت",
    "metric": "شاخص",
    "customers": "مشتریان",
    "customer id": "شناسهٔ مشتری",
    "customer_id": "شناسهٔ مشتری",
    "respondents": "پاسخ‌دهندگان",
    "points": "امتیاز",
    "points of 100": "امتیاز از ۱۰۰",
    "overall": "در مجموع",
    "before": "پیش",
    "after": "پس",
    "now": "اکنون",
    "change": "تغییر",
    "difference": "تفاوت",
    "gender": "جنسیت",
    "branch": "شعبه",
    "channel": "کانال",
    "age band": "گروه سنی",
    "age_band": "گروه سنی",
    "wave": "موج",
    "all": "همه",
    "not stated": "بیان‌نشده",
    "suppressed": "پنهان‌شده",
    "beyond chance": "به‌طور معنادار",
    "none": "هیچ",
    "p (Holm)": "p (هولم)",
    "repaired": "اصلاح‌شده",
    "left out": "کنار گذاشته",
    "exclusion": "کنار گذاشته",
    "repair": "اصلاح",
    "warning": "هشدار",
    "This is the first good run of this report": "این نخستین اجرای درست این گزارش است",
    "dots": "نقطه‌ها",
    "bars": "ستون‌ها",
    "marks": "نشانه‌ها",
    "lines": "خط‌ها",
    "bands": "نوارها",
    "heat": "نقشهٔ رنگی",
    "a plot": "نمودار",
    "dots over time": "نقطه‌ها در طول زمان",
    "stacked bars": "ستون‌های انباشته",
    "bars to both sides": "ستون‌ها به دو سو",
    "across": "افقی",
    "up": "عمودی",
    "intervals": "بازه‌ها",
    "Jan": "ژانویه",
    "Feb": "فوریه",
    "Mar": "مارس",
    "Apr": "آوریل",
    "May": "مه",
    "Jun": "ژوئن",
    "Jul": "ژوئیه",
    "Aug": "اوت",
    "Sep": "سپتامبر",
    "Oct": "اکتبر",
    "Nov": "نوامبر",
    "Dec": "دسامبر",
    "feedback": "بازخورد",
    "transactions": "تراکنش‌ها",
    "subscriptions": "اشتراک‌ها",
    "subscription_months": "ماه‌های اشتراک",
    "servqual_responses": "پاسخ‌های سروکوال",
    "servqual_internal": "پاسخ‌های درون سازمان",
    "indices": "شاخص‌های عینی",
    "ids": "شناسه‌ها",
    "pseudonyms, for this file alone: to follow customers to other files set CX_PSEUDONYM_KEY": (
        "نام‌های مستعار، تنها برای این فایل: برای دنبال کردن مشتریان در فایل‌های دیگر "
        "CX_PSEUDONYM_KEY را بگذارید"
    ),
    "pseudonyms, alike wherever the key of CX_PSEUDONYM_KEY is the same": (
        "نام‌های مستعار، یکسان هر جا که کلید CX_PSEUDONYM_KEY یکی است"
    ),
    "the same answer to all questions (straight-lining, or all felt alike)": (
        "یک پاسخ به همهٔ پرسش‌ها (پاسخ یکنواخت، یا همه یکسان احساس شده)"
    ),
    "Simulated: feedback to Simorgh Bank, an invented company": (
        "شبیه‌سازی: بازخورد به بانک سیمرغ، شرکتی خیالی"
    ),
    "Simulated: indices of Simorgh Bank, an invented company": (
        "شبیه‌سازی: شاخص‌های بانک سیمرغ، شرکتی خیالی"
    ),
    "Simulated: answers to a survey of Simorgh Bank, an invented company": (
        "شبیه‌سازی: پاسخ‌ها به پیمایش بانک سیمرغ، شرکتی خیالی"
    ),
    "Simulated: managers and staff of Simorgh Bank, an invented company": (
        "شبیه‌سازی: مدیران و کارکنان بانک سیمرغ، شرکتی خیالی"
    ),
    "CDNOW: a 1/10 sample of the people who first bought CDs there in early 1997 "
    "(Fader and Hardie)": (
        "CDNOW: نمونهٔ یک‌دهم کسانی که در آغاز ۱۹۹۷ نخستین بار از آن سی‌دی خریدند (Fader and Hardie)"
    ),
    "IBM Telco sample: a fictional company": "نمونهٔ IBM Telco: شرکتی خیالی",
    "blank: no answer": "خالی: بی‌پاسخ",
    "The source declares no currency": "منبع واحد پول را نمی‌گوید",
    'declared code for "no answer": in no row': "کد اعلام‌شده برای «بی‌پاسخ»: در هیچ سطری نیست",
    "label": "برچسب",
    "True": "بله",
    "False": "نه",
}

SENTENCES = {
    "{value} ({low} to {high})": "{value} ({low} تا {high})",
    "{value} ({level} % interval {low} to {high})": "{value} (بازهٔ {level}٪: {low} تا {high})",
    "{value} ({level} % interval {low} to {high}, n = {n})": (
        "{value} (بازهٔ {level}٪: {low} تا {high}، تعداد {n})"
    ),
    "{value} points": "{value} امتیاز",
    "{n} rows": "{n} سطر",
    "{n} rows, {missing} of them without figures": "{n} سطر، {missing} تا بی‌عدد",
    "from {low} ({first}) to {high} ({last})": "از {low} ({first}) تا {high} ({last})",
    "{name} from {low} ({first}) to {high} ({last})": (
        "{name} از {low} ({first}) تا {high} ({last})"
    ),
    "{told} and {n} more": "{told} و {n} تای دیگر",
    "Whiskers: {level} % intervals": "میله‌ها: بازه‌های {level}٪",
    "Whiskers: {level} % intervals, n = {n}": "میله‌ها: بازه‌های {level}٪، تعداد {n}",
    "Whiskers: {level} % intervals, n = {low} to {high}": (
        "میله‌ها: بازه‌های {level}٪، تعداد {low} تا {high}"
    ),
    "Whiskers: {level} % prediction intervals": "میله‌ها: بازه‌های پیش‌بینی {level}٪",
    "Whiskers: {level} % prediction intervals, n = {low} to {high}": (
        "میله‌ها: بازه‌های پیش‌بینی {level}٪، تعداد {low} تا {high}"
    ),
    "Bands: {level} % intervals": "نوارها: بازه‌های {level}٪",
    "Data: {data}": "داده‌ها: {data}",
    # Printed below a cell.
    "{name}: {n} rows read, {k} kept": "{name}: {n} سطر خوانده و {k} سطر نگه داشته شد",
    "Refused: {names}": "ردشده: {names}",
    "{n} transactions from {start} to {end}; analysis date {earlier_end}": (
        "{n} تراکنش از {start} تا {end}؛ روز تحلیل {earlier_end}"
    ),
    "{n} transactions after it are left out; {k} customers bought before": (
        "{n} تراکنش پس از آن کنار گذاشته شد؛ {k} مشتری پیش از آن خریده‌اند"
    ),
    "{low} to {high}": "{low} تا {high}",
    "{level} % interval": "بازهٔ {level}٪",
    "In brackets: {level} % intervals": "در کمانک: بازه‌های {level}٪",
    "Not in them: {absent}": "در آن‌ها نیست: {absent}",
    "Not compared with an earlier run: {reason}": "با اجرای پیشین مقایسه نشد: {reason}",
    "no answer: no answer, {share} of the rows": "بی‌پاسخ، {share} از سطرها",
    "blank: no answer, {share} of the rows": "خالی: بی‌پاسخ، {share} از سطرها",
    "{rule}, {share} of the rows": "{rule}، {share} از سطرها",
    "{rule}: {share} of the rows left out": "{rule}: {share} از سطرها کنار گذاشته شد",
    "{share} of the answers are blank, most of them in {question} ({rank})": (
        "{share} از پاسخ‌ها خالی است، بیشترشان در {question} ({rank})"
    ),
    "{n} customers that {input} does not have: {share} of the rows": (
        "{n} مشتری که {input} ندارد: {share} از سطرها"
    ),
    "goes down where the rest of its dimension goes up (correlation {gap}): if a high "
    "answer means poor service, add reverse = true": (
        "آنجا که بقیهٔ بُعدش بالا می‌رود پایین می‌آید (همبستگی {gap}): اگر پاسخ بالا به "
        "معنای خدمت بد است، reverse = true را بیفزایید"
    ),
    "header: blanks around the name removed: {names}": (
        "سرستون: فاصله‌های دور نام برداشته شد: {names}"
    ),
    "header: letters, digits or invisible characters read as declared: {names}": (
        "سرستون: حروف، رقم‌ها یا نویسه‌های ناپیدا چنان که اعلام شده خوانده شد: {names}"
    ),
    "personal data in the text replaced by {names}": ("دادهٔ شخصی در متن جای خود را به {names} داد"),
    "no answer is above {k} among {n}: was the question answered up to {most}": (
        "هیچ پاسخی از {n} پاسخ بالاتر از {k} نیست: آیا پرسش تا {most} پاسخ داده شد"
    ),
    "It is not among those declared": "در میان کدهای اعلام‌شده نیست",
    "from {low} ({one}: {first}) to {high} ({other}: {last})": (
        "از {low} ({one}: {first}) تا {high} ({other}: {last})"
    ),
    "Source: {data}": "منبع: {data}",
    "The survey: {data}": "پیمایش: {data}",
}
