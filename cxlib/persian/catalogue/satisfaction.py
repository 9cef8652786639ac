"""The report on satisfaction, its changes and its drivers."""

LABELS = {
    "the response rate is not known": "نرخ پاسخ معلوم نیست",
    "How satisfied are customers, is it changing, and what drives it?": (
        "مشتریان چقدر راضی‌اند، آیا رضایت تغییر می‌کند و چه چیزی با آن همراه است؟"
    ),
    "From answers to estimates": "از پاسخ‌ها تا برآوردها",
    "The three metrics": "سه شاخص",
    "Weights, and those who did not answer": "وزن‌ها و آنان که پاسخ ندادند",
    "Over time: what is noise and what is change?": "در طول زمان: چه نوفه است و چه تغییر؟",
    "What changed, and why?": "چه تغییر کرد و چرا؟",
    "What could this survey see?": "این پیمایش چه را می‌توانست ببیند؟",
    "What goes with satisfaction: the drivers": "چه با رضایت همراه است: محرک‌ها",
    "Can the order of the drivers be believed?": "آیا می‌توان ترتیب محرک‌ها را باور کرد؟",
    "Objective indices beside the metrics": "شاخص‌های عینی در کنار شاخص‌های پیمایش",
    "Net promoter score": "خالص مروجان (NPS)",
    "Satisfaction, mean": "میانگین رضایت",
    "Ease, mean": "میانگین آسانی",
    "What goes with overall satisfaction": "چه با رضایت کلی همراه است",
    "overall satisfaction": "رضایت کلی",
    "band": "نوار",
    "what chance explains": "آنچه تصادف توضیح می‌دهد",
    "orange": "نارنجی",
    "no period stands out": "هیچ دوره‌ای برجسته نیست",
    "more than chance, alone": "بیش از تصادف، به‌تنهایی",
    "more than chance, together on one side of the centre": ("بیش از تصادف، با هم در یک سوی میانه"),
    "more than chance, alone or in a long run on one side of the centre": (
        "بیش از تصادف، به‌تنهایی یا در رشته‌ای بلند در یک سوی میانه"
    ),
    "band: what chance explains": "نوار: آنچه تصادف توضیح می‌دهد",
    "orange: more than chance, alone": "نارنجی: بیش از تصادف، به‌تنهایی",
    "orange: more than chance, together on one side of the centre": (
        "نارنجی: بیش از تصادف، با هم در یک سوی میانه"
    ),
    "orange: more than chance, alone or in a long run on one side of the centre": (
        "نارنجی: بیش از تصادف، به‌تنهایی یا در رشته‌ای بلند در یک سوی میانه"
    ),
    "share of what the drivers explain (LMG)": "سهم از آنچه محرک‌ها توضیح می‌دهند (LMG)",
    "share of what the drivers explain: LMG": "سهم از آنچه محرک‌ها توضیح می‌دهند: LMG",
    "share of what the drivers explain: Johnson's weights": (
        "سهم از آنچه محرک‌ها توضیح می‌دهند: وزن‌های جانسون"
    ),
    "standardized coefficient": "ضریب استاندارد",
    "share (LMG)": "سهم (LMG)",
    "coefficient": "ضریب",
    "chance of first": "بخت نخست بودن",
    "may lead": "شاید نخست",
    "driver": "محرک",
    "mean rating": "میانگین امتیاز",
    "a low rating": "امتیاز کم",
    "a high rating": "امتیاز زیاد",
    "odds ratio": "نسبت بخت‌ها",
    "blank": "بی‌پاسخ",
    "design effect": "اثر طرح",
    "known share": "سهم معلوم",
    "unweighted share": "سهم بی‌وزن",
    "weighted share": "سهم وزنی",
    "signal": "نشانه",
    "lower limit": "حد پایین",
    "upper limit": "حد بالا",
    "effect size": "اندازهٔ اثر",
    "rate": "نرخ",
    "mix": "ترکیب",
    "visible": "دیدنی",
    "sought": "خواسته",
    "answers needed": "پاسخ‌های لازم",
    "answers after": "پاسخ‌های پس",
    "answers before": "پاسخ‌های پیش",
    "index": "شاخص",
    "first": "نخست",
    "second": "دوم",
    "correlation": "همبستگی",
    "complaints": "شکایت‌ها",
    "market share pct": "سهم بازار (درصد)",
    "profit billion rials": "سود (میلیارد ریال)",
    "per 1,000": "در هر ۱٬۰۰۰",
    "no groups": "بی گروه",
    "channel": "کانال",
    "age band": "گروه سنی",
    "dates": "تاریخ‌ها",
    "weights": "وزن‌ها",
    "drivers": "محرک‌ها",
    "objective indices": "شاخص‌های عینی",
    "enough answers": "پاسخ کافی",
    "non-response": "بی‌پاسخی",
    "enough ratings": "امتیاز کافی",
    "drivers are told apart": "محرک‌ها از هم جدایند",
    "straight lines do": "خط راست بس است",
    "chance can explain them all": "تصادف همه را توضیح می‌دهد",
    "The rest may be noise": "بقیه شاید نوفه باشد",
    "No objective indices are described": "شاخص عینی توصیف نشده است",
    "a difference that chance alone hardly explains": (
        "تفاوتی که تصادف به‌تنهایی دشوار توضیح می‌دهد"
    ),
    "no interval": "بی بازه",
    "percentage points": "واحد درصد",
    "on the scale": "روی مقیاس",
    "all answers": "همهٔ پاسخ‌ها",
    "without weights": "بی وزن",
    "share of answers": "سهم پاسخ‌ها",
    "penalty": "جریمه",
    "reward": "پاداش",
    "basic need": "نیاز پایه",
    "excitement": "هیجان‌انگیز",
    "performance need": "نیاز عملکردی",
    "customers": "مشتریان",
    "those who answered": "پاسخ‌دهندگان",
    "no aspect matters more and is rated lower beyond chance": (
        "هیچ جنبه‌ای به‌طور معنادار هم مهم‌تر و هم با امتیاز کمتر نیست"
    ),
    "What to fix first cannot be told": "نمی‌توان گفت نخست چه باید اصلاح شود",
    "nps": "NPS",
    "csat": "CSAT",
    "ces": "CES",
    "as it is no count": "چون شمارش نیست",
    "nps latest": "NPS تازه‌ترین دوره",
    "csat share latest": "CSAT تازه‌ترین دوره",
    "ces share latest": "CES تازه‌ترین دوره",
    "csat mean latest": "میانگین CSAT تازه‌ترین دوره",
    "ces mean latest": "میانگین CES تازه‌ترین دوره",
    "nps change": "تغییر NPS",
    "csat share change": "تغییر CSAT",
    "ces share change": "تغییر CES",
    "csat share": "CSAT",
    "csat mean": "میانگین CSAT",
    "ces share": "CES",
    "ces mean": "میانگین CES",
    "csat mean change": "تغییر میانگین CSAT",
    "ces mean change": "تغییر میانگین CES",
    "nps unweighted": "NPS بی‌وزن",
    "csat share unweighted": "CSAT بی‌وزن",
    "ces share unweighted": "CES بی‌وزن",
    "csat mean unweighted": "میانگین CSAT بی‌وزن",
    "ces mean unweighted": "میانگین CES بی‌وزن",
    "r squared": "R²",
    "leading driver": "محرک نخست",
    "forest minus linear": "جنگل منهای خط راست",
    "centre": "میانه",
    "lower_limit": "حد پایین",
    "upper_limit": "حد بالا",
    "Wald": "والد",
    "adjusted Wald": "والد تعدیل‌شده",
    "weight": "وزن",
    "Cohen's d": "d کوهن",
    "Cohen's h": "h کوهن",
    "Cohen's w": "w کوهن",
    "points of the scale": "امتیاز مقیاس",
    "The response rate is not known (parameter response_rate): how far non-response "
    "moves the metrics cannot be bounded": (
        "نرخ پاسخ معلوم نیست (پارامتر response_rate): نمی‌توان گفت بی‌پاسخی شاخص‌ها را تا "
        "کجا جابه‌جا می‌کند"
    ),
    "The drivers say different things": "محرک‌ها چیزهای گوناگون می‌گویند",
    "their shares can be read one by one": "سهم‌هایشان را می‌توان یک‌به‌یک خواند",
    "difference: from all others; groups of too few answers stand together, without "
    "figures": "تفاوت: با همهٔ دیگران؛ گروه‌های کم‌پاسخ با هم و بی‌عدد آمده‌اند",
    "difference: from all others": "تفاوت: با همهٔ دیگران",
    "groups of too few answers stand together, without figures": (
        "گروه‌های کم‌پاسخ با هم و بی‌عدد آمده‌اند"
    ),
    "Net promoter score, points; share of (weighted) answers": (
        "خالص مروجان (NPS)، امتیاز؛ سهم از پاسخ‌های (وزن‌دار)"
    ),
    "share of (weighted) answers": "سهم از پاسخ‌های (وزن‌دار)",
    "below the limits": "پایین‌تر از حدها",
    "above the limits": "بالاتر از حدها",
    "below": "کمتر",
    "above": "بیشتر",
    "long run below the centre": "رشتهٔ بلند زیر میانه",
    "long run above the centre": "رشتهٔ بلند بالای میانه",
    "all groups": "همهٔ گروه‌ها",
    "They do not differ beyond chance": "به‌طور معنادار تفاوت ندارند",
    "They differ beyond chance, so what drives the others may differ too": (
        "به‌طور معنادار تفاوت دارند، پس محرک‌های دیگران هم شاید فرق کند"
    ),
    "lmg_share": "سهم LMG",
    "johnson_share": "سهم جانسون",
    "penalty_low": "جریمه، کران پایین",
    "penalty_high": "جریمه، کران بالا",
    "reward_low": "پاداش، کران پایین",
    "reward_high": "پاداش، کران بالا",
    "not told apart": "از هم بازشناخته نشد",
    "basic": "پایه",
    "performance": "عملکرد",
    "the two best answers": "دو پاسخ برتر",
    "every higher answer": "هر پاسخ بالاتر",
    "The forest": "جنگل",
    "Johnson's weight": "وزن جانسون",
    "Johnson's weights": "وزن‌های جانسون",
    "The model of the two best answers": "مدل دو پاسخ برتر",
    "The model of every higher answer": "مدل هر پاسخ بالاتر",
    "No weights and no known shares: all answers count alike": (
        "نه وزنی هست و نه سهم معلومی: همهٔ پاسخ‌ها یکسان شمرده می‌شوند"
    ),
    "The file's own survey weights are used; no known shares are declared": (
        "وزن‌های خود فایل به کار رفته است؛ سهم معلومی اعلام نشده"
    ),
    "NPS was not asked: there is no net promoter score, and the report goes on": (
        "NPS پرسیده نشده است: خالص مروجان نیست و گزارش ادامه می‌یابد"
    ),
    "Too few answers to show": "پاسخ‌ها کمتر از آن است که نشان داده شود",
    "The survey has no columns to compare groups by": "پیمایش ستونی برای مقایسهٔ گروه‌ها ندارد",
    "No dates: nothing over time": "بی تاریخ: چیزی در طول زمان نیست",
    "No two periods to compare, or no groups: the change is not split": (
        "دو دوره برای مقایسه، یا گروهی، نیست: تغییر تفکیک نشده است"
    ),
    "The survey has no ratings of single aspects (drivers)": (
        "پیمایش به جنبه‌های جداگانه (محرک‌ها) امتیاز نداده است"
    ),
    "How many answers would be enough cannot be told": "نمی‌توان گفت چند پاسخ بس است",
    "at least half of what the answers tell is kept": (
        "دست‌کم نیمی از آنچه پاسخ‌ها می‌گویند نگه داشته شده است"
    ),
    "more than half of what the answers tell is lost: look at the weights": (
        "بیش از نیمی از آنچه پاسخ‌ها می‌گویند از دست رفته است: وزن‌ها را ببینید"
    ),
    "Whatever they think, it does not": "هرچه بیندیشند، نه",
    "It may, at the ends": "شاید، در دو سر",
    "It does if they differ as assumed: ask some of them": (
        "اگر چنان که فرض شد تفاوت داشته باشند، آری: از برخی‌شان بپرسید"
    ),
    "there are no answers with a date": "پاسخی با تاریخ نیست",
    "the answers lie in a single period": "پاسخ‌ها در یک دوره‌اند",
    "the answers have no dates": "پاسخ‌ها تاریخ ندارند",
    "no stretch of time fits twice into the data": ("هیچ بازه‌ای از زمان دو بار در داده‌ها نمی‌گنجد"),
    "the longest that fits twice, but its answers are too few": (
        "بلندترین بازه‌ای که دو بار می‌گنجد، اما پاسخ‌هایش بسیار کم است"
    ),
    "all answers are equal": "همهٔ پاسخ‌ها برابرند",
    "no answers": "بی‌پاسخ",
    "not shown": "نشان داده نشد",
    "which chance alone can explain": "که تصادف به‌تنهایی می‌تواند توضیح دهد",
    "which chance alone can explain, as several metrics were tested": (
        "که تصادف به‌تنهایی می‌تواند توضیح دهد، چون چند شاخص آزموده شد"
    ),
    "the answers within periods do not differ": "پاسخ‌های درون دوره‌ها تفاوتی ندارند",
    "nearly all answers are alike, so chance cannot be told from change": (
        "پاسخ‌ها کمابیش همه همانندند، پس تصادف را از تغییر نمی‌توان بازشناخت"
    ),
    "all at the worst end": "همه در بدترین سر",
    "all at the best end": "همه در بهترین سر",
    "like the respondents": "مانند پاسخ‌دهندگان",
    "With one driver there is nothing to choose from": "با یک محرک چیزی برای گزینش نیست",
    "Read them together, or keep one": "با هم بخوانید، یا یکی را نگه دارید",
    "their coefficients are unstable and their importance is split between them": (
        "ضریب‌هایشان ناپایدار است و اهمیت میانشان تقسیم شده است"
    ),
    "and shares of it have none": "و سهم‌های آن بازه ندارند",
    "willingness to recommend": "آمادگی برای توصیه",
    "Compared": "مقایسه",
    "do low and high ratings count alike": "آیا امتیاز کم و زیاد یکسان اثر دارند",
    "what chance explains no period stands out": ("آنچه تصادف توضیح می‌دهد؛ هیچ دوره‌ای برجسته نیست"),
    "band: what chance explains no period stands out": (
        "نوار: آنچه تصادف توضیح می‌دهد؛ هیچ دوره‌ای برجسته نیست"
    ),
    "what chance explains orange: more than chance, alone": (
        "آنچه تصادف توضیح می‌دهد؛ نارنجی: بیش از تصادف، به‌تنهایی"
    ),
    "band: what chance explains orange: more than chance, alone": (
        "نوار: آنچه تصادف توضیح می‌دهد؛ نارنجی: بیش از تصادف، به‌تنهایی"
    ),
    "what chance explains orange: more than chance, together on one side of the centre": (
        "آنچه تصادف توضیح می‌دهد؛ نارنجی: بیش از تصادف، با هم در یک سوی میانه"
    ),
    "band: what chance explains orange: more than chance, together on one side of the centre": (
        "نوار: آنچه تصادف توضیح می‌دهد؛ نارنجی: بیش از تصادف، با هم در یک سوی میانه"
    ),
    "what chance explains orange: more than chance, alone or in a long run on one "
    "side of the centre": (
        "آنچه تصادف توضیح می‌دهد؛ نارنجی: بیش از تصادف، به‌تنهایی یا در رشته‌ای بلند در یک سوی میانه"
    ),
    "band: what chance explains orange: more than chance, alone or in a long run on "
    "one side of the centre": (
        "نوار: آنچه تصادف توضیح می‌دهد؛ نارنجی: بیش از تصادف، به‌تنهایی یا در رشته‌ای "
        "بلند در یک سوی میانه"
    ),
}

SENTENCES = {
    "{n} answered questionnaires; asked: {names}": "{n} پرسش‌نامهٔ پاسخ‌داده؛ پرسیده شد: {names}",
    "Rated aspects: {data}": "جنبه‌های ارزیابی‌شده: {data}",
    "Groups: {data}": "گروه‌ها: {data}",
    "Dates: {start} to {end}": "تاریخ‌ها: {start} تا {end}",
    "Dates: none": "تاریخ‌ها: هیچ",
    "Satisfied ({k} and {n} of {low} to {high})": "راضی ({k} و {n} از {low} تا {high})",
    "Easy ({k} and {n} of {low} to {high})": "آسان ({k} و {n} از {low} تا {high})",
    "{share} of {people} are satisfied ({level} % interval {low} to {high})": (
        "{share} از {people} راضی‌اند (بازهٔ {level}٪: {low} تا {high})"
    ),
    "{share} of {people} are satisfied ({level} % interval {low} to {high}, n = {n})": (
        "{share} از {people} راضی‌اند (بازهٔ {level}٪: {low} تا {high}، تعداد {n})"
    ),
    "{share} of {people} are satisfied ({level} % interval {low} to {high}, n = {n}), {change}": (
        "{share} از {people} راضی‌اند (بازهٔ {level}٪: {low} تا {high}، تعداد {n})، {change}"
    ),
    "the net promoter score is {value} (scale -100 to 100, {level} % interval {low} to {high}, "
    "n = {n})": (
        "خالص مروجان {value} است (مقیاس ۱۰۰− تا ۱۰۰، بازهٔ {level}٪: {low} تا {high}، تعداد {n})"
    ),
    "the net promoter score is {value} (scale -100 to 100, {level} % interval {low} to {high}, "
    "n = {n}), {change}": (
        "خالص مروجان {value} است (مقیاس ۱۰۰− تا ۱۰۰، بازهٔ {level}٪: {low} تا {high}، تعداد "
        "{n})، {change}"
    ),
    "up {gap} since {start} to {end} ({low} to {high})": (
        "{gap} بالاتر از {start} تا {end} ({low} تا {high})"
    ),
    "up {gap} since {end} ({low} to {high})": "{gap} بالاتر از {end} ({low} تا {high})",
    "down {gap} since {start} to {end} ({low} to {high})": (
        "{gap} پایین‌تر از {start} تا {end} ({low} تا {high})"
    ),
    "down {gap} since {end} ({low} to {high})": "{gap} پایین‌تر از {end} ({low} تا {high})",
    "not changed beyond chance since {start} to {end} ({gap}, {low} to {high})": (
        "بی دگرگونی معنادار از {start} تا {end} ({gap}، {low} تا {high})"
    ),
    "not changed beyond chance since {end} ({gap}, {low} to {high})": (
        "بی دگرگونی معنادار از {end} ({gap}، {low} تا {high})"
    ),
    "{metric} of groups, worst against all others together ({unit}, {level} % intervals)": (
        "{metric} گروه‌ها، بدترین در برابر همهٔ دیگران با هم ({unit}، بازه‌های {level}٪)"
    ),
    "{metric} of groups over all of {start} to {end}, worst against all others together ({unit}, "
    "{level} % intervals)": (
        "{metric} گروه‌ها در همهٔ {start} تا {end}، بدترین در برابر همهٔ دیگران با هم ({unit}، "
        "بازه‌های {level}٪)"
    ),
    "why is not shown": "چرایی آن را این گزارش نشان نمی‌دهد",
    "Of late ({start} to {end} against {earlier_start} to {earlier_end}) the largest change among "
    "them is {told}": (
        "به‌تازگی ({start} تا {end} در برابر {earlier_start} تا {earlier_end}) بزرگ‌ترین تغییر میان "
        "آن‌ها {told} است"
    ),
    "Of late ({end} against {earlier_end}) the largest change among them is {told}": (
        "به‌تازگی ({end} در برابر {earlier_end}) بزرگ‌ترین تغییر میان آن‌ها {told} است"
    ),
    "among so many groups it may be chance": "در میان این همه گروه شاید تصادف باشد",
    "Better of late": "به‌تازگی بهتر",
    "Worse of late": "به‌تازگی بدتر",
    "{told} ({start} to {end} against {earlier_start} to {earlier_end})": (
        "{told} ({start} تا {end} در برابر {earlier_start} تا {earlier_end})"
    ),
    "{told} ({end} against {earlier_end})": "{told} ({end} در برابر {earlier_end})",
    "{group} {gap} ({low} to {high})": "{group} {gap} ({low} تا {high})",
    "channel {group} {gap} ({low} to {high})": "کانال {group} {gap} ({low} تا {high})",
    "branch {group} {gap} ({low} to {high})": "شعبهٔ {group} {gap} ({low} تا {high})",
    "age band {group} {gap} ({low} to {high})": "گروه سنی {group} {gap} ({low} تا {high})",
    "higher from {start} to {end}, in {earlier_end} back at {value} ({low} to {high}), which can "
    "be chance": (
        "از {start} تا {end} بالاتر و در {earlier_end} باز {value} ({low} تا {high})، که می‌تواند "
        "تصادف باشد"
    ),
    "lower from {start} to {end}, in {earlier_end} back at {value} ({low} to {high}), which can "
    "be chance": (
        "از {start} تا {end} پایین‌تر و در {earlier_end} باز {value} ({low} تا {high})، که می‌تواند "
        "تصادف باشد"
    ),
    "higher from {start} to {end}": "از {start} تا {end} بالاتر",
    "lower from {start} to {end}": "از {start} تا {end} پایین‌تر",
    "higher since {start}": "از {start} بالاتر",
    "lower since {start}": "از {start} پایین‌تر",
    "{group} {gap} ({low} to {high}, n = {n})": "{group} {gap} ({low} تا {high}، تعداد {n})",
    "channel {group} {gap} ({low} to {high}, n = {n})": (
        "کانال {group} {gap} ({low} تا {high}، تعداد {n})"
    ),
    "branch {group} {gap} ({low} to {high}, n = {n})": (
        "شعبهٔ {group} {gap} ({low} تا {high}، تعداد {n})"
    ),
    "age band {group} {gap} ({low} to {high}, n = {n})": (
        "گروه سنی {group} {gap} ({low} تا {high}، تعداد {n})"
    ),
    "{metric}, {start} to {end}: {value} ({level} % interval {low} to {high}, n = {n})": (
        "{metric}، {start} تا {end}: {value} (بازهٔ {level}٪: {low} تا {high}، تعداد {n})"
    ),
    "{start} to {end}": "{start} تا {end}",
    "{metric}, {end}": "{metric}، {end}",
    "{metric}, {end}: {value} ({level} % interval {low} to {high}, n = {n})": (
        "{metric}، {end}: {value} (بازهٔ {level}٪: {low} تا {high}، تعداد {n})"
    ),
    "{metric}, {start} to {end}": "{metric}، {start} تا {end}",
    "{metric}, all answers, {start} to {end}": "{metric}، همهٔ پاسخ‌ها، {start} تا {end}",
    "{metric}, all answers, {start} to {end}, without weights": (
        "{metric}، همهٔ پاسخ‌ها، {start} تا {end}، بی وزن"
    ),
    "Change, {start} to {end} against {earlier_start} to {earlier_end}": (
        "تغییر، {start} تا {end} در برابر {earlier_start} تا {earlier_end}"
    ),
    "Change, {end} against {earlier_end}": "تغییر، {end} در برابر {earlier_end}",
    "{change} points ({level} % interval {low} to {high}, p (Holm) = {p}), a difference that "
    "chance alone hardly explains": (
        "{change} امتیاز (بازهٔ {level}٪: {low} تا {high}، p هولم = {p})، تفاوتی که تصادف "
        "به‌تنهایی دشوار توضیح می‌دهد"
    ),
    "{change} ({level} % interval {low} to {high}, p (Holm) = {p}), {verdict}": (
        "{change} (بازهٔ {level}٪: {low} تا {high}، p هولم = {p})، {verdict}"
    ),
    "Try first": "نخست بیازمایید",
    "better {names}": "بهبود {names}",
    "better {names}, or {others}, which may matter as much": (
        "بهبود {names}، یا {others} که شاید به همان اندازه مهم باشد"
    ),
    "Do it in places or on days picked at random, and compare them with the others": (
        "این کار را در جاها یا روزهایی، به قید قرعه، انجام دهید و آن‌ها را با بقیه مقایسه کنید"
    ),
    "Where this is rated low, {outcome} is lower as well": (
        "هر جا امتیاز این پایین است، {outcome} هم کمتر است"
    ),
    "that it is the cause is not shown": "اینکه علت همین باشد نشان داده نشده است",
    "Rated lowest on average": "کمترین میانگین امتیاز",
    "a low rating there goes with the largest loss ({gap})": (
        "امتیاز پایین در آن با بیشترین افت همراه است ({gap})"
    ),
    "low priority all the same, as over all its ratings it goes with {outcome} less than aspects "
    "do on average, beyond chance": (
        "با این همه اولویت پایین دارد، چون در همهٔ امتیازها به‌طور معنادار کمتر از میانگین جنبه‌ها با "
        "{outcome} همراه است"
    ),
    "it goes with {outcome} about as much as aspects do on average (not told apart)": (
        "کمابیش به اندازهٔ میانگین جنبه‌ها با {outcome} همراه است (از آن بازشناخته نمی‌شود)"
    ),
    "its priority is not settled": "اولویتش روشن نیست",
    "{name} ({low})": "{name} ({low})",
    "Goes with {outcome} more than the drivers do on average, and is rated lower, both beyond "
    "chance ({level} % confidence, n = {n} of {most} who rated all {k} aspects)": (
        "بیش از میانگین محرک‌ها با {outcome} همراه و با امتیاز کمتر، هر دو به‌طور معنادار (اطمینان "
        "{level}٪، {n} نفر از {most} که هر {k} جنبه را امتیاز داده‌اند)"
    ),
    "the same may be true of {one} and {other}": "دربارهٔ {one} و {other} هم شاید چنین باشد",
    "the same may be true of {one}": "دربارهٔ {one} هم شاید چنین باشد",
    "Of the drivers of {outcome}, {name} comes first most often ({share} of resamples of the "
    "{n} answers), but {other} may matter as much": (
        "از محرک‌های {outcome}، {name} بیش از همه نخست می‌شود ({share} بازنمونه‌های {n} "
        "پاسخ)، اما {other} شاید همان‌قدر مهم باشد"
    ),
    "the most important is among these {k} of {n} ({level} % confidence)": (
        "مهم‌ترین میان این {k} از {n} است (اطمینان {level}٪)"
    ),
    "Weighted to the known shares of {names}": "وزن‌دار با سهم‌های معلوم {names}",
    "the {n} answers then tell as much as {k} unweighted ones (design effect {gap})": (
        "{n} پاسخ آنگاه به‌اندازهٔ {k} پاسخ بی‌وزن می‌گوید (اثر طرح {gap})"
    ),
    "weights run from {low} to {high}, none trimmed": (
        "وزن‌ها از {low} تا {high} است و هیچ‌یک بریده نشد"
    ),
    "{metric}: none of {n} periods stands out, chance can explain them all": (
        "{metric}: هیچ‌یک از {n} دوره برجسته نیست و تصادف همه را توضیح می‌دهد"
    ),
    "{metric}, {n} periods": "{metric}، {n} دوره",
    "beyond the limits": "بیرون از حدها",
    "none beyond the limits": "هیچ‌یک بیرون از حدها نیست",
    "the level was lower since {start}": "سطح از {start} پایین‌تر بود",
    "the level was lower from {start} to {end}": "سطح از {start} تا {end} پایین‌تر بود",
    "the level was higher from {start} to {end}": "سطح از {start} تا {end} بالاتر بود",
    "the level was higher since {start}": "سطح از {start} بالاتر بود",
    "{value} % ({level} % interval {low} to {high}, n = {n})": (
        "{value}٪ (بازهٔ {level}٪: {low} تا {high}، تعداد {n})"
    ),
    "{metric}, {start} to {end}, groups that differ beyond chance from all others taken together "
    "(points)": (
        "{metric}، {start} تا {end}، گروه‌هایی که به‌طور معنادار با همهٔ دیگران با هم تفاوت دارند "
        "(امتیاز)"
    ),
    "{metric}, groups that differ beyond chance from all others taken together (points)": (
        "{metric}، گروه‌هایی که به‌طور معنادار با همهٔ دیگران با هم تفاوت دارند (امتیاز)"
    ),
    "channel {group} ({gap})": "کانال {group} ({gap})",
    "age band {group} ({gap})": "گروه سنی {group} ({gap})",
    "branch {group} ({gap})": "شعبهٔ {group} ({gap})",
    "the other {k} of {n} cannot be told from the rest": (
        "{k} تای دیگر از {n} از بقیه بازشناخته نمی‌شود"
    ),
    "To see a change of {gap} points, in a trial too, takes on each side so many answers": (
        "دیدن تغییر {gap} امتیازی، در آزمایش هم، در هر سو چنین شماری پاسخ می‌خواهد"
    ),
    "{n} for {name}": "{n} برای {name}",
    "More if whole places are drawn, for answers of one place are alike": (
        "اگر جاها یکجا به قید قرعه برگزیده شوند بیشتر، چون پاسخ‌های یک جا به هم می‌مانند"
    ),
    "The two stretches compared have {n} and {k} for {data}, which show a change of {change} or "
    "more": (
        "دو بازهٔ مقایسه‌شده برای {data} {n} و {k} پاسخ دارند که تغییر {change} یا بیشتر را نشان "
        "می‌دهد"
    ),
    "Two surveys like this one have {n} and {k} for {data}, which show a change of {change} or "
    "more": (
        "دو پیمایش مانند این برای {data} {n} و {k} پاسخ دارند که تغییر {change} یا بیشتر را نشان "
        "می‌دهد"
    ),
    "Indices, {start} to {end} against {earlier_start} to {earlier_end}": (
        "شاخص‌ها، {start} تا {end} در برابر {earlier_start} تا {earlier_end}"
    ),
    "{name} {low} to {high} per 1,000 ({change} %, {level} % interval {least} to {most})": (
        "{name} از {low} به {high} در هر ۱٬۰۰۰ ({change}٪، بازهٔ {level}٪: {least} تا {most})"
    ),
    "{name} {low} to {high} per 1,000 ({change} %, {level} % interval {least} to {most}": (
        "{name} از {low} به {high} در هر ۱٬۰۰۰ ({change}٪، بازهٔ {level}٪: {least} تا {most}"
    ),
    "{name} {low} to {high} ({change} %, no interval, as it is no count)": (
        "{name} از {low} به {high} ({change}٪، بی بازه، چون شمارش نیست)"
    ),
    "{name} {low} to {high} ({change} %, no interval, as it is no count": (
        "{name} از {low} به {high} ({change}٪، بی بازه، چون شمارش نیست"
    ),
    "{n} periods and {k})": "{n} دوره و {k})",
    "answer to {name}": "پاسخ به {name}",
    "points (line: all)": "امتیاز (خط: همه)",
    "% (line: all)": "٪ (خط: همه)",
    "difference in {outcome}, on {low} to {high}": "تفاوت در {outcome}، از {low} تا {high}",
    "mean rating, {low} to {high}": "میانگین امتیاز، {low} تا {high}",
    "{value} per 1,000": "{value} در هر ۱٬۰۰۰",
    "{n} answers on the smaller side; to see a change of {gap} points takes {k}": (
        "{n} پاسخ در سوی کمتر؛ دیدن تغییر {gap} امتیازی {k} پاسخ می‌خواهد"
    ),
    "{metric}: a design effect of {gap}, {lost} (2 is the limit)": (
        "{metric}: اثر طرح {gap}، {lost} (حد ۲ است)"
    ),
    "{metric}: a design effect of {gap}, more than half of what the answers tell is "
    "lost: look at the weights (2 is the limit)": (
        "{metric}: اثر طرح {gap}، بیش از نیمی از آنچه پاسخ‌ها می‌گویند از دست رفته است: "
        "وزن‌ها را ببینید (حد ۲ است)"
    ),
    "{n} people rated all aspects: enough for intervals": (
        "{n} نفر همهٔ جنبه‌ها را امتیاز داده‌اند: برای بازه‌ها بس است"
    ),
    "The drivers say different things (largest VIF {gap}, condition number {k}): their "
    "shares can be read one by one": (
        "محرک‌ها چیزهای گوناگون می‌گویند (بزرگ‌ترین VIF {gap}، عدد شرطی {k}): سهم‌هایشان "
        "را می‌توان یک‌به‌یک خواند"
    ),
    "{names} repeat what other drivers say (largest VIF {vif}; {one} and {other} "
    "correlate {gap})": (
        "{names} گفتهٔ محرک‌های دیگر را تکرار می‌کنند (بزرگ‌ترین VIF {vif}؛ همبستگی {one} "
        "و {other} {gap})"
    ),
    "Whether a random forest foretells unseen answers better than the linear model is "
    "not settled ({gap} of the variance, {level} % interval {low} to {high}): bends or "
    "interactions that explain more than {k} of the variance are neither shown nor "
    "ruled out": (
        "روشن نیست که جنگل تصادفی پاسخ‌های نادیده را بهتر از مدل خطی پیش‌بینی کند ({gap} "
        "واریانس، بازهٔ {level}٪: {low} تا {high}): خمیدگی یا برهم‌کنشی که بیش از {k} "
        "واریانس را توضیح دهد نه نشان داده شده و نه رد شده است"
    ),
    "A random forest foretells unseen answers better than the linear model ({gap} of "
    "the variance, {level} % interval {low} to {high}): there are bends or "
    "interactions that the linear shares do not show": (
        "جنگل تصادفی پاسخ‌های نادیده را بهتر از مدل خطی پیش‌بینی می‌کند ({gap} واریانس، "
        "بازهٔ {level}٪: {low} تا {high}): خمیدگی یا برهم‌کنشی هست که سهم‌های خطی نشان "
        "نمی‌دهند"
    ),
    "A random forest foretells unseen answers hardly better, if at all, than the "
    "linear model ({gap} of the variance, {level} % interval {low} to {high}): no "
    "bends or interactions are missed that explain more than {k} of the variance": (
        "جنگل تصادفی پاسخ‌های نادیده را به‌سختی بهتر از مدل خطی پیش‌بینی می‌کند ({gap} "
        "واریانس، بازهٔ {level}٪: {low} تا {high}): هیچ خمیدگی یا برهم‌کنشی که بیش از {k} "
        "واریانس را توضیح دهد از قلم نیفتاده است"
    ),
    "Whether straight lines miss something cannot be told: {reason}": (
        "نمی‌توان گفت خط راست چیزی را از قلم می‌اندازد یا نه: {reason}"
    ),
    "{metric}, points": "{metric}، امتیاز",
    "{metric}, percentage points": "{metric}، واحد درصد",
    "{metric}, %": "{metric}، ٪",
    "{metric}, {n} periods: beyond the limits: {beyond}": (
        "{metric}، {n} دوره: بیرون از حدها: {beyond}"
    ),
    "{metric}, {n} periods: none beyond the limits": (
        "{metric}، {n} دوره: هیچ‌یک بیرون از حدها نیست"
    ),
    "{start} (below)": "{start} (پایین‌تر)",
    "{start} (above)": "{start} (بالاتر)",
    "the level was lower from {start} to {end} and higher from {earlier_start} to {earlier_end}": (
        "سطح از {start} تا {end} پایین‌تر و از {earlier_start} تا {earlier_end} بالاتر بود"
    ),
    "the level was higher from {start} to {end} and lower from {earlier_start} to {earlier_end}": (
        "سطح از {start} تا {end} بالاتر و از {earlier_start} تا {earlier_end} پایین‌تر بود"
    ),
    "the level was lower from {start} to {end} and higher since {earlier_start}": (
        "سطح از {start} تا {end} پایین‌تر و از {earlier_start} بالاتر بود"
    ),
    "the level was higher from {start} to {end} and lower since {earlier_start}": (
        "سطح از {start} تا {end} بالاتر و از {earlier_start} پایین‌تر بود"
    ),
    "{metric}: no control chart, {reason}": "{metric}: بی نمودار کنترل، {reason}",
    "If nothing had changed, up to {share} of such charts would still show a signal, "
    "and at least one of the {n} here in up to {rank} of reports (more where the "
    "periods vary of themselves)": (
        "اگر هیچ چیز تغییر نکرده بود، تا {share} چنین نمودارهایی باز نشانه‌ای نشان می‌داد "
        "و دست‌کم یکی از این {n} نمودار در تا {rank} گزارش‌ها (بیشتر، اگر دوره‌ها خود "
        "نوسان کنند)"
    ),
    "limits widened {gap} times": "حدها {gap} برابر پهن‌تر",
    "Compared: {start} to {end} against {earlier_start} to {earlier_end}, the longest "
    "that fits twice": (
        "مقایسه: {start} تا {end} در برابر {earlier_start} تا {earlier_end}، بلندترین "
        "بازه‌ای که دو بار می‌گنجد"
    ),
    "{start} to {end} against {earlier_start} to {earlier_end}, the longest that fits twice": (
        "{start} تا {end} در برابر {earlier_start} تا {earlier_end}، بلندترین بازه‌ای که "
        "دو بار می‌گنجد"
    ),
    "{end} against {earlier_end}, the longest that fits twice": (
        "{end} در برابر {earlier_end}، بلندترین بازه‌ای که دو بار می‌گنجد"
    ),
    "{start} to {end} against {earlier_start} to {earlier_end}, the shortest stretch "
    "whose answers would show a change of {gap} points": (
        "{start} تا {end} در برابر {earlier_start} تا {earlier_end}، کوتاه‌ترین بازه‌ای که "
        "پاسخ‌هایش تغییر {gap} امتیازی را نشان می‌دهد"
    ),
    "{end} against {earlier_end}, the shortest stretch whose answers would show a "
    "change of {gap} points": (
        "{end} در برابر {earlier_end}، کوتاه‌ترین بازه‌ای که پاسخ‌هایش تغییر {gap} امتیازی "
        "را نشان می‌دهد"
    ),
    "its answers would show a change of {change} or more": (
        "پاسخ‌هایش تغییر {change} یا بیشتر را نشان می‌دهد"
    ),
    "The file ends {start}": "فایل در {start} پایان می‌یابد",
    "Nothing is compared: {reason}": "چیزی مقایسه نشد: {reason}",
    "without {n} suppressed period": "بی {n} دورهٔ پنهان‌شده",
    "without {n} suppressed periods": "بی {n} دورهٔ پنهان‌شده",
    "{metric} changed by {change}: {mix} ({level} % interval {low} to {high}) from a "
    "different mix of {attribute} and {rate} ({share} % interval {least} to {most}) "
    "from different answers within the groups": (
        "{metric} {change} تغییر کرد: {mix} (بازهٔ {level}٪: {low} تا {high}) از ترکیب "
        "دیگری از {attribute} و {rate} (بازهٔ {share}٪: {least} تا {most}) از پاسخ‌های "
        "دیگر درون گروه‌ها"
    ),
    "{value} percentage points": "{value} واحد درصد",
    "{value} on the scale {low} to {high}": "{value} روی مقیاس {low} تا {high}",
    "{metric}: the change cannot be split ({reason})": (
        "{metric}: تغییر را نمی‌توان تفکیک کرد ({reason})"
    ),
    "{n} of {most} answers to {outcome} rate all {k} drivers and are used": (
        "{n} پاسخ از {most} پاسخ دربارهٔ {outcome} به هر {k} محرک امتیاز داده‌اند و به کار رفته‌اند"
    ),
    "Mean {outcome} of those who rated all drivers less that of the {n} others: {gap} "
    "({level} % interval {low} to {high}, {method})": (
        "میانگین {outcome} آنان که همهٔ محرک‌ها را امتیاز دادند منهای {n} نفر دیگر: {gap} "
        "(بازهٔ {level}٪: {low} تا {high}، {method})"
    ),
    "Fewer than {n} answers do not rate all drivers: nothing to compare": (
        "کمتر از {n} پاسخ همهٔ محرک‌ها را امتیاز نداده‌اند: چیزی برای مقایسه نیست"
    ),
    "R squared of all drivers together: {value} ({level} % interval {low} to {high}, n "
    "= {n})": "R² همهٔ محرک‌ها با هم: {value} (بازهٔ {level}٪: {low} تا {high}، تعداد {n})",
    "R squared of all drivers together: {value}": "R² همهٔ محرک‌ها با هم: {value}",
    "A low rating costs more than a high one gains (basic): {names}": (
        "امتیاز کم بیش از آنچه امتیاز زیاد می‌افزاید می‌کاهد (پایه): {names}"
    ),
    "low and high ratings count about alike (performance): {names}": (
        "امتیاز کم و زیاد کمابیش یکسان اثر دارند (عملکرد): {names}"
    ),
    "a high rating gains more than a low one costs (excitement): {names}": (
        "امتیاز زیاد بیش از آنچه امتیاز کم می‌کاهد می‌افزاید (هیجان‌انگیز): {names}"
    ),
    "Low and high ratings count about alike (performance): {names}": (
        "امتیاز کم و زیاد کمابیش یکسان اثر دارند (عملکرد): {names}"
    ),
    "A high rating gains more than a low one costs (excitement): {names}": (
        "امتیاز زیاد بیش از آنچه امتیاز کم می‌کاهد می‌افزاید (هیجان‌انگیز): {names}"
    ),
    "these answers do not tell: {names}": "این پاسخ‌ها نمی‌گویند: {names}",
    "These answers do not tell: {names}": "این پاسخ‌ها نمی‌گویند: {names}",
    "not shown, see the note: {names}": "نشان داده نشد، یادداشت را ببینید: {names}",
    "Rule: on the scale {low} to {high}, a low rating is below {k} and a high one {n}; "
    "ratings between are the reference": (
        "قاعده: در مقیاس {low} تا {high}، امتیاز کم کمتر از {k} است و امتیاز زیاد {n}؛ "
        "امتیازهای میان این دو مرجع‌اند"
    ),
    "Rule: on the scale {low} to {high}, a low rating is below {k} and a high one {n} "
    "or more; ratings between are the reference": (
        "قاعده: در مقیاس {low} تا {high}، امتیاز کم کمتر از {k} است و امتیاز زیاد {n} یا "
        "بیشتر؛ امتیازهای میان این دو مرجع‌اند"
    ),
    "Method: {method}, n = {n}": "روش: {method}، تعداد {n}",
    "{name} orders the drivers with a Spearman correlation of {gap} to {other}": (
        "{name} محرک‌ها را با همبستگی اسپیرمن {gap} نسبت به {other} مرتب می‌کند"
    ),
    "its leader, {name}, is among those that may lead here too": (
        "نخست آن، {name}، در اینجا هم از کسانی است که شاید نخست باشند"
    ),
    "its leader, {name}, has rank {rank} here: the two disagree, look closer": (
        "نخست آن، {name}، در اینجا رتبهٔ {rank} دارد: این دو ناسازگارند، دقیق‌تر ببینید"
    ),
    "{name} has no order of at least three drivers to compare": (
        "{name} ترتیبی از دست‌کم سه محرک برای مقایسه ندارد"
    ),
    "Difference of R squared: {value} ({level} % interval {low} to {high}, n = {n}), "
    "{method}": "تفاوت R²: {value} (بازهٔ {level}٪: {low} تا {high}، تعداد {n})، {method}",
    "Changes of each index and of {metric}": "تغییرهای هر شاخص و {metric}",
    "Changes of each index and of {metric}: {told}": "تغییرهای هر شاخص و {metric}: {told}",
    "not shown: fewer than {n} common periods": "نشان داده نشد: کمتر از {n} دورهٔ مشترک",
    "{share} of {people} find it easy ({level} % interval {low} to {high}, n = {n})": (
        "{share} از {people} آن را آسان می‌دانند (بازهٔ {level}٪: {low} تا {high}، تعداد {n})"
    ),
    "{share} of {people} find it easy ({level} % interval {low} to {high}, n = {n}), {change}": (
        "{share} از {people} آن را آسان می‌دانند (بازهٔ {level}٪: {low} تا {high}، تعداد "
        "{n})، {change}"
    ),
    "{share} of {people} find it easy ({level} % interval {low} to {high})": (
        "{share} از {people} آن را آسان می‌دانند (بازهٔ {level}٪: {low} تا {high})"
    ),
    "mean {outcome} is {value} (scale {least} to {most}, {level} % interval {low} to "
    "{high}, n = {n})": (
        "میانگین {outcome} {value} است (مقیاس {least} تا {most}، بازهٔ {level}٪: {low} تا "
        "{high}، تعداد {n})"
    ),
    "{metric} cannot be told ({reason})": "{metric} را نمی‌توان گفت ({reason})",
    "Whether it changes cannot be told: {reason}": "نمی‌توان گفت تغییر می‌کند یا نه: {reason}",
    "whether it changed since {end} cannot be told ({reason})": (
        "نمی‌توان گفت از {end} تغییر کرده است یا نه ({reason})"
    ),
    "What to act on first for {outcome} cannot be told from these data": (
        "از این داده‌ها نمی‌توان گفت برای {outcome} نخست چه باید کرد"
    ),
    "two surveys like this one have {n} and {k}, which show a change of {change} or more": (
        "دو پیمایش مانند این {n} و {k} پاسخ دارند که تغییر {change} یا بیشتر را نشان می‌دهد"
    ),
    "{metric}{period}: no group has enough answers to be compared": (
        "{metric}{period}: هیچ گروهی برای مقایسه پاسخ کافی ندارد"
    ),
    "{metric}: no group has enough answers to be compared": (
        "{metric}: هیچ گروهی برای مقایسه پاسخ کافی ندارد"
    ),
    "{metric}: none of {n} groups differs beyond chance from all others together": (
        "{metric}: هیچ‌یک از {n} گروه به‌طور معنادار با همهٔ دیگران با هم تفاوت ندارد"
    ),
    "What to fix first cannot be told: no driver is, beyond chance, both more important for "
    "{outcome} and rated lower than the drivers are on average ({level} % confidence, "
    "n = {n} of {most} who rated all {k} aspects)": (
        "نمی‌توان گفت نخست چه باید اصلاح شود: هیچ محرکی به‌طور معنادار هم برای {outcome} مهم‌تر و "
        "هم با امتیاز کمتر از میانگین محرک‌ها نیست (اطمینان {level}٪، {n} نفر از {most} که "
        "هر {k} جنبه را امتیاز داده‌اند)"
    ),
    "Try first: {names}": "نخست بیازمایید: {names}",
    "With one driver, {name}, there is nothing to rank": (
        "با یک محرک، {name}، چیزی برای رتبه‌بندی نیست"
    ),
    "The drivers together do not explain, beyond chance, anything of {outcome}: R squared {gap} "
    "of {n} answers may be chance, and the order of the drivers with it": (
        "محرک‌ها با هم به‌طور معنادار چیزی از {outcome} را توضیح نمی‌دهند: R² برابر {gap} از {n} "
        "پاسخ شاید تصادف باشد، و ترتیب محرک‌ها نیز"
    ),
    "Of the drivers of {outcome}, {name} leads: it came first in {share} of resamples "
    "of the {n} answers, and every other driver's importance lies below "
    "({level} % confidence)": (
        "از محرک‌های {outcome}، {name} پیشتاز است: در {share} بازنمونه‌های {n} پاسخ نخست "
        "شد و اهمیت هر محرک دیگر به‌طور معنادار کمتر است (اطمینان {level}٪)"
    ),
    "Which driver of {outcome} matters most cannot be told: none can be ruled out "
    "({level} % confidence, n = {n})": (
        "نمی‌توان گفت کدام محرک {outcome} مهم‌ترین است: هیچ‌یک را نمی‌توان کنار گذاشت "
        "(اطمینان {level}٪، تعداد {n})"
    ),
    "Only {n} complete answers a driver, fewer than {k}: the intervals are too narrow": (
        "تنها {n} پاسخ کامل برای هر محرک، کمتر از {k}: بازه‌ها باریک‌تر از واقع‌اند"
    ),
    "Only {n} complete answers a driver, fewer than {k}: the interval of R squared is "
    "too narrow, and shares of it have none": (
        "تنها {n} پاسخ کامل برای هر محرک، کمتر از {k}: بازهٔ R² باریک‌تر از واقع است و "
        "سهم‌های آن بازه ندارند"
    ),
    "No driver analysis: {reason}": "بی تحلیل محرک‌ها: {reason}",
    "Left out: {names}": "کنار گذاشته: {names}",
    "Does that move it by more than {change}": "آیا این آن را بیش از {change} جابه‌جا می‌کند",
    "{metric}: {share} answered, {value} among them": (
        "{metric}: {share} پاسخ داده‌اند، {value} در میان آنان"
    ),
    "Among all who were asked it is between {low} and {high} whatever the others "
    "think, and between {least} and {most} if they differ as assumed": (
        "در میان همهٔ کسانی که پرسیده شدند میان {low} و {high} است، هرچه دیگران بیندیشند، "
        "و میان {least} و {most} اگر چنان که فرض شد تفاوت داشته باشند"
    ),
    "the others are ({unit})": "دیگران هستند ({unit})",
    "lower by {gap}": "{gap} کمتر",
    "higher by {gap}": "{gap} بیشتر",
    "suppressed: fewer than {n} answers, or would give them away": (
        "پنهان‌شده: کمتر از {n} پاسخ، یا آن‌ها را آشکار می‌کرد"
    ),
    "not shown: fewer than {n} answers": "نشان داده نشد: کمتر از {n} پاسخ",
    "asked on {low} to {high}": "پرسیده از {low} تا {high}",
    "asked on {low} to {high} with {k} the best, turned": (
        "پرسیده از {low} تا {high}، که {k} بهترین است، وارونه شد"
    ),
    "weighted, adjusted Wald interval (3 pseudo-answers)": (
        "وزن‌دار، بازهٔ والد تعدیل‌شده (۳ پاسخ ساختگی)"
    ),
    "adjusted Wald interval (3 pseudo-answers)": "بازهٔ والد تعدیل‌شده (۳ پاسخ ساختگی)",
    "weighted, Wilson interval": "وزن‌دار، بازهٔ ویلسون",
    "Wilson interval": "بازهٔ ویلسون",
    "weighted, mean, t interval": "وزن‌دار، میانگین، بازهٔ t",
    "mean, t interval": "میانگین، بازهٔ t",
    "no interval: a single answer has most of the weight": "بی بازه: یک پاسخ بیشتر وزن را دارد",
    "weighted regression on low and high dummies of all drivers, HC3 t intervals": (
        "رگرسیون وزن‌دار روی نشانگرهای کم و زیاد همهٔ محرک‌ها، بازه‌های t با HC۳"
    ),
    "regression on low and high dummies of all drivers, HC3 t intervals": (
        "رگرسیون روی نشانگرهای کم و زیاد همهٔ محرک‌ها، بازه‌های t با HC۳"
    ),
    "weighted logistic regression of {outcome} >= {k}, sandwich Wald intervals": (
        "رگرسیون لجستیک وزن‌دار {outcome} ≥ {k}، بازه‌های والد ساندویچی"
    ),
    "logistic regression of {outcome} >= {k}, sandwich Wald intervals": (
        "رگرسیون لجستیک {outcome} ≥ {k}، بازه‌های والد ساندویچی"
    ),
    "weighted ordered logistic regression of {outcome}, sandwich Wald intervals": (
        "رگرسیون لجستیک ترتیبی وزن‌دار {outcome}، بازه‌های والد ساندویچی"
    ),
    "ordered logistic regression of {outcome}, sandwich Wald intervals": (
        "رگرسیون لجستیک ترتیبی {outcome}، بازه‌های والد ساندویچی"
    ),
    "difference of R squared on held-out answers, linearized t interval": (
        "تفاوت R² روی پاسخ‌های کنارگذاشته، بازهٔ t خطی‌شده"
    ),
    "Welch, linearized with weights": "ولچ، خطی‌شده با وزن‌ها",
    "Welch's t interval": "بازهٔ t ولچ",
    "Pearson r of changes, Fisher z interval with Bartlett's variance": (
        "r پیرسون تغییرها، بازهٔ z فیشر با واریانس بارتلت"
    ),
    "Fix first: {one} and {other}": "نخست اصلاح کنید: {one} و {other}",
}
