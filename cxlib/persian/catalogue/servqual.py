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
    "May lie behind it.": "شاید پشت آن.",
    "Inside the company.": "درون سازمان.",
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
    "falls short beyond chance": "به‌طور معنادار کمتر",
    "exceeds beyond chance": "به‌طور معنادار بیشتر",
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
    "overall gap": "شکاف کلی",
    "overall perception": "ادراک کلی",
    "weighted score": "امتیاز وزنی",
    "worst weighted gap": "بدترین شکاف وزنی",
    "worst chance": "بخت بدترین بودن",
    "straight liner share": "سهم پاسخ‌دهندگان یکنواخت",
    "satisfaction r": "r با رضایت",
    "wave change": "تغییر از موج پیش",
    "servperf r2 difference": "تفاوت R² سروپرف و سروکوال",
    "dimensions stand": "بُعدها برقرارند",
    "scales are reliable": "مقیاس‌ها پایایند",
    "items point one way": "گویه‌ها هم‌جهت‌اند",
    "answers are read": "پاسخ‌ها خوانده‌شده‌اند",
    "same worst by other weights": "بدترین با وزن‌های دیگر هم همان است",
    "the others are open": "دربارهٔ بقیه نمی‌توان گفت",
    "No item goes against its dimension beyond chance": (
        "هیچ گویه‌ای به‌طور معنادار خلاف بُعد خود نیست"
    ),
    "No item goes against its dimension beyond chance; not every one goes with it beyond chance": (
        "هیچ گویه‌ای به‌طور معنادار خلاف بُعد خود نیست؛ همه نیز به‌طور معنادار با آن هم‌سو نیستند"
    ),
    "the choice of weights does not matter here": "گزینش وزن‌ها در اینجا اثری ندارد",
    "under another way another is worse beyond chance: settle first whose weights count": (
        "با شیوه‌ای دیگر بُعدی دیگر به‌طور معنادار بدتر است: نخست روشن کنید وزن‌های چه کسی معتبر است"
    ),
    "under another way another may be worse, but not beyond chance: look at both": (
        "با شیوه‌ای دیگر شاید بُعدی دیگر بدتر باشد، اما نه به‌طور معنادار: هر دو را ببینید"
    ),
    "Straight-liners: none": "پاسخ‌دهندهٔ یکنواختی نیست",
    "No item goes against the others of its dimension beyond chance": (
        "هیچ گویه‌ای به‌طور معنادار خلاف دیگر گویه‌های بُعد خود نیست"
    ),
    "Nothing to set beside the result: no straight-liners and no weights": (
        "چیزی برای گذاشتن در کنار نتیجه نیست: نه پاسخ‌دهندهٔ یکنواخت هست و نه وزن"
    ),
    "correlation with satisfaction": "همبستگی با رضایت",
    "Rank of each dimension by mean (weighted) gap; 1: the worst": (
        "رتبهٔ هر بُعد بر پایهٔ میانگین شکاف (وزنی)؛ ۱: بدترین"
    ),
    "not sure": "نامطمئن",
    "all respondents": "همهٔ پاسخ‌دهندگان",
    "Groups of too few answers stand together, without figures": (
        "گروه‌های کم‌پاسخ با هم و بی‌عدد آمده‌اند"
    ),
    "No groups are described": "گروهی توصیف نشده است",
    "No attributes are described: there are no groups to compare": (
        "ویژگی‌ای توصیف نشده است: گروهی برای مقایسه نیست"
    ),
    "Every group is suppressed: there is no map to draw": (
        "همهٔ گروه‌ها پنهان‌اند: نقشه‌ای برای کشیدن نیست"
    ),
    "Managers and staff were not asked.": "از مدیران و کارکنان پرسیده نشد.",
    "Gaps 1 to 4 are not known: no servqual_internal is described": (
        "شکاف‌های ۱ تا ۴ نامعلوم‌اند: ورودی servqual_internal توصیف نشده است"
    ),
    "There is no earlier wave to compare with": "موج پیشینی برای مقایسه نیست",
    "Expectations were not asked: they have no ceiling and no ties": (
        "انتظارها پرسیده نشد: نه سقفی دارند و نه برابری"
    ),
    "Below what customers would just accept": "پایین‌تر از کمترین حد پذیرفتنی مشتریان",
    "Acceptable, short of what they desire": "پذیرفتنی، کمتر از آنچه دلخواه آنان است",
    "Above what they desire": "بالاتر از آنچه دلخواه آنان است",
    "Not told from an edge of the zone": "از مرز ناحیه بازشناخته نشد",
    "Placed nowhere, as the least acceptable level exceeds the desired one": (
        "جایی ندارد، چون کمترین سطح پذیرفتنی از سطح دلخواه بیشتر است"
    ),
    "Fewer than 10 (effective) answers": "کمتر از ۱۰ پاسخ (مؤثر)",
    "within": "درون ناحیه",
    "not told from an edge": "از مرز بازشناخته نشد",
    "inverted zone": "ناحیهٔ وارونه",
    "There is no zone of tolerance: nobody stated the least acceptable level, the "
    "desired level and the perceived one of the same item": (
        "ناحیهٔ تحملی نیست: هیچ‌کس کمترین سطح پذیرفتنی، سطح دلخواه و سطح ادراک‌شدهٔ یک "
        "گویه را با هم نگفته است"
    ),
    "perceived low": "ادراک‌شده، کران پایین",
    "perceived high": "ادراک‌شده، کران بالا",
    "scores": "امتیازها",
    "definition": "تعریف",
    "n first": "تعداد نخست",
    "n second": "تعداد دوم",
    "not told from zero": "از صفر بازشناخته نشد",
    "falls short": "کمتر",
    "exceeds": "بیشتر",
    "customers' perception - customers' expectation": "ادراک مشتریان − انتظار مشتریان",
    "customers' perception": "ادراک مشتریان",
    "perceptions (SERVPERF)": "ادراک‌ها (سروپرف)",
    "gaps (SERVQUAL)": "شکاف‌ها (سروکوال)",
    "expectations and perceptions apart": "انتظارها و ادراک‌ها جدا",
    "perceptions less gaps": "ادراک‌ها منهای شکاف‌ها",
    "predictors": "پیش‌بین‌ها",
    "r2 adjusted": "R² تعدیل‌شده",
    "r2_adjusted": "R² تعدیل‌شده",
    "R² difference": "تفاوت R²",
    "r difference": "تفاوت r",
    "answer": "پاسخ",
    "answers": "پاسخ‌ها",
    "expectation": "انتظار",
    "perception": "ادراک",
    "all items": "همهٔ گویه‌ها",
    "Perceptions alone explain satisfaction better than gaps do": (
        "ادراک‌ها به‌تنهایی رضایت را بهتر از شکاف‌ها توضیح می‌دهند"
    ),
    "Gaps explain satisfaction better than perceptions alone": (
        "شکاف‌ها رضایت را بهتر از ادراک‌ها به‌تنهایی توضیح می‌دهند"
    ),
    "omega": "امگا",
    "composite reliability": "پایایی مرکب",
    "average variance extracted": "میانگین واریانس استخراج‌شده",
    "variance extracted": "واریانس استخراج‌شده",
    "figure": "عدد",
    "items": "گویه‌ها",
    "Of the gaps: omega, composite reliability, variance extracted": (
        "دربارهٔ شکاف‌ها: امگا، پایایی مرکب، واریانس استخراج‌شده"
    ),
    "Of the perceptions: omega, composite reliability, variance extracted": (
        "دربارهٔ ادراک‌ها: امگا، پایایی مرکب، واریانس استخراج‌شده"
    ),
    "r with others": "r با دیگران",
    "r_low": "r، کران پایین",
    "r_high": "r، کران بالا",
    "alpha without": "آلفا بی آن",
    "alpha low": "آلفا، کران پایین",
    "alpha high": "آلفا، کران بالا",
    "alpha_low": "آلفا، کران پایین",
    "alpha_high": "آلفا، کران بالا",
    "performance_low": "عملکرد، کران پایین",
    "performance_high": "عملکرد، کران بالا",
    "importance_low": "اهمیت، کران پایین",
    "importance_high": "اهمیت، کران بالا",
    "perceived_low": "ادراک‌شده، کران پایین",
    "perceived_high": "ادراک‌شده، کران بالا",
    "expectation_sd": "انحراف معیار انتظار",
    "perception_sd": "انحراف معیار ادراک",
    "bca_low": "BCa، کران پایین",
    "bca_high": "BCa، کران بالا",
    "label": "برچسب",
    "stands": "برقرار",
    "do not stand": "برقرار نیستند",
    "cannot be judged": "داوری‌پذیر نیستند",
    "mean r": "میانگین r",
    "share on own factor": "سهم روی عامل خود",
    "same as": "یکی با",
    "other": "دیگری",
    "htmt": "HTMT",
    "loads highest on": "بیشترین بار روی",
    "uniqueness": "یگانگی",
    "Loadings on each dimension's factor, -1 to 1 (descriptive, without intervals)": (
        "بارها روی عامل هر بُعد، از ۱− تا ۱ (توصیفی، بی بازه)"
    ),
    "Points; standard deviation from this survey; power 80 %": (
        "به امتیاز؛ انحراف معیار از همین پیمایش؛ توان ۸۰٪"
    ),
    "effective_n": "تعداد مؤثر",
    "effective n": "تعداد مؤثر",
    "sd": "انحراف معیار",
    "detectable_gap": "شکاف دیدنی",
    "detectable_gap_holm": "شکاف دیدنی (هولم)",
    "detectable_group_difference": "تفاوت دیدنی گروه‌ها",
    "respondents_per_group": "پاسخ‌دهندهٔ هر گروه",
    "r with others: corrected item-total correlation": (
        "r با دیگران: همبستگی تصحیح‌شدهٔ گویه با مجموع"
    ),
    "alpha without: of the others, an item without which it rises fits badly": (
        "آلفا بی آن: آلفای دیگر گویه‌ها؛ گویه‌ای که بی آن آلفا بالا می‌رود خوب جا نمی‌افتد"
    ),
    "Reliability of the gap from that of its parts": "پایایی شکاف از پایایی اجزای آن",
    "A gap is a difference of two answers that go together, so it keeps the errors of "
    "both and loses what they share: it is less reliable than either, and where "
    "expectations hardly vary it says little that perceptions do not (Peter, Churchill "
    "& Brown 1993)": (
        "شکاف تفاوت دو پاسخ هم‌سو است، پس خطای هر دو را نگه می‌دارد و آنچه را مشترک است از "
        "دست می‌دهد: از هر دو کم‌پایاتر است و آنجا که انتظارها کم تغییر می‌کند چیز کمی بیش "
        "از ادراک‌ها می‌گوید (Peter, Churchill & Brown ۱۹۹۳)"
    ),
    "Expectations were not asked": "انتظارها پرسیده نشد",
    "These answers do not bear out all dimensions, so items alone are named": (
        "همهٔ بُعدها به‌طور معنادار در این پاسخ‌ها برقرار نیستند، پس تنها گویه‌ها نام برده می‌شوند"
    ),
    "the gaps are too alike": "شکاف‌ها بیش از اندازه همانندند",
    "nobody has a weighted score": "هیچ‌کس امتیاز وزنی ندارد",
    "No dimension as a whole stands out beyond chance": (
        "هیچ بُعدی در کل به‌طور معنادار برجسته نیست"
    ),
    "Importance does not set the dimensions apart either": ("اهمیت نیز بُعدها را از هم جدا نمی‌کند"),
    "No single item there stands out beyond chance": "هیچ گویه‌ای در آن به‌طور معنادار برجسته نیست",
    "Read the items and the overall gap, not the dimensions": (
        "گویه‌ها و شکاف کلی را بخوانید، نه بُعدها را"
    ),
    "No item lags behind beyond chance: careless answers could make no finding": (
        "هیچ گویه‌ای به‌طور معنادار عقب نیست: یافته‌ای نیست که پاسخ‌های سرسری بتواند بسازد"
    ),
    "With survey weights there is no BCa interval": "با وزن‌های پیمایش بازهٔ BCa نیست",
    "as reported": "چنان که گزارش شد",
    "without straight-liners": "بی پاسخ‌دهندگان یکنواخت",
    "Inside the company no gap falls short beyond chance over all items": (
        "درون سازمان هیچ شکافی در همهٔ گویه‌ها به‌طور معنادار کم ندارد"
    ),
    "own mean perception": "میانگین ادراک خود فرد",
    "own mean": "میانگین خود",
    "expectations": "انتظارها",
    "each respondent's own mean": "میانگین خود هر پاسخ‌دهنده",
    "the same for all respondents": "برای همهٔ پاسخ‌دهندگان یکی",
    "a single item": "یک گویه",
    "too few or constant answers": "پاسخ‌های کم یا یکسان",
    "Do the groups differ": "آیا گروه‌ها تفاوت دارند",
    "weaker than the same respondents find the rest": (
        "ضعیف‌تر از آنچه همان پاسخ‌دهندگان در بقیه می‌بینند"
    ),
    "no satisfaction question": "بی پرسش رضایت",
    "no expectations were asked": "انتظاری پرسیده نشد",
    "too few to tell": "کمتر از آن که بتوان گفت",
}

SENTENCES = {
    "{n} respondents reported of {k} in the file: {data}": (
        "{n} پاسخ‌دهنده از {k} تای فایل گزارش شد: {data}"
    ),
    "{n} items in {k} dimensions, answers {low} to {high}": (
        "{n} گویه در {k} بُعد، پاسخ‌ها از {low} تا {high}"
    ),
    "Instrument: {data}": "ابزار: {data}",
    "the items share too little (KMO {gap})": "گویه‌ها اشتراک اندکی دارند (KMO {gap})",
    "Fix first where service falls short, by gap × importance": (
        "آنجا که خدمت کم دارد نخست این‌ها را اصلاح کنید، بر پایهٔ شکاف × اهمیت"
    ),
    "By importance, service falls short most in {name}": (
        "با در نظر گرفتن اهمیت، خدمت بیش از همه در {name} کم دارد"
    ),
    "experience is {k} points below expectation, on a scale of {least} to {most} (gap {gap}, "
    "{level} % interval {low} to {high}, n = {n}; weighted by importance the worst in {share} of "
    "resamples)": (
        "تجربه {k} امتیاز پایین‌تر از انتظار است، در مقیاس {least} تا {most} (شکاف {gap}، بازهٔ "
        "{level}٪: {low} تا {high}، تعداد {n}؛ با وزن اهمیت در {share} بازنمونه‌ها بدترین)"
    ),
    "experience is {k} points below expectation, on a scale of {least} to {most} (gap {gap}, "
    "{level} % interval {low} to {high}, n = {n}; weighted by importance the worst in {share} of "
    "resamples, "
    "so it may well be another)": (
        "تجربه {k} امتیاز پایین‌تر از انتظار است، در مقیاس {least} تا {most} (شکاف {gap}، بازهٔ "
        "{level}٪: {low} تا {high}، تعداد {n}؛ با وزن اهمیت در {share} بازنمونه‌ها بدترین، پس شاید "
        "دیگری باشد)"
    ),
    'about as much "{item}" (gap {gap}, {level} % interval {low} to {high})': (
        "کمابیش به همان اندازه «{item}» (شکاف {gap}، بازهٔ {level}٪: {low} تا {high})"
    ),
    '"{item}" (gap {gap}, {level} % interval {low} to {high})': (
        "«{item}» (شکاف {gap}، بازهٔ {level}٪: {low} تا {high})"
    ),
    "Fix first": "نخست اصلاح کنید",
    "our customers' own weights": "وزن‌های خود مشتریان ما",
    "the standard weights that come with the questionnaire": "وزن‌های معیار همراه پرسش‌نامه",
    "how closely each goes with satisfaction": "همراهی هر یک با رضایت",
    "equal weights": "وزن‌های برابر",
    "By {basis} instead of {used}, {name} would be worst": (
        "با {basis} به‌جای {used}، {name} بدترین می‌شد"
    ),
    "By {one} or by {other} instead of {used}, {name} would be worst": (
        "با {one} یا {other} به‌جای {used}، {name} بدترین می‌شد"
    ),
    "by {basis} instead of {used}, {name} would be worst": (
        "با {basis} به‌جای {used}، {name} بدترین می‌شد"
    ),
    "by {one} or by {other} instead of {used}, {name} would be worst": (
        "با {one} یا {other} به‌جای {used}، {name} بدترین می‌شد"
    ),
    "Settle first whose weights count": "نخست روشن کنید وزن‌های چه کسی معتبر است",
    "{k} of {n} ways of weighing say {name}": "{k} از {n} راه وزن‌دهی {name} را می‌گوید",
    "Managers think that customers expect less than they do": (
        "مدیران گمان می‌کنند مشتریان کمتر از آنچه می‌خواهند انتظار دارند"
    ),
    "Standards ask for less than managers think that customers expect": (
        "استانداردها کمتر از آن است که مدیران انتظار مشتریان می‌پندارند"
    ),
    "Staff deliver less than the standards ask for": (
        "کارکنان کمتر از آنچه استانداردها می‌خواهد می‌دهند"
    ),
    "Staff deliver less than we promise": "کارکنان کمتر از آنچه وعده می‌دهیم می‌دهند",
    "Managers think that customers expect less than they do, most in {name}": (
        "مدیران گمان می‌کنند مشتریان کمتر از آنچه می‌خواهند انتظار دارند، بیش از همه در {name}"
    ),
    "Standards ask for less than managers think that customers expect, most in {name}": (
        "استانداردها کمتر از آن است که مدیران انتظار مشتریان می‌پندارند، بیش از همه در {name}"
    ),
    "Staff deliver less than the standards ask for, most in {name}": (
        "کارکنان کمتر از آنچه استانداردها می‌خواهد می‌دهند، بیش از همه در {name}"
    ),
    "Staff deliver less than we promise, most in {name}": (
        "کارکنان کمتر از آنچه وعده می‌دهیم می‌دهند، بیش از همه در {name}"
    ),
    "{name} {gap} ({level} % interval {low} to {high}, n = {n})": (
        "{name} {gap} (بازهٔ {level}٪: {low} تا {high}، تعداد {n})"
    ),
    "So ask customers": "پس از مشتریان بپرسید",
    "So raise them": "پس آن‌ها را بالا ببرید",
    "So find out what keeps them from it": "پس بیابید چه مانع آنان است",
    "So promise only what can be kept": "پس تنها آنچه را شدنی است وعده دهید",
    "ask customers": "از مشتریان بپرسید",
    "raise them": "آن‌ها را بالا ببرید",
    "find out what keeps them from it": "بیابید چه مانع آنان است",
    "promise only what can be kept": "تنها آنچه را شدنی است وعده دهید",
    "Worse beyond chance than customers would just accept": (
        "به‌طور معنادار بدتر از کمترین حد پذیرفتنی مشتریان"
    ),
    "{item} (gap {gap}, {level} % interval {low} to {high}, among the worst three in {share} "
    "of resamples)": (
        "«{item}» (شکاف {gap}، بازهٔ {level}٪: {low} تا {high}، در {share} بازنمونه‌ها میان "
        "سه بدترین)"
    ),
    "the first {k} of {n} items that lag behind beyond chance": (
        "نخستین {k} از {n} گویه‌ای که به‌طور معنادار عقب‌اند"
    ),
    "Of the dimensions that stand out beyond chance, {name} (the worst by weighted gap in {share} "
    "of resamples) weighs most": (
        "از بُعدهایی که به‌طور معنادار برجسته‌اند، {name} (در {share} بازنمونه‌ها بدترین شکاف وزنی) "
        "بیشترین وزن را دارد"
    ),
    "Perceptions fall short of expectations": "ادراک‌ها از انتظارها کمتر است",
    "Perceptions exceed expectations": "ادراک‌ها از انتظارها بیشتر است",
    "mean gap {gap}": "میانگین شکاف {gap}",
    "weighted by respondents' own points {score}": ("وزن‌دار با امتیازهای خود پاسخ‌دهندگان {score}"),
    "below what customers would just accept, beyond chance": (
        "به‌طور معنادار پایین‌تر از کمترین حد پذیرفتنی مشتریان"
    ),
    "{name} is lowest by {attribute} in {group} ({gap}, {level} % interval {low} to {high}, "
    "n = {n}), beyond chance": (
        "«{name}» از نظر {attribute} در {group} از همه پایین‌تر است ({gap}، بازهٔ {level}٪: "
        "{low} تا {high}، تعداد {n})، به‌طور معنادار"
    ),
    "Inside the company these fall short beyond chance, the widest first": (
        "درون سازمان این‌ها به‌طور معنادار کم دارند، پهن‌ترین نخست"
    ),
    "gap {k} (service as staff deliver it - promises made outside) {gap}": (
        "شکاف {k} (خدمت چنان که کارکنان می‌دهند − وعده‌های داده‌شده در بیرون) {gap}"
    ),
    "By dimension, short beyond chance": "بر حسب بُعد، به‌طور معنادار کمتر",
    "gap {k}": "شکاف {k}",
    "{name} {value} ({level} % interval {low} to {high})": (
        "{name} {value} (بازهٔ {level}٪: {low} تا {high})"
    ),
    "Since the wave named {wave}, worse beyond chance": (
        "از موجی به نام {wave}، به‌طور معنادار بدتر"
    ),
    "Since the wave named {wave}, better beyond chance": (
        "از موجی به نام {wave}، به‌طور معنادار بهتر"
    ),
    "unclear whether changed": "روشن نیست که دگرگون شده باشد",
    "With which dimension satisfaction goes along most cannot be told": (
        "نمی‌توان گفت رضایت با کدام بُعد بیشتر همراه است"
    ),
    "r from {low} ({first}) to {high} ({last}, first in {share} of resamples), n = {n}": (
        "r از {low} ({first}) تا {high} ({last}، در {share} بازنمونه‌ها نخست)، تعداد {n}"
    ),
    "{n} respondents with answers": "{n} پاسخ‌دهنده پاسخ داده‌اند",
    "{k} of {n} items lag behind beyond chance": "{k} از {n} گویه به‌طور معنادار عقب‌اند",
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
    "beyond chance below zero and below the same respondents' other items (both Holm, both by a "
    "tenth of a standard deviation or more)": (
        "به‌طور معنادار کمتر از صفر و کمتر از گویه‌های دیگر همان پاسخ‌دهندگان (هر دو با تصحیح هولم "
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
    "Change of each item (*: beyond chance, Holm)": "تغییر هر گویه (*: به‌طور معنادار، هولم)",
    "mean answer ({low} to {high})": "میانگین پاسخ ({low} تا {high})",
    "pure noise, {level} % quantile": "نوفهٔ ناب، چندک {level}٪",
    "gap, P − E": "شکاف، ادراک − انتظار",
    "Gap {k}": "شکاف {k}",
    "({low} to {high})": "({low} تا {high})",
    "Of {n} scales {k} are .7 or more in reliability (Cronbach's alpha, whole interval), {low} "
    "less": (
        "از {n} مقیاس، پایایی {k} مقیاس با همهٔ بازه‌اش ۰٫۷ یا بیشتر است (آلفای کرونباخ) و {low} "
        "مقیاس کمتر"
    ),
    "{n} respondents gave the same answer throughout": "{n} پاسخ‌دهنده سراسر یک پاسخ داده‌اند",
    "without them {k} of the {n} items that lag behind still do": (
        "بی آنان {k} گویه از {n} گویه‌ای که به‌طور معنادار عقب‌اند چنین می‌مانند"
    ),
    "Whether answers were read cannot be told": "نمی‌توان گفت پاسخ‌ها خوانده شده است یا نه",
    "{name} comes out worst under {k} of {n} ways to weigh": (
        "«{name}» در {k} از {n} شیوهٔ وزن‌دهی بدترین است"
    ),
    "wave {k} of {waves}": "موج {k} از {waves}",
    "Share of respondents with P below, at and above E, {level} % interval": (
        "سهم پاسخ‌دهندگانی که ادراکشان کمتر از انتظار، برابر آن یا بیشتر است، بازهٔ {level}٪"
    ),
    "Share of respondents with P below, at and above own mean, {level} % interval": (
        "سهم پاسخ‌دهندگانی که ادراکشان کمتر از میانگین خودشان، برابر آن یا بیشتر است، بازهٔ {level}٪"
    ),
    "{share} of expectations are at the ceiling, {gap} of the {n} pairs are ties (not "
    "weighted)": "{share} انتظارها در سقف است و {gap} از {n} جفت برابرند (بی وزن)",
    "{n} of {k} respondents dealt out points": "{n} از {k} پاسخ‌دهنده امتیاز بخش کرده‌اند",
    "{n} of {k} respondents dealt out points: fewer than {few}, so they are not used": (
        "{n} از {k} پاسخ‌دهنده امتیاز بخش کرده‌اند: کمتر از {few}، پس به کار نرفته است"
    ),
    "half of the respondents": "نیمی از پاسخ‌دهندگان",
    "half of the respondents by weight": "نیمی از پاسخ‌دهندگان با وزن",
    "Importance used": "اهمیت به‌کاررفته",
    "Weighted score under each scheme": "امتیاز وزنی با هر شیوه",
    "chance of rank {k}, of {n} resamples": "بخت رتبهٔ {k}، از {n} بازنمونه",
    "{k} of {n} items lie in their quadrant beyond chance": (
        "{k} از {n} گویه به‌طور معنادار در ربع خود جای دارند"
    ),
    "mean perception": "میانگین ادراک",
    "correlation with satisfaction, n ≥ {n}": "همبستگی با رضایت، تعداد دست‌کم {n}",
    "gap, P − E, all items, in points": "شکاف، ادراک − انتظار، همهٔ گویه‌ها، به امتیاز",
    "gap, P − E in points": "شکاف، ادراک − انتظار، به امتیاز",
    "mean perception, P in points": "میانگین ادراک، به امتیاز",
    "mean perception, P, all items, in points": "میانگین ادراک، همهٔ گویه‌ها، به امتیاز",
    "gap, P − E in points, {level} % interval (t)": (
        "شکاف، ادراک − انتظار، به امتیاز، بازهٔ {level}٪ (t)"
    ),
    "mean perception, P in points, {level} % interval (t)": (
        "میانگین ادراک، به امتیاز، بازهٔ {level}٪ (t)"
    ),
    "{level} % interval of omega squared": "بازهٔ {level}٪ مجذور امگا",
    "{n} not tested, for want of two groups that are large enough": (
        "{n} آزموده نشد، زیرا دو گروه به‌اندازهٔ کافی بزرگ نبود"
    ),
    "{level} % interval of the change": "بازهٔ {level}٪ تغییر",
    "branch: {name}": "شعبه: {name}",
    "channel: {name}": "کانال: {name}",
    "age band: {name}": "گروه سنی: {name}",
    "all respondents: all": "همهٔ پاسخ‌دهندگان",
    "{n} smaller groups": "{n} گروه کوچک‌تر",
    "Mean levels, {low} to {high}": "میانگین سطح‌ها، {low} تا {high}",
    "perceived, with its {level} % interval": "ادراک‌شده، با بازهٔ {level}٪ آن",
    "Share of respondents served below their own zone, {level} % interval": (
        "سهم پاسخ‌دهندگانی که خدمتشان پایین‌تر از ناحیهٔ خودشان بود، بازهٔ {level}٪"
    ),
    "Not told from zero, allowing for the number of tests": (
        "با درنظرگرفتن شمار آزمون‌ها از صفر بازشناخته نشد"
    ),
    "Above zero beyond chance": "به‌طور معنادار بالاتر از صفر",
    "Not known": "نامعلوم",
    "All items, in points": "همهٔ گویه‌ها، به امتیاز",
    "By dimension: {text}": "بر حسب بُعد: {text}",
    "they explain {low} and {high} of its variance, a difference of {gap} in R² "
    "({level} % interval {least} to {most}, n = {n})": (
        "{low} و {high} واریانس آن را توضیح می‌دهند، با تفاوت {gap} در R² (بازهٔ {level}٪: "
        "{least} تا {most}، تعداد {n})"
    ),
    "Whether perceptions or gaps explain satisfaction better cannot be told from these "
    "answers": "از این پاسخ‌ها نمی‌توان گفت ادراک‌ها رضایت را بهتر توضیح می‌دهند یا شکاف‌ها",
    "Perceptions cannot be set beside gaps: {reason}": (
        "ادراک‌ها را نمی‌توان کنار شکاف‌ها گذاشت: {reason}"
    ),
    "Cronbach's alpha, {level} % interval": "آلفای کرونباخ، بازهٔ {level}٪",
    "Alpha may be below .7 or is not known: {names}": (
        "آلفا شاید کمتر از ۰٫۷ باشد یا معلوم نیست: {names}"
    ),
    "{name} (expectation)": "{name} (انتظار)",
    "{name} (perception)": "{name} (ادراک)",
    "{name} (gap)": "{name} (شکاف)",
    "{level} % interval of the gaps": "بازهٔ {level}٪ شکاف‌ها",
    "{level} % interval of the perceptions": "بازهٔ {level}٪ ادراک‌ها",
    "Gaps: {text}": "شکاف‌ها: {text}",
    "Perceptions: {text}": "ادراک‌ها: {text}",
    "{k} of {n} dimensions stand in these answers (n = {least}): {names}": (
        "{k} از {n} بُعد در این پاسخ‌ها برقرار است (تعداد {least}): {names}"
    ),
    "{k} of {n} dimensions stands in these answers (n = {least}): {names}": (
        "{k} از {n} بُعد در این پاسخ‌ها برقرار است (تعداد {least}): {names}"
    ),
    "items that do not gather on a factor of their own: {names}": (
        "گویه‌های این‌ها روی عامل خودشان گرد نمی‌آیند: {names}"
    ),
    "not told apart: {names}": "از هم بازشناخته نشدند: {names}",
    "The answers hold about {n} factor": "در پاسخ‌ها حدود {n} عامل هست",
    "The answers hold about {n} factors": "در پاسخ‌ها حدود {n} عامل هست",
    "They hold about {n} factors": "حدود {n} عامل در آن‌ها هست",
    "They hold about {n} factor, as is found where dimensions go together": (
        "حدود {n} عامل در آن‌ها هست، چنان که در بُعدهای همراه دیده می‌شود"
    ),
    "The {k} dimensions do not stand: these answers (n = {n}) hold about {least} factor ({why})": (
        "{k} بُعد برقرار نیستند: در این پاسخ‌ها (تعداد {n}) حدود {least} عامل هست ({why})"
    ),
    "The {k} dimensions do not stand: these answers (n = {n}) hold about {least} factors ({why})": (
        "{k} بُعد برقرار نیستند: در این پاسخ‌ها (تعداد {n}) حدود {least} عامل هست ({why})"
    ),
    "The one dimension stands: these answers (n = {n}) hold about 1 factor": (
        "تنها بُعد برقرار است: در این پاسخ‌ها (تعداد {n}) حدود ۱ عامل هست"
    ),
    "One dimension is not enough: these answers (n = {n}) hold about {k} factors": (
        "یک بُعد بس نیست: در این پاسخ‌ها (تعداد {n}) حدود {k} عامل هست"
    ),
    "Whether the dimensions stand cannot be judged: {reason}": (
        "دربارهٔ برقراری بُعدها نمی‌توان داوری کرد: {reason}"
    ),
    "{n} respondents answered all items, fewer than {k} an item": (
        "{n} پاسخ‌دهنده به همهٔ گویه‌ها پاسخ دادند، کمتر از {k} نفر برای هر گویه"
    ),
    "fewer than {n} respondents answered {k} items or more": (
        "کمتر از {n} پاسخ‌دهنده به {k} گویه یا بیشتر پاسخ دادند"
    ),
    "Left out, for all answers to them are the same: {items}": (
        "کنار گذاشته، چون همهٔ پاسخ‌ها به آن‌ها یکی است: {items}"
    ),
    "Not checked, for want of two items: {names}": "بررسی نشد، چون دو گویه ندارند: {names}",
    "Read the loadings with care: they leave no variance of its own to {items}": (
        "بارها را با احتیاط بخوانید: واریانس ویژه‌ای برای این گویه نمی‌ماند: {items}"
    ),
    "{level} % interval of the mean r of items": "بازهٔ {level}٪ میانگین r گویه‌ها",
    "Of the gaps": "دربارهٔ شکاف‌ها",
    "Of the perceptions": "دربارهٔ ادراک‌ها",
    "Suitability (Kaiser-Meyer-Olkin, .5 at least): KMO {gap}": (
        "سازگاری (Kaiser-Meyer-Olkin، دست‌کم ۰٫۵): KMO {gap}"
    ),
    "n {n}": "تعداد {n}",
    "factors {n}": "عامل‌ها {n}",
    "pure noise, {level}% quantile": "نوفهٔ ناب، چندک {level}٪",
    "from {low} ({first}, {one}) to {high} ({last}, {other})": (
        "از {low} ({first}، {one}) تا {high} ({last}، {other})"
    ),
    "{name} is lowest by {attribute} in {group} ({gap}, {level} % interval {low} to "
    "{high}, n = {n}), not told from {k} of {most} others": (
        "«{name}» از نظر {attribute} در {group} از همه پایین‌تر است ({gap}، بازهٔ "
        "{level}٪: {low} تا {high}، تعداد {n})، که از {k} از {most} گروه دیگر بازشناخته نمی‌شود"
    ),
    "is lowest by {attribute} in {group} ({gap}, {level} % interval {low} to {high}, n = {n}), "
    "beyond chance": (
        "از نظر {attribute} در {group} از همه پایین‌تر است ({gap}، بازهٔ {level}٪: {low} تا {high}، "
        "تعداد {n})، به‌طور معنادار"
    ),
    "is lowest by {attribute} in {group} ({gap}, {level} % interval {low} to {high}, n = {n}), "
    "not told from {k} of {most} others": (
        "از نظر {attribute} در {group} از همه پایین‌تر است ({gap}، بازهٔ {level}٪: {low} تا {high}، "
        "تعداد {n})، که از {k} از {most} گروه دیگر بازشناخته نمی‌شود"
    ),
    "{name} falls short in all {share} groups by {attribute}, most in {group} ({gap}, {level} % "
    "interval {low} to {high}, n = {n}), beyond chance": (
        "«{name}» در هر {share} گروه از نظر {attribute} کم دارد، بیش از همه در {group} ({gap}، "
        "بازهٔ {level}٪: {low} تا {high}، تعداد {n})، به‌طور معنادار"
    ),
    "{name} falls short in all {share} groups by {attribute}, most in {group} ({gap}, {level} % "
    "interval {low} to {high}, n = {n}), not told from {k} of {most} others": (
        "«{name}» در هر {share} گروه از نظر {attribute} کم دارد، بیش از همه در {group} ({gap}، "
        "بازهٔ {level}٪: {low} تا {high}، تعداد {n})، که از {k} از {most} گروه دیگر بازشناخته نمی‌شود"
    ),
    "falls short in all {share} groups by {attribute}, most in {group} ({gap}, {level} % interval "
    "{low} to {high}, n = {n}), beyond chance": (
        "در هر {share} گروه از نظر {attribute} کم دارد، بیش از همه در {group} ({gap}، "
        "بازهٔ {level}٪: {low} تا {high}، تعداد {n})، به‌طور معنادار"
    ),
    "falls short in all {share} groups by {attribute}, most in {group} ({gap}, {level} % interval "
    "{low} to {high}, n = {n}), not told from {k} of {most} others": (
        "در هر {share} گروه از نظر {attribute} کم دارد، بیش از همه در {group} ({gap}، "
        "بازهٔ {level}٪: {low} تا {high}، تعداد {n})، که از {k} از {most} گروه دیگر بازشناخته نمی‌شود"
    ),
    "Worse than in the wave named {wave}, most of all {name} {value} ({level} % interval {low} to "
    "{high})": (
        "بدتر از موجی به نام {wave}، بیش از همه {name} {value} (بازهٔ {level}٪: {low} تا {high})"
    ),
    "Since the wave named {wave} only {name} {value} ({level} % interval {low} to {high}) is "
    "shown to be worse": (
        "از موجی به نام {wave} تاکنون تنها بدتر شدن {name} {value} (بازهٔ {level}٪: {low} تا "
        "{high}) نشان داده شده است"
    ),
    "Try one alone, in places or on days picked at random, and measure there and elsewhere": (
        "یکی را به‌تنهایی در جاها یا روزهایی، به قید قرعه، بیازمایید و آنجا و جاهای دیگر را بسنجید"
    ),
    "Also": "همچنین",
    "managers think that customers expect less than they do ({names})": (
        "مدیران گمان می‌کنند مشتریان کمتر از آنچه می‌خواهند انتظار دارند ({names})"
    ),
    "standards ask for less than managers think that customers expect ({names})": (
        "استانداردها کمتر از آن است که مدیران انتظار مشتریان می‌پندارند ({names})"
    ),
    "staff deliver less than the standards ask for ({names})": (
        "کارکنان کمتر از آنچه استانداردها می‌خواهد می‌دهند ({names})"
    ),
    "staff deliver less than we promise ({names})": (
        "کارکنان کمتر از آنچه وعده می‌دهیم می‌دهند ({names})"
    ),
    "Standards ask for less than managers think that customers expect ({names})": (
        "استانداردها کمتر از آن است که مدیران انتظار مشتریان می‌پندارند ({names})"
    ),
    "Staff deliver less than the standards ask for ({names})": (
        "کارکنان کمتر از آنچه استانداردها می‌خواهد می‌دهند ({names})"
    ),
    "Staff deliver less than we promise ({names})": (
        "کارکنان کمتر از آنچه وعده می‌دهیم می‌دهند ({names})"
    ),
    "{k} left out for want of points or answers": (
        "{k} نفر برای نبود امتیاز یا پاسخ کنار گذاشته شد"
    ),
    "No groups differ beyond chance in {dimension}": (
        "هیچ گروهی به‌طور معنادار در {dimension} تفاوت ندارد"
    ),
    "Since the wave named {wave}, {told}": "از موجی به نام {wave}، {told}",
    "worse beyond chance: {names}": "به‌طور معنادار بدتر: {names}",
    "better beyond chance: {names}": "به‌طور معنادار بهتر: {names}",
    "too few answers: {names}": "پاسخ‌های بسیار کم: {names}",
    "Where satisfaction comes from is not known: {reason}": "خاستگاه رضایت معلوم نیست: {reason}",
    "Only the correlation of satisfaction with {name} is known: {told}": (
        "تنها همبستگی رضایت با {name} معلوم است: {told}"
    ),
    "Satisfaction goes along most with {name}: r = {gap} ({level} % interval {low} to "
    "{high}), n = {n}": (
        "رضایت بیش از همه با {name} همراه است: r = {gap} (بازهٔ {level}٪: {low} تا "
        "{high})، تعداد {n}"
    ),
    "r = {gap} ({level} % interval {low} to {high}), n = {n}": (
        "r = {gap} (بازهٔ {level}٪: {low} تا {high})، تعداد {n}"
    ),
    "first in {share} of resamples": "در {share} بازنمونه‌ها نخست",
    "no correlation: fewer than {n} respondents, or effective ones": (
        "بی همبستگی: کمتر از {n} پاسخ‌دهنده، یا پاسخ‌دهندهٔ مؤثر"
    ),
    "What to fix first cannot be said: {reason}": "نمی‌توان گفت نخست چه باید اصلاح شود: {reason}",
    "What is weakest cannot be said: {reason}": "نمی‌توان گفت چه ضعیف‌ترین است: {reason}",
    "Weakest, by difference × importance": "ضعیف‌ترین‌ها، بر پایهٔ تفاوت × اهمیت",
    "experience is {k} points below expectation, on a scale of {least} to {most} (gap {gap}, "
    "{level} % interval {low} to {high}, n = {n})": (
        "تجربه {k} امتیاز پایین‌تر از انتظار است، در مقیاس {least} تا {most} (شکاف {gap}، بازهٔ "
        "{level}٪: {low} تا {high}، تعداد {n})"
    ),
    "Of the dimensions that stand out beyond chance, {name} (the worst by weighted gap in "
    "{share} of resamples, so it may well be another) weighs most": (
        "از بُعدهایی که به‌طور معنادار برجسته‌اند، {name} (در {share} بازنمونه‌ها بدترین شکاف "
        "وزنی، پس شاید دیگری باشد) بیشترین وزن را دارد"
    ),
    "{name} comes before it, but for its importance: its gap is not larger beyond chance": (
        "«{name}» تنها به سبب اهمیتش پیش از آن می‌آید: شکاف آن به‌طور معنادار بزرگ‌تر نیست"
    ),
    "Only importance sets the dimensions apart: {name} weighs most, {n} of 100 points": (
        "تنها اهمیت بُعدها را از هم جدا می‌کند: {name} بیشترین وزن را دارد، {n} امتیاز از ۱۰۰"
    ),
    "{n} respondents are too few to tell": "{n} پاسخ‌دهنده کمتر از آن است که بتوان گفت",
    "by their weights {n} respondents count for {k}, too few to tell": (
        "با وزن‌ها {n} پاسخ‌دهنده به‌اندازهٔ {k} نفر می‌ارزند، کمتر از آن که بتوان گفت"
    ),
    "nothing falls short of {against} beyond chance": (
        "هیچ چیز به‌طور معنادار کمتر از {against} نیست"
    ),
    "{item} ({gap} from the respondents' own mean, {level} % interval {low} to {high})": (
        "«{item}» ({gap} نسبت به میانگین خود پاسخ‌دهندگان، بازهٔ {level}٪: {low} تا {high})"
    ),
    "Perceptions cannot be told from expectations": "ادراک‌ها از انتظارها بازشناخته نمی‌شود",
    "Perceptions cannot be compared with expectations": "ادراک‌ها را نمی‌توان با انتظارها سنجید",
    "the mean perception is {text}": "میانگین ادراک {text} است",
    "left out of the weights, as nobody answered: {names}": (
        "از وزن‌ها کنار ماند، چون کسی پاسخ نداد: {names}"
    ),
    "weighted by points given with the instrument {score}": (
        "وزن‌دار با امتیازهای همراه پرسش‌نامه {score}"
    ),
    "weighted by points derived from satisfaction {score}": (
        "وزن‌دار با امتیازهای برآمده از رضایت {score}"
    ),
    "weighted by equal points {score}": "وزن‌دار با امتیازهای برابر {score}",
    "Share of straight-liners: {text}": "سهم پاسخ‌دهندگان یکنواخت: {text}",
    "Design effect of the weights: {text}": "اثر طرح وزن‌ها: {text}",
    "No longer sure without straight-liners: items {names}": (
        "بی پاسخ‌دهندگان یکنواخت دیگر قطعی نیست: گویه‌های {names}"
    ),
    "There is no map: {reason}": "نقشه‌ای نیست: {reason}",
    "Item {item} goes against the other items of {name} (r {gap}, {low} to {high}): "
    "check its wording, and `reverse` in the instrument": (
        "گویهٔ {item} خلاف گویه‌های دیگر {name} است (r {gap}، {low} تا {high}): عبارت آن و "
        "`reverse` را در پرسش‌نامه ببینید"
    ),
    "Item {item} goes against the other items of {name} (r {gap}, {low} to {high}): so "
    "do most of them, so which are reversed is for the wording": (
        "گویهٔ {item} خلاف گویه‌های دیگر {name} است (r {gap}، {low} تا {high}): بیشتر "
        "آن‌ها نیز چنین‌اند، پس عبارت‌ها باید بگوید کدام وارونه است"
    ),
    "Check the questionnaire first: item {items} looks reverse-keyed, but is not "
    "declared so; until that is settled, do not act on what follows": (
        "نخست پرسش‌نامه را ببینید: گویهٔ {items} وارونه می‌نماید اما چنین اعلام نشده است؛ "
        "تا این روشن نشده، بر پایهٔ آنچه در پی می‌آید کاری نکنید"
    ),
    "Check the questionnaire first: items {items} look reverse-keyed, but are not "
    "declared so; until that is settled, do not act on what follows": (
        "نخست پرسش‌نامه را ببینید: گویه‌های {items} وارونه می‌نمایند اما چنین اعلام "
        "نشده‌اند؛ تا این روشن نشده، بر پایهٔ آنچه در پی می‌آید کاری نکنید"
    ),
}
