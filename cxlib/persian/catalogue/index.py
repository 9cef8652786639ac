"""The page over all runs, and what it says of changes between runs."""

LABELS = {
    "Customer experience reports": "گزارش‌های تجربهٔ مشتری",
    "Newest run": "تازه‌ترین اجرا",
    "Not up to date": "روزآمد نیست",
    "no good report yet": "هنوز گزارش درستی نیست",
    "Runs that did not finish": "اجراهای ناتمام",
    "Runs that cannot be read": "اجراهای خوانده‌نشدنی",
    "Show reports with": "نمایش گزارش‌های دارای",
    "Recent runs": "اجراهای تازه",
    "Recent runs, a table": "اجراهای تازه، جدول",
    "Run": "اجرا",
    "Started (UTC)": "آغاز (UTC)",
    "Reports": "گزارش‌ها",
    "Seconds": "ثانیه",
    "Status": "وضعیت",
    "Change": "تغییر",
    "History": "تاریخچه",
    "As of": "تا تاریخ",
    "Leading measure": "شاخص اصلی",
    "How to read this page": "این صفحه را چگونه بخوانیم",
    "See the failed report": "گزارش ناموفق را ببینید",
    "The last run failed": "اجرای آخر ناموفق بود",
    "Stale: the last run failed": "کهنه: اجرای آخر ناموفق بود",
    "Failed, and there is no good report yet": "ناموفق، و هنوز گزارش درستی نیست",
    "Check warned": "بررسی هشدار داد",
    "Check not settled": "بررسی نامعین ماند",
    "its log": "گزارش فنی آن",
    "log": "گزارش فنی",
    "good": "درست",
    "stale": "کهنه",
    "failed": "ناموفق",
    "warned": "هشداردار",
    "There is no run yet.": "هنوز اجرایی نیست.",
    "makes the first.": "نخستین را می‌سازد.",
    "The band in a history is that of the intervals": "نوار تاریخچه نوار بازه‌هاست",
    "The two runs are taken for independent": "دو اجرا مستقل گرفته می‌شوند",
    "A figure that is itself a change is not compared": "عددی که خود یک تغییر است مقایسه نمی‌شود",
    "Stale: the last run failed, and an older report stands in its place": (
        "کهنه: اجرای آخر ناموفق بود و گزارشی قدیمی‌تر به جای آن است"
    ),
    "The change of a report's leading measure is beyond noise where its interval, made from those "
    "of the two runs (Zou and Donner 2008), leaves zero out; that of any other figure where it "
    "still does after Holm's correction for all those others": (
        "تغییر شاخص اصلی هر گزارش آنجا فراتر از نوفه است که بازهٔ آن، ساخته از بازه‌های دو اجرا "
        "(Zou و Donner، ۲۰۰۸)، صفر را در بر ندارد؛ تغییر هر عدد دیگر آنجا که پس از تصحیح هولم برای "
        "همهٔ آن‌ها نیز چنین باشد"
    ),
    "Where many of the same customers are in both, the interval of a level (a score, a share, a "
    "value) is wider than need be: a change within noise may be one all the same": (
        "آنجا که بسیاری از مشتریان در هر دو یکی‌اند، بازهٔ یک سطح (امتیاز، سهم یا مقدار) پهن‌تر از "
        "اندازه است: تغییری درون نوفه نیز شاید تغییر باشد"
    ),
}

SENTENCES = {
    "finished {start} {clock} UTC": "پایان {start} {clock} به وقت UTC",
    "All reports shown here: {counts}": "همهٔ گزارش‌های اینجا: {counts}",
    "{n} good": "{n} درست",
    "{n} stale": "{n} کهنه",
    "{n} failed": "{n} ناموفق",
    "{n} warned": "{n} هشداردار",
    "{n} check warned": "{n} بررسی هشدار داد",
    "{n} checks warned": "{n} بررسی هشدار داد",
    "{n} check unsettled": "{n} بررسی نامعین",
    "{n} checks unsettled": "{n} بررسی نامعین",
    "{n} unsettled": "{n} نامعین",
    "as of {start}, n = {n}, made {end} {clock} UTC in run": (
        "تا تاریخ {start}، تعداد {n}، ساخته‌شده در {end} {clock} به وقت UTC در اجرای"
    ),
    "n = {n}, made {end} {clock} UTC in run": (
        "تعداد {n}، ساخته‌شده در {end} {clock} به وقت UTC در اجرای"
    ),
    "made {start} {clock} UTC in run": "ساخته‌شده در {start} {clock} به وقت UTC در اجرای",
    "({name})": "({name})",
    "with {settings}": "با {settings}",
    "{n} older run not listed": "{n} اجرای قدیمی‌تر نیامده است",
    "{n} older runs not listed": "{n} اجرای قدیمی‌تر نیامده است",
    "Up {gap} ({low} to {high}) since {start}, {verdict}": (
        "{gap} بالاتر ({low} تا {high}) از {start}، {verdict}"
    ),
    "Down {gap} ({low} to {high}) since {start}, {verdict}": (
        "{gap} پایین‌تر ({low} تا {high}) از {start}، {verdict}"
    ),
    "Up {gap} points ({low} to {high}) since {start}, {verdict}": (
        "{gap} امتیاز بالاتر ({low} تا {high}) از {start}، {verdict}"
    ),
    "Down {gap} points ({low} to {high}) since {start}, {verdict}": (
        "{gap} امتیاز پایین‌تر ({low} تا {high}) از {start}، {verdict}"
    ),
    "within noise": "درون نوفه",
    "beyond noise": "فراتر از نوفه",
    "beyond noise, for the better": "فراتر از نوفه، رو به بهبود",
    "beyond noise, for the worse": "فراتر از نوفه، رو به بدتر شدن",
    "The same data as on {start}: the figures are equal": ("همان داده‌های {start}: عددها برابرند"),
    "Of {n} other figures tested together none moved beyond noise": (
        "از {n} عدد دیگر که با هم آزموده شد هیچ‌یک فراتر از نوفه تغییر نکرد"
    ),
    "{k} of {n} other figures moved beyond noise: {names}": (
        "{k} عدد از {n} عدد دیگر فراتر از نوفه تغییر کرد: {names}"
    ),
    "{k} of {n} other figures moved beyond noise too: {names}": (
        "{k} عدد از {n} عدد دیگر نیز فراتر از نوفه تغییر کرد: {names}"
    ),
    "What stands here is of {start} {clock} UTC": "آنچه اینجاست از {start} {clock} به وقت UTC است",
}
