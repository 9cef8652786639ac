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
    "chance included": "با تصادف",
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
}

SENTENCES = {
    "The {n} customers of {date} should bring {value} ({level} % interval {low} to {high}) over "
    "the next {rank} weeks, in {basis} discounted at {share} a year, no costs taken off": (
        "{n} مشتری تا {date} در {rank} هفتهٔ آینده باید {value} بیاورند (بازهٔ {level}٪: {low} "
        "تا {high})، بر پایهٔ {basis} و با تنزیل {share} در سال، بی کسر هیچ هزینه‌ای"
    ),
    "The {n} customers of {date} should bring {value} ({level} % interval {low} to {high}) over "
    "the next {rank} weeks, in {basis} discounted at {share} a year, the costs of keeping them "
    "not taken off": (
        "{n} مشتری تا {date} در {rank} هفتهٔ آینده باید {value} بیاورند (بازهٔ {level}٪: {low} "
        "تا {high})، بر پایهٔ {basis} و با تنزیل {share} در سال، بی کسر هزینهٔ نگهداشت آنان"
    ),
    "{share} of {basis}": "{share} از {basis}",
    "Trust it roughly": "تنها تقریبی به آن اعتماد کنید",
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
    "they came out {value} and {other}": "{value} و {other} بودند",
    "they came out {value}, {name} and {other}": "{value}، {name} و {other} بودند",
    "they came out from {value} to {other}": "از {value} تا {other} بودند",
    "they came out {value} and {other}, with intervals too wide to be a test": (
        "{value} و {other} بودند، با بازه‌هایی پهن‌تر از آن که آزمون باشد"
    ),
    "they came out {share} and {gap} too low": "{share} و {gap} کمتر از واقع بودند",
    "they came out {share} and {gap} too high": "{share} و {gap} بیشتر از واقع بودند",
    "they came out {share}, {rank} and {gap} too low": (
        "{share}، {rank} و {gap} کمتر از واقع بودند"
    ),
    "they came out {share}, {rank} and {gap} too high": (
        "{share}، {rank} و {gap} بیشتر از واقع بودند"
    ),
    "{share} too low": "{share} کمتر از واقع",
    "{share} too high": "{share} بیشتر از واقع",
    "Separately, {n} customers with a contract should bring {value} ({level} % interval {low} "
    "to {high}) over the same weeks, on the same terms": (
        "جداگانه، {n} مشتری قراردادی در همان هفته‌ها و با همان شرط‌ها باید {value} بیاورند (بازهٔ "
        "{level}٪: {low} تا {high})"
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
    "Take it for a rough figure": "آن را تقریبی بدانید",
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
    "In money the check passed": "با پول، آزمون پذیرفته شد",
    "In money the check failed": "با پول، آزمون رد شد",
    "in the newest {n} test weeks customers brought {k}": (
        "در تازه‌ترین {n} هفتهٔ آزمون مشتریان {k} آوردند"
    ),
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
}
