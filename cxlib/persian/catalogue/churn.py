"""The report on who is likely to leave."""

LABELS = {
    "one snapshot": "یک برش زمانی",
    "contracts": "قراردادها",
    "Nothing speaks against the span": "هیچ چیز خلاف این دامنه نیست",
    "constant risks have no slope": "خطرهای ثابت شیب ندارد",
    "risks that separate have no slope": "خطرهایی که کاملاً جدا می‌کنند شیب ندارد",
    "no two customers were at risk at once": "هیچ دو مشتری هم‌زمان در خطر نبوده‌اند",
    "nobody held out left": "از کنارگذاشته‌ها کسی نرفته است",
    "at this value no contact pays": "با این ارزش هیچ تماسی نمی‌ارزد",
    "no average precision: nobody left": "دقت میانگین نیست: کسی نرفته است",
    "No feature is left that could tell leavers apart": (
        "ویژگی‌ای نمانده است که روندگان را از ماندگان جدا کند"
    ),
    "No group can be compared with the rest of the customers: too few left or stayed": (
        "هیچ گروهی را نمی‌توان با دیگر مشتریان سنجید: شمار روندگان یا ماندگان کم است"
    ),
    "Whether every group is served alike is not settled": (
        "روشن نیست که با همهٔ گروه‌ها یکسان رفتار می‌شود یا نه"
    ),
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
    "What it brings": "چه می‌آورد",
    "What it brings:": "چه می‌آورد:",
    "Not shown to pay yet": "سوددهی آن هنوز نشان داده نشده است",
    "Go by the list, not by these groups": "به فهرست تکیه کنید، نه به این گروه‌ها",
    "Leaving may be overstated": "شاید رفتن بیش از واقع شمرده شده باشد",
    "the file may hold leavers of more than a month, and then the profit is too high": (
        "فایل شاید رفتگان بیش از یک ماه را در بر داشته باشد و آنگاه سود بیش از واقع است"
    ),
    "Break-even": "سربه‌سر",
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
    "span of leaving": "دامنهٔ رفتن",
    "No sign of a leak": "نشانی از نشت نیست",
    "The simpler model wins ties": "در برابری، مدل ساده‌تر برگزیده می‌شود",
    "take these curves as a lower limit": "این منحنی‌ها را کران پایین بدانید",
    "leaving was rarer before, or the file holds the leavers of more than a month": (
        "رفتن پیش‌تر کمتر بوده، یا فایل رفتگان بیش از یک ماه را در بر دارد"
    ),
    "The risks can be read as probabilities: slope and odds are off by less than a "
    "factor of 1.25, as their intervals show": (
        "خطرها را می‌توان احتمال خواند: شیب و بخت، چنان که بازه‌هایشان نشان می‌دهد، کمتر "
        "از ۱٫۲۵ برابر نادرست‌اند"
    ),
    "Not every group is served alike": "با همهٔ گروه‌ها یکسان رفتار نمی‌شود",
    "alike is an AUC within 0.05 of the rest's, shares within 10 points, and leavers "
    "for each one expected within a factor of 0.8 to 1.25": (
        "یکسان یعنی AUC در فاصلهٔ ۰٫۰۵ از بقیه، سهم‌ها در فاصلهٔ ۱۰ امتیاز، و رفتگان به "
        "ازای هر نفر مورد انتظار میان ۰٫۸ و ۱٫۲۵"
    ),
    "Groups that leave at different rates cannot be alike in every measure: look at "
    "each difference before calling it unfair": (
        "گروه‌هایی که با نرخ‌های گوناگون می‌روند در هر سنجه‌ای یکسان نمی‌شوند: پیش از "
        "ناعادلانه خواندن، هر تفاوت را ببینید"
    ),
    "more leavers reached": "رفتگان بیشتری دربرگرفته",
    "fewer leavers reached": "رفتگان کمتری دربرگرفته",
    "ranked worse": "رتبه‌بندی بدتر",
    "ranked better": "رتبه‌بندی بهتر",
    "and run the report again": "و گزارش را دوباره بسازید",
    "All customers are of one snapshot": "همهٔ مشتریان از یک برش زمانی‌اند",
    "churn rate (line: all)": "نرخ ریزش (خط: همه)",
    "AUC (line: chance)": "AUC (خط: تصادف)",
    "risk (bars: customers)": "خطر (ستون‌ها: مشتریان)",
    "share that left at that risk": "سهم رفتگان با آن خطر",
    "decile of risk": "دهک خطر",
    "share contacted": "سهم تماس‌گرفته",
    "share of leavers": "سهم رفتگان",
    "fall of the AUC": "افت AUC",
    "rise of the log loss": "افزایش لگ‌لاس",
    "auc_drop": "افت AUC",
    "log_loss": "لگ‌لاس",
    "chosen": "برگزیده",
    "auc": "AUC",
    "step lines": "خط‌های پله‌ای",
    "Calibration curve and histogram of the risks": "منحنی واسنجی و هیستوگرام خطرها",
    "share 12": "سهم در ۱۲ ماه",
    "share 24": "سهم در ۲۴ ماه",
    "restricted mean months": "میانگین محدود ماه‌ها",
    "The file does not say why customers left (column leaving)": (
        "فایل نمی‌گوید مشتریان چرا رفتند (ستون leaving)"
    ),
    "Do groups leave at different rates at the same tenure (log-rank test)": (
        "آیا گروه‌ها با عضویت برابر با نرخ‌های گوناگون می‌روند (آزمون log-rank)"
    ),
    "Does a ratio change with tenure": "آیا نسبتی با عضویت تغییر می‌کند",
    "Correlation of its residuals with time": "همبستگی باقی‌مانده‌های آن با زمان",
    "The file does not say when customers signed up and left: months and cohorts need "
    "the dates started and ended": (
        "فایل نمی‌گوید مشتریان کی ثبت‌نام کردند و رفتند: ماه‌ها و گروه‌های هم‌آغاز "
        "تاریخ‌های started و ended را می‌خواهند"
    ),
    "rho": "رو",
    "brier": "Brier",
    "brier skill": "مهارت Brier",
    "Brier score": "امتیاز Brier",
    "Brier score, t interval": "امتیاز Brier، بازهٔ t",
    "The settings tried for the model that is used": "تنظیم‌های آزموده برای مدل به‌کاررفته",
    "The AUC in each part of the test, each from its own fit": (
        "AUC در هر بخش آزمون، هر یک از برازش خود"
    ),
    "Each customer is predicted by models of the other customers of the same snapshot": (
        "هر مشتری با مدل‌های مشتریان دیگر همان برش پیش‌بینی می‌شود"
    ),
    "split": "بخش",
    "used for": "کاربرد",
    "used_for": "کاربرد",
    "choice and quality": "گزینش و کیفیت",
    "part": "جزء",
    "uncorrected": "بی‌تصحیح",
    "resolution": "تفکیک",
    "uncertainty": "نامعلومی",
    "within bins": "درون دسته‌ها",
    "Features that tell much the same": "ویژگی‌هایی که کمابیش یک چیز می‌گویند",
    "correlation ratio of ranks": "نسبت همبستگی رتبه‌ها",
    "Spearman's correlation": "همبستگی اسپیرمن",
    "case": "حالت",
    "ranked by": "ترتیب بر پایهٔ",
    "profit per customer": "سود هر مشتری",
    "share to contact": "سهم برای تماس",
    "the paper's defaults": "پیش‌فرض‌های مقاله",
    "own costs and values": "هزینه‌ها و ارزش‌های خود",
    "own costs and values, ranked by profit": "هزینه‌ها و ارزش‌های خود، به ترتیب سود",
    "value of the customer": "ارزش مشتری",
    "pays above a risk of": "سودآور بالای خطر",
    "profit per 1000": "سود در هر ۱٬۰۰۰",
    "break even success rate": "نرخ موفقیت سربه‌سر",
    "share of the variance": "سهم از واریانس",
    "calibration of the risks": "واسنجی خطرها",
    "change between periods": "دگرگونی میان دوره‌ها",
    "who leaves and accepts": "چه کسی می‌رود و می‌پذیرد",
    "What is not known about the profit of the list, and what each part adds": (
        "آنچه دربارهٔ سود فهرست نامعلوم است و سهم هر جزء"
    ),
    "the belief about the success rate": "باور دربارهٔ نرخ موفقیت",
    "standardized_difference": "تفاوت استاندارد",
    "churn_probability": "احتمال ریزش",
    "The data have no column treated": "داده‌ها ستون treated ندارند",
    "No earlier run was named": "اجرای پیشینی نام برده نشده است",
    "looked_at": "دیده‌شده",
    "found": "یافته",
    "not_checked": "بررسی‌نشده",
    "dated after the cut-off": "تاریخ پس از برش",
    "no cut-off": "بی برش",
    "window overlaps the horizon": "پنجره با افق هم‌پوشانی دارد",
    "the windows of the features are not known": "پنجرهٔ ویژگی‌ها معلوم نیست",
    "tells the outcome alone": "به‌تنهایی نتیجه را می‌گوید",
    "name speaks of the outcome": "نامش از نتیجه می‌گوید",
    "duplicates across the split": "تکرار در دو سوی تقسیم",
    "churn rate jumps": "جهش نرخ ریزش",
    "identifier as a feature": "شناسه به جای ویژگی",
    "missing after the outcome": "گمشده پس از نتیجه",
    "copies under other ids: no number tells customers apart, or fewer than 3 features vary": (
        "رونوشت با شناسه‌های دیگر: هیچ عددی مشتریان را از هم جدا نمی‌کند، یا کمتر از ۳ "
        "ویژگی تغییر می‌کند"
    ),
    "determined by": "تعیین‌شده با",
    "columns": "ستون‌ها",
    "aliased": "هم‌ارز",
    "unstable": "ناپایدار",
    "stable": "پایدار",
    "predicts": "پیش‌بینی می‌کند",
    "meant for": "برای",
    "data": "داده‌ها",
    "features": "ویژگی‌ها",
    "judged by": "داوری با",
    "quality": "کیفیت",
    "calibration": "واسنجی",
    "groups looked at": "گروه‌های دیده‌شده",
    "not for": "نه برای",
    "limits": "محدودیت‌ها",
    "versions": "نسخه‌ها",
    "no column": "هیچ ستونی",
    "telling what makes customers leave, prices or refusals for single people, "
    "customers of another kind or time than these": (
        "گفتن علت رفتن مشتریان، قیمت‌گذاری یا رد تک‌تک افراد، مشتریانی از نوع یا زمانی دیگر"
    ),
    "ranking today's customers for a retention offer, and the size of their risk as "
    "far as the calibration below allows": (
        "مرتب کردن مشتریان امروز برای پیشنهاد نگهداشت، و اندازهٔ خطرشان تا آنجا که واسنجی "
        "پایین اجازه می‌دهد"
    ),
    "the probability that a customer of this snapshot is one of those who left; the "
    "file does not say over how long they did": (
        "احتمال این که مشتری این برش از رفتگان باشد؛ فایل نمی‌گوید در چه مدتی رفتند"
    ),
    "expected": "مورد انتظار",
    "Each customer's risk is of the same horizon": "خطر همهٔ مشتریان از یک افق است",
    "customers of another kind or time than these": "مشتریانی از نوع یا زمانی دیگر",
    "No group differs beyond noise": "هیچ گروهی بیش از نوفه تفاوت ندارد",
    "there is nothing to measure": "چیزی برای سنجش نیست",
    "too extreme (slope below 1)": "بیش از اندازه تند (شیب کمتر از ۱)",
    "too timid (slope above 1)": "بیش از اندازه ملایم (شیب بیشتر از ۱)",
    "too low on the whole": "در کل کمتر از واقع",
    "too high on the whole": "در کل بیشتر از واقع",
    "They were not randomized": "تصادفی تقسیم نشده‌اند",
    "purchase model": "مدل خرید",
    "tenure months alone": "تنها ماه‌های عضویت",
    "tenure_months alone": "تنها ماه‌های عضویت",
    "total charges": "مجموع هزینه‌ها",
    "monthly charges": "هزینهٔ ماهانه",
    "payment method": "شیوهٔ پرداخت",
    "not known": "نامعلوم",
    "best profit per 1000": "بهترین سود در هر ۱٬۰۰۰",
    "empc gain": "بهبود EMPC",
    "empc own share": "سهم EMPC با ارزش‌های خود",
    "empc own values": "EMPC با ارزش‌های خود",
    "empc paper": "EMPC مقاله",
    "empc share paper": "سهم EMPC مقاله",
    "ici": "ICI",
}

SENTENCES = {
    "{kind}: {n} rows, {k} of customers who left": "{kind}: {n} سطر، {k} تا از مشتریان رفته",
    "{n} features; left out: {data}": "{n} ویژگی؛ کنار گذاشته: {data}",
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
    "Do not call the whole list of {n} yet": "هنوز با همهٔ {n} نفر فهرست تماس نگیرید",
    "first call about {n} drawn at random from it, leave at least as many alone, and compare": (
        "نخست با حدود {n} نفر از آن، به قید قرعه، تماس بگیرید، دست‌کم همین شمار را رها کنید و "
        "مقایسه کنید"
    ),
    "first call about {n} drawn at random from it, leave at least as many alone, and compare once "
    "{share} of these have left": (
        "نخست با حدود {n} نفر از آن، به قید قرعه، تماس بگیرید، دست‌کم همین شمار را رها کنید و "
        "هنگامی که {share} اینان رفته باشند مقایسه کنید"
    ),
    "first call half of it, drawn at random, leave the other half alone, and compare": (
        "نخست با نیمی از آن، به قید قرعه، تماس بگیرید، نیم دیگر را رها کنید و مقایسه کنید"
    ),
    "first call half of it, drawn at random, leave the other half alone, and compare once {share} "
    "of these have left": (
        "نخست با نیمی از آن، به قید قرعه، تماس بگیرید، نیم دیگر را رها کنید و هنگامی که {share} "
        "اینان رفته باشند مقایسه کنید"
    ),
    "one round will not settle it, repeat it over several": (
        "یک دوره برای روشن شدن آن بس نیست، در چند دوره تکرارش کنید"
    ),
    "To show that calling keeps more than {share} of the leavers, each arm needs {n} customers "
    "({low} to {high} as the success rate is not known)": (
        "برای نشان دادن این که تماس بیش از {share} رفتنی‌ها را نگه می‌دارد، هر گروه {n} مشتری "
        "می‌خواهد ({low} تا {high}، چون نرخ موفقیت معلوم نیست)"
    ),
    "To show that calling keeps more than {share} of the leavers, each arm needs {n} customers "
    "({low} or more as the success rate is not known)": (
        "برای نشان دادن این که تماس بیش از {share} رفتنی‌ها را نگه می‌دارد، هر گروه {n} مشتری "
        "می‌خواهد ({low} یا بیشتر، چون نرخ موفقیت معلوم نیست)"
    ),
    "If the offer keeps {share} of the leavers called (your guess: success_rate), {n} calls would "
    "bring about {k}": (
        "اگر پیشنهاد {share} رفتنی‌های تماس‌گرفته را نگه دارد (گمان شما: success_rate)، {n} تماس "
        "حدود {k} می‌آورد"
    ),
    "by these guesses the chance of losing money is {share}, and at most {most} would count as "
    "shown": (
        "با این گمان‌ها احتمال زیان {share} است و تنها تا {most} «نشان داده‌شده» به شمار می‌آید"
    ),
    "The trial decides": "آزمایش تصمیم می‌گیرد",
    "call all where its whole interval lies above {share} kept (break-even), stop where all of it "
    "lies below, else go on with the trial": (
        "اگر همهٔ بازهٔ آن بالای نگهداشت {share} (سربه‌سر) بود با همه تماس بگیرید، اگر همه‌اش پایین "
        "بود دست بکشید، وگرنه آزمایش را ادامه دهید"
    ),
    "Revenue of {n} months counts here, not profit": "درآمد {n} ماه به شمار آمده است، نه سود",
    "Revenue of {n} days counts here, not profit": "درآمد {n} روز به شمار آمده است، نه سود",
    "set margin_rate": "margin_rate را بدهید",
    "act on the new run alone": "تنها بر پایهٔ اجرای تازه عمل کنید",
    "it calls about {n}": "در آن با حدود {n} نفر تماس گرفته می‌شود",
    "The other {n} are not called": "با {n} نفر دیگر تماس گرفته نمی‌شود",
    "they are the comparison": "آنان گروه مقایسه‌اند",
    "The whole list, not the trial": "همهٔ فهرست، نه گروه آزمایش",
    "its first {n} by expected profit": "نخستین {n} نفر آن به ترتیب سود مورد انتظار",
    "Do not call these": "با این‌ها تماس نگیرید",
    "draw at random from the whole list": "از همهٔ فهرست به قید قرعه برگزینید",
    "{share} kept": "نگهداشت {share}",
    "{k} of {n} customers are worth calling by expected profit, if all is as assumed": (
        "سود مورد انتظار تماس با {k} از {n} مشتری بیشتر از صفر است، اگر همه چیز چنان باشد که فرض شد"
    ),
    "run again with holdout_share = {low} to have the trial drawn": (
        "با holdout_share = {low} دوباره اجرا کنید تا قرعهٔ آزمایش کشیده شود"
    ),
    "Calling the {n} listed should pay and bring {value} ({level} % interval {low} to {high})": (
        "تماس با {n} نفر فهرست می‌صرفد و باید {value} بیاورد (بازهٔ {level}٪: {low} تا {high})"
    ),
    "Calling the {n} listed is not expected to pay": "انتظار نمی‌رود تماس با {n} نفر فهرست بصرفد",
    "it should bring {value} ({level} % interval {low} to {high})": (
        "باید {value} بیاورد (بازهٔ {level}٪: {low} تا {high})"
    ),
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
    "That the offer keeps {share} ({low} to {high}) of the leavers called is assumed, not "
    "measured": (
        "این که پیشنهاد {share} ({low} تا {high}) رفتنی‌های تماس‌گرفته را نگه می‌دارد فرض است، نه "
        "اندازه‌گیری"
    ),
    "put in its place what a trial tells (parameter success_rate)": (
        "آنچه را آزمایشی نشان می‌دهد جای آن بگذارید (پارامتر success_rate)"
    ),
    "Shares of what is uncertain in the profit (of its variance)": (
        "سهم‌ها در نامعلومی سود (در پراکندگی آن)"
    ),
    "{share} from {name}": "{share} از {name}",
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
    "Half of the customers have been there for {n} months or more, but at these rates "
    "{share} of new ones would stay so long: leaving was rarer before, or the file "
    "holds the leavers of more than a month": (
        "نیمی از مشتریان {n} ماه یا بیشتر مانده‌اند، اما با این نرخ‌ها {share} مشتریان "
        "تازه چنین می‌مانند: رفتن پیش‌تر کمتر بوده، یا فایل رفتگان بیش از یک ماه را در بر "
        "دارد"
    ),
    "Take these curves as a lower limit": "این منحنی‌ها را کران پایین بدانید",
    "No sign of a leak, by {k} of {n} kinds of check": (
        "نشانی از نشت نیست، با {k} از {n} گونه بررسی"
    ),
    "Used from here on: {name}": "از اینجا به کار رفته: {name}",
    "{name} ranks better than {other} (AUC {gap}, {low} to {high})": (
        "{name} بهتر از {other} رتبه‌بندی می‌کند (AUC {gap}، {low} تا {high})"
    ),
    "{name} is not shown to rank better than {other} (AUC {gap}, {low} to {high})": (
        "نشان داده نشد که {name} بهتر از {other} رتبه‌بندی کند (AUC {gap}، {low} تا {high})"
    ),
    "{k} of {n} comparisons of groups ({names}) with the rest of the customers show a "
    "difference beyond noise (Holm)": (
        "{k} از {n} مقایسهٔ گروه‌ها ({names}) با بقیهٔ مشتریان تفاوتی فراتر از نوفه نشان می‌دهد (هولم)"
    ),
    "The clearest: {group}: {what} ({gap} points, {low} to {high})": (
        "روشن‌ترین: {group}: {what} ({gap} امتیاز، {low} تا {high})"
    ),
    "{group}: more leavers reached ({gap} points, {low} to {high})": (
        "{group}: رفتگان بیشتری دربرگرفته ({gap} امتیاز، {low} تا {high})"
    ),
    "{group}: fewer leavers reached ({gap} points, {low} to {high})": (
        "{group}: رفتگان کمتری دربرگرفته ({gap} امتیاز، {low} تا {high})"
    ),
    "{group}: ranked worse (AUC {gap}, {low} to {high})": (
        "{group}: رتبه‌بندی بدتر (AUC {gap}، {low} تا {high})"
    ),
    "{group}: ranked better (AUC {gap}, {low} to {high})": (
        "{group}: رتبه‌بندی بهتر (AUC {gap}، {low} تا {high})"
    ),
    "With the held-out group the effect can be shown with a chance of {share} ({low} "
    "to {high})": "با گروه کنارگذاشته، اثر با بخت {share} ({low} تا {high}) نشان داده می‌شود",
    "Of a leaver and a stayer picked at random, the model ({name}) gives the leaver "
    "the higher risk with probability {value} ({level} % interval {low} to {high}, n = "
    "{n})": (
        "از یک رفته و یک مانده که به تصادف برگزیده شوند، مدل ({name}) با احتمال {value} به "
        "رفته خطر بیشتری می‌دهد (بازهٔ {level}٪: {low} تا {high}، تعداد {n})"
    ),
    "of the customers in the file, a share of {value} ({level} % interval {low} to "
    "{high}, n = {n}) left": (
        "از مشتریان فایل سهم {value} (بازهٔ {level}٪: {low} تا {high}، تعداد {n}) رفتند"
    ),
    "then add": "سپس",
    "and, where customers have dates,": "و، اگر مشتریان تاریخ دارند،",
    "to the sources, and run the report again": "را به منابع بیفزایید و گزارش را دوباره بسازید",
    "{name} = {value}, with {others} and {n} more (odds × {odds})": (
        "{name} = {value}، همراه {others} و {n} ویژگی دیگر (بخت × {odds})"
    ),
    "{name} = {value}, with {others} (odds × {odds})": (
        "{name} = {value}، همراه {others} (بخت × {odds})"
    ),
    "{name} = {value}, lowest third, with {others} (odds × {odds})": (
        "{name} = {value}، یک‌سوم پایین، همراه {others} (بخت × {odds})"
    ),
    "{name} = {value}, middle third, with {others} (odds × {odds})": (
        "{name} = {value}، یک‌سوم میانی، همراه {others} (بخت × {odds})"
    ),
    "{name} = {value}, highest third, with {others} (odds × {odds})": (
        "{name} = {value}، یک‌سوم بالا، همراه {others} (بخت × {odds})"
    ),
    "{name} = {value}, lowest third, with {others} and {n} more (odds × {odds})": (
        "{name} = {value}، یک‌سوم پایین، همراه {others} و {n} ویژگی دیگر (بخت × {odds})"
    ),
    "{name} = {value}, middle third, with {others} and {n} more (odds × {odds})": (
        "{name} = {value}، یک‌سوم میانی، همراه {others} و {n} ویژگی دیگر (بخت × {odds})"
    ),
    "{name} = {value}, highest third, with {others} and {n} more (odds × {odds})": (
        "{name} = {value}، یک‌سوم بالا، همراه {others} و {n} ویژگی دیگر (بخت × {odds})"
    ),
    "{k} of {n} groups suppressed": "{k} از {n} گروه پنهان شد",
    "{name}: {one} against {other}": "{name}: {one} در برابر {other}",
    "{name}: per {n}": "{name}: به ازای {n}",
    "fold {n}": "بخش {n}",
    "Customers by {name}, at the same months since sign-up": (
        "مشتریان بر حسب {name}، با ماه‌های برابر از ثبت‌نام"
    ),
    "Months that a customer is expected to stay of the next {n}": (
        "ماه‌هایی که انتظار می‌رود مشتری از {n} ماه آینده بماند"
    ),
    "On average {share} of the expected months rest on that": (
        "به طور میانگین {share} ماه‌های مورد انتظار بر آن استوار است"
    ),
    "Mean distance of risk and curve: {value} ({level} % interval {low} to {high}, n = {n})": (
        "میانگین فاصلهٔ خطر و منحنی: {value} (بازهٔ {level}٪: {low} تا {high}، تعداد {n})"
    ),
    "noise alone makes {n}": "نوفه به‌تنهایی {n} می‌سازد",
    "Each feature's values were dealt anew {n} times among {k} customers that the "
    "model {name} was not fitted to": (
        "مقدارهای هر ویژگی {n} بار میان {k} مشتری که مدل {name} بر آنان برازش نشده بود از نو پخش شد"
    ),
    "By accumulated local effects: {names}": "با اثرهای محلی انباشته: {names}",
    "Ranking by expected profit in place of risk brings {value} ({level} % interval "
    "{low} to {high}, n = {n}) more a customer": (
        "ترتیب بر پایهٔ سود مورد انتظار به جای خطر، برای هر مشتری {value} (بازهٔ {level}٪: "
        "{low} تا {high}، تعداد {n}) بیشتر می‌آورد"
    ),
    "To show that contact lowers leaving from {low} to {high}, each arm needs {n} "
    "customers ({least} to {most} as the success rate is not known)": (
        "برای نشان دادن این که تماس رفتن را از {low} به {high} می‌کاهد، هر گروه {n} مشتری "
        "می‌خواهد ({least} تا {most}، چون نرخ موفقیت معلوم نیست)"
    ),
    "as planned the chance to show it is {share} ({low} to {high})": (
        "با برنامهٔ کنونی بخت نشان دادن آن {share} است ({low} تا {high})"
    ),
    "Holding out {share} of the list would do": "کنار گذاشتن {share} فهرست بس است",
    "The arms are as alike as chance makes them (p = {gap}): the largest standardized "
    "difference is {k} ({name})": (
        "گروه‌ها همان‌قدر همانندند که تصادف می‌سازد (p = {gap}): بزرگ‌ترین تفاوت استاندارد "
        "{k} است ({name})"
    ),
    "The arms differ somewhat more than chance tells (p = {gap}): the largest "
    "standardized difference is {k} ({name})": (
        "گروه‌ها کمی بیش از تصادف تفاوت دارند (p = {gap}): بزرگ‌ترین تفاوت استاندارد {k} است ({name})"
    ),
    "Unstable with all features in: {names}": "ناپایدار با همهٔ ویژگی‌ها: {names}",
    "Each customer's value is {share} of its charges over the months that a customer "
    "of its tenure and risk, once kept, is expected to stay within {n} months": (
        "ارزش هر مشتری {share} هزینه‌های اوست در ماه‌هایی که انتظار می‌رود مشتری با این "
        "عضویت و خطر، اگر نگه داشته شود، در {n} ماه بماند"
    ),
    "Limits: {what}": "کران‌ها: {what}",
    "Calibration cannot be judged: {reason}": "دربارهٔ واسنجی نمی‌توان داوری کرد: {reason}",
    "The risks are {what}: read their order rather than their size": (
        "خطرها {what}‌اند: ترتیب آن‌ها را بخوانید، نه اندازه‌شان را"
    ),
    "Nobody is held out, so no effect can be shown: {what}": (
        "هیچ‌کس کنار گذاشته نشده است، پس اثری نشان داده نمی‌شود: {what}"
    ),
    "holding out {share} of the list would do": "کنار گذاشتن {share} فهرست بس است",
    "Warning: the model {names} ranks almost perfectly (AUC above {n}): some of the "
    "features may know the outcome (leak)": (
        "هشدار: مدل {names} تقریباً بی‌خطا رتبه‌بندی می‌کند (AUC بالای {n}): شاید برخی "
        "ویژگی‌ها از نتیجه خبر دارند (نشت)"
    ),
    "{n} rows of {k} customers, {least} who left": "{n} سطر از {k} مشتری، که {least} نفر رفتند",
    "average precision {value} ({level} % interval {low} to {high}, n = {n})": (
        "دقت میانگین {value} (بازهٔ {level}٪: {low} تا {high}، تعداد {n})"
    ),
    "calibration slope {value} ({level} % interval {low} to {high}, n = {n})": (
        "شیب واسنجی {value} (بازهٔ {level}٪: {low} تا {high}، تعداد {n})"
    ),
    "calibration intercept {value} ({level} % interval {low} to {high}, n = {n})": (
        "عرض از مبدأ واسنجی {value} (بازهٔ {level}٪: {low} تا {high}، تعداد {n})"
    ),
    "Call these {n} as a trial, leave {k} alone, and compare": (
        "با این {n} نفر آزمایشی تماس بگیرید، {k} نفر را رها کنید و مقایسه کنید"
    ),
    "Call these {n} as a trial, leave {k} alone, and compare once {share} of these have left": (
        "با این {n} نفر آزمایشی تماس بگیرید، {k} نفر را رها کنید و هنگامی که {share} اینان رفته "
        "باشند مقایسه کنید"
    ),
}
