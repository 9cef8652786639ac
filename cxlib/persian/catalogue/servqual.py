"""The report on gaps between expectation and perception."""

LABELS = {
    "Where does the service fall short of what customers expect, and what should be fixed first?": (
        "کیفیت خدمت در کجا از انتظار مشتریان کمتر است و نخست چه چیزی باید اصلاح شود؟"
    ),
    "From answers to scores, and what rests on them": (
        "از پاسخ‌ها تا امتیازها و آنچه بر آن‌ها استوار است"
    ),
    "Can the answers be trusted?": "آیا می‌توان به پاسخ‌ها اعتماد کرد؟",
    "Dimensions: how large is each gap, and could it be chance?": (
        "بُعدها: هر شکاف چه اندازه است و آیا می‌تواند تصادفی باشد؟"
    ),
    "Items: which statements are behind it?": "گویه‌ها: کدام جمله‌ها پشت آن است؟",
    "Importance: what weighs most?": "اهمیت: چه چیزی بیشترین وزن را دارد؟",
    "Importance-performance map of the items": "نقشهٔ اهمیت و عملکرد گویه‌ها",
    "Groups: is it the same everywhere?": "گروه‌ها: آیا همه‌جا یکسان است؟",
    "Since the last wave: what changed?": "از موج پیش: چه تغییر کرد؟",
    "The zone of tolerance: is it still acceptable?": "ناحیهٔ تحمل: آیا هنوز پذیرفتنی است؟",
    "Inside the company: gaps 1 to 4": "درون سازمان: شکاف‌های ۱ تا ۴",
    "SERVPERF beside SERVQUAL: are expectations worth asking for?": (
        "سروپرف در کنار سروکوال: آیا پرسیدن انتظارها می‌ارزد؟"
    ),
    "Reliability: do the items of a dimension measure one thing?": (
        "پایایی: آیا گویه‌های یک بُعد یک چیز را می‌سنجند؟"
    ),
    "Structure: do the dimensions stand in these answers?": (
        "ساختار: آیا بُعدها در این پاسخ‌ها برقرارند؟"
    ),
    "Power: what could this survey see, and what not?": (
        "توان: این پیمایش چه را می‌توانست ببیند و چه را نه؟"
    ),
    "Overall.": "در مجموع.",
    "Where.": "کجا.",
    "Behind it.": "پشت آن.",
    "Over time.": "در طول زمان.",
    "Satisfaction.": "رضایت.",
    "How sure?": "چقدر مطمئن؟",
    "Does the questionnaire hold?": "آیا پرسش‌نامه درست کار می‌کند؟",
    "Data.": "داده‌ها.",
    "What to fix first": "نخست چه اصلاح شود",
    "What is weakest": "ضعیف‌ترین‌ها",
    "Gap of each dimension": "شکاف هر بُعد",
    "Importance against performance": "اهمیت در برابر عملکرد",
    "importance against performance": "اهمیت در برابر عملکرد",
    "concentrate here": "اینجا تمرکز کنید",
    "Importance against performance, strong or weak whatever the gap": (
        "اهمیت در برابر عملکرد، قوی یا ضعیف، شکاف هرچه باشد"
    ),
    "keep up the good work": "همین‌گونه ادامه دهید",
    "low priority": "اولویت پایین",
    "possible overkill": "شاید بیش از نیاز",
    "gap, P − E (points)": "شکاف، ادراک − انتظار (امتیاز)",
    "gap, P − E": "شکاف، ادراک − انتظار",
    "P − E": "ادراک − انتظار",
    "weighted P − E": "ادراک − انتظار وزنی",
    "score, P − E": "امتیاز، ادراک − انتظار",
    "its P − E": "ادراک − انتظار آن",
    "P": "ادراک",
    "E": "انتظار",
    "P low": "ادراک، کران پایین",
    "P high": "ادراک، کران بالا",
    "highest E": "بیشترین انتظار",
    "r low": "r، کران پایین",
    "r high": "r، کران بالا",
    "BCa low": "BCa، کران پایین",
    "BCa high": "BCa، کران بالا",
    "rank r": "r رتبه‌ای",
    "p rank": "p رتبه‌ای",
    "rank from": "رتبه از",
    "rank to": "رتبه تا",
    "r is highest": "بیشترین r",
    "of resamples": "از بازنمونه‌ها",
    "sure": "قطعی",
    "dimension": "بُعد",
    "dimensions": "بُعدها",
    "worst": "بدترین",
    "worst 3": "سه بدترین",
    "lowest": "پایین‌ترین",
    "below": "کمتر",
    "equal": "برابر",
    "above": "بیشتر",
    "importance": "اهمیت",
    "quadrant": "ربع",
    "performance": "عملکرد",
    "gap": "شکاف",
    "importance, points of 100": "اهمیت، امتیاز از ۱۰۰",
    "unweighted": "بی‌وزن",
    "respondents' own points": "امتیازهای خود پاسخ‌دهندگان",
    "points given with the instrument": "امتیازهای همراه پرسش‌نامه",
    "points derived from satisfaction": "امتیازهای برآمده از رضایت",
    "equal points": "امتیازهای برابر",
    "tangibles": "ملموسات",
    "reliability": "قابلیت اطمینان",
    "responsiveness": "پاسخ‌گویی",
    "assurance": "تضمین",
    "empathy": "همدلی",
    "n before": "تعداد پیش",
    "told apart": "جدا از هم",
    "alpha": "آلفا",
    "the model of the five gaps": "مدل پنج شکاف",
    "zones of tolerance": "نواحی تحمل",
    "CUSTOMER": "مشتری",
    "COMPANY": "سازمان",
    "Word of mouth": "گفت‌وگوی مردم",
    "Personal needs": "نیازهای شخصی",
    "Past experience": "تجربهٔ گذشته",
    "Expected service": "خدمت مورد انتظار",
    "Perceived service": "خدمت ادراک‌شده",
    "Service delivery": "ارائهٔ خدمت",
    "External communications": "ارتباطات بیرونی",
    "to customers": "با مشتریان",
    "Service quality": "مشخصات",
    "specifications": "کیفیت خدمت",
    "Management perceptions of": "ادراک مدیران از",
    "customer expectations": "انتظار مشتریان",
    "not measured": "سنجیده نشده",
    "too few answers": "پاسخ‌های بسیار کم",
    "surely falls short": "به یقین کمتر",
    "surely exceeds": "به یقین بیشتر",
    "not told from zero,": "از صفر بازشناخته نشد،",
    "allowing for several tests": "با درنظرگرفتن چند آزمون",
    "not known": "نامعلوم",
    "adequate to desired": "از بسنده تا دلخواه",
    "perceived: below": "ادراک: پایین‌تر",
    "perceived: within": "ادراک: درون ناحیه",
    "perceived: above": "ادراک: بالاتر",
    "perceived: not told from an edge": "ادراک: از مرز بازشناخته نشد",
    "perceived: inverted zone": "ادراک: ناحیهٔ وارونه",
    "perceived: too few answers": "ادراک: پاسخ‌های بسیار کم",
    "no groups are described": "گروهی توصیف نشده است",
    "stand in part": "تا اندازه‌ای برقرارند",
    "stand": "برقرارند",
    "Managers and staff were not asked": "از مدیران و کارکنان پرسیده نشد",
    "no dimension": "هیچ بُعدی",
    "in brackets": "در کمانک",
    "customers' expectation": "انتظار مشتریان",
    "managers' belief of it": "گمان مدیران دربارهٔ آن",
    "service standards": "استانداردهای خدمت",
    "service as staff deliver it": "خدمت چنان که کارکنان می‌دهند",
    "promises made outside": "وعده‌های داده‌شده در بیرون",
    "share of respondents": "سهم پاسخ‌دهندگان",
    "a table in colours": "جدول رنگی",
    "By group and dimension": "بر حسب گروه و بُعد",
    "r with satisfaction": "r با رضایت",
    "adequate": "بسنده",
    "desired": "دلخواه",
    "perceived": "ادراک‌شده",
    "state": "وضعیت",
    "eigenvalue": "مقدار ویژه",
    "factor": "عامل",
    "P < E": "ادراک کمتر از انتظار",
    "P > E": "ادراک بیشتر از انتظار",
    "P = E": "ادراک برابر انتظار",
    "change of gap, P − E (points)": "تغییر شکاف، ادراک − انتظار (امتیاز)",
    "Zone of tolerance of each item": "ناحیهٔ تحمل هر گویه",
    "these answers": "این پاسخ‌ها",
}

SENTENCES = {
    "Fix first where service falls short, by gap × importance": (
        "آنجا که خدمت کم دارد نخست این‌ها را اصلاح کنید، بر پایهٔ شکاف × اهمیت"
    ),
    "By importance, service falls short most in {name} (gap {gap}, {level} % interval {low} to "
    "{high}, n = {n}; weighted by importance the worst in {share} of resamples)": (
        "با در نظر گرفتن اهمیت، خدمت بیش از همه در {name} کم دارد (شکاف {gap}، بازهٔ {level}٪: "
        "{low} تا {high}، تعداد {n}؛ با وزن اهمیت در {share} بازنمونه‌ها بدترین)"
    ),
    "By importance, service falls short most in {name} (gap {gap}, {level} % interval {low} to "
    "{high}, n = {n}; weighted by importance the worst in {share} of resamples, so it may well be "
    "another)": (
        "با در نظر گرفتن اهمیت، خدمت بیش از همه در {name} کم دارد (شکاف {gap}، بازهٔ {level}٪: "
        "{low} تا {high}، تعداد {n}؛ با وزن اهمیت در {share} بازنمونه‌ها بدترین، پس شاید دیگری باشد)"
    ),
    '"{item}" (gap {gap}, {level} % interval {low} to {high})': (
        "«{item}» (شکاف {gap}، بازهٔ {level}٪: {low} تا {high})"
    ),
    "Weighed by {basis}, {name} is worst": "با وزن {basis}، {name} بدترین است",
    "Weighed by {one} or by {other}, {name} is worst": (
        "با وزن {one} یا {other}، {name} بدترین است"
    ),
    "Surely worse than customers would just accept": ("به یقین بدتر از کمترین حد پذیرفتنی مشتریان"),
    "{item} (gap {gap}, {level} % interval {low} to {high}, among the worst three in {share} "
    "of resamples)": (
        "«{item}» (شکاف {gap}، بازهٔ {level}٪: {low} تا {high}، در {share} بازنمونه‌ها میان "
        "سه بدترین)"
    ),
    "the first {k} of {n} items that surely lag behind": (
        "نخستین {k} از {n} گویه‌ای که به یقین عقب‌اند"
    ),
    "Of the dimensions that surely stand out, {name} (the worst by weighted gap in {share} "
    "of resamples) weighs most": (
        "از بُعدهایی که به یقین برجسته‌اند، {name} (در {share} بازنمونه‌ها بدترین شکاف وزنی) "
        "بیشترین وزن را دارد"
    ),
    "Perceptions fall short of expectations": "ادراک‌ها از انتظارها کمتر است",
    "Perceptions exceed expectations": "ادراک‌ها از انتظارها بیشتر است",
    "mean gap {gap}": "میانگین شکاف {gap}",
    "weighted by respondents' own points {score}": ("وزن‌دار با امتیازهای خود پاسخ‌دهندگان {score}"),
    "surely below what customers would just accept": (
        "به یقین پایین‌تر از کمترین حد پذیرفتنی مشتریان"
    ),
    "{name} is lowest by {attribute} in {group} ({gap}, {level} % interval {low} to {high}, "
    "n = {n}), surely": (
        "«{name}» از نظر {attribute} در {group} از همه پایین‌تر است ({gap}، بازهٔ {level}٪: "
        "{low} تا {high}، تعداد {n})، به یقین"
    ),
    "Inside the company these surely fall short, the widest first": (
        "درون سازمان این‌ها به یقین کم دارند، پهن‌ترین نخست"
    ),
    "gap {k} (service as staff deliver it - promises made outside) {gap}": (
        "شکاف {k} (خدمت چنان که کارکنان می‌دهند − وعده‌های داده‌شده در بیرون) {gap}"
    ),
    "By dimension, surely short": "بر حسب بُعد، به یقین کمتر",
    "gap {k}": "شکاف {k}",
    "{name} {value} ({level} % interval {low} to {high})": (
        "{name} {value} (بازهٔ {level}٪: {low} تا {high})"
    ),
    "Since the wave named {wave}, surely worse": "از موجی به نام {wave}، به یقین بدتر",
    "Since the wave named {wave}, surely better": "از موجی به نام {wave}، به یقین بهتر",
    "not told from unchanged": "از بی‌تغییر بازشناخته نشد",
    "With which dimension satisfaction goes along most cannot be told": (
        "نمی‌توان گفت رضایت با کدام بُعد بیشتر همراه است"
    ),
    "r from {low} ({first}) to {high} ({last}, first in {share} of resamples), n = {n}": (
        "r از {low} ({first}) تا {high} ({last}، در {share} بازنمونه‌ها نخست)، تعداد {n}"
    ),
    "{n} respondents with answers": "{n} پاسخ‌دهنده پاسخ داده‌اند",
    "{k} of {n} items surely lag behind": "{k} از {n} گویه به یقین عقب‌اند",
    "Without straight-liners ({n}) {k} stay so": (
        "بی پاسخ‌دهندگان یکنواخت ({n} نفر) {k} گویه چنین می‌مانند"
    ),
    "8 of 10 such surveys tell {gap} points from zero in any item, allowing for {n} tests "
    "(Holm's strictest step)": (
        "از هر ده پیمایش چنین، هشت تا {gap} امتیاز را در هر گویه از صفر بازمی‌شناسند، با "
        "درنظرگرفتن {n} آزمون (سخت‌ترین گام هولم)"
    ),
    "{name} comes out worst under {k} of the {n} ways to weigh": (
        "«{name}» در {k} از {n} شیوهٔ وزن‌دهی بدترین است"
    ),
    "All {k} dimensions stand in these answers (n = {n})": (
        "هر {k} بُعد در این پاسخ‌ها برقرار است (تعداد {n})"
    ),
    "each is told apart from the others, and its items gather on a factor of their own": (
        "هر یک از دیگران جداست و گویه‌هایش روی عامل خودشان گرد می‌آیند"
    ),
    "They hold about {k} factors, as is found where dimensions go together": (
        "حدود {k} عامل در آن‌ها هست، چنان که در بُعدهای همراه دیده می‌شود"
    ),
    "(Gaps": "(شکاف‌ها",
    "On perceptions alone": "تنها با ادراک‌ها",
    "stand in part.)": "تا اندازه‌ای برقرارند.)",
    "stand.)": "برقرارند.)",
    "do not stand.)": "برقرار نیستند.)",
    "But {k} of {n} scales may be below .7 in reliability": (
        "اما پایایی {k} از {n} مقیاس شاید کمتر از ۰٫۷ باشد"
    ),
    "And {k} of {n} scales may be below .7 in reliability": (
        "و پایایی {k} از {n} مقیاس شاید کمتر از ۰٫۷ باشد"
    ),
    "wave {wave} of {waves}": "موج {wave} از {waves}",
    "no waves are told apart": "موجی از دیگری جدا نشده است",
    "the {n} items with the lowest weighted P − E": "{n} گویه با کمترین «ادراک − انتظار» وزنی",
    "by importance, a dimension's points shared alike among its items": (
        "بر پایهٔ اهمیت؛ امتیاز هر بُعد به‌تساوی میان گویه‌هایش بخش می‌شود"
    ),
    "P − E in points of the {low} to {high} scale, negative": (
        "ادراک − انتظار به امتیاز مقیاس {low} تا {high}؛ منفی"
    ),
    "a shortfall": "کمبود",
    "{level} % interval, n ≥ {n}": "بازهٔ {level}٪، تعداد دست‌کم {n}",
    "Sure": "قطعی",
    "surely below zero and below the same respondents' other items (both Holm, both by a "
    "tenth of a standard deviation or more)": (
        "به یقین کمتر از صفر و کمتر از گویه‌های دیگر همان پاسخ‌دهندگان (هر دو با تصحیح هولم "
        "و هر دو دست‌کم یک‌دهم انحراف معیار)"
    ),
    "Worst 3": "سه بدترین",
    "in how many of {n} resamples it is among the worst three": (
        "سهم {n} بازنمونه‌ای که در آن میان سه بدترین است"
    ),
    "Of the {n} lowest gaps, importance moves out of the first {k}": (
        "از {n} شکاف پایین‌تر، اهمیت این‌ها را از {k} تای نخست بیرون می‌برد"
    ),
    "{item} ({gap}, rank {rank} once weighted)": "«{item}» ({gap}، با وزن رتبهٔ {rank})",
    "mean perception ({low} to {high})": "میانگین ادراک ({low} تا {high})",
    "{one} - {other}": "{one} − {other}",
    "gap {k} ({one} - {other}) {gap} ({level} % interval {low} to {high})": (
        "شکاف {k} ({one} − {other}) {gap} (بازهٔ {level}٪: {low} تا {high})"
    ),
    "performance from {low} ({first}) to {high} ({last})": (
        "عملکرد از {low} ({first}) تا {high} ({last})"
    ),
    "Change of each item (*: surely, Holm)": "تغییر هر گویه (*: به یقین، هولم)",
    "mean answer ({low} to {high})": "میانگین پاسخ ({low} تا {high})",
    "pure noise, {level} % quantile": "نوفهٔ ناب، چندک {level}٪",
    "gap, P − E": "شکاف، ادراک − انتظار",
    "Gap {k}": "شکاف {k}",
    "({low} to {high})": "({low} تا {high})",
}
