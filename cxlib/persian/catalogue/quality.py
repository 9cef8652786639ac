"""The report on the data themselves."""

# What the notebook says between its cells, a sentence each.
_PROSE = {
    "Who decides with it": "چه کسی با آن تصمیم می‌گیرد",
    "whoever answers for the reports, before anybody reads them": (
        "کسی که پاسخ‌گوی گزارش‌هاست، پیش از آنکه کسی آن‌ها را بخواند"
    ),
    "and whoever delivers the files, who sees here what to mend": (
        "و کسی که فایل‌ها را تحویل می‌دهد و اینجا می‌بیند چه چیزی را باید درست کند"
    ),
    "every input that the sources file describes, whichever they are": (
        "هر ورودی که فایل منابع توصیف می‌کند، هر چه باشد"
    ),
    "One that is refused does not keep the others from being looked at": (
        "ورودی ردشده مانع نگاه به بقیه نمی‌شود"
    ),
    'what is wrong with it is told here, and the check "every input can be used" fails': (
        "ایراد آن اینجا گفته می‌شود و بررسی «همهٔ ورودی‌ها به کار می‌آیند» برآورده نمی‌شود"
    ),
    "Output": "خروجی",
    "a status for each input": "وضعیت هر ورودی",
    "what was repaired and left out": "آنچه اصلاح یا کنار گذاشته شد",
    "what is missing, and missing together": "آنچه خالی است، و آنچه با هم خالی است",
    "ranges and suspicious values": "دامنه‌ها و مقدارهای مشکوک",
    "days without rows": "روزهای بی‌سطر",
    "ids that inputs share": "شناسه‌های مشترک ورودی‌ها",
    "what has changed since an earlier run": "آنچه از اجرای پیشین تغییر کرده است",
    "Saved as": "ذخیره‌شده به صورت",
    "and tables": "و جدول‌ها",
    "counts of whole files, made by the engine": "شمارش همهٔ فایل‌ها با موتور محاسبه",
    "They are no estimates and have no interval": "این‌ها برآورد نیست و بازه ندارد",
    "where chance has a say (gaps in time, shared numbers, changes between runs) there is a test, "
    "and its rate of false alarms is stated": (
        "آنجا که تصادف دخیل است (وقفه‌های زمانی، شماره‌های مشترک، تغییر میان اجراها) آزمونی هست و "
        "نرخ هشدار نادرست آن گفته می‌شود"
    ),
    "Every row of every file is read as text, typed, and held to the rules of its input": (
        "هر سطر هر فایل به صورت متن خوانده، به نوع خود برگردانده و با قاعده‌های ورودی سنجیده می‌شود"
    ),
    "A broken rule refuses the whole input, and nothing is made of it": (
        "نقض یک قاعده همهٔ ورودی را رد می‌کند و چیزی از آن ساخته نمی‌شود"
    ),
    "repairs, rows left out and warnings are counted": (
        "اصلاح‌ها، سطرهای کنار گذاشته و هشدارها شمرده می‌شود"
    ),
    "Offending values are not shown here, for a report may be passed on": (
        "مقدارهای نادرست اینجا نشان داده نمی‌شود، چون شاید گزارش به دیگران داده شود"
    ),
    "shows the first of them": "نخستین آن‌ها را نشان می‌دهد",
    "The share of rows without a value, a count of the whole file": (
        "سهم سطرهای بی‌مقدار، شمارش همهٔ فایل"
    ),
    "Pale bars": "ستون‌های کم‌رنگ",
    "a blank says something there, and nothing is missing": (
        "آنجا خالی بودن معنایی دارد و چیزی کم نیست"
    ),
    "What is missing together": "چه چیزی با هم خالی است",
    "Each row is a pattern": "هر سطر یک الگوست",
    "an orange dot where the column has no value": "نقطهٔ نارنجی آنجا که ستون مقداری ندارد",
    "Columns that are always missing together often come from one system that was down, or from "
    "questions that were not asked": (
        "ستون‌هایی که همیشه با هم خالی‌اند اغلب از یک سامانهٔ ازکارافتاده یا از پرسش‌هایی که "
        "پرسیده نشده "
        "می‌آیند"
    ),
    "Patterns of fewer than ten rows stand together, with the next where they hold fewer than "
    "ten": (
        "الگوهای کمتر از ده سطر با هم آمده‌اند، و اگر با هم نیز کمتر از ده باشند همراه الگوی بعدی"
    ),
    "Each number between the least and the most that may be shown": (
        "هر عدد میان کمترین و بیشترین مقداری که می‌توان نشان داد"
    ),
    "the ends where ten customers or rows share them, else the first and last hundredth or tenth "
    "that ten lie beyond": (
        "دو سر، اگر ده مشتری یا سطر در آن مشترک باشند، وگرنه نخستین و واپسین صدک یا دهکی که ده تا "
        "فراتر از آن‌اند"
    ),
    "The thick line holds the middle eight tenths of the values, the dot is the median": (
        "خط کلفت هشت‌دهم میانی مقدارها و نقطه میانه است"
    ),
    "A thick line squeezed to one side tells of a few values far away": (
        "خط کلفت فشرده به یک سو نشان چند مقدار بسیار دور است"
    ),
    "Columns of fewer than ten people, and those of numbers that may be of phones or persons, are "
    "not drawn": (
        "ستون‌های کمتر از ده نفر، و ستون عددهایی که شاید از آن تلفن یا اشخاص باشد، رسم نمی‌شود"
    ),
    "Looked for": "جستجو شد",
    "values above a thousand medians": "مقدارهای بالاتر از هزار برابر میانه",
    "a value at either end, more than once, further from the next than all others are spread (such "
    "as 99 among answers from 1 to 5)": (
        "مقداری در یکی از دو سر، بیش از یک بار، دورتر از مقدار بعدی تا پراکندگی همهٔ بقیه (مانند "
        "۹۹ "
        "در میان پاسخ‌های ۱ تا ۵)"
    ),
    "dates that programs write where there is none": (
        "تاریخ‌هایی که برنامه‌ها به جای نبود تاریخ می‌نویسند"
    ),
    "texts that differ in capital letters only": "متن‌هایی که تنها در حروف بزرگ فرق دارد",
    "one value in every row": "یک مقدار در همهٔ سطرها",
    "The most frequent values": "پرشمارترین مقدارهای",
    "of each column of texts": "هر ستون متنی",
    "One of fewer than ten rows, or customers, is among the others": (
        "مقدار کمتر از ده سطر، یا ده مشتری، در میان بقیه است"
    ),
    "columns that may name people are not shown": (
        "ستون‌هایی که شاید نام اشخاص باشد نشان داده نمی‌شود"
    ),
    "Rows that repeat another in all columns": "سطرهایی که در همهٔ ستون‌ها تکرار سطر دیگری است",
    "and, where each row has an id of its own, in all columns but the id, as after a second "
    "export": (
        "و، آنجا که هر سطر شناسهٔ خود را دارد، در همهٔ ستون‌ها جز شناسه، مانند پس از خروجی گرفتن "
        "دوباره"
    ),
    "Some rows are alike by nature": "برخی سطرها به طبیعت خود یکسان‌اند",
    "two purchases of the same amount on the same day, or two customers with the same few "
    "attributes": "دو خرید به یک مبلغ در یک روز، یا دو مشتری با همان چند ویژگی",
    "how many different rows there could be if each column took its values freely": (
        "شمار سطرهای متفاوتی که می‌توانست باشد اگر هر ستون مقدارهایش را آزادانه می‌گرفت"
    ),
    "where that is few, equal rows say nothing": (
        "آنجا که این شمار اندک است، سطرهای برابر چیزی نمی‌گوید"
    ),
    "Days without rows between the first and the last day": (
        "روزهای بی‌سطر میان نخستین و واپسین روز"
    ),
    "A stretch is judged by the four weeks on either side of it, day of the week by day of the "
    "week "
    "(a shop that is closed on Fridays has no gap there)": (
        "هر وقفه با چهار هفتهٔ دو سوی آن سنجیده می‌شود، روز هفته با روز هفته (فروشگاهی که جمعه‌ها "
        "بسته "
        "است آنجا وقفه ندارد)"
    ),
    "the probability that rows which come independently leave it empty, times the number of days "
    "on "
    "which it might have begun": (
        "احتمال آنکه سطرهای مستقل از هم آن را خالی بگذارند، ضرب در شمار روزهایی که می‌توانست از "
        "آن‌ها "
        "آغاز شود"
    ),
    "The rate of false alarms is that of one input, not of all together": (
        "نرخ هشدار نادرست از آن یک ورودی است، نه همه با هم"
    ),
    "Rows that stop before the end are no gap, by construction": (
        "پایان یافتن سطرها پیش از پایان دوره، بنا به تعریف، وقفه نیست"
    ),
    "what is after the last row is not looked at here": "به پس از آخرین سطر اینجا نگاه نمی‌شود",
    "Real rows come in bursts, so that a stretch called too long deserves a question, not a "
    "verdict": (
        "سطرهای واقعی دسته‌دسته می‌آیند، پس وقفهٔ «بیش از اندازه بلند» شایستهٔ پرسش است، نه حکم"
    ),
    "Where no month has rows on two days, months are looked at in place of days": (
        "آنجا که هیچ ماهی در دو روز سطر ندارد، به جای روزها به ماه‌ها نگاه می‌شود"
    ),
    "How many ids of one input are in the other": "چند شناسهٔ هر ورودی در ورودی دیگر است",
    "Numbers that two systems gave independently agree now and then": (
        "شماره‌هایی که دو سامانه جداگانه داده‌اند گاه یکی می‌شود"
    ),
    "where all ids are whole numbers the table says how many would be shared by chance, and the "
    "probability of as many or more": (
        "آنجا که همهٔ شناسه‌ها عدد درست است، جدول می‌گوید چند تا به تصادف مشترک می‌بود، و احتمال "
        "این "
        "شمار یا بیشتر را"
    ),
    "Name the folder of an earlier run (parameter": "پوشهٔ اجرای پیشین را نام ببرید (پارامتر",
    "), and the distribution of each column is compared with the one then": (
        ")، تا توزیع هر ستون با توزیع آن زمان مقایسه شود"
    ),
    "the population stability index in the bins of that run, less what chance alone makes of it "
    "(shift), with its interval": (
        "شاخص پایداری جمعیت در رده‌های آن اجرا، منهای آنچه تنها تصادف می‌سازد (جابه‌جایی)، با بازهٔ آن"
    ),
    "Rows of one customer count for fewer than as many of different customers (design effect, with "
    "its spread and its own error)": (
        "سطرهای یک مشتری کمتر از همان شمار سطر از مشتریان گوناگون به حساب می‌آید (اثر طرح، با "
        "پراکندگی و "
        "خطای خودش)"
    ),
    "where a few customers hold most of the rows, the column is not compared": (
        "آنجا که بیشتر سطرها از آن چند مشتری است، ستون مقایسه نمی‌شود"
    ),
    "Corrected by Holm over all columns": "با تصحیح هولم برای همهٔ ستون‌ها",
    "if nothing has changed, the chance that any column is called changed is at most one less the "
    "level": (
        "اگر چیزی تغییر نکرده باشد، احتمال آنکه ستونی تغییرکرده خوانده شود حداکثر یک منهای سطح است"
    ),
    "Dates and ids are not compared": "تاریخ‌ها و شناسه‌ها مقایسه نمی‌شود",
    "What is well formed can still be false": "آنچه درست نوشته شده شاید باز نادرست باشد",
    "no rule finds an amount that was typed wrongly but plausibly": (
        "هیچ قاعده‌ای مبلغی را که اشتباه اما باورپذیر تایپ شده نمی‌یابد"
    ),
    "Compare totals with the books": "جمع‌ها را با دفترها مقایسه کنید",
    "Counts describe these files": "شمارش‌ها این فایل‌ها را توصیف می‌کند",
    "Whether the customers in them stand for all customers is another question": (
        "اینکه مشتریان آن‌ها نمایندهٔ همهٔ مشتریان باشند پرسش دیگری است"
    ),
    "see the reports on surveys": "گزارش‌های پیمایش را ببینید",
    "The tests of gaps and of changes take rows (or customers) as independent": (
        "آزمون‌های وقفه و تغییر سطرها (یا مشتریان) را مستقل می‌گیرند"
    ),
    "Rows that come in bursts make more false alarms of gaps": (
        "سطرهایی که دسته‌دسته می‌آیند هشدار نادرست وقفه را بیشتر می‌کنند"
    ),
    "a newer file that holds the rows of the older one makes the test of changes too careful": (
        "فایل تازه‌تری که سطرهای فایل قدیمی‌تر را در بر دارد آزمون تغییر را بیش از اندازه محتاط می‌کند"
    ),
    "Where a few customers hold many of the rows, and the column is compared all the same, changes "
    "are called more often than stated": (
        "آنجا که بسیاری از سطرها از آن چند مشتری است و ستون با این همه مقایسه می‌شود، تغییر بیش "
        "از نرخ "
        "گفته‌شده اعلام می‌شود"
    ),
    "the rates measured are in docs/inputs.md": "نرخ‌های اندازه‌گیری‌شده در docs/inputs.md است",
    "A refused input leaves this report whole and its check failed": (
        "ورودی ردشده این گزارش را ناقص نمی‌کند و تنها بررسی آن برآورده نمی‌شود"
    ),
    "ends with code 3, for a schedule that should stop": (
        "با کد ۳ پایان می‌یابد، برای برنامهٔ زمانی که باید بایستد"
    ),
}

LABELS = {
    **_PROSE,
    "Can these data be trusted?": "آیا می‌توان به این داده‌ها اعتماد کرد؟",
    "What the door told": "نتیجهٔ بررسی ورودی‌ها",
    "What is missing": "چه چیزی خالی است",
    "Ranges and suspicious values": "دامنهٔ مقدارها و مقدارهای مشکوک",
    "Repeated rows": "سطرهای تکراری",
    "Time": "زمان",
    "Do the inputs speak of the same customers?": "آیا ورودی‌ها از مشتریان یکسانی سخن می‌گویند؟",
    "What has changed since an earlier run?": "از اجرای پیشین چه تغییر کرده است؟",
    "Can it be trusted?": "آیا می‌توان به آن اعتماد کرد؟",
    "input": "ورودی",
    "inputs": "ورودی‌ها",
    "status": "وضعیت",
    "rows read": "سطرهای خوانده‌شده",
    "repairs": "اصلاح‌ها",
    "doubts": "تردیدها",
    "doubtful": "نیازمند بازبینی",
    "refused": "ردشده",
    "error": "خطا",
    "remedy": "راه اصلاح",
    "check": "بررسی",
    "passed": "پذیرفته",
    "what was found": "یافته",
    "finding": "یافته",
    "findings": "یافته‌ها",
    "days": "روز",
    "no suspicious value": "نبود مقدار مشکوک",
    "nothing mostly missing": "نبود ستون بیشتر خالی",
    "no repeated rows": "نبود سطر تکراری",
    "no gap in time": "نبود وقفهٔ زمانی",
    "ids are written alike": "نگارش یکسان شناسه‌ها",
    "nothing has changed": "نبود تغییر",
    "every input can be used": "همهٔ ورودی‌ها به کار می‌آیند",
    "No suspicious value was found": "مقدار مشکوکی یافت نشد",
    "No column is missing in more than half of the rows": (
        "هیچ ستونی در بیش از نیمی از سطرها خالی نیست"
    ),
    "No row but of purchases repeats another in all columns": (
        "جز در خریدها هیچ سطری در همهٔ ستون‌ها تکرار سطر دیگری نیست"
    ),
    "No stretch without rows is longer than chance explains": (
        "هیچ وقفهٔ بی‌سطری بلندتر از آنچه تصادف توضیح می‌دهد نیست"
    ),
    "No two inputs share ids but for their writing": (
        "هیچ دو ورودی نیستند که شناسه‌هایشان تنها در نگارش فرق داشته باشد"
    ),
    "No input has dates": "هیچ ورودی تاریخ ندارد",
    "Fewer than two inputs have customer ids": "کمتر از دو ورودی شناسهٔ مشتری دارند",
    "Fewer than two inputs have the column": "کمتر از دو ورودی این ستون را دارند:",
    "No input can be used": "هیچ ورودی به کار نمی‌آید",
    "No earlier run was named (parameter previous)": (
        "اجرای پیشینی نام برده نشده است (پارامتر previous)"
    ),
    "The earlier run cannot be compared": "اجرای پیشین را نمی‌توان مقایسه کرد",
    "it is of another report": "از گزارش دیگری است",
    "an older version saved it": "نسخهٔ قدیمی‌تری آن را ذخیره کرده است",
    "its counts are damaged": "شمارش‌های آن آسیب دیده است",
    "its files cannot be read": "فایل‌های آن خوانده نمی‌شود",
    "No column could be compared with the earlier run": (
        "هیچ ستونی را نمی‌شد با اجرای پیشین مقایسه کرد"
    ),
    "The input can be used": "ورودی به کار می‌آید",
    "The input cannot be used": "ورودی به کار نمی‌آید",
    "nothing in them is suspicious": "چیز مشکوکی در آن‌ها نیست",
    "Nothing needs a second look": "چیزی نیازمند بازبینی نیست",
    "Nothing was repaired, left out or warned of, and no rule is broken": (
        "چیزی اصلاح یا کنار گذاشته نشد، هشداری نبود و هیچ قاعده‌ای نقض نشده است"
    ),
    "No value is missing in any input": "در هیچ ورودی مقداری خالی نیست",
    "None of these was found": "هیچ‌یک از این‌ها یافت نشد",
    "rows without a value": "سطرهای بی‌مقدار",
    "rows with this pattern": "سطرهای دارای این الگو",
    "missing": "خالی",
    "missing_rate": "سهم خالی",
    "missing rate": "سهم خالی",
    "(missing)": "(خالی)",
    "(other)": "(بقیه)",
    "columns with blanks": "ستون‌های دارای خالی",
    "cells missing": "خانه‌های خالی",
    "cells": "خانه‌ها",
    "missing together": "با هم خالی",
    "nothing missing": "هیچ‌چیز خالی نیست",
    "other patterns": "الگوهای دیگر",
    "patterns": "الگوها",
    "ranges": "دامنه‌ها",
    "least": "کمترین",
    "most": "بیشترین",
    "d1": "دهک ۱",
    "d5": "میانه",
    "d9": "دهک ۹",
    "values": "مقدارها",
    "true": "بله",
    "false": "نه",
    "alike in": "یکسان در",
    "all columns": "همهٔ ستون‌ها",
    "combinations": "ترکیب‌ها",
    "last": "واپسین",
    "units": "طول",
    "p bonferroni": "p (بونفرونی)",
    "other ids": "شناسه‌های دیگری",
    "shared": "مشترک",
    "shared rate": "سهم مشترک",
    "rows joined": "سطرهای پیوندخورده",
    "expected by chance": "مورد انتظار به تصادف",
    "verdict": "حکم",
    "none shared": "هیچ مشترک نیست",
    "no more than chance": "نه بیش از تصادف",
    "none shared as written": "به این نگارش هیچ مشترک نیست",
    "shift": "جابه‌جایی",
    "n now": "تعداد اکنون",
    "shift beyond chance (PSI)": "جابه‌جایی فراتر از تصادف (PSI)",
    "no change shown": "تغییری نشان داده نشد",
    "small": "کوچک",
    "moderate": "متوسط",
    "large": "بزرگ",
    "not compared": "مقایسه نشد",
    "only in the earlier run": "تنها در اجرای پیشین هست",
    "only in this run": "تنها در این اجرا هست",
    "no rows": "هیچ سطری نیست",
    "a few customers hold most of the rows": "بیشتر سطرها از آن چند مشتری است",
    "fewer than two bins of five expected rows": "کمتر از دو رده با پنج سطر مورد انتظار",
    "number": "عدد",
    "one and the same value in every row": "یک مقدار یکسان در همهٔ سطرها",
    "Rows by month, the last 36 months with rows in any input": (
        "سطرها به تفکیک ماه، ۳۶ ماه آخری که ورودی‌ای در آن سطر دارد"
    ),
    "rows by week": "سطرها به تفکیک هفته",
    "rows by day": "سطرها به تفکیک روز",
    "rows by month": "سطرها به تفکیک ماه",
    "rows a week": "سطر در هفته",
    "rows a day": "سطر در روز",
    "rows a month": "سطر در ماه",
    "still a customer": "هنوز مشتری است",
    "still a customer, or no cause given": "هنوز مشتری است، یا علتی گفته نشده",
    "not in the campaign": "بیرون از کارزار",
    "before the first bill": "پیش از نخستین صورت‌حساب",
    "the value is no count": "مقدار از جنس شمارش نیست",
    "servqual responses": "پاسخ‌های سروکوال",
    "servqual internal": "پاسخ‌های درون سازمان",
    "subscription months": "ماه‌های اشتراک",
    "inputs refused": "ورودی‌های ردشده",
    "rows left out": "سطرهای کنار گذاشته",
    "repeated rows": "سطرهای تکراری",
    "suspicious findings": "یافته‌های مشکوک",
    "days without rows": "روزهای بی‌سطر",
    "months without rows": "ماه‌های بی‌سطر",
    "changed columns": "ستون‌های تغییرکرده",
}

_STANDS_ALONE = "stands alone, further from the next value than all others are spread"
_STANDS_ALONE_FA = "تنها ایستاده و از مقدار بعدی دورتر است از پراکندگی همهٔ مقدارهای دیگر"
_FINDINGS = {
    "{value} " + _STANDS_ALONE: "{value} " + _STANDS_ALONE_FA,
    "the highest value " + _STANDS_ALONE: "بیشترین مقدار " + _STANDS_ALONE_FA,
    "the lowest value " + _STANDS_ALONE: "کمترین مقدار " + _STANDS_ALONE_FA,
    "one and the same value in every row": "یک مقدار یکسان در همهٔ سطرها",
    "above {k} medians": "بالاتر از {k} برابر میانه",
    "{start}, which programs write where there is no date": (
        "{start}، که برنامه‌ها به جای نبود تاریخ می‌نویسند"
    ),
    "{k} of {n} values differ from another in capitals only": (
        "{k} مقدار از {n} مقدار تنها در حروف بزرگ و کوچک با مقدار دیگری فرق دارد"
    ),
}

SENTENCES = {
    **_FINDINGS,
    **{
        f"{english}, in {{least}} of {{most}} rows": f"{persian}، در {{least}} سطر از {{most}} سطر"
        for english, persian in _FINDINGS.items()
    },
    "All {n} can be used": "هر {n} ورودی به کار می‌آید",
    "All {n} inputs can be used": "هر {n} ورودی به کار می‌آید",
    "{k} of {n} inputs can be used, not {names}": (
        "{k} ورودی از {n} ورودی به کار می‌آید، جز {names}"
    ),
    "None of {n} inputs can be used": "هیچ‌یک از {n} ورودی به کار نمی‌آید",
    "look first at {names}": "نخست به این‌ها بنگرید: {names}",
    "Refused: {names}": "ردشده: {names}",
    "and {n} more": "و {n} تای دیگر",
    "{k} of {n} rows repeat another in all columns": (
        "{k} سطر از {n} سطر در همهٔ ستون‌ها تکرار سطر دیگری است"
    ),
    "{column} is missing in {k} of {n} rows": "{column} در {k} سطر از {n} سطر خالی است",
    "its ids are in {other} only when leading zeros and capitals are put aside": (
        "شناسه‌هایش تنها آنگاه در {other} است که صفرهای آغاز و حروف بزرگ نادیده گرفته شود"
    ),
    "{column} has changed since the earlier run ({verdict})": (
        "{column} از اجرای پیشین تغییر کرده است ({verdict})"
    ),
    "{name} from {low} ({first}: {one}) to {high} ({last}: {other})": (
        "{name} از {low} ({first}: {one}) تا {high} ({last}: {other})"
    ),
    "all but {column}": "همه جز {column}",
    "{text} ({n} rows)": "{text} ({n} سطر)",
    "({n} rows)": "({n} سطر)",
    "{name} (first {k} of {n} columns)": "{name} ({k} ستون نخست از {n} ستون)",
    "{start} to {end}, {k} days": "{start} تا {end}، {k} روز",
    "{start} to {end}, {k} months": "{start} تا {end}، {k} ماه",
    "{n} without rows": "{n} بی‌سطر",
    "{n} without rows, the longest stretch {k} ({start} to {end})": (
        "{n} بی‌سطر، بلندترین وقفه {k} ({start} تا {end})"
    ),
    "None is longer than chance explains": "هیچ‌یک بلندتر از آنچه تصادف توضیح می‌دهد نیست",
    "Longer than chance explains: {spans}": "بلندتر از آنچه تصادف توضیح می‌دهد: {spans}",
    "Longer than chance explains: {spans} and others": (
        "بلندتر از آنچه تصادف توضیح می‌دهد: {spans} و چند وقفهٔ دیگر"
    ),
    "{n} rows have no date": "{n} سطر تاریخ ندارد",
    "{before} before, {after} now": "پیش‌تر {before}، اکنون {after}",
    "Of {n} columns compared, {k} changed by .1 or more ({names}) and {least} by less, beyond "
    "chance (error of at most {level} % for all together)": (
        "از {n} ستون مقایسه‌شده {k} ستون به اندازهٔ ۰٫۱ یا بیشتر تغییر کرد ({names}) و {least} "
        "ستون "
        "کمتر، فراتر از تصادف (خطای حداکثر {level}٪ برای همه با هم)"
    ),
    "Of {n} columns compared, {k} changed by .1 or more and {least} by less, beyond chance (error "
    "of at most {level} % for all together)": (
        "از {n} ستون مقایسه‌شده {k} ستون به اندازهٔ ۰٫۱ یا بیشتر تغییر کرد و {least} ستون کمتر، "
        "فراتر از تصادف (خطای حداکثر {level}٪ برای همه با هم)"
    ),
    "{column} of {input} ({verdict}: shift {gap})": (
        "{column} از {input} ({verdict}: جابه‌جایی {gap})"
    ),
    "{column} of {input} ({verdict}: shift {gap}) and others": (
        "{column} از {input} ({verdict}: جابه‌جایی {gap}) و ستون‌های دیگر"
    ),
}
