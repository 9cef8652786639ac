"""The report on what customers are worth."""

LABELS = {
    "What are our customers worth, and how far can we trust the number?": (
        "مشتریان ما چقدر می‌ارزند و تا کجا می‌توان به این عدد اعتماد کرد؟"
    ),
    "Whose value is it?": "این ارزش از کیست؟",
    "Did such forecasts come true?": "آیا چنین پیش‌بینی‌هایی درست درآمد؟",
    "Which model?": "کدام مدل؟",
    "What customers bring with them": "مشتریان با خود چه می‌آورند",
    "Money": "پول",
    "Customers with a contract": "مشتریان قراردادی",
    "Pillars": "ستون‌ها",
    "Fading": "رو به خاموشی",
    "Rising": "رو به اوج",
    "Occasional": "گاه‌به‌گاه",
    "worth much so far and still to come": "تاکنون پرارزش و در آینده نیز",
    "much so far, little to come": "تاکنون پرارزش، در آینده کم‌ارزش",
    "right": "درست",
    "margin by product": "سود ناخالص هر کالا",
    "keep, thank, listen": "نگه دارید، سپاس بگویید، گوش دهید",
    "ask why, win back while known": "علت را بپرسید، تا آشنایید بازگردانید",
    "In the newest": "در تازه‌ترین",
    "No simple baseline did better": "هیچ روش سادهٔ مبنا بهتر نبود",
    "About equal": "کمابیش برابر",
    "The source declares no currency": "منبع واحد پول را نمی‌گوید",
    "value to come": "ارزش آینده",
    "purchases": "خریدها",
    "what they will bring": "آنچه خواهند آورد",
    "average, chance left out": "میانگین، بی تصادف",
    "offer a random part of them a second range or service, and compare": (
        "به بخشی از آنان، به قید قرعه، کالا یا خدمتی دیگر پیشنهاد کنید و با بقیه مقایسه کنید"
    ),
    "try to win back a random part of them, and compare": (
        "بکوشید بخشی از آنان را، به قید قرعه، بازگردانید و با بقیه مقایسه کنید"
    ),
    "Choose by these whom to try first": "با این گروه‌ها برگزینید که نخست با چه کسانی بیازمایید",
    "the shares are less sure than the total": "این سهم‌ها نامطمئن‌تر از کل است",
    "the truth may lie outside the interval": "واقعیت شاید بیرون از بازه باشد",
    "add nothing": "چیزی نیفزایید",
    "take nothing off": "چیزی نکاهید",
    "expected": "مورد انتظار",
    "actual": "واقعی",
    "observed": "مشاهده‌شده",
    "forecast": "پیش‌بینی",
    "corner": "گوشه",
    "so far, %": "تاکنون، ٪",
    "to come, %": "آینده، ٪",
    "value so far": "ارزش تاکنون",
    "value low": "ارزش، کران پایین",
    "value high": "ارزش، کران بالا",
    "likely low": "محتمل، کران پایین",
    "likely high": "محتمل، کران بالا",
    "cohort": "گروه هم‌آغاز",
    "first purchase": "نخستین خرید",
    "repeat days": "روزهای خرید دوباره",
    "P(alive)": "احتمال فعال بودن",
    "spend a day": "خرید هر روز",
    "total": "مجموع",
    "error, %": "خطا، ٪",
    "error pct": "خطا، ٪",
    "weekly error pct": "خطای هفتگی، ٪",
    "dispersion": "پراکندگی",
    "variation pct": "تغییرپذیری، ٪",
    "up to the fit": "تا زمان برازش",
    "after it": "پس از آن",
    "weeks": "هفته‌ها",
    "week": "هفته",
    "capture": "سهم بهترین پنجم",
    "rank correlation": "همبستگی رتبه‌ای",
    "same as the last period": "همانند دورهٔ پیش",
    "same rate as before": "با نرخ پیشین",
    "recency rule": "قاعدهٔ تازگی",
    "nobody buys": "هیچ‌کس نمی‌خرد",
    "model": "مدل",
    "estimate": "برآورد",
    "standard_error": "خطای معیار",
    "repeat purchases": "خریدهای دوباره",
    "repeat purchases before": "خریدهای دوبارهٔ پیشین",
    "covariate": "متغیر همراه",
    "contrast": "مقابله",
    "against": "در برابر",
    "quantity": "کمیت",
    "ratio": "نسبت",
    "weekly repeat purchases": "خریدهای دوبارهٔ هفتگی",
    "cumulative repeat purchases": "خریدهای دوبارهٔ انباشته",
    "customers (dots: the model)": "مشتریان (نقطه‌ها: مدل)",
    "mean spend of a repeat day": "میانگین خرید هر روز دوباره",
    "Customers did (bars), the model said (dots)": "مشتریان کردند (ستون‌ها)، مدل گفت (نقطه‌ها)",
    "dots and marks": "نقطه‌ها و نشانه‌ها",
    "month of tenure": "ماه عضویت",
    "rate that leaves": "نرخ ترک",
    "how often": "چند بار",
    "when": "چه زمان",
    "how much": "چقدر",
    "drift": "روند",
    "back-test holds": "آزمون گذشته برقرار است",
    "back-test in money": "آزمون گذشته با پول",
    "contract value": "ارزش قراردادها",
    "value": "مقدار",
    "counted by days": "شمارش روزانه",
    "fitted at": "برازش در",
    "fitted_at": "برازش در",
    "little so far, much to come": "تاکنون کم‌ارزش، در آینده پرارزش",
    "develop with a second range, service": "بپرورید: کالای دوم، خدمت",
    "Everyday": "روزمره",
    "little so far and to come": "تاکنون و در آینده کم‌ارزش",
    "serve well at low cost": "خوب و کم‌هزینه خدمت دهید",
    "top % of customers": "برترین درصد مشتریان",
    "share they hold": "سهمی که دارند",
    "group by forecast": "گروه بر پایهٔ پیش‌بینی",
    "mean purchases in the test weeks": "میانگین خرید در هفته‌های آزمون",
    "bars and marks": "ستون‌ها و نشانه‌ها",
    "RMSE": "RMSE",
    "llf": "لگاریتم درست‌نمایی",
    "aic": "AIC",
    "bic": "BIC",
    "aic difference": "تفاوت AIC",
    "mae": "MAE",
    "rmse": "RMSE",
    "held": "برقرار",
    "gamma": "گاما",
    "beta": "بتا",
    "All of them could be fitted": "همهٔ آن‌ها برازش شد",
    "likelihood ratio": "نسبت درست‌نمایی",
    "p value": "p",
    "p holm": "p (هولم)",
    "bic gain": "بهبود BIC",
    "all together": "همه با هم",
    "above the median": "بالای میانه",
    "up to the median": "تا میانه",
    "purchase rate": "نرخ خرید",
    "dropout odds": "بخت ترک",
    "dropout rate": "نرخ ترک",
    "first basket": "نخستین سبد",
    "first_basket": "نخستین سبد",
    "There are none (rows: see the data above)": "هیچ (سطرها: داده‌های بالا را ببینید)",
    "nothing to do": "کاری لازم نیست",
    "use totals, and compare another model before budgeting on single groups": (
        "از مجموع‌ها استفاده کنید و پیش از بودجه‌بندی بر پایهٔ گروه‌های جداگانه مدل دیگری را بسنجید"
    ),
    "the total is usable, the value of the most frequent buyers is slightly understated": (
        "مجموع به کار می‌آید، ارزش پرخریدترین‌ها کمی کمتر از واقع است"
    ),
    "the total is usable, the value of the most frequent buyers is slightly overstated": (
        "مجموع به کار می‌آید، ارزش پرخریدترین‌ها کمی بیشتر از واقع است"
    ),
    "the total is usable, the value of the most frequent buyers is slightly off at most": (
        "مجموع به کار می‌آید، ارزش پرخریدترین‌ها دست‌بالا کمی نادرست است"
    ),
    "Spend and frequency go together weakly at most": (
        "خرید هر بار و شمار خرید دست‌بالا اندکی همراه‌اند"
    ),
    "Spend and frequency may be clearly related": (
        "خرید هر بار و شمار خرید شاید آشکارا همراه باشند"
    ),
    "treat the values as a ranking, not as money": "ارزش‌ها را رتبه بدانید، نه پول",
    "frequent buyers are understated": "ارزش پرخریدها کمتر از واقع است",
    "frequent buyers are overstated": "ارزش پرخریدها بیشتر از واقع است",
    "frequent buyers may be under- or overstated": (
        "ارزش پرخریدها شاید کمتر یا بیشتر از واقع باشد"
    ),
    "Value such customers by their own past spend": (
        "ارزش چنین مشتریانی را از خرید گذشتهٔ خودشان بسنجید"
    ),
    "Frequent buyers spend per purchase as others do: the assumption holds": (
        "پرخریدها هر بار مانند دیگران خرج می‌کنند: فرض برقرار است"
    ),
    "look again with more data before the value of later years is used": (
        "پیش از کاربرد ارزش سال‌های بعد با داده‌های بیشتر دوباره ببینید"
    ),
    "use totals": "از مجموع‌ها استفاده کنید",
    "use totals of months": "از مجموع ماه‌ها استفاده کنید",
    "Seasons, campaigns or a trend move purchases": (
        "فصل‌ها، کارزارها یا روندی خریدها را جابه‌جا می‌کند"
    ),
    "do not use the forecast for single weeks, and take the back-test over several "
    "periods for the error to expect": (
        "پیش‌بینی را برای هفته‌های تک به کار نبرید و خطای مورد انتظار را از آزمون گذشته در "
        "چند دوره بگیرید"
    ),
    "The weeks follow the model": "هفته‌ها از مدل پیروی می‌کنند",
    "Weeks stray from the model, perhaps by little": "هفته‌ها از مدل دور می‌شوند، شاید اندک",
    "Weeks are not shown to stray from the model, nor not to": (
        "نه نشان داده شد که هفته‌ها از مدل دور می‌شوند و نه خلاف آن"
    ),
    "Whether weeks stray from the model cannot be said: there are too few": (
        "نمی‌توان گفت هفته‌ها از مدل دور می‌شوند یا نه: شمارشان کم است"
    ),
    "What counting by days does cannot be said: nobody bought on two days": (
        "اثر شمارش روزانه را نمی‌توان گفت: هیچ‌کس در دو روز نخریده است"
    ),
    "Counting purchases of a day as one loses next to nothing": (
        "یکی شمردن خریدهای یک روز تقریباً چیزی از دست نمی‌دهد"
    ),
    "The file does not reach back far enough": "فایل به‌اندازهٔ کافی به گذشته نمی‌رسد",
    "How far to trust it is not known: no past forecast could be tested": (
        "نمی‌دانیم تا کجا می‌توان به آن اعتماد کرد: هیچ پیش‌بینی گذشته‌ای را نمی‌شد آزمود"
    ),
    "An interval so wide holds nearly whatever happens": (
        "بازه‌ای چنین پهن تقریباً هر رویدادی را در بر دارد"
    ),
    "In money the newest forecast is not settled": "به پول، نتیجهٔ تازه‌ترین پیش‌بینی روشن نیست",
    "It could not be back-tested": "آن را نمی‌شد با گذشته آزمود",
    "and no other model came closer": "و هیچ مدل دیگری نزدیک‌تر نبود",
    "the corners are too small to be told": "گوشه‌ها کوچک‌تر از آن‌اند که گفته شوند",
    "the best cannot be told from the others": "بهترین‌ها را نمی‌توان از دیگران بازشناخت",
    "wait until more customers bought again": "صبر کنید تا مشتریان بیشتری دوباره بخرند",
    "No covariate could be used": "هیچ متغیر همراهی به کار نرفت",
    "Whether the model suits cannot be said": "نمی‌توان گفت مدل سازگار است یا نه",
    "By cohort of first purchase, totals in the newest test weeks": (
        "بر حسب گروه نخستین خرید، مجموع در تازه‌ترین هفته‌های آزمون"
    ),
    "Variation: how far weeks stray beyond chance, in % of a week's purchases, the "
    "level set to what happened": (
        "تغییرپذیری: هفته‌ها تا چه اندازه بیش از تصادف دور می‌شوند، به درصد خریدهای هفته، "
        "با سطح رخ‌داده"
    ),
    "the list of the best taken as it is": "فهرست بهترین‌ها چنان که هست گرفته شده",
    "Time is in weeks": "زمان به هفته است",
    "intervals are Wald's on the log scale": "بازه‌ها، بازه‌های والد در مقیاس لگاریتمی است",
    "others get the mean spend": "بقیه میانگین خرید را می‌گیرند",
    "frequency as observed": "شمار خرید چنان که دیده شد",
    "they count as purchases and are left out of mean spend": (
        "خرید شمرده می‌شوند و از میانگین خرید کنار می‌مانند"
    ),
    "the model of purchases keeps them, that of spend does not": (
        "مدل خریدها آنان را نگه می‌دارد، مدل مبلغ نه"
    ),
    "The recency rule takes nobody as gone": "قاعدهٔ تازگی هیچ‌کس را رفته نمی‌داند",
    "half to know the customers and half to learn from": (
        "نیمی برای شناختن مشتریان و نیمی برای آموختن"
    ),
    "as far as customers stay by the model, in which those likely to leave go first": (
        "تا آنجا که مشتریان بر پایهٔ مدل می‌مانند، که در آن رفتنی‌ها زودتر می‌روند"
    ),
    "endless contract value": "ارزش بی‌پایان قراردادها",
    "endless value": "ارزش بی‌پایان",
    "frequency misfit": "ناجوری بسامد",
    "holdout actual": "واقعی در دورهٔ کنارگذاشته",
    "holdout money": "پول در دورهٔ کنارگذاشته",
    "holdout predicted": "پیش‌بینی در دورهٔ کنارگذاشته",
    "next day rate": "سهم خرید روز بعد",
    "paid rate": "سهم خریدهای پرداختی",
    "regularity k": "نظم خرید (k)",
    "spend frequency correlation": "همبستگی مبلغ و شمار خرید",
    "spend trend": "روند مبلغ خرید",
    "top share so far": "سهم بهترین‌ها تاکنون",
    "top share": "سهم بهترین‌ها",
}

SENTENCES = {
    "The {n} customers of {date} should bring about {value} ({level} % interval {low} to {high}) "
    "over the next {rank} weeks if the model is right, in {basis} discounted at {share} a year, "
    "no costs taken off": (
        "{n} مشتری تا {date} در {rank} هفتهٔ آینده، اگر مدل درست باشد، باید حدود {value} بیاورند "
        "(بازهٔ {level}٪: {low} تا {high})، بر پایهٔ {basis} و با تنزیل {share} در سال، بی کسر هیچ "
        "هزینه‌ای"
    ),
    "The {n} customers of {date} should bring about {value} ({level} % interval {low} to {high}) "
    "over the next {rank} weeks if the model is right, in {basis} discounted at {share} a year, "
    "the costs of keeping them not taken off": (
        "{n} مشتری تا {date} در {rank} هفتهٔ آینده، اگر مدل درست باشد، باید حدود {value} بیاورند "
        "(بازهٔ {level}٪: {low} تا {high})، بر پایهٔ {basis} و با تنزیل {share} در سال، بی کسر "
        "هزینهٔ نگهداشت آنان"
    ),
    "{n} tests do not show that it always errs low": ("{n} آزمون نشان نمی‌دهد که همیشه کم می‌گوید"),
    "{n} tests do not show that it always errs high": (
        "{n} آزمون نشان نمی‌دهد که همیشه زیاد می‌گوید"
    ),
    "{share} of {basis}": "{share} از {basis}",
    "Take it for a rough figure": "آن را عددی تقریبی بدانید",
    "Plan by it roughly, set no budget by it": ("تنها تقریبی با آن برنامه‌ریزی کنید، نه بودجه‌بندی"),
    "Past forecasts bear it out": "پیش‌بینی‌های گذشته آن را تأیید می‌کند",
    "Do not budget on it": "بر پایهٔ آن بودجه نبندید",
    "How far to trust it is not known": "نمی‌دانیم تا کجا می‌توان به آن اعتماد کرد",
    "no past forecast could be tested": "هیچ پیش‌بینی گذشته‌ای را نمی‌شد آزمود",
    "of {n} past forecasts of the number of purchases over {k} weeks, {rank} held": (
        "از {n} پیش‌بینی گذشتهٔ شمار خریدهای {k} هفته، {rank} درست درآمد"
    ),
    "the one past forecast of the number of purchases over {k} weeks held": (
        "تنها پیش‌بینی گذشتهٔ شمار خریدها، {k} هفته‌ای، درست درآمد"
    ),
    "the one past forecast of the number of purchases over {k} weeks did not hold": (
        "تنها پیش‌بینی گذشتهٔ شمار خریدها، {k} هفته‌ای، درست درنیامد"
    ),
    "No forecast as long as {n} weeks was tested": "پیش‌بینی‌ای به درازای {n} هفته آزموده نشده است",
    "it came out {value}": "{value} بود",
    "it came out {value}, with intervals too wide to be a test": (
        "{value} بود، با بازه‌ای پهن‌تر از آن که آزمون باشد"
    ),
    "the forecasts came out {value} and {other}": "{value} و {other} بودند",
    "the forecasts came out {value}, {name} and {other}": "{value}، {name} و {other} بودند",
    "the forecasts came out from {value} to {other}": "از {value} تا {other} بودند",
    "the forecasts came out {value} and {other}, with intervals too wide to be a test": (
        "{value} و {other} بودند، با بازه‌هایی پهن‌تر از آن که آزمون باشد"
    ),
    "the forecasts came out {share} and {gap} too low": "{share} و {gap} کمتر از واقع بودند",
    "the forecasts came out {share} and {gap} too high": "{share} و {gap} بیشتر از واقع بودند",
    "the forecasts came out {share}, {rank} and {gap} too low": (
        "{share}، {rank} و {gap} کمتر از واقع بودند"
    ),
    "the forecasts came out {share}, {rank} and {gap} too high": (
        "{share}، {rank} و {gap} بیشتر از واقع بودند"
    ),
    "{share} too low": "{share} کمتر از واقع",
    "{share} too high": "{share} بیشتر از واقع",
    "Separately, {n} customers with a contract should bring {value} ({level} % interval {low} "
    "to {high}) over the same weeks, on the same terms": (
        "جداگانه، {n} مشتری قراردادی در همان هفته‌ها و با همان شرط‌ها باید {value} بیاورند (بازهٔ "
        "{level}٪: {low} تا {high})"
    ),
    "Separately, the value of {n} customers with a contract cannot be budgeted on": (
        "جداگانه، بر پایهٔ ارزش {n} مشتری قراردادی نمی‌توان بودجه بست"
    ),
    "What the model says stands below (customers with a contract)": (
        "آنچه مدل می‌گوید پایین‌تر آمده است (مشتریان قراردادی)"
    ),
    "no past forecast of it was tested, and leaving is taken to go on as it was seen": (
        "هیچ پیش‌بینی گذشته‌ای از آن آزموده نشده و فرض است که رفتن همان‌گونه که دیده شد ادامه یابد"
    ),
    "half of these customers have stayed for {n} months or more, but at the rates of leaving in "
    "this file fewer than {share} of new ones would": (
        "نیمی از این مشتریان {n} ماه یا بیشتر مانده‌اند، اما با نرخ‌های رفتن در این فایل کمتر از "
        "{share} مشتریان تازه چنین می‌مانند"
    ),
    "If it holds the leavers of more than a month, the value is too low": (
        "اگر فایل رفتگان بیش از یک ماه را در بر دارد، این ارزش کمتر از واقع است"
    ),
    "the model does not suit these contracts": "مدل با این قراردادها سازگار نیست",
    "The hold-out check is not settled": "نتیجهٔ آزمون با دادهٔ کنارگذاشته روشن نیست",
    "The hold-out check passed": "آزمون با دادهٔ کنارگذاشته پذیرفته شد",
    "The hold-out check failed": "آزمون با دادهٔ کنارگذاشته رد شد",
    "of {n} test periods the prediction interval held what happened in {k}": (
        "از {n} دورهٔ آزمون، بازهٔ پیش‌بینی در {k} دوره رویداد را در بر داشت"
    ),
    "In the newest, {n} weeks not used for the fit, {k} customers made {most} repeat purchases": (
        "در تازه‌ترین، {n} هفته‌ای که در برازش به کار نرفت، {k} مشتری {most} خرید دوباره کردند"
    ),
    "the model said {value} ({level} % prediction interval {low} to {high}), an error of {share}": (
        "مدل {value} گفته بود (بازهٔ پیش‌بینی {level}٪: {low} تا {high})، با خطای {share}"
    ),
    "They will make about {value} ({level} % interval {low} to {high}, n = {n}) purchases": (
        "آنان حدود {value} خرید خواهند کرد (بازهٔ {level}٪: {low} تا {high}، تعداد {n})"
    ),
    "{n} customers with {share} of the value so far and {rank} of that to come ({action})": (
        "{n} مشتری با {share} ارزش تاکنون و {rank} ارزش آینده ({action})"
    ),
    "In money the newest forecast held": "به پول، تازه‌ترین پیش‌بینی درست درآمد",
    "In money the newest forecast FAILED": "به پول، تازه‌ترین پیش‌بینی نادرست درآمد",
    "in its {n} test weeks customers brought {k}": "در {n} هفتهٔ آزمون آن مشتریان {k} آوردند",
    "the forecast was {value} ({level} % prediction interval {low} to {high}), an error of "
    "{share}": ("پیش‌بینی {value} بود (بازهٔ پیش‌بینی {level}٪: {low} تا {high})، با خطای {share}"),
    '"{name}" in the capture': "«{name}» در سهم بهترین پنجم",
    '"{name}" in the root mean square error and the capture': (
        "«{name}» در ریشهٔ میانگین مربع خطا و سهم بهترین پنجم"
    ),
    "Compared are the total, the root mean square error and the capture": (
        "مجموع، ریشهٔ میانگین مربع خطا و سهم بهترین پنجم مقایسه شده است"
    ),
    "the share of the purchases made by the best fifth of the customers by forecast": (
        "سهم خریدهایی که بهترین پنجم مشتریان بر پایهٔ پیش‌بینی کرده‌اند"
    ),
    "Model: {model} is used": "مدل: {model} به کار رفته است",
    "it has the lowest AIC on the data up to the analysis date, {gap} below that of {other}": (
        "کمترین AIC را با داده‌های تا تاریخ تحلیل دارد، {gap} کمتر از {other}"
    ),
    "The back-test has no part in the choice": "آزمون گذشته در این گزینش سهمی ندارد",
    "in the newest test weeks its prediction interval held what happened": (
        "در تازه‌ترین هفته‌های آزمون بازهٔ پیش‌بینی‌اش رویداد را در بر داشت"
    ),
    "{model} came closer": "{model} نزدیک‌تر بود",
    "Next {n} weeks": "{n} هفتهٔ آینده",
    "Forecasts of {n} weeks (cross: what happened)": "پیش‌بینی‌های {n} هفته (ضربدر: آنچه رخ داد)",
    "Whiskers (Next {k} weeks): {level} % intervals": ("میله‌ها ({k} هفتهٔ آینده): بازه‌های {level}٪"),
    "whiskers (Forecasts of {k} weeks (cross: what happened)): {level} % prediction "
    "intervals, n = {n}": ("میله‌ها (پیش‌بینی‌های {k} هفته): بازه‌های پیش‌بینی {level}٪، تعداد {n}"),
    "{value} ({name})": "{value} ({name})",
    "ratio to the reference, {level} % intervals": "نسبت به مرجع، بازه‌های {level}٪",
    "value to come, {level} % range with chance": "ارزش آینده، دامنهٔ {level}٪ با تصادف",
    "The model tells roughly how often customers bought: {share} of the customers "
    "would have to have bought more or less often, {rank} by chance alone": (
        "مدل تقریبی می‌گوید مشتریان چند بار خریده‌اند: {share} مشتریان باید بیشتر یا کمتر "
        "می‌خریدند، {rank} تنها به تصادف"
    ),
    "The model tells how often customers bought: {share} of the customers would have "
    "to have bought more or less often, {rank} by chance alone": (
        "مدل می‌گوید مشتریان چند بار خریده‌اند: {share} مشتریان باید بیشتر یا کمتر "
        "می‌خریدند، {rank} تنها به تصادف"
    ),
    "The model does not tell how often customers bought: {share} of the customers "
    "would have to have bought more or less often, {rank} by chance alone": (
        "مدل نمی‌گوید مشتریان چند بار خریده‌اند: {share} مشتریان باید بیشتر یا کمتر "
        "می‌خریدند، {rank} تنها به تصادف"
    ),
    "Customers buy about as randomly as the models assume (k = {gap}, {low} to {high}; "
    "1 is at random): nothing to do": (
        "مشتریان کمابیش همان‌گونه تصادفی می‌خرند که مدل‌ها فرض می‌کنند (k = {gap}، {low} "
        "تا {high}؛ ۱ یعنی تصادفی): کاری لازم نیست"
    ),
    "Customers buy in bursts (k = {gap}, {low} to {high}; 1 is at random): silence "
    "tells less than P(alive) says, and the intervals are too narrow": (
        "مشتریان یکباره و پی‌درپی می‌خرند (k = {gap}، {low} تا {high}؛ ۱ یعنی تصادفی): "
        "سکوت کمتر از «احتمال فعال بودن» می‌گوید و بازه‌ها باریک‌تر از واقع‌اند"
    ),
    "Customers buy more regularly than the models assume (k = {gap}, {low} to {high}; "
    "1 is at random)": (
        "مشتریان منظم‌تر از فرض مدل‌ها می‌خرند (k = {gap}، {low} تا {high}؛ ۱ یعنی تصادفی)"
    ),
    "How regularly customers buy is not settled (k = {gap}, {low} to {high}; 1 is at random)": (
        "روشن نیست مشتریان چه اندازه منظم می‌خرند (k = {gap}، {low} تا {high}؛ ۱ یعنی تصادفی)"
    ),
    "Whether customers buy at random times cannot be said: {reason}": (
        "نمی‌توان گفت مشتریان در زمان‌های تصادفی می‌خرند یا نه: {reason}"
    ),
    "Whether spend goes with frequency cannot be said: {reason}": (
        "نمی‌توان گفت خرید هر بار با شمار خرید همراه است یا نه: {reason}"
    ),
    "Whether spend drifts cannot be said: {reason}": (
        "نمی‌توان گفت خرید هر بار روندی دارد یا نه: {reason}"
    ),
    "Whether the histogram fits cannot be said: {reason}": (
        "نمی‌توان گفت هیستوگرام جور است یا نه: {reason}"
    ),
    "No drift of a customer's spend is shown, nor ruled out ({gap} % a year, {low} to {high})": (
        "روندی در خرید هر مشتری نه نشان داده شد و نه رد شد (سالانه {gap}٪، {low} تا {high})"
    ),
    "No drift of a customer's spend is shown, nor ruled out ({gap} a year, {low} to {high})": (
        "روندی در خرید هر مشتری نه نشان داده شد و نه رد شد (سالانه {gap}، {low} تا {high})"
    ),
    "A customer's spend a purchase is steady ({gap} a year, {low} to {high}): nothing "
    "to do": "خرید هر بار مشتری پایدار است (سالانه {gap}، {low} تا {high}): کاری لازم نیست",
    "Among the best so far: the {share} of customers from {low} on": (
        "میان بهترین‌های تاکنون: {share} مشتریان، از {low} به بالا"
    ),
    "to come: the {share} of customers from {low} on": "آینده: {share} مشتریان، از {low} به بالا",
    "The best so far hold this share of the value so far: {value} ({level} % interval "
    "{low} to {high}, n = {n})": (
        "سهم بهترین‌های تاکنون از ارزش تاکنون: {value} (بازهٔ {level}٪: {low} تا {high}، تعداد {n})"
    ),
    "The best to come hold of the value to come: {value} ({level} % interval {low} to "
    "{high}, n = {n}), the list of the best taken as it is": (
        "سهم بهترین‌های آینده از ارزش آینده: {value} (بازهٔ {level}٪: {low} تا {high}، "
        "تعداد {n})، با فهرست بهترین‌ها چنان که هست"
    ),
    "A new customer, an acquisition cost of {n} taken off": ("مشتری تازه، پس از کسر هزینهٔ جذب {n}"),
    "first purchase: {value} ({level} % interval {low} to {high}, n = {n})": (
        "نخستین خرید: {value} (بازهٔ {level}٪: {low} تا {high}، تعداد {n})"
    ),
    "later purchases: {value} ({level} % interval {low} to {high}, n = {n})": (
        "خریدهای بعدی: {value} (بازهٔ {level}٪: {low} تا {high}، تعداد {n})"
    ),
    "endless value: {value} ({level} % interval {low} to {high}, n = {n})": (
        "ارزش بی‌پایان: {value} (بازهٔ {level}٪: {low} تا {high}، تعداد {n})"
    ),
    "All of today's customers, for all time: {value} ({level} % interval {low} to "
    "{high}, n = {n})": (
        "همهٔ مشتریان امروز، برای همیشه: {value} (بازهٔ {level}٪: {low} تا {high}، تعداد {n})"
    ),
    "Fitted at {start}, tested to {end}": "برازش در {start}، آزمون تا {end}",
    "{n} customers made {k} repeat purchases": "{n} مشتری {k} خرید دوباره کردند",
    "The recency rule takes nobody as gone and expects {n} times the rate so far": (
        "قاعدهٔ تازگی هیچ‌کس را رفته نمی‌داند و {n} برابر نرخ تاکنون انتظار دارد"
    ),
    "The recency rule takes those silent for more than {n} weeks as gone and expects "
    "{k} times the rate so far of the others": (
        "قاعدهٔ تازگی کسانی را که بیش از {n} هفته نخریده‌اند رفته می‌داند و از بقیه {k} "
        "برابر نرخ تاکنون انتظار دارد"
    ),
    "The recency rule is left out: the file does not hold {n} weeks before, half to "
    "know the customers and half to learn from": (
        "قاعدهٔ تازگی کنار گذاشته شد: فایل {n} هفتهٔ پیش از آن را ندارد، نیمی برای شناختن "
        "مشتریان و نیمی برای آموختن"
    ),
    "up to the fit the model is off by {share} week by week": (
        "تا زمان برازش، خطای هفتگی مدل {share} است"
    ),
    "after it the model is off by {share} week by week": "پس از آن، خطای هفتگی مدل {share} است",
    "beyond chance, weeks stray by {share} ({low} to {high}, {n} weeks)": (
        "فراتر از تصادف، هفته‌ها {share} دور می‌شوند ({low} تا {high}، {n} هفته)"
    ),
    "{model} is used": "{model} به کار رفته است",
    "{model} is used because it was asked for": "{model} به کار رفته است، چون خواسته شده بود",
    "BIC would take {model}": "BIC {model} را برمی‌گزید",
    "{model}: log-likelihood {gap}, n = {n}": "{model}: لگاریتم درست‌نمایی {gap}، تعداد {n}",
    "Gamma-Gamma: {gap}, n = {n} with a repeat purchase of positive amount": (
        "Gamma-Gamma: {gap}، تعداد {n} با خرید دوبارهٔ مثبت"
    ),
    "{gap}, n = {n} with a repeat purchase of positive amount": (
        "{gap}، تعداد {n} با خرید دوبارهٔ مثبت"
    ),
    "Figure: {value} ({level} % interval {low} to {high}, n = {n})": (
        "عدد: {value} (بازهٔ {level}٪: {low} تا {high}، تعداد {n})"
    ),
    "{share} of the purchase days follow the one before by a day": (
        "{share} روزهای خرید یک روز پس از روز خرید پیشین است"
    ),
    "chi-square {gap} on {k} degrees of freedom, p = {p}, effect size w = {value} "
    "({level} % interval {low} to {high}, n = {n})": (
        "خی‌دو {gap} با {k} درجهٔ آزادی، p = {p}، اندازهٔ اثر w = {value} (بازهٔ {level}٪: "
        "{low} تا {high}، تعداد {n})"
    ),
    "What customers bring with them goes with how they buy or leave: {name} (p = {p} "
    "for its {n} parameters together; the largest ratio is {what}: {level_name}: "
    "{gap}, {low} to {high})": (
        "آنچه مشتریان با خود می‌آورند با خرید یا رفتنشان همراه است: {name} (p = {p} برای "
        "{n} پارامتر با هم؛ بزرگ‌ترین نسبت {what}: {level_name}: {gap}، {low} تا {high})"
    ),
    "{name}, above the median": "{name}، بالای میانه",
    "{name}: above the median": "{name}: بالای میانه",
    "first basket: above the median": "نخستین سبد: بالای میانه",
    "Likelihood-ratio tests, Holm, n = {n}": "آزمون‌های نسبت درست‌نمایی، هولم، تعداد {n}",
    "Nothing is shown to go with {names}": "همراهی چیزی با {names} نشان داده نشد",
    "Purchase days with an amount of zero or less: {n}": "روزهای خرید با مبلغ صفر یا کمتر: {n}",
    "The share of repeat purchases with an amount, {value} ({level} % interval {low} "
    "to {high}, n = {n}), is what the value counts": (
        "ارزش، سهم خریدهای دوبارهٔ دارای مبلغ را می‌شمارد، {value} (بازهٔ {level}٪: {low} "
        "تا {high}، تعداد {n})"
    ),
    "Customers with one purchase day: {n}": "مشتریان با یک روز خرید: {n}",
    "Refunds: there are none (rows: see the data above)": (
        "بازپرداخت‌ها: نیست (سطرها: داده‌های بالا را ببینید)"
    ),
    "Without discounting the value would be {n}, {gap}": "بی تنزیل ارزش {n} می‌بود، {gap}",
    "Of {n} customers with a contract {k} are still there": (
        "از {n} مشتری قراردادی {k} هنوز هستند"
    ),
    "The value counts the charges of the {n} months that begin within {k} weeks, as "
    "far as customers stay by the model, in which those likely to leave go first": (
        "ارزش، هزینه‌های {n} ماهی را می‌شمارد که در {k} هفته آغاز می‌شوند، تا آنجا که "
        "مشتریان بر پایهٔ مدل می‌مانند، که در آن رفتنی‌ها زودتر می‌روند"
    ),
    "Of {n} of them at tenures that were seen, the model has {k} leave next month": (
        "از {n} نفر آنان با مدت عضویت دیده‌شده، به گفتهٔ مدل {k} نفر ماه آینده می‌روند"
    ),
    "the rates seen there give {n}": "نرخ‌های دیده‌شده {n} می‌دهد",
    "They are worth {value} ({level} % interval {low} to {high}, n = {n}) over the "
    "horizon, {gap} ({share} % interval {least} to {most}, n = {k}) for all time": (
        "ارزش آنان در این افق {value} است (بازهٔ {level}٪: {low} تا {high}، تعداد {n})، و "
        "برای همیشه {gap} (بازهٔ {share}٪: {least} تا {most}، تعداد {k})"
    ),
    "it came out right": "درست بود",
    "it came out {share} too low": "{share} کمتر از واقع بود",
    "it came out {share} too high": "{share} بیشتر از واقع بود",
    "The customers with a contract have no value here": "مشتریان قراردادی در اینجا ارزشی ندارند",
    "No hold-out check was possible, a shorter one may be": (
        "آزمون با دادهٔ کنارگذاشته ممکن نبود، شاید با دورهٔ کوتاه‌تر ممکن باشد"
    ),
    "A simple baseline did better: {names}": "یک روش سادهٔ مبنا بهتر بود: {names}",
    "in the newest test weeks its prediction interval missed what happened": (
        "در تازه‌ترین هفته‌های آزمون بازهٔ پیش‌بینی‌اش رویداد را در بر نداشت"
    ),
    "in the newest test weeks its prediction interval held what happened, and no other "
    "model came closer": (
        "در تازه‌ترین هفته‌های آزمون بازهٔ پیش‌بینی‌اش رویداد را در بر داشت و هیچ مدل دیگری نزدیک‌تر نبود"
    ),
    "Cohen's w, noncentral chi-square interval": "w کوهن، بازهٔ خی‌دوی نامرکزی",
    "fewer than {n} customers": "کمتر از {n} مشتری",
}
