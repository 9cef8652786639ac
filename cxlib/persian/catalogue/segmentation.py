"""The report on groups of customers."""

LABELS = {
    "Which groups do our customers form, and what should we do with each?": (
        "مشتریان ما چه گروه‌هایی می‌سازند و با هر یک چه باید کرد؟"
    ),
    "Scores: where the cuts are": "امتیازها: برش‌ها کجاست",
    "Segments in full": "بخش‌ها به‌تفصیل",
    "Who rose and who fell": "چه کسی بالا رفت و چه کسی پایین آمد",
    "Groups by the data": "گروه‌ها از روی داده‌ها",
    "Segments by needs, from a survey": "بخش‌بندی بر پایهٔ نیازها، از یک پیمایش",
    "Champions": "قهرمانان",
    "Occasional": "گاه‌به‌گاه",
    "New or light": "تازه یا کم‌خرید",
    "Loyal": "وفادار",
    "Needs attention": "نیازمند توجه",
    "About to sleep": "در آستانهٔ خواب",
    "Cannot lose": "نباید از دست بروند",
    "At risk": "در خطر",
    "Lost": "از دست رفته",
    "reward, ask for referrals": "پاداش دهید و معرفی بخواهید",
    "recommend, cross-sell": "پیشنهاد کنید و کالای مکمل بفروشید",
    "welcome, second order": "خوشامد و سفارش دوم",
    "keep close, early access": "نزدیک نگه دارید، دسترسی زودتر",
    "a timely, personal offer": "پیشنهاد شخصی و به‌هنگام",
    "a reminder, at low cost": "یادآوری کم‌هزینه",
    "call, find out why": "تماس بگیرید و علت را بیابید",
    "win back with an offer": "با پیشنهادی بازگردانید",
    "test a cheap offer on a random part first": (
        "نخست پیشنهادی کم‌هزینه را روی بخشی تصادفی بیازمایید"
    ),
    "no spending but a cheap last try": "هیچ هزینه‌ای جز یک کوشش ارزان",
    "bought often and much": "بسیار و پی‌درپی خریده است",
    "bought neither much nor little": "نه بسیار و نه کم خریده است",
    "bought little": "کم خریده است",
    "segment": "بخش",
    "action": "کار",
    "meaning": "معنا",
    "of customers, %": "از مشتریان، ٪",
    "of past revenue, %": "از درآمد گذشته، ٪",
    "bought once, %": "یک بار خریده، ٪",
    "Bought once": "یک بار خریده",
    "to the nearest 10 customers": "گرد شده به ده مشتری",
    "– for fewer than 10": "– برای کمتر از ۱۰",
    "median days silent": "میانهٔ روزهای بی‌خرید",
    "too few": "بسیار کم",
    "By needs": "بر پایهٔ نیازها",
    "The survey": "پیمایش",
    "No needs-based segments": "بخشی بر پایهٔ نیازها نیست",
    "customers, %": "مشتریان، ٪",
    "revenue, %": "درآمد، ٪",
    "spend per customer": "خرید هر مشتری",
    "days since the last purchase": "روز از آخرین خرید",
    "repeat purchase days": "روزهای خرید دوباره",
    "measure": "سنجه",
    "source": "منبع",
    "score": "امتیاز",
    "move": "جابه‌جایی",
    "rose": "بالا رفت",
    "stayed": "ماند",
    "fell": "پایین آمد",
    "new": "تازه",
    "compared": "مقایسه",
    "between the dates": "میان دو تاریخ",
    "by ageing alone": "تنها با گذشت زمان",
    "against ageing alone": "در برابر گذشت زمان",
    "effect": "اثر",
    "size": "اندازه",
    "chi-squared": "خی‌دو",
    "df": "درجهٔ آزادی",
    "test": "آزمون",
    "silhouette": "سیلوئت",
    "index": "شاخص",
    "without groups": "بی گروه",
    "stability": "پایداری",
    "what sets it apart": "چه آن را متمایز می‌کند",
    "cluster": "خوشه",
    "rule": "قاعده",
    "right, %": "درست، ٪",
    "log likelihood": "لگاریتم درست‌نمایی",
    "parameters": "پارامترها",
    "entropy": "آنتروپی",
    "classes": "رده‌ها",
    "class": "رده",
    "respondents, %": "پاسخ‌دهندگان، ٪",
    "certainty": "قطعیت",
    "what it rates": "چگونه امتیاز می‌دهد",
    "aspect": "جنبه",
    "% of customers (10 or more)": "٪ مشتریان (۱۰ یا بیشتر)",
    "These are slices, not natural groups": "این‌ها برش‌اند، نه گروه‌های طبیعی",
    "The customers hardly form natural groups": "مشتریان به‌سختی گروه‌های طبیعی می‌سازند",
    "those below are slices to plan by": "آنچه در پایین می‌آید برش‌هایی برای برنامه‌ریزی است",
    "Many of these customers may be gone": "بسیاری از این مشتریان شاید رفته باشند",
    "check the days before acting": "پیش از هر کار، روزها را ببینید",
    "Too few to show": "کمتر از آن که نشان داده شود",
    "totals less the others would give it away": "مجموع منهای بقیه آن را آشکار می‌کرد",
}

SENTENCES = {
    "share of all revenue, {level} % intervals": "سهم از همهٔ درآمد، بازه‌های {level}٪",
    "{name} are {share} of the {n} customers of {date} and brought {rank} ({low} to {high}) "
    "of all revenue ({level} % interval)": (
        "{name} {share} از {n} مشتری تا {date} هستند و {rank} ({low} تا {high}) از همهٔ "
        "درآمد را آورده‌اند (بازهٔ {level}٪)"
    ),
    "the {k} classes are levels of satisfaction, high and low in all aspects alike, not "
    "different needs": (
        "{k} رده سطح‌های رضایت‌اند، در همهٔ جنبه‌ها یکسان بالا یا پایین، نه نیازهای گوناگون"
    ),
    "The survey holds {k} needs-based segments": "پیمایش {k} بخش بر پایهٔ نیازها دارد",
    "{name} (silent)": "{name} (بی‌خرید)",
    "(silent): most have not bought for more than {n} days": (
        "(بی‌خرید): بیشترشان بیش از {n} روز است که نخریده‌اند"
    ),
    "(silent): most have not bought for more than {n} days, {k} times the usual gap between two "
    "purchases of one customer": (
        "(بی‌خرید): بیشترشان بیش از {n} روز است که نخریده‌اند، {k} برابر فاصلهٔ معمول میان دو "
        "خرید یک مشتری"
    ),
    "{action} (only those who bought in the last {n} days)": (
        "{action} (تنها کسانی که در {n} روز گذشته خریده‌اند)"
    ),
    "{n} customers, {share} ({low} to {high}) of revenue": (
        "{n} مشتری، {share} ({low} تا {high}) از درآمد"
    ),
    '"Recent" is relative here': "«تازه» اینجا نسبی است",
    "the best recency scores reach back {n} days, where {k} days usually pass between two "
    "purchases of one customer": (
        "بهترین امتیازهای تازگی تا {n} روز پیش را در بر دارد، حال آنکه میان دو خرید یک مشتری "
        "بیشتر {k} روز می‌گذرد"
    ),
    "Since {date}, of {n} customers {most} moved up, {share} stayed, {least} moved down": (
        "از {date}، از {n} مشتری {most} بالا رفتند، {share} ماندند و {least} پایین آمدند"
    ),
    "Had nobody bought, {share} would have moved down": (
        "اگر هیچ‌کس نمی‌خرید، {share} پایین می‌آمدند"
    ),
    "{k} of {n} segments, of fewer than 10 customers or next to one that is": (
        "{k} از {n} بخش، با کمتر از ۱۰ مشتری یا در کنار چنین بخشی"
    ),
    "last purchase within {n} days": "آخرین خرید در {n} روز گذشته",
    "last purchase {low} to {high} days ago": "آخرین خرید {low} تا {high} روز پیش",
    "last purchase more than {n} days ago": "آخرین خرید بیش از {n} روز پیش",
    "Source: {data}": "منبع: {data}",
    "flows from {before} to {after}": "جریان‌ها از {before} تا {after}",
    "cut {k}": "برش {k}",
}
