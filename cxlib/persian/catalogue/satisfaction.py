"""The report on satisfaction, its changes and its drivers."""

LABELS = {
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
    "Satisfied (4 and 5 of 1 to 5)": "راضی (۴ و ۵ از ۱ تا ۵)",
    "Satisfaction, mean": "میانگین رضایت",
    "Easy (6 and 7 of 1 to 7)": "آسان (۶ و ۷ از ۱ تا ۷)",
    "Ease, mean": "میانگین آسانی",
    "What goes with overall satisfaction": "چه با رضایت کلی همراه است",
    "overall satisfaction": "رضایت کلی",
    "band": "نوار",
    "what chance explains": "آنچه تصادف توضیح می‌دهد",
    "orange": "نارنجی",
    "no single period stands out": "هیچ دوره‌ای به‌تنهایی برجسته نیست",
    "stands out alone": "به‌تنهایی برجسته",
    "stands out alone, or in a long run on one side of the centre": (
        "به‌تنهایی برجسته، یا رشته‌ای بلند در یک سوی میانه"
    ),
    "a long run on one side of the centre, which does": (
        "رشته‌ای بلند در یک سوی میانه، که برجسته است"
    ),
    "band: what chance explains": "نوار: آنچه تصادف توضیح می‌دهد",
    "orange: stands out alone": "نارنجی: به‌تنهایی برجسته",
    "orange: stands out alone, or in a long run on one side of the centre": (
        "نارنجی: به‌تنهایی برجسته، یا رشته‌ای بلند در یک سوی میانه"
    ),
    "orange: a long run on one side of the centre, which does": (
        "نارنجی: رشته‌ای بلند در یک سوی میانه، که برجسته است"
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
    "no aspect surely matters more and is rated lower": (
        "هیچ جنبه‌ای به یقین هم مهم‌تر و هم با امتیاز کمتر نیست"
    ),
    "What to fix first cannot be told": "نمی‌توان گفت نخست چه باید اصلاح شود",
    "nps": "NPS",
    "csat": "CSAT",
    "ces": "CES",
    "as it is no count": "چون شمارش نیست",
}

SENTENCES = {
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
    "not surely changed since {start} to {end} ({gap}, {low} to {high})": (
        "بی دگرگونی یقینی از {start} تا {end} ({gap}، {low} تا {high})"
    ),
    "not surely changed since {end} ({gap}, {low} to {high})": (
        "بی دگرگونی یقینی از {end} ({gap}، {low} تا {high})"
    ),
    "Worst against all others together ({unit}, {level} % intervals)": (
        "بدترین در برابر همهٔ دیگران با هم ({unit}، بازه‌های {level}٪)"
    ),
    "Worst against all others together, {start} to {end} ({unit}, {level} % intervals)": (
        "بدترین در برابر همهٔ دیگران با هم، {start} تا {end} ({unit}، بازه‌های {level}٪)"
    ),
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
    "Fix first": "نخست اصلاح کنید",
    "Surely more important for {outcome} than the drivers are on average, and surely rated "
    "lower ({level} % confidence, n = {n} of {most} who rated all {k} aspects)": (
        "به یقین برای {outcome} مهم‌تر از میانگین محرک‌ها و به یقین با امتیاز کمتر (اطمینان "
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
    "{metric}, {start} to {end}, groups that surely differ from all others taken together "
    "(points)": (
        "{metric}، {start} تا {end}، گروه‌هایی که به یقین با همهٔ دیگران با هم تفاوت دارند (امتیاز)"
    ),
    "{metric}, groups that surely differ from all others taken together (points)": (
        "{metric}، گروه‌هایی که به یقین با همهٔ دیگران با هم تفاوت دارند (امتیاز)"
    ),
    "channel {group} ({gap})": "کانال {group} ({gap})",
    "age band {group} ({gap})": "گروه سنی {group} ({gap})",
    "branch {group} ({gap})": "شعبهٔ {group} ({gap})",
    "the other {k} of {n} cannot be told from the rest": (
        "{k} تای دیگر از {n} از بقیه بازشناخته نمی‌شود"
    ),
    "To see a change of {gap} points takes {n} answers on each side": (
        "دیدن تغییر {gap} امتیازی در هر سو {n} پاسخ می‌خواهد"
    ),
    "the two stretches compared have {n} and {k}, which show a change of {change} or more": (
        "دو بازهٔ مقایسه‌شده {n} و {k} پاسخ دارند که تغییر {change} یا بیشتر را نشان می‌دهد"
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
}
