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
    "top segment revenue rate": "سهم درآمد برترین بخش",
    "top segment customer rate": "سهم مشتریان برترین بخش",
    "top segment spend per customer": "خرید هر مشتری در برترین بخش",
    "tree accuracy": "درستی قاعده‌ها",
    "needs stability": "پایداری بخش‌های نیاز",
    "rose rate": "سهم بالارفته",
    "fell rate": "سهم پایین‌آمده",
    "recent is recent": "تازه به‌راستی تازه است",
    "all scores in use": "همهٔ امتیازها در کارند",
    "segments are large enough": "بخش‌ها به‌اندازهٔ کافی بزرگ‌اند",
    "natural groups": "گروه‌های طبیعی",
    "quintiles": "پنجک‌ها",
    "Medians": "میانه‌ها",
    "rose less fell": "بالارفته منهای پایین‌آمده",
    "segment sizes (Stuart-Maxwell)": "اندازهٔ بخش‌ها (Stuart-Maxwell)",
    "symmetry of flows (Bowker)": "تقارن جریان‌ها (Bowker)",
    "rise against fall (McNemar)": "بالا رفتن در برابر پایین آمدن (McNemar)",
    "Calinski-Harabasz": "Calinski-Harabasz",
    "number of clusters k": "شمار خوشه‌ها k",
    "cluster index": "شاخص خوشه",
    "these customers": "این مشتریان",
    "data without groups, same margins": "دادهٔ بی گروه، با همان حاشیه‌ها",
    "against data without groups": "در برابر دادهٔ بی گروه",
    "too many customers have equal values to be told apart more finely": (
        "مشتریان با مقدار برابر بیش از آن‌اند که بتوان ریزتر جدا کرد"
    ),
    "Read fewer steps as coarser groups, or give cut-offs (parameter cutoffs)": (
        "پله‌های کمتر را گروه‌های درشت‌تر بخوانید، یا برش بدهید (پارامتر cutoffs)"
    ),
    "they have fewer than 10 customers, or would give away one that has": (
        "کمتر از ۱۰ مشتری دارند، یا بخشی چنین را آشکار می‌کردند"
    ),
    "Decide on the others, or choose cut-offs (parameter cutoffs) that make larger segments": (
        "دربارهٔ بقیه تصمیم بگیرید، یا برش‌هایی برگزینید (پارامتر cutoffs) که بخش‌های بزرگ‌تر بسازد"
    ),
    "bought more recently": "تازه‌تر خریده",
    "buys more often": "بیشتر می‌خرد",
    "spends more": "بیشتر خرج می‌کند",
    "like the others": "مانند دیگران",
    "last bought longer ago": "دیرتر خریده",
    "buys more rarely": "کمتر می‌خرد",
    "spends less": "کمتر خرج می‌کند",
    "bought on 1 day": "در ۱ روز خریده",
    "on 1 day": "در ۱ روز",
    "A new customer": "مشتری تازه",
    "Other methods": "روش‌های دیگر",
    "They are not the same groups": "همان گروه‌ها نیستند",
    "A mixture spends components on heaps of equal values and on skew, so its number "
    "is by itself no number of groups": (
        "مدل آمیخته اجزای خود را صرف انباشت مقدارهای برابر و چولگی می‌کند، پس شمار آن "
        "به‌خودی‌خود شمار گروه‌ها نیست"
    ),
    "the change from then to now holds this ageing too": (
        "تغییر از آن زمان تا کنون این گذشت زمان را نیز در بر دارد"
    ),
    "Flows of few customers are not drawn (see below); shares are of what is drawn": (
        "جریان‌های کم‌مشتری کشیده نشده است (پایین را ببینید)؛ سهم‌ها از کشیده‌هاست"
    ),
    "Rounded to tens, so that no total gives a flow of few customers away; – stands "
    "for fewer than 10, and for segments suppressed for that reason": (
        "گرد شده به ده، تا هیچ مجموعی جریان کم‌مشتری را آشکار نکند؛ – برای کمتر از ۱۰ و "
        "برای بخش‌هایی است که به همین سبب پنهان شده‌اند"
    ),
    "those below 10, and those from which, with the sums, one of these could be told": (
        "آن‌ها که کمتر از ۱۰ است، و آن‌ها که با مجموع‌ها یکی از این‌ها را آشکار می‌کرد"
    ),
    "The customers form no natural groups": "مشتریان گروه‌های طبیعی نمی‌سازند",
    "because the evidence for any number is weak": "چون شواهد برای هر شماری ضعیف است",
}

SENTENCES = {
    "share of past revenue, {level} % intervals": "سهم از درآمد گذشته، بازه‌های {level}٪",
    "{name} are {share} of the {n} customers of {date} and brought {rank} ({low} to {high}) "
    "of past revenue ({level} % interval), for which they were picked": (
        "{name} {share} از {n} مشتری تا {date} هستند و {rank} ({low} تا {high}) از درآمد گذشته را "
        "آورده‌اند (بازهٔ {level}٪)، و به همین سبب برگزیده شده‌اند"
    ),
    "Try any offer on a random part of them first, and compare with the rest": (
        "هر پیشنهاد را نخست بر بخشی از آنان، به قید قرعه، بیازمایید و با بقیه مقایسه کنید"
    ),
    "In a group": "در هر گروه",
    "take those of most value to come (report clv), then draw at random": (
        "آنان را که بیشترین ارزش آینده را دارند برگزینید (گزارش clv)، سپس قرعه بکشید"
    ),
    "Try what costs money on a random part of a segment first, and compare": (
        "هر کار پرهزینه را نخست بر بخشی از هر گروه، به قید قرعه، بیازمایید و مقایسه کنید"
    ),
    "Next, to win back those silent for the shortest time": (
        "سپس، برای بازگرداندن آنان که کمتر از دیگران نخریده مانده‌اند"
    ),
    "{name}, {n} customers, half of whom have not bought for {k} days or more, {share} ({low} to "
    "{high}) of past revenue": (
        "{name}، {n} مشتری که نیمی از آنان {k} روز یا بیشتر نخریده‌اند، {share} ({low} تا {high}) "
        "از درآمد گذشته"
    ),
    "the other {n}": "{n} نفر دیگر",
    "the others": "دیگران",
    "Who they are": "چه کسانی‌اند",
    "the table customers saved with this report, column days_since_last": (
        "جدول customers که با این گزارش ذخیره شده است، ستون days_since_last"
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
    "{action} (only the {k} of {n} who bought in the last {most} days)": (
        "{action} (تنها {k} نفر از {n} که در {most} روز گذشته خریده‌اند)"
    ),
    "{n} customers, {share} ({low} to {high}) of past revenue": (
        "{n} مشتری، {share} ({low} تا {high}) از درآمد گذشته"
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
    "time alone, without a purchase, would have moved {gap} down": (
        "گذشت زمان به‌تنهایی، بی هیچ خرید، {gap} را پایین می‌آورد"
    ),
    "Those at the top were picked for what they bought": (
        "آنان که در بالا بودند به سبب خریدشان برگزیده شده بودند"
    ),
    "part of their fall is chance": "بخشی از پایین آمدنشان تصادفی است",
    "{k} of {n} segments, of fewer than 10 customers or next to one that is": (
        "{k} از {n} بخش، با کمتر از ۱۰ مشتری یا در کنار چنین بخشی"
    ),
    "last purchase within {n} days": "آخرین خرید در {n} روز گذشته",
    "last purchase {low} to {high} days ago": "آخرین خرید {low} تا {high} روز پیش",
    "last purchase more than {n} days ago": "آخرین خرید بیش از {n} روز پیش",
    "Source: {data}": "منبع: {data}",
    "flows from {before} to {after}": "جریان‌ها از {before} تا {after}",
    "cut {k}": "برش {k}",
    "Of {n} steps R uses {k}, F uses {low}, M uses {high}": (
        "از {n} پله، R {k}، F {low} و M {high} پله را به کار می‌برد"
    ),
    "{k} of {n} segments show no figures": "{k} از {n} بخش عددی نشان نمی‌دهند",
    "Scores in use: R {k} of {n}, F {low} of {least}, M {high} of {most}": (
        "امتیازهای در کار: R {k} از {n}، F {low} از {least}، M {high} از {most}"
    ),
    "{n} of the counts are hidden": "{n} شمار پنهان است",
    "From {start} to {end}": "از {start} تا {end}",
    "Flows from {start} to {end}": "جریان‌ها از {start} تا {end}",
    "Of {n} customers of both dates {share} rose ({low} to {high}), {rank} stayed "
    "({least} to {most}), {k} fell ({gap} to {level})": (
        "از {n} مشتری هر دو تاریخ {share} بالا رفتند ({low} تا {high})، {rank} ماندند "
        "({least} تا {most}) و {k} پایین آمدند ({gap} تا {level})"
    ),
    "{level} % intervals": "بازه‌های {level}٪",
    "The sizes of the segments changed beyond chance (Stuart-Maxwell, {p} by Holm, "
    "Cohen's w {gap}, {low} to {high})": (
        "اندازهٔ بخش‌ها بیش از تصادف تغییر کرد (Stuart-Maxwell، {p} با هولم، w کوهن {gap}، "
        "{low} تا {high})"
    ),
    "By ageing alone, without a purchase, {share} would have fallen": (
        "تنها با گذشت زمان و بی خرید، {share} پایین می‌آمدند"
    ),
    "By buying, {share} ({low} to {high}) are in a better segment than ageing alone "
    "would have left them in": (
        "با خرید، {share} ({low} تا {high}) در بخشی بهتر از آن‌اند که گذشت زمان به‌تنهایی می‌گذاشت"
    ),
    "Per cent of {n} customers of both dates, Wilson's {level} % intervals": (
        "درصد {n} مشتری هر دو تاریخ، بازه‌های {level}٪ ویلسون"
    ),
    "{n} without one is so by construction": "{n} بی بازه به سبب ساختار چنین است",
    "ageing lifts nobody, and buying lowers nobody": (
        "گذشت زمان کسی را بالا نمی‌برد و خرید کسی را پایین نمی‌آورد"
    ),
    "The evidence for clusters is weak: some structure goes beyond margins and "
    "correlations, but {k} groups are a convenient cut, not natural groups (silhouette "
    "{gap}, stability {share} ({level} % of resamples {low} to {high}))": (
        "شواهد خوشه‌ها ضعیف است: ساختاری فراتر از حاشیه‌ها و همبستگی‌ها هست، اما {k} گروه "
        "برشی کارآمد است نه گروه‌های طبیعی (سیلوئت {gap}، پایداری {share} ({level}٪ "
        "بازنمونه‌ها {low} تا {high}))"
    ),
    "Chosen: {k} clusters, a convenient number to act on, because {why}": (
        "برگزیده: {k} خوشه، شماری کارآمد، چون {why}"
    ),
    "the evidence for any number is weak": "شواهد برای هر شماری ضعیف است",
    "the criteria disagree": "معیارها ناسازگارند",
    "p from {n} simulations: it cannot be below {gap}": (
        "p از {n} شبیه‌سازی: نمی‌تواند کمتر از {gap} باشد"
    ),
    "{k} rules put {share} of customers they have not seen into their cluster ({level} "
    "% interval {low} to {high}, n = {n})": (
        "{k} قاعده {share} مشتریان نادیده را در خوشهٔ خودشان می‌گذارد (بازهٔ {level}٪: "
        "{low} تا {high}، تعداد {n})"
    ),
    "calling all a member of the largest cluster would reach {share}": (
        "عضو بزرگ‌ترین خوشه خواندن همه به {share} می‌رسید"
    ),
    "agreement {low} to {high} of {n}": "هم‌خوانی {low} تا {high} از {n}",
    "spent at most {n}": "حداکثر {n} خرج کرده",
    "spent more than {n}": "بیش از {n} خرج کرده",
    "bought in the last {n} days": "در {n} روز گذشته خریده",
    "last bought more than {n} days ago": "آخرین خرید بیش از {n} روز پیش",
    "on {n} days or more": "در {n} روز یا بیشتر",
    "on at most {n} days": "در حداکثر {n} روز",
    "rates higher than all: {names}": "امتیاز بیشتر از همه: {names}",
    "rates lower than all: {names}": "امتیاز کمتر از همه: {names}",
    "Per cent of each class, Wilson's {level} % intervals, beside all respondents": (
        "درصد هر رده، بازه‌های {level}٪ ویلسون، در کنار همهٔ پاسخ‌دهندگان"
    ),
    "No needs-based segments: the {k} classes are levels of satisfaction, high and low "
    "in all aspects alike, not different needs (stability {gap} ({level} % of "
    "resamples {low} to {high}); how clearly respondents belong to their class {share} "
    "of 1 (entropy); {rank} of the difference between the classes is that some rate "
    "everything higher)": (
        "بخشی بر پایهٔ نیازها نیست: {k} رده سطح‌های رضایت‌اند، در همهٔ جنبه‌ها یکسان بالا "
        "یا پایین، نه نیازهای گوناگون (پایداری {gap} ({level}٪ بازنمونه‌ها {low} تا "
        "{high})؛ قطعیت تعلق پاسخ‌دهندگان به رده {share} از ۱ (آنتروپی)؛ {rank} تفاوت "
        "رده‌ها از آن است که برخی به همه چیز بیشتر امتیاز می‌دهند)"
    ),
    "The customers form {k} natural groups, described below": (
        "مشتریان {k} گروه طبیعی می‌سازند که در پایین توصیف شده‌اند"
    ),
    "No groups by the data: {reason}": "گروهی از روی داده‌ها نیست: {reason}",
    "By needs: {text}": "بر پایهٔ نیازها: {text}",
}
