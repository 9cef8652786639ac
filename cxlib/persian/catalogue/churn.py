"""The report on who is likely to leave."""

LABELS = {
    "Who is likely to leave, and whom does it pay to call?": (
        "چه کسی احتمالاً می‌رود و تماس با چه کسی می‌صرفد؟"
    ),
    "Who leaves: the rate by attribute": "چه کسانی می‌روند: نرخ بر حسب ویژگی",
    "When: how long customers stay": "چه زمان: مشتریان چه مدت می‌مانند",
    "How well can we tell: the models compared": "چه اندازه می‌توان گفت: مقایسهٔ مدل‌ها",
    "Can the risks be read as probabilities?": "آیا خطرها را می‌توان احتمال خواند؟",
    "How far down the list is it worth going?": "تا کجای فهرست می‌ارزد پیش رفت؟",
    "Is it as good for every group?": "آیا برای هر گروه به همان خوبی است؟",
    "Why: what goes with leaving": "چرا: چه با رفتن همراه است",
    "What it pays": "چه سودی دارد",
    "Next time: has anything changed since the last run?": (
        "بار دیگر: آیا از اجرای پیش چیزی تغییر کرده است؟"
    ),
    "The model, on a card": "مدل، در یک برگه",
    "Whom": "چه کسانی",
    "Whom:": "چه کسانی:",
    "What that rests on": "بر چه استوار است",
    "What that rests on:": "بر چه استوار است:",
    "chance of leaving": "بخت رفتن",
    "In hindsight": "با نگاه به گذشته",
    "How well it can be told": "چه اندازه می‌توان گفت",
    "Did it work?": "آیا کارگر بود؟",
    "Churn": "ریزش",
    "logistic": "لجستیک",
    "boosting": "بوستینگ",
    "base rate": "نرخ پایه",
    "risk": "خطر",
    "expected profit": "سود مورد انتظار",
    "churned": "رفته",
    "left": "رفته",
    "churn": "ریزش",
    "churn rate": "نرخ ریزش",
    "revenue churn": "ریزش درآمد",
    "contraction": "کاهش درآمد",
    "expansion": "افزایش درآمد",
    "net retention": "نگهداشت خالص",
    "role": "نقش",
    "cutoff": "تاریخ برش",
    "median months": "میانهٔ ماه‌ها",
    "of the next 24": "از ۲۴ ماه آینده",
    "months so far": "ماه تاکنون",
    "hazard ratio": "نسبت خطر",
    "risk ratio": "نسبت ریسک",
    "differs most": "بیشترین تفاوت",
    "feature": "ویژگی",
    "early": "آغاز",
    "late": "پایان",
    "average precision": "دقت میانگین",
    "calibration slope": "شیب واسنجی",
    "calibration intercept": "عرض از مبدأ واسنجی",
    "predicted": "پیش‌بینی",
    "decile": "دهک",
    "precision": "دقت",
    "captured": "دربرگرفته",
    "lift": "بالابری",
    "contacted": "تماس‌گرفته",
    "left / expected": "رفته / مورد انتظار",
    "all customers": "همهٔ مشتریان",
    "per standard deviation": "به ازای یک انحراف معیار",
    "success rate": "نرخ موفقیت",
    "offer cost": "هزینهٔ پیشنهاد",
    "best share": "بهترین سهم",
    "field": "فیلد",
    "predicted probability": "احتمال پیش‌بینی‌شده",
    "observed share": "سهم مشاهده‌شده",
    "months since sign-up": "ماه از ثبت‌نام",
    "signed up in": "ثبت‌نام در",
    "Share of each cohort still there": "سهم باقی‌مانده از هر گروه هم‌آغاز",
    "Share who have left, by cause": "سهم رفتگان بر حسب علت",
    "What contacting would have earned, if as assumed": (
        "سودی که تماس می‌داد، اگر چنان بود که گمان می‌رود"
    ),
    "Share that left, by tenth of risk (line: all customers)": (
        "سهم رفتگان بر حسب دهک خطر (خط: همهٔ مشتریان)"
    ),
    "share that left": "سهم رفتگان",
    "tenth of the customers by risk, 1 = riskiest": "دهک مشتریان بر حسب خطر، ۱ = پرخطرترین",
    "share of the customers contacted": "سهم مشتریان تماس‌گرفته",
    "profit per 1,000 customers": "سود در هر ۱٬۰۰۰ مشتری",
    "Lift by decile (line: picked at random)": "بالابری بر حسب دهک (خط: گزینش تصادفی)",
    "Share of all leavers reached": "سهم رفتگانی که به آنان رسیده‌ایم",
    "Bands and whiskers": "نوارها و میله‌ها",
    "no leak": "بی نشت",
    "better than chance": "بهتر از تصادف",
    "calibrated": "واسنجیده",
    "alike for every group": "یکسان برای هر گروه",
    "shown to pay": "سوددهی نشان داده شده",
    "experiment can tell": "آزمایش می‌تواند بگوید",
    "contract": "قرارداد",
    "payment": "پرداخت",
    "region": "منطقه",
    "tenure months": "ماه‌های عضویت",
    "tenure_months": "ماه‌های عضویت",
    "No miscalibration is shown": "ناواسنجیدگی دیده نشد",
    "but calibration cannot be judged with so few customers": (
        "اما با این شمار کم مشتری دربارهٔ واسنجی نمی‌توان داوری کرد"
    ),
    "read their order rather than their size": "ترتیب آن‌ها را بخوانید، نه اندازه‌شان را",
    "the profit of the contact list allows for that": "سود فهرست تماس این را در نظر دارد",
    "repeat it over several": "در چند دوره تکرار کنید",
    "how leaving changes from period to period": "دگرگونی رفتن از دوره‌ای به دورهٔ دیگر",
    "how well the tests tell the size of the risks": "دقت آزمون‌ها در اندازهٔ خطرها",
    "the assumed success rate": "نرخ موفقیت فرضی",
    "the chance of who leaves and accepts": "تصادف در این که چه کسی می‌رود و می‌پذیرد",
    "the tenures speak against that": "ماه‌های عضویت با آن ناسازگار است",
    "n above counts those to call": "تعداد بالا شمار کسانی است که باید با آنان تماس گرفت",
    "campaign profit": "سود کارزار",
    "Costs:": "هزینه‌ها:",
    "reason 1": "دلیل ۱",
    "reason 2": "دلیل ۲",
    "The first stand below with reasons, all in the table": (
        "نخستین‌ها در زیر با دلیل آمده‌اند و همه در جدول"
    ),
    "How much periods differ is assumed, as no two were tested": (
        "تفاوت دوره‌ها فرض شده است، چون هیچ دو دوره‌ای آزموده نشد"
    ),
    "Too few such customers were tested to calibrate the risks": (
        "شمار چنین مشتریانی در آزمون‌ها برای واسنجی خطرها کم بود"
    ),
    "revenue": "درآمد",
    "margin": "سود ناخالص",
}

SENTENCES = {
    "Most likely to leave within {n} days, by the share that left": (
        "محتمل‌ترین رفتنی‌ها در {n} روز، بر پایهٔ سهم رفتگان"
    ),
    "Most likely to leave within a month, by the share that left": (
        "محتمل‌ترین رفتنی‌ها در یک ماه، بر پایهٔ سهم رفتگان"
    ),
    "Most likely to leave, by the share that left": "محتمل‌ترین رفتنی‌ها، بر پایهٔ سهم رفتگان",
    "customers with {one} ({share}), {name} ({rank}) or {other} ({k})": (
        "مشتریان با {one} ({share})، {name} ({rank}) یا {other} ({k})"
    ),
    "customers with {one} ({share}) or {other} ({k})": (
        "مشتریان با {one} ({share}) یا {other} ({k})"
    ),
    "customers with {one} ({share})": "مشتریان با {one} ({share})",
    "tenure months {low} to {high}": "{low} تا {high} ماه عضویت",
    "contract {value}": "قرارداد {value}",
    "internet service {value}": "خدمت اینترنت {value}",
    "Calling the {n} listed should bring {value}, but a loss of {k} is possible ({level} % "
    "interval {low} to {high})": (
        "تماس با {n} نفر فهرست باید {value} بیاورد، اما زیان {k} ممکن است (بازهٔ {level}٪: "
        "{low} تا {high})"
    ),
    "Calling the {n} listed should pay and bring {value} ({level} % interval {low} to {high})": (
        "تماس با {n} نفر فهرست می‌صرفد و باید {value} بیاورد (بازهٔ {level}٪: {low} تا {high})"
    ),
    "Calling the {n} listed is not expected to pay": "انتظار نمی‌رود تماس با {n} نفر فهرست بصرفد",
    "it should bring {value} ({level} % interval {low} to {high})": (
        "باید {value} بیاورد (بازهٔ {level}٪: {low} تا {high})"
    ),
    "call as a trial and leave {n} alone to compare": (
        "آزمایشی تماس بگیرید و {n} نفر را برای مقایسه رها کنید"
    ),
    "call as a trial": "آزمایشی تماس بگیرید",
    "call them and leave {n} alone to compare": (
        "با آنان تماس بگیرید و {n} نفر را برای مقایسه رها کنید"
    ),
    "call them": "با آنان تماس بگیرید",
    "At these costs it pays to call none of {n}": (
        "با این هزینه‌ها تماس با هیچ‌یک از {n} نفر نمی‌صرفد"
    ),
    "{k} of {n} customers are worth calling by expected profit": (
        "سود مورد انتظار تماس با {k} از {n} مشتری بیشتر از صفر است"
    ),
    "call {n}, leave {k} alone, drawn at random to compare": (
        "با {n} نفر تماس بگیرید و {k} نفر را، به قید قرعه، برای مقایسه رها کنید"
    ),
    "call them all": "با همه تماس بگیرید",
    "an offer {n}, a call {k}": "هر پیشنهاد {n}، هر تماس {k}",
    "{basis} of {n} months counts, less both": "{basis} {n} ماه منهای هر دو حساب می‌شود",
    "{basis} of {n} days counts, less both": "{basis} {n} روز منهای هر دو حساب می‌شود",
    "This assumes, and no data show, that the offer keeps {share} of the leavers called": (
        "این بر این فرض است، که هیچ داده‌ای آن را نشان نداده، که پیشنهاد {share} رفتنی‌های "
        "تماس‌گرفته را نگه می‌دارد"
    ),
    "It is assumed, not measured, that the offer keeps {share} ({low} to {high}) of the leavers "
    "called": (
        "فرض است، نه اندازه‌گیری، که پیشنهاد {share} ({low} تا {high}) رفتنی‌های تماس‌گرفته را نگه "
        "می‌دارد"
    ),
    "put your own figure in its place (parameter success_rate) once a trial has told it": (
        "همین که آزمایشی آن را نشان داد، عدد خود را جای آن بگذارید (پارامتر success_rate)"
    ),
    "If {share} stay, the list breaks even": "اگر {share} بمانند، فهرست سربه‌سر است",
    "Shares of what is uncertain in the profit (of its variance)": (
        "سهم‌ها در نامعلومی سود (در پراکندگی آن)"
    ),
    "{share} from {name}": "{share} از {name}",
    "The risk is counted as that of one month": "خطر، خطر یک ماه شمرده شده است",
    "The coming period is taken to be like those tested": (
        "دورهٔ آینده مانند دوره‌های آزموده گرفته شده است"
    ),
    "The coming period is taken to be like that tested": (
        "دورهٔ آینده مانند دورهٔ آزموده گرفته شده است"
    ),
    "of the customers in the file, a share of {value} ({level} % interval {low} to {high}, "
    "n = {n}) left within {k} days": (
        "از مشتریان فایل سهم {value} (بازهٔ {level}٪: {low} تا {high}، تعداد {n}) در {k} روز رفتند"
    ),
    "of the customers in the file, a share of {value} ({level} % interval {low} to {high}, "
    "n = {n}) left in the last month it covers": (
        "از مشتریان فایل سهم {value} (بازهٔ {level}٪: {low} تا {high}، تعداد {n}) در آخرین ماه "
        "آن رفتند"
    ),
    "chance of leaving within {n} days": "بخت رفتن در {n} روز",
    "Contacting these {n} customers should earn {value} ({level} interval {low} to {high}), "
    "which is not shown to pay": (
        "تماس با این {n} مشتری باید {value} سود دهد (بازهٔ {level}: {low} تا {high})، که "
        "سوددهی آن نشان داده نشده است"
    ),
    "By the same rule {k} of {n} customers judged would have been called": (
        "با همین قاعده با {k} از {n} مشتری آزموده تماس گرفته می‌شد"
    ),
    "they held {share} ({low} to {high}) of all who left, and the campaign would have earned "
    "{value} per 1,000 judged ({least} to {most}) at the assumed success rate": (
        "آنان {share} ({low} تا {high}) از همهٔ رفتگان را در بر داشتند و کارزار در هر ۱٬۰۰۰ "
        "نفر {value} سود می‌داد ({least} تا {most})، با نرخ موفقیت فرضی"
    ),
    "Of a leaver and a stayer picked at random, the model ({name} alone) gives the leaver "
    "the higher risk with probability {value} ({level} % interval {low} to {high}, n = {n})": (
        "از یک رفته و یک مانده که به تصادف برگزیده شوند، مدل (تنها {name}) با احتمال {value} "
        "به رفته خطر بیشتری می‌دهد (بازهٔ {level}٪: {low} تا {high}، تعداد {n})"
    ),
    "The riskiest {share} hold {rank} ({low} to {high}) of all who left": (
        "پرخطرترین {share}، {rank} ({low} تا {high}) از همهٔ رفتگان را در بر دارد"
    ),
    "That is not shown to be more than calling at random would find": (
        "نشان داده نشد که این بیش از تماس تصادفی باشد"
    ),
    "slope {low} to {high}, intercept {least} to {most}": (
        "شیب {low} تا {high}، عرض از مبدأ {least} تا {most}"
    ),
    "The list is too short to measure the effect in one round (chance {share})": (
        "فهرست کوتاه‌تر از آن است که اثر در یک دور سنجیده شود (بخت {share})"
    ),
    "Leave the {k} held out alone for the whole horizon": (
        "{k} نفر کنارگذاشته را در همهٔ افق رها کنید"
    ),
    "{value} ({level} % interval {low} to {high}, n = {n}) within {k} days": (
        "{value} (بازهٔ {level}٪: {low} تا {high}، تعداد {n}) در {k} روز"
    ),
    "Left out, for they are known only as of {date}": "کنار گذاشته، چون تنها در {date} معلوم‌اند",
    "Declare those that never change as fixed, or give them by month": (
        "آنچه را هرگز تغییر نمی‌کند ثابت اعلام کنید، یا ماه‌به‌ماه بدهید"
    ),
    "then add `treated` and, where customers have dates, `campaign_day` to the sources, and "
    "run the report again": (
        "سپس ستون `treated` و، اگر مشتریان تاریخ دارند، `campaign_day` را به منابع بیفزایید "
        "و گزارش را دوباره بسازید"
    ),
    "The months know {k} of {n} customers": "ماه‌ها {k} از {n} مشتری را می‌شناسند",
    "The first {n} to call, by expected profit": (
        "نخستین {n} نفر برای تماس، به ترتیب سود مورد انتظار"
    ),
    "chance of leaving within a month": "بخت رفتن در یک ماه",
    "Ranks without a row are left alone for comparison": ("رتبه‌های بی‌سطر برای مقایسه رها شده‌اند"),
    "Each risk comes from a fit that has not seen the customer": (
        "هر خطر از برازشی است که آن مشتری را ندیده است"
    ),
    "Risks are of the coming period, by the model fitted to all whose outcome is known": (
        "خطرها از دورهٔ آینده است، با مدلی که بر همهٔ کسان با نتیجهٔ معلوم برازش شده"
    ),
    "A reason is what goes with leaving, no cause": (
        "دلیل چیزی است که با رفتن همراه است، نه علت آن"
    ),
    "odds × {value} are next to nothing": "بخت × {value} تقریباً هیچ است",
    "{name} = {value}, lowest third (odds × {odds})": (
        "{name} = {value}، یک‌سوم پایین (بخت × {odds})"
    ),
    "{name} = {value}, highest third (odds × {odds})": (
        "{name} = {value}، یک‌سوم بالا (بخت × {odds})"
    ),
    "{name} = {value}, middle third (odds × {odds})": (
        "{name} = {value}، یک‌سوم میانی (بخت × {odds})"
    ),
    "{name} = {value} (odds × {odds})": "{name} = {value} (بخت × {odds})",
    "Bands and whiskers: {level} % intervals": "نوارها و میله‌ها: بازه‌های {level}٪",
    "Bands and whiskers: {level} % intervals, n = {n}": (
        "نوارها و میله‌ها: بازه‌های {level}٪، تعداد {n}"
    ),
    "Share still there, by {name}": "سهم باقی‌مانده، بر حسب {name}",
}
