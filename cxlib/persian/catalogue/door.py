"""What the door says of inputs: repairs, rows left out, warnings, errors and how to mend them.

A text of several sentences has an entry for each, for something may stand before or behind it. In a
place {code} stands what may be pasted, in {where} an entry of a sources file, in {file} a file.
"""

LABELS = {
    # The page of `cx check`.
    "What the inputs are like": "ورودی‌ها چگونه‌اند",
    "Can these inputs be read?": "آیا می‌توان این ورودی‌ها را خواند؟",
    "This input cannot be used": "این ورودی به کار نمی‌آید",
    "and no report is made of it before this is mended": (
        "و پیش از اصلاح این گزارشی از آن ساخته نمی‌شود"
    ),
    "and no report is made of it before these are mended": (
        "و پیش از اصلاح این‌ها گزارشی از آن ساخته نمی‌شود"
    ),
    "Exclusions": "کنار گذاشته‌ها",
    "Warnings": "هشدارها",
    "Repairs": "اصلاح‌ها",
    "File": "فایل",
    "Rule": "قاعده",
    "Where": "کجا",
    "How to mend it": "راه اصلاح",
    "Nothing was repaired or left out, and there is nothing to warn of": (
        "چیزی اصلاح یا کنار گذاشته نشد و هشداری نیست"
    ),
    # Whole tables.
    "export the file again": "فایل را دوباره خروجی بگیرید",
    "it has a header only": "تنها سرستون دارد",
    "no rows are left": "سطری نمانده است",
    "every row is excluded": "همهٔ سطرها کنار گذاشته شده است",
    "look at the file": "فایل را بررسی کنید",
    "the same id in more than one row": "یک شناسه در بیش از یک سطر",
    "leave one row per id in the file": "برای هر شناسه یک سطر در فایل بگذارید",
    "they are alike": "این سطرها یکسان‌اند",
    "write what is left of their amounts, or take out those of which nothing is": (
        "آنچه از مبلغشان مانده است بنویسید یا آن‌ها را که چیزی نمانده بردارید"
    ),
    "if it is the price of a piece, write what the customer pays in all": (
        "اگر بهای یک واحد است، همهٔ آنچه مشتری می‌پردازد را بنویسید"
    ),
    "an id that was mistyped, or a contract that is there twice": (
        "آیا شناسه‌ای اشتباه نوشته شده یا قراردادی دو بار آمده است"
    ),
    "if they are what was paid after all, write them in place of these": (
        "اگر آنچه سرانجام پرداخت شده این‌هاست، آن‌ها را به جای این‌ها بنویسید"
    ),
    "Then write all amounts in one unit": "در این صورت همهٔ مبلغ‌ها را به یک واحد بنویسید",
    "the cells of these rows stand one column too far to the right": (
        "خانه‌های این سطرها یک ستون بیش از اندازه به راست رفته است"
    ),
    "the cells of these rows stand one column too far to the left": (
        "خانه‌های این سطرها یک ستون بیش از اندازه به چپ رفته است"
    ),
    "move them back, or take the rows out of the file": (
        "آن‌ها را به جای خود برگردانید یا سطرها را از فایل بردارید"
    ),
    "whole amounts lie above all those with two decimals, and a hundredth of each among them": (
        "مبلغ‌های صحیح از همهٔ آن‌ها که دو رقم اعشار دارند بیشترند و یک‌صدم هر یک در میان آن‌هاست"
    ),
    "was a decimal mark lost": "آیا نشانهٔ اعشار افتاده است",
    "there is no such day": "چنین روزی در تقویم نیست",
    "correct the rows, or take them out of the file": ("سطرها را درست کنید یا از فایل بردارید"),
    "months in words are read in English, and those of the Jalali calendar, in no other language": (
        "نام ماه‌ها به انگلیسی و ماه‌های تقویم جلالی خوانده می‌شود و به زبان دیگری نه"
    ),
    "write numbers": "با عدد بنویسید",
    "leave the rows or their sums in the file, not both": (
        "سطرها یا جمع آن‌ها را در فایل بگذارید، نه هر دو را"
    ),
    "bills of several months": "آیا صورت‌حساب چند ماه است",
    "Then write into each month what it costs": ("در این صورت در هر ماه بهای همان ماه را بنویسید"),
    "not a question answered up to 10": "این پرسشی نیست که تا ۱۰ پاسخ داده شده باشد",
    "asked on 1 to 10": "آیا بر مقیاس ۱ تا ۱۰ پرسیده شده است",
    "every customer has the same value": "همهٔ مشتریان یک مقدار دارند",
    "take a file with customers who left and customers who stayed": (
        "فایلی بدهید که هم مشتریان رفته و هم مشتریان مانده را داشته باشد"
    ),
    "more than one answer of a respondent to an item in the same role": (
        "بیش از یک پاسخ از یک پاسخ‌دهنده به یک گویه در یک نقش"
    ),
    "more than one row of a customer and month": "بیش از یک سطر برای یک مشتری و ماه",
    "leave one row for each customer and month, with all that the customer pays for it": (
        "برای هر مشتری و ماه یک سطر بگذارید، با همهٔ پرداخت مشتری در آن ماه"
    ),
    "no such file, or it may not be read": "چنین فایلی نیست یا اجازهٔ خواندنش نیست",
    "no such file": "چنین فایلی نیست",
    "correct uri, or put the file there": "uri را درست کنید یا فایل را آنجا بگذارید",
    "correct uri": "uri را درست کنید",
    "in no row": "در هیچ سطری نیست",
    "no row is left out": "سطری کنار گذاشته نشد",
    "several values for one customer, though declared as fixed": (
        "چند مقدار برای یک مشتری، با آنکه ثابت اعلام شده است"
    ),
    'declared code for "no answer"': "کد اعلام‌شده برای «بی‌پاسخ»",
    'a code for "no answer"': "کدی برای «بی‌پاسخ»",
    'code for "no answer" taken as blank': "کد «بی‌پاسخ» خالی گرفته شد",
    # Days.
    "if they are Jalali, write four digits": "اگر هجری شمسی است، سال را چهاررقمی بنویسید",
    "day and month may be swapped": "شاید روز و ماه جابه‌جا شده است",
    # The header.
    "the header is not on the first line": "سرستون در خط نخست نیست",
    "it seems to stand further down": "گویا پایین‌تر است",
    "a second header": "سرستون دوم",
    "below the names there are words where all other rows have numbers": (
        "زیر نام‌ها واژه‌هایی است که در همهٔ سطرهای دیگر به جای آن‌ها عدد است"
    ),
    "leave one header line in the file": "در فایل یک خط سرستون بگذارید",
    "the file has a single column, so another delimiter": (
        "فایل تنها یک ستون دارد، پس جداکنندهٔ دیگری دارد"
    ),
    "give each column a name of its own in the header line": (
        "در خط سرستون به هر ستون نامی جداگانه بدهید"
    ),
    "give each column a name of its own": "به هر ستون نامی جداگانه بدهید",
    "no such column in the file": "چنین ستونی در فایل نیست",
    "ids stored as floating-point numbers, which lose digits and leading zeros": (
        "شناسه‌ها به صورت عدد اعشاری ذخیره شده است، که رقم‌ها و صفرهای آغاز را از دست می‌دهد"
    ),
    "write the file again with the ids as text": "فایل را دوباره با شناسه‌های متنی بنویسید",
    "times with a time zone, which would move days": (
        "زمان‌های دارای منطقهٔ زمانی، که روزها را جابه‌جا می‌کند"
    ),
    "write the local day of each row into the file": "روز محلی هر سطر را در فایل بنویسید",
    "write the local day of each row": "روز محلی هر سطر را بنویسید",
    "select the local day of each row": "روز محلی هر سطر را برگزینید",
    "seconds or milliseconds since 1970": "ثانیه یا هزارم ثانیه از ۱۹۷۰",
    "years of the Jalali calendar beside others": "سال‌های هجری شمسی در کنار سال‌های دیگر",
    "years of the Gregorian calendar beside others": "سال‌های میلادی در کنار سال‌های دیگر",
    "write all dates in one calendar": "همهٔ تاریخ‌ها را در یک تقویم بنویسید",
    "a number in brackets": "عدد در کمانک",
    "write a negative one with a minus before it, as -12": (
        "عدد منفی را با نشانهٔ منفی پیش از آن بنویسید، مانند \u2066-12\u2069"
    ),
    "groups of two digits (lakh and crore)": "دسته‌های دورقمی (لک و کرور)",
    "write the number without commas, as 1234567.50": (
        "عدد را بی ویرگول بنویسید، مانند \u20661234567.50\u2069"
    ),
    "a minus after the number": "نشانهٔ منفی پس از عدد",
    "write it before, as -12": "آن را پیش از عدد بنویسید، مانند \u2066-12\u2069",
    "a percent sign": "نشانهٔ درصد",
    "write the number alone, 12 or 0.12 in all rows": (
        "تنها عدد را بنویسید، در همهٔ سطرها \u206612\u2069 یا \u20660.12\u2069"
    ),
    "a currency or unit in the cell": "واحد پول یا یکا در خانه",
    "write the number alone": "تنها عدد را بنویسید",
    'where all amounts are in one currency declare currency = "...", else put the currency into a '
    "column of its own": (
        'اگر همهٔ مبلغ‌ها به یک واحد پول است \u2066currency = "..."\u2069 را اعلام کنید، وگرنه '
        "واحد پول را "
        "در ستونی جداگانه بگذارید"
    ),
    # Joins, points, ids.
    "another company's file, or ids that are written in another way": (
        "فایل شرکت دیگری است یا شناسه‌ها به شکل دیگری نوشته شده است"
    ),
    "before the customer's sign-up (started in subscriptions)": (
        "پیش از عضویت مشتری (started در اشتراک‌ها)"
    ),
    "a point between thousands among decimal points": (
        "آیا نقطهٔ جداکنندهٔ هزارگان در میان نقطه‌های اعشار است"
    ),
    "every point has three digits after it": "پس از هر نقطه سه رقم است",
    "a decimal point, or one between thousands": "نقطهٔ اعشار است یا جداکنندهٔ هزارگان",
    "every point has three digits after it and is read as a decimal point": (
        "پس از هر نقطه سه رقم است و نقطهٔ اعشار خوانده می‌شود"
    ),
    "ids in scientific notation, such as 1.23E+12": (
        "شناسه‌ها به نماد علمی است، مانند \u20661.23E+12\u2069"
    ),
    "a spreadsheet has cut their digits": "صفحه‌گسترده رقم‌هایشان را بریده است",
    "export the ids as text again": "شناسه‌ها را دوباره به صورت متن خروجی بگیرید",
    "the digits that were cut are not in this file": "رقم‌های بریده در این فایل نیست",
    "an error of a spreadsheet in place of an id": "خطای صفحه‌گسترده به جای شناسه",
    "correct the cells, or leave them blank where the customer is not known": (
        "خانه‌ها را درست کنید یا آنجا که مشتری معلوم نیست خالی بگذارید"
    ),
    "ids end in .0, as a program writes whole numbers": (
        "شناسه‌ها به \u2066.0\u2069 پایان می‌یابد، چنان که برنامه‌ای عدد درست را می‌نویسد"
    ),
    "they are not the same as ids without it": "این‌ها با شناسه‌های بی آن یکی نیست",
    'ids begin with an apostrophe or =", as spreadsheets mark text': (
        'شناسه‌ها با آپاستروف یا \u2066="\u2069 آغاز می‌شود، چنان که صفحه‌گسترده متن را نشان می‌کند'
    ),
    "not the same as without it": "با شناسه‌های بی آن یکی نیست",
    "ids begin with a word for totals": "شناسه‌ها با واژه‌ای برای جمع آغاز می‌شود",
    "sums among the rows, which count as purchases": (
        "آیا جمع‌هایی در میان سطرهاست که خرید شمرده می‌شود"
    ),
    "ids are words for totals or averages": "شناسه‌ها واژه‌هایی برای جمع یا میانگین است",
    "sums among the rows, which count as rows": ("آیا جمع‌هایی در میان سطرهاست که سطر شمرده می‌شود"),
    "leave it blank": "آن را خالی بگذارید",
    "a till, or customers without a name": "آیا صندوق فروش است یا مشتریان بی‌نام",
    # Odd texts.
    "numbers as 1.2E+04": "عددهایی مانند \u20661.2E+04\u2069",
    "a spreadsheet has rounded them": "صفحه‌گسترده آن‌ها را گرد کرده است",
    "write them out and export again": "آن‌ها را کامل بنویسید و دوباره خروجی بگیرید",
    "three digits after the decimal mark, else two or none": (
        "سه رقم پس از نشانهٔ اعشار، وگرنه دو رقم یا هیچ"
    ),
    "does it stand between thousands there": "آیا آنجا جداکنندهٔ هزارگان است",
    "ids of test entries": "شناسه‌های ورودی‌های آزمایشی",
    "take the rows out of the file": "سطرها را از فایل بردارید",
    "take the rows out of the file, or report the others alone": (
        "سطرها را از فایل بردارید یا تنها بقیه را گزارش کنید"
    ),
    "signs of a web page, such as &amp;, stand for letters": (
        "نشانه‌های صفحهٔ وب، مانند \u2066&amp;\u2069، به جای حروف آمده است"
    ),
    "texts by which programs mean an empty cell or an error, such as NULL, count as values": (
        "متن‌هایی که برنامه‌ها برای خانهٔ خالی یا خطا به کار می‌برند، مانند \u2066NULL\u2069، "
        "مقدار شمرده می‌شود"
    ),
    "words for totals": "واژه‌هایی برای جمع",
    "sums among the rows": "آیا جمع‌هایی در میان سطرهاست",
    "put a minus before the amounts of one side, or take these rows out of the file": (
        "پیش از مبلغ‌های یک سو نشانهٔ منفی بگذارید یا این سطرها را از فایل بردارید"
    ),
    "leave those rows out of the file": "آن سطرها را در فایل نیاورید",
    "does 0 stand for no answer": "آیا ۰ به معنای بی‌پاسخ است",
    "a note stands at the end of the table, as a row of it": (
        "یادداشتی در پایان جدول همچون سطری از آن آمده است"
    ),
    # Repeats, surveys, totals, units.
    "the same row more than once, alike in every column of the file": (
        "یک سطر بیش از یک بار، یکسان در همهٔ ستون‌های فایل"
    ),
    "take the repeats out of the file": "تکرارها را از فایل بردارید",
    'or, where such rows are purchases of their own, repeats = "keep"': (
        'یا، اگر چنین سطرهایی خریدهای جداگانه است، \u2066repeats = "keep"\u2069'
    ),
    "if a high answer means poor service, add reverse = true to the item in the instrument": (
        "اگر پاسخ بالا به معنای خدمت بد است، \u2066reverse = true\u2069 را در پرسشنامه به گویه "
        "بیفزایید"
    ),
    "if it is turned already, take it out": "اگر هم‌اکنون وارونه شده است، آن را بردارید",
    "take the last row out of the file": "سطر آخر را از فایل بردارید",
    "amounts of two kinds, ten to one, mixed within the file": (
        "مبلغ‌های دوگونه، ده به یک، در فایل درآمیخته است"
    ),
    "rial among toman": "آیا ریال در میان تومان است",
    "no amount lies between the two": "هیچ مبلغی میان دو گونه نیست",
    "many prices are there once more, ten times as high": (
        "بسیاری از قیمت‌ها یک بار دیگر ده برابر آمده است"
    ),
    # Rows.
    "reverse-keyed answer turned (lowest + highest - answer)": (
        "پاسخ گویهٔ معکوس برگردانده شد (کمترین + بیشترین − پاسخ)"
    ),
    "importance points that do not add up to 100": "امتیازهای اهمیتی که جمعشان ۱۰۰ نیست",
    "not a number": "عدد نیست",
    "day number of a workbook": "شمارهٔ روز کارپوشه",
    "neither true nor false": "نه درست و نه نادرست",
    "correct a row that says neither, or take it out of the file": (
        "سطری را که هیچ‌یک را نمی‌گوید درست کنید یا از فایل بردارید"
    ),
    "blank": "خالی",
    "fill the cells, or take the rows out of the file": (
        "خانه‌ها را پر کنید یا سطرها را از فایل بردارید"
    ),
    "correct the rows": "سطرها را درست کنید",
    "correct the rows, or the scale that is declared": ("سطرها یا مقیاس اعلام‌شده را درست کنید"),
    "dates are Gregorian": "تاریخ‌ها میلادی است",
    "write numbers with a decimal point and no thousands mark, or correct the rows": (
        "عددها را با نقطهٔ اعشار و بی نشانهٔ هزارگان بنویسید یا سطرها را درست کنید"
    ),
    "taken as blank": "خالی گرفته شد",
    "write the true dates, or take the rows out of the file": (
        "تاریخ‌های راستین را بنویسید یا سطرها را از فایل بردارید"
    ),
    "Persian or Arabic digits and marks read as 0-9": (
        "رقم‌ها و نشانه‌های فارسی یا عربی به صورت \u20660-9\u2069 خوانده شد"
    ),
    "Arabic letters written as the Persian ones": "حروف عربی به صورت فارسی نوشته شد",
    "invisible characters, tatweel or no-break blanks taken out, or letters composed": (
        "نویسه‌های ناپیدا، کشیده یا فاصله‌های نشکن برداشته یا حروف ترکیب شد"
    ),
    "blanks around the value removed": "فاصله‌های دور مقدار برداشته شد",
    "decimal or thousands marks read as declared": (
        "نشانه‌های اعشار یا هزارگان چنان که اعلام شده خوانده شد"
    ),
    "Jalali date turned into the Gregorian day": "تاریخ هجری شمسی به روز میلادی برگردانده شد",
    "day number of a workbook turned into the day": "شمارهٔ روز کارپوشه به روز برگردانده شد",
    "time of day cut off, the local day stays (also where clocks change)": (
        "ساعت روز بریده شد، روز محلی می‌ماند (نیز آنجا که ساعت‌ها تغییر می‌کند)"
    ),
    # Transactions.
    "quantity and unit price are both negative": "مقدار و بهای واحد هر دو منفی است",
    "a refund has a negative quantity and a positive price": (
        "بازپرداخت مقدار منفی و بهای مثبت دارد"
    ),
    "what they multiply to is too large for any sum of money": (
        "حاصل‌ضربشان برای هر مبلغ پولی بیش از اندازه بزرگ است"
    ),
    "amount is not finite": "مبلغ متناهی نیست",
    "zero amount": "مبلغ صفر",
    "negative amount": "مبلغ منفی",
    "negative amount (a refund)": "مبلغ منفی (بازپرداخت)",
    "or correct the rows": "یا سطرها را درست کنید",
    "row that stands in the file again, alike in every column": (
        "سطری که دوباره در فایل است، یکسان در همهٔ ستون‌ها"
    ),
    "taken once": "یک بار گرفته شد",
    "refund without an earlier purchase": "بازپرداخت بی خرید پیشین",
    "row of a purchase day taken back wholly": "سطر روز خریدی که یکسره بازپس داده شد",
    "refund taken off the customer's last purchase day": (
        "بازپرداخت از آخرین روز خرید مشتری کم شد"
    ),
    "another unit of money, such as rial and toman": "آیا واحد پول دیگری است، مانند ریال و تومان",
    # Subscriptions.
    "any other reason taken as voluntary": "هر علت دیگر خودخواسته گرفته شد",
    "ended before it started": "پایان پیش از آغاز",
    "leave a notice for later blank": "اعلام پایان در آینده را خالی بگذارید",
    "in neither arm": "در هیچ‌یک از دو گروه نیست",
    "the complete_to of the run that made the list, or the day of the first contact": (
        "complete_to اجرایی که فهرست را ساخت، یا روز نخستین تماس"
    ),
    "a reason for leaving of somebody who has not left": "علت رفتن برای کسی که نرفته است",
    "leave the reason of those who stay blank, or add the day on which they left": (
        "علت را برای ماندگان خالی بگذارید یا روز رفتنشان را بیفزایید"
    ),
    "left without a reason": "رفته بی علت",
    "neither voluntary nor involuntary": "نه خودخواسته و نه ناخواسته",
    "if those who left before are missing, declare observed_from": (
        "اگر کسانی که پیش از آن رفتند در فایل نیستند، observed_from را اعلام کنید"
    ),
    # Files of text.
    "blank lines left out": "خط‌های خالی کنار گذاشته شد",
    "empty cells beyond the last column": "خانه‌های خالی پس از آخرین ستون",
    "byte order mark at the beginning removed": "نشانهٔ ترتیب بایت (BOM) از آغاز برداشته شد",
    "damaged, or not a CSV file": "آسیب‌دیده است یا فایل CSV نیست",
    "damaged, or not a Parquet file": "آسیب‌دیده است یا فایل Parquet نیست",
    "damaged, or not a workbook": "آسیب‌دیده است یا کارپوشه نیست",
    "fetch or export the file again": "فایل را دوباره دریافت کنید یا خروجی بگیرید",
    "export it again, with a header line": "آن را دوباره با خط سرستون خروجی بگیرید",
    "skip fewer lines": "خط‌های کمتری را رد کنید",
    "the file is empty": "فایل خالی است",
    "text was spoilt": "متن خراب شده است",
    'it was UTF-8 and was read as Latin-1, as "Ã©" for "é"': (
        'UTF-8 بوده و به صورت Latin-1 خوانده شده است، مانند \u2066"Ã©"\u2069 به جای \u2066"é"\u2069'
    ),
    'letters were read as those of another script, as "ãÍãÏ" for "محمد"': (
        'حروف به خط دیگری خوانده شده است، مانند \u2066"ãÍãÏ"\u2069 به جای «محمد»'
    ),
    "letters were lost": "حروفی از دست رفته است",
    "a program put \ufffd where it could not read them": (
        "برنامه‌ای آنجا که نمی‌توانست بخواند \ufffd گذاشته است"
    ),
    'cells of nothing but "?"': "خانه‌هایی جز «?» ندارد",
    "export it again from where it is still right, as CSV UTF-8": (
        "آن را از جایی که هنوز درست است دوباره به صورت CSV UTF-8 خروجی بگیرید"
    ),
    "export it again from where the letters still are, as CSV UTF-8": (
        "آن را از جایی که حروف هنوز هست دوباره به صورت CSV UTF-8 خروجی بگیرید"
    ),
    "zero bytes, which no text has": "بایت‌های صفر، که در هیچ متنی نیست",
    "the file is damaged": "فایل آسیب دیده است",
    "a line end of another kind (CR alone)": "پایان خط از گونهٔ دیگر (CR تنها)",
    "put quotes around cells that hold line ends, or export the file again": (
        "خانه‌های دارای پایان خط را در گیومه بگذارید یا فایل را دوباره خروجی بگیرید"
    ),
    "two kinds of line end in one file (LF and CR LF)": "دو گونه پایان خط در یک فایل (LF و CR LF)",
    "save the file with one kind": "فایل را با یک گونه ذخیره کنید",
    "it was made of two, or cells hold line ends unquoted": (
        "از دو فایل ساخته شده یا خانه‌هایی پایان خط بی گیومه دارد"
    ),
    "a stray quote": "گیومهٔ نابجا",
    "a quoted cell begins and ends with its quotes": ("خانهٔ گیومه‌دار با گیومه آغاز و پایان می‌یابد"),
    "put the whole cell into quotes and write a quote inside it twice, or export the file again": (
        "همهٔ خانه را در گیومه بگذارید و گیومهٔ درون آن را دو بار بنویسید، یا فایل را دوباره "
        "خروجی بگیرید"
    ),
    "a quote that is never closed": "گیومه‌ای که هرگز بسته نمی‌شود",
    "where it is part of the text, take it out, or write it twice in a cell that stands in"
    " quotes": (
        "اگر بخشی از متن است آن را بردارید، یا کل خانه را در گیومه بگذارید و آن را دو بار بنویسید"
    ),
    "else close it, or export the file again": (
        "وگرنه آن را ببندید یا فایل را دوباره خروجی بگیرید"
    ),
    "a quote that is closed only rows later": "گیومه‌ای که تنها چند سطر بعد بسته می‌شود",
    "the rows between are inside one cell": "سطرهای میانی درون یک خانه است",
    "close the quote on its line, or export the file again": (
        "گیومه را در همان خط ببندید یا فایل را دوباره خروجی بگیرید"
    ),
    "the header stands there again": "سرستون دوباره آمده است",
    "several tables in one file": "چند جدول در یک فایل",
    "leave one header line, and one table in the file": "یک خط سرستون و یک جدول در فایل بگذارید",
    "another table begins after a blank line": "جدول دیگری پس از خطی خالی آغاز می‌شود",
    "no cell of its first row has a digit": "هیچ خانه‌ای از سطر نخست آن رقم ندارد",
    "leave one table in the file": "یک جدول در فایل بگذارید",
    "or take the blank line out": "یا خط خالی را بردارید",
    "short row": "سطر کوتاه",
    "fewer cells than the header": "خانه‌ها کمتر از سرستون است",
    "complete the rows or take them out, or export the file again": (
        "سطرها را کامل کنید یا بردارید، یا فایل را دوباره خروجی بگیرید"
    ),
    "long row": "سطر بلند",
    "more cells than the header": "خانه‌ها بیشتر از سرستون است",
    "each row has one cell more than the header": "هر سطر یک خانه بیش از سرستون دارد",
    "write a name above each column": "بالای هر ستون نامی بنویسید",
    'or, where "," is both decimal mark and delimiter, export the file again with ";" between '
    "cells": (
        "یا، اگر «,» هم نشانهٔ اعشار و هم جداکننده است، فایل را دوباره با «;» میان خانه‌ها خروجی "
        "بگیرید"
    ),
    "put quotes around cells that hold the delimiter, or export the file again": (
        "خانه‌های دارای جداکننده را در گیومه بگذارید یا فایل را دوباره خروجی بگیرید"
    ),
    "blank line in a table of one column": "خط خالی در جدول یک‌ستونی",
    "an empty cell, or nothing": "خانهٔ خالی است یا هیچ",
    "take the blank lines out": "خط‌های خالی را بردارید",
    'an empty cell is written ""': 'خانهٔ خالی چنین نوشته می‌شود: \u2066""\u2069',
    "a row of more than 2 MB": "سطری بیش از ۲ مگابایت",
    "shorten its cells, or export the file again": (
        "خانه‌هایش را کوتاه کنید یا فایل را دوباره خروجی بگیرید"
    ),
    "the parser says": "خواننده می‌گوید",
    "cannot be parsed": "نمی‌توان آن را خواند",
    "it is damaged": "آسیب دیده است",
    "not UTF-8 text": "متن UTF-8 نیست",
    "a byte does not fit": "بایتی سازگار نیست",
    # Cells, folders.
    "digits were lost": "رقم‌هایی از دست رفته است",
    "a number of 16 or more digits does not keep them all": (
        "عدد ۱۶ رقمی یا بلندتر همهٔ رقم‌ها را نگه نمی‌دارد"
    ),
    "write the ids as text where they come from, and export again": (
        "شناسه‌ها را در مبدأ به صورت متن بنویسید و دوباره خروجی بگیرید"
    ),
    "store the ids as text where they come from, and export again": (
        "شناسه‌ها را در مبدأ به صورت متن ذخیره کنید و دوباره خروجی بگیرید"
    ),
    "no text, number, date or true/false, but binary data": (
        "متن، عدد، تاریخ یا بله/نه نیست، دادهٔ دودویی است"
    ),
    "name another column, or convert it to text where it comes from": (
        "ستون دیگری را نام ببرید یا آن را در مبدأ به متن برگردانید"
    ),
    "no single value, but several in one cell": "یک مقدار نیست، چند مقدار در یک خانه است",
    "name another column, or take one value out of it where it comes from": (
        "ستون دیگری را نام ببرید یا در مبدأ یک مقدار از آن بردارید"
    ),
    "name another column, or write the file again with one value in it": (
        "ستون دیگری را نام ببرید یا فایل را دوباره با یک مقدار در آن بنویسید"
    ),
    "give the column another name": "به ستون نام دیگری بدهید",
    "write it again with the columns and types of the others, or take it out": (
        "آن را دوباره با ستون‌ها و نوع‌های فایل‌های دیگر بنویسید یا بردارید"
    ),
    "move it elsewhere": "آن را به جای دیگری ببرید",
    "all files of the folder are one table": "همهٔ فایل‌های پوشه یک جدول است",
    "no .parquet file in the folder": "هیچ فایل \u2066.parquet\u2069 در پوشه نیست",
    "not a .csv, .csv.gz, .xlsx, .xls or .parquet file": (
        "فایل \u2066.csv\u2069، \u2066.csv.gz\u2069، \u2066.xlsx\u2069، \u2066.xls\u2069 یا "
        "\u2066.parquet\u2069 نیست"
    ),
    "save the table as CSV UTF-8, .xlsx or Parquet": (
        "جدول را به صورت CSV UTF-8، \u2066.xlsx\u2069 یا Parquet ذخیره کنید"
    ),
    "hidden rows, left out by a filter perhaps, are read like all others": (
        "سطرهای پنهان، شاید با صافی کنار گذاشته، مانند همهٔ سطرها خوانده می‌شود"
    ),
    "compressed by gzip, though called .csv": (
        "با gzip فشرده شده است، هرچند نامش \u2066.csv\u2069 است"
    ),
    "rename it to .csv.gz": "نام آن را به \u2066.csv.gz\u2069 تغییر دهید",
    "a workbook or a zip archive, though called .csv": (
        "کارپوشه یا بایگانی zip است، هرچند نامش \u2066.csv\u2069 است"
    ),
    "rename a workbook to .xlsx": "نام کارپوشه را به \u2066.xlsx\u2069 تغییر دهید",
    "unpack an archive": "بایگانی را باز کنید",
    "Parquet, though called .csv": "Parquet است، هرچند نامش \u2066.csv\u2069 است",
    "rename it to .parquet": "نام آن را به \u2066.parquet\u2069 تغییر دهید",
    "the numbers are taken as they stand, in that unit": (
        "عددها همان‌گونه که هست، در آن واحد، گرفته می‌شود"
    ),
    "two tables side by side": "دو جدول در کنار هم",
    "rows struck out are read like all others": ("سطرهای خط‌خورده مانند همهٔ سطرها خوانده می‌شود"),
    "is it a thousand": "آیا هزارگان است",
    "If so, write it as a number": "اگر چنین است آن را به صورت عدد بنویسید",
    "shown in several currencies by the formats of the cells": (
        "با قالب خانه‌ها در چند ارز نشان داده شده است"
    ),
    "write all in one currency, or the currency into a column of its own": (
        "همه را به یک ارز بنویسید یا ارز را در ستونی جداگانه بگذارید"
    ),
    "take the column out of the files, or rename the folders": (
        "ستون را از فایل‌ها بردارید یا نام پوشه‌ها را تغییر دهید"
    ),
    # Workbooks.
    "protected by a password": "با گذرواژه محافظت شده است",
    "save it without a password, in a folder that only you may read": (
        "آن را بی گذرواژه، در پوشه‌ای که تنها شما می‌توانید بخوانید، ذخیره کنید"
    ),
    "a formula whose value was never computed": "فرمولی که مقدارش هرگز محاسبه نشده است",
    "open the workbook in a spreadsheet program, save it, and use that file": (
        "کارپوشه را در برنامهٔ صفحه‌گسترده باز و ذخیره کنید و آن فایل را به کار ببرید"
    ),
    "leading zeros that only the number format shows": ("صفرهای آغاز که تنها قالب عدد نشان می‌دهد"),
    "correct skip_lines, the number of rows before the header": (
        "skip_lines، شمار سطرهای پیش از سرستون، را درست کنید"
    ),
    "name another sheet, or fill it": "برگهٔ دیگری را نام ببرید یا آن را پر کنید",
    "every sheet is empty": "همهٔ برگه‌ها خالی است",
    "the first sheet is hidden, and no sheet is named": (
        "برگهٔ نخست پنهان است و برگه‌ای نام برده نشده است"
    ),
    "the first sheet is empty, and no sheet is named": (
        "برگهٔ نخست خالی است و برگه‌ای نام برده نشده است"
    ),
    "several sheets have rows, and none is named": ("چند برگه سطر دارد و هیچ‌یک نام برده نشده است"),
    "unmerge them and fill every cell": "ادغامشان را بردارید و هر خانه را پر کنید",
    "where they stand above the header, so that it is row {n}, declare {code}": (
        "اگر بالای سرستون هستند، چنان که سرستون سطر {n} است، اعلام کنید: {code}"
    ),
    "else unmerge them and fill every cell": "وگرنه ادغامشان را بردارید و هر خانه را پر کنید",
    "fill each cell with what stands above it, where these are further lines of an order": (
        "اگر این‌ها سطرهای بعدی یک سفارش است، هر خانه را با آنچه بالای آن است پر کنید"
    ),
    "to take the rows out would lose their amounts": (
        "با برداشتن این سطرها مبلغ‌هایشان از دست می‌رود"
    ),
    "else delete empty rows, and notes or a second table below them": (
        "وگرنه سطرهای خالی و یادداشت‌ها یا جدول دوم زیر آن‌ها را پاک کنید"
    ),
    "delete empty rows, and notes or a second table below them": (
        "سطرهای خالی و یادداشت‌ها یا جدول دوم زیر آن‌ها را پاک کنید"
    ),
    "name every column": "هر ستون را نام‌گذاری کنید",
    "if the header is further down, set skip_lines to the number of rows before it": (
        "اگر سرستون پایین‌تر است، skip_lines را شمار سطرهای پیش از آن بگذارید"
    ),
    "possibly cut": "شاید بریده شده باشد",
    "export the table as CSV UTF-8 or Parquet": "جدول را به صورت CSV UTF-8 یا Parquet خروجی بگیرید",
    "open it in a spreadsheet program and save it as .xlsx": (
        "آن را در برنامهٔ صفحه‌گسترده باز کنید و به صورت \u2066.xlsx\u2069 ذخیره کنید"
    ),
    "not a workbook but a text file with the name of one": (
        "کارپوشه نیست، فایل متنی با نام کارپوشه است"
    ),
    "rename it to .csv": "نامش را به \u2066.csv\u2069 تغییر دهید",
    "a web page (HTML)": "صفحهٔ وب (HTML)",
    "not an .xlsx workbook, though packed like one": (
        "کارپوشهٔ \u2066.xlsx\u2069 نیست، هرچند مانند آن بسته‌بندی شده است"
    ),
    "save the sheet as CSV UTF-8 or Parquet": "برگه را به صورت CSV UTF-8 یا Parquet ذخیره کنید",
    "delete the empty rows and columns in it, or save the sheet as CSV UTF-8": (
        "سطرها و ستون‌های خالی آن را پاک کنید یا برگه را به صورت CSV UTF-8 ذخیره کنید"
    ),
    # Money and contracts.
    "currencies beside amounts that are taken for one": (
        "ارزهای گوناگون در کنار مبلغ‌هایی که از یک ارز گرفته می‌شوند"
    ),
    "say what each is worth": "بگویید هر یک چقدر می‌ارزد",
    "take a currency that is declared out of the entry": "ارز اعلام‌شده را از مدخل بردارید",
    "or, if yes does mean having left": "یا اگر «بله» به معنای رفتن است",
    "write both columns in one calendar and form": "هر دو ستون را به یک تقویم و شکل بنویسید",
    "Write all in one unit": "همه را به یک واحد بنویسید",
    "thousands among units": "آیا هزار در میان واحد اصلی است",
    "cents among units": "آیا سنت در میان واحد اصلی است",
    "whole amounts are about a hundred times those with two decimals": (
        "مبلغ‌های بی‌اعشار حدود صد برابر مبلغ‌های دارای دو رقم اعشارند"
    ),
    "Then map the amount of the line, or leave one line for each order in the file": (
        "در این صورت مبلغ خود سطر را نگاشت کنید یا برای هر سفارش یک سطر در فایل بگذارید"
    ),
    "is it the total of the order, which counts once for each line": (
        "آیا جمع سفارش است که برای هر سطر یک بار شمرده می‌شود"
    ),
    "the name of the column says who is still a customer, and yes is read as having left": (
        "نام ستون می‌گوید چه کسی هنوز مشتری است، و «بله» رفتن خوانده می‌شود"
    ),
    "write a column into the file that says who has left, under a name of its own": (
        "ستونی با نامی دیگر در فایل بنویسید که بگوید چه کسی رفته است"
    ),
    "does yes mean that they stayed": "آیا «بله» یعنی ماندن",
    "customers on trial, who count like all others": (
        "آیا مشتریان آزمایشی‌اند که مانند دیگران شمرده می‌شوند"
    ),
    "If they are no customers, take their rows out of the file": (
        "اگر مشتری نیستند، سطرهایشان را از فایل بردارید"
    ),
    "is it in days": "آیا به روز است",
    "tenure_months seems to be in days": "گویا tenure_months به روز است",
    "tenure_months seems to be in years": "گویا tenure_months به سال است",
    "monthly_charges seems to be that of a year": "گویا monthly_charges مبلغ یک سال است",
    "leave the end of a contract that still runs blank, also where a later day is planned, and "
    "declare as complete_to the last day that the file covers": (
        "پایان قراردادی را که هنوز برقرار است خالی بگذارید، حتی اگر روزی در آینده برایش تعیین شده "
        "است، و آخرین روزی را که فایل در بر دارد complete_to اعلام کنید"
    ),
    "leave a notice for later blank, and the end of a contract that is only planned": (
        "اعلام پایان در آینده و پایان تنها برنامه‌ریزی‌شدهٔ قرارداد را خالی بگذارید"
    ),
    # Purchases that are wrong together.
    "are they running totals": "آیا جمع‌های انباشته‌اند",
    "Then write what each purchase brought": "در این صورت مبلغ هر خرید را بنویسید",
    "is it the total of the customer, which counts once for each row": (
        "آیا جمع خریدهای مشتری است که برای هر سطر یک بار شمرده می‌شود"
    ),
    "the first rows are in the order of their dates and of their amounts at once": (
        "سطرهای نخست هم به ترتیب تاریخ و هم به ترتیب مبلغ‌اند"
    ),
    "Then take the repeats out": "در این صورت تکرارها را بردارید",
    "was one column sorted without the others": "آیا یک ستون جدا از ستون‌های دیگر مرتب شده است",
    "files of fixed width leave the decimal point out": "فایل‌های با پهنای ثابت ممیز را نمی‌نویسند",
    "If so, divide them by 100": "اگر چنین است، آن‌ها را بر ۱۰۰ تقسیم کنید",
    "leave the lines or their sums in the file, not both": (
        "سطرهای سفارش یا جمع آن‌ها را در فایل بگذارید، نه هر دو را"
    ),
    "is it the price of a piece": "آیا قیمت یک عدد است",
    "Write a minus before their amount, or take the rows out": (
        "پیش از مبلغشان منفی بگذارید یا سطرها را بردارید"
    ),
    "goods that came back count as purchases": "کالاهای برگشتی خرید شمرده می‌شوند",
    "were they exported, or joined, twice": "آیا دو بار صادر یا پیوند داده شده‌اند",
    "was a cell of a spreadsheet dragged down over others": (
        "آیا خانه‌ای از صفحه‌گسترده روی خانه‌های زیرین کشیده شده است"
    ),
    "a day on which older purchases were brought into a new system, or one that stands for none": (
        "آیا روزی است که خریدهای پیشین به سامانه‌ای نو آورده شده یا روزی که به جای «بی‌تاریخ» "
        "نشسته است"
    ),
    "times of UTC by the name of the column": "بر پایهٔ نام ستون، ساعت‌ها به وقت UTC است",
    "near midnight the day of a purchase is another one than that of the shop": (
        "نزدیک نیمه‌شب روز خرید با روز فروشگاه یکی نیست"
    ),
    "export local times": "ساعت‌های محلی را صادر کنید",
    # Rows that are no sales, and ids in two writings.
    "ids end in a word for totals": "شناسه‌ها به واژه‌ای برای جمع پایان می‌یابد",
    "ids are masked by stars": "شناسه‌ها با ستاره پوشانده شده‌اند",
    "several customers may have the same": "شاید چند مشتری شناسه‌ای یکسان داشته باشند",
    # Days.
    "typing errors, or days that stand for none": (
        "خطای نگارش است یا روزهایی که به جای «بی‌تاریخ» نشسته‌اند"
    ),
    "rows out of the order of their days, and in it with day and month swapped": (
        "سطرهایی بیرون از ترتیب روزها که با جابه‌جایی روز و ماه در ترتیب می‌نشینند"
    ),
    "dates of two forms were brought into one": "آیا تاریخ‌هایی از دو شکل به یک شکل درآمده‌اند",
    "Export them again": "آن‌ها را دوباره صادر کنید",
    # Days apart.
    # Cells moved.
    "an empty cell beyond the last column, and the last one filled, which others leave empty": (
        "خانه‌ای خالی پس از آخرین ستون، و آخرین ستونی پر که سطرهای دیگر خالی می‌گذارند"
    ),
    "a cell with an unquoted delimiter has moved the others": (
        "خانه‌ای با جداکنندهٔ بی گیومه خانه‌های دیگر را جابه‌جا کرده است"
    ),
    "put quotes around cells that hold the delimiter, or take the empty cells away": (
        "خانه‌های دارای جداکننده را در گیومه بگذارید یا خانه‌های خالی را بردارید"
    ),
    "were they cut at a decimal comma": "آیا در ویرگول اعشار بریده شده‌اند",
    'Then export the file again with ";" between cells': (
        "در این صورت فایل را دوباره با «;» میان خانه‌ها صادر کنید"
    ),
    # Bills.
    "who left without an end, or has an end and stays": (
        "کسانی بی پایان رفته‌اند یا با پایان مانده‌اند"
    ),
    "rises from month to month within each year and falls where a year begins": (
        "در هر سال ماه به ماه بالا می‌رود و در آغاز سال پایین می‌آید"
    ),
    "is it the sum of the year so far": "آیا جمع از آغاز سال است",
    "Then write that of each month": "در این صورت مبلغ هر ماه را بنویسید",
    "write what a month costs in each row": "در هر سطر بهای یک ماه را بنویسید",
    "write all amounts of the file in one currency": "همهٔ مبلغ‌های فایل را به یک ارز بنویسید",
    # Revisions.
    "ids look like days": "شناسه‌ها مانند روزهای تقویم‌اند",
    "a spreadsheet makes 1-May of an id such as 1-5": (
        "صفحه‌گسترده از شناسه‌ای مانند \u20661-5\u2069 روزی مانند \u20661-May\u2069 می‌سازد"
    ),
    "export them as text": "آن‌ها را به صورت متن صادر کنید",
    "leave the last of each in the file": "از هر یک آخرین را در فایل بگذارید",
    # Two forms.
    "the side of an account after the number (CR, DR)": "سوی حساب پس از عدد (CR، DR)",
    "write a minus before the numbers of the side that takes money back, and the number alone": (
        "پیش از عددهای سویی که پول را پس می‌گیرد منفی بگذارید و تنها عدد را بنویسید"
    ),
    "export each part of the file again in one form": "هر بخش فایل را دوباره به یک شکل صادر کنید",
    "a day up to the 12th may be wrong in either, and a program that has made dates of some "
    "may have swapped their day and month": (
        "روز تا ۱۲م در هر دو شکل شاید نادرست باشد و برنامه‌ای که برخی را تاریخ کرده شاید روز و "
        "ماهشان را جابه‌جا کرده باشد"
    ),
    "else correct the rows": "وگرنه سطرها را درست کنید",
    # Rows of surveys and sheets of workbooks.
    "the column is hidden in the workbook": "این ستون در کارپوشه پنهان است",
    "is it the one that is meant": "آیا منظور همین ستون است",
    "copy the rows of all into one sheet": "سطرهای همه را در یک برگه کپی کنید",
    "formulas in a workbook that computes only when told to": (
        "فرمول در کارپوشه‌ای که فقط با دستور محاسبه می‌کند"
    ),
    "the values may be older": "ممکن است مقدارها کهنه باشند",
    "switch to automatic calculation and save it": "محاسبه را خودکار کنید و آن را ذخیره کنید",
    "write the sign into the numbers, such as -5, and export again": (
        "علامت را در خود عددها بنویسید، مانند \u2066-5\u2069، و دوباره خروجی بگیرید"
    ),
    "rows alike in all but their ids, many more than by chance": (
        "سطرهایی که جز در شناسه در همه چیز یکسان‌اند، بسیار بیش از حد اتفاق"
    ),
    "were answers sent or exported twice": "آیا پاسخ‌ها دو بار فرستاده یا دو بار صادر شده‌اند",
    "Then take the repeats out of the file": "پس تکراری‌ها را از فایل بردارید",
    "take them out of the file": "آنها را از فایل بردارید",
    "write a row for each answer": "برای هر پاسخ یک سطر بنویسید",
    "give each a column of its own, and each answer one row": (
        "برای هر یک ستونی جدا و برای هر پاسخ‌نامه یک سطر بگذارید"
    ),
    "further sheets with the same columns are not read": (
        "برگه‌های دیگری که همین ستون‌ها را دارند خوانده نمی‌شوند"
    ),
    # Waves.
    "their names do not tell which was the last": "نام‌هایشان نمی‌گوید کدام آخرین بود",
    "number them where it is another, as 1 before and 2 after": (
        "اگر ترتیب دیگری دارند آن‌ها را شماره بزنید، مانند «۱ پیش» و «۲ پس»"
    ),
    # Panels.
    "the same respondent more than once in a wave": "یک پاسخ‌دهنده بیش از یک بار در یک موج",
    "leave one row for each respondent and wave in the file": (
        "برای هر پاسخ‌دهنده و موج یک سطر در فایل بگذارید"
    ),
    "respondents who answered in several waves": "پاسخ‌دهندگانی که در چند موج پاسخ داده‌اند",
    "changes are compared as if others had been asked, and their intervals are too wide": (
        "تغییرها چنان سنجیده می‌شود که گویی از دیگران پرسیده شده، و بازه‌هایشان پهن‌تر از اندازه است"
    ),
    # Further lines of an order.
    # Tenure in years.
    # Given back, other units, one row a customer.
    "those who left pay nothing, and hardly anybody else: write what each paid in the last "
    "month before leaving": (
        "آنان که رفته‌اند چیزی نمی‌پردازند و جز آنان کمتر کسی چنین است: آن‌چه هر یک در آخرین "
        "ماه پیش از رفتن پرداخته است بنویسید"
    ),
    "no customer is there on two days: is this the number of an order?": (
        "هیچ مشتری در دو روز نیامده است: آیا این شمارهٔ سفارش است؟"
    ),
    "no customer is there twice: is each row what a customer bought in all, or this the "
    "number of an order? Each purchase has a row of its own": (
        "هیچ مشتری دو بار نیامده است: آیا هر ردیف همهٔ خریدهای یک مشتری است، یا این شمارهٔ "
        "سفارش است؟ هر خرید ردیف خود را دارد"
    ),
    # Prices of all pieces.
    "prices rise with the number of pieces: are they those of all pieces? Then map the column "
    "as amount in {where}, and no quantity": (
        "قیمت‌ها با تعداد بالا می‌روند: آیا قیمت همهٔ آن تعداد است؟ پس ستون را در {where} "
        "به‌عنوان amount بیاورید و تعداد را نیاورید"
    ),
    # Short Jalali years.
    "years of two digits stand first, and days are those of Jalali months: write years of "
    "four digits": (
        "سال‌های دورقمی در آغاز آمده‌اند و روزها روزهای ماه‌های جلالی‌اند: سال را با چهار رقم بنویسید"
    ),
    # Cut ids, trials, taxes, sides of an account.
    "all ids of 16 digits or more end in zeros from the 16th on": (
        "همهٔ شناسه‌های شانزده‌رقمی و بیشتر از رقم شانزدهم به بعد صفرند"
    ),
    "a spreadsheet has cut them, and several customers may have the same. Export them as text": (
        "صفحه‌گسترده آن‌ها را بریده است و شاید چند مشتری یک شناسه داشته باشند. آن‌ها را "
        "به‌صورت متن بیرون دهید"
    ),
    # Thousands.
    # Charges in cents.
    "prices are there a hundred times as high as well": "قیمت‌ها صد برابر بالاتر نیز آمده‌اند",
    # Odd answers.
    "Correct the scale first, and turn answers after that": (
        "نخست مقیاس را درست کنید و پس از آن پاسخ‌ها را وارونه کنید"
    ),
    "the mean of the drivers": "میانگین محرک‌ها",
    "the mean perception": "میانگین ادراک",
    "if the lowest answer is the best one, turn the column in the file": (
        "اگر کمترین پاسخ بهترین است، ستون را در فایل وارونه کنید"
    ),
    "if the lowest answer is the best one in either, turn that column in the file": (
        "اگر در یکی از آن دو کمترین پاسخ بهترین است، همان ستون را در فایل وارونه کنید"
    ),
    "if the lowest answer is the best one there, turn it in these rows": (
        "اگر آنجا کمترین پاسخ بهترین است، آن را در این سطرها وارونه کنید"
    ),
    "else turn the column whose lowest answer is the best one": (
        "وگرنه ستونی را که کمترین پاسخش بهترین است وارونه کنید"
    ),
    "if the lowest answer to nps is the best one, turn it in the file": (
        "اگر کمترین پاسخ به nps بهترین است، آن را در فایل وارونه کنید"
    ),
    "if high answers to its items mean poor service, add reverse = true to each of them in the "
    "instrument": (
        "اگر پاسخ بالا به گویه‌هایش به معنای خدمت بد است، \u2066reverse = true\u2069 را در "
        "پرسشنامه به یک‌یک آن‌ها بیفزایید"
    ),
    "if they are turned already, take it out": "اگر هم‌اکنون وارونه شده‌اند، آن را بردارید",
    "only even answers": "تنها پاسخ‌های زوج",
    "were stars or another scale of five doubled": (
        "آیا ستاره‌ها یا مقیاس پنج‌درجه‌ای دیگری دو برابر شده است"
    ),
    "If so, map the column as csat, with its own scale": (
        "اگر چنین است، ستون را با نام csat و با مقیاس خودش بیاورید"
    ),
    "are the columns of expectation and perception swapped, or is the lowest expectation the "
    "best answer": ("آیا ستون‌های انتظار و ادراک جابه‌جا شده‌اند، یا کمترین انتظار بهترین پاسخ است"),
    "are the columns of adequate and expectation swapped": (
        "آیا ستون‌های سطح پذیرفتنی و انتظار جابه‌جا شده‌اند"
    ),
    # Births, and two scripts.
    "are they the same in two languages": "آیا همان‌ها به دو زبان‌اند",
    "Then write each in one": "پس هر یک را به یک زبان بنویسید",
    # Answers in words.
    "words for answers read as the numbers that are declared": (
        "واژه‌های پاسخ به‌صورت عددهای اعلام‌شده خوانده شد"
    ),
    "decimal or thousands marks, or words for answers, read as declared": (
        "نشانهٔ اعشار یا هزارگان، یا واژه‌های پاسخ، چنان‌که اعلام شده خوانده شد"
    ),
    # Zones.
    "time of day and zone cut off, the day of the clock that wrote it stays": (
        "ساعت و منطقهٔ زمانی حذف شد، روزِ همان ساعتی که آن را نوشته می‌ماند"
    ),
    "times of UTC": "زمان‌ها به وقت UTC است",
    # Many columns.
    "write what is left of them": "آن‌چه از آن‌ها مانده است بنویسید",
    "or, where that is done, take the column out of the file": (
        "یا اگر چنین کرده‌اید، ستون را از فایل بردارید"
    ),
    # Groups of NPS.
    "or, where these are groups made of the answers, map the column of the answers themselves": (
        "یا اگر این‌ها گروه‌هایی ساخته‌شده از پاسخ‌هاست، ستون خود پاسخ‌ها را نگاشت کنید"
    ),
    # Changed meanwhile.
    "changed while it was read": "هنگام خواندن تغییر کرد",
    "wait until the program that writes it has finished, and run again": (
        "صبر کنید تا برنامه‌ای که آن را می‌نویسد تمام کند و دوباره اجرا کنید"
    ),
    # Zeros too many.
    "a zero too many, or a decimal mark that was lost": (
        "صفری اضافه، یا نشانهٔ اعشاری که گم شده است"
    ),
}

SENTENCES = {
    # Around a text.
    '{name} (column "{column}")': "{name} (ستون «{column}»)",
    "{data} (line {places})": "{data} (خط {places})",
    "{data} (row {places})": "{data} (سطر {places})",
    "{data} (line {places}), in {file}": "{data} (خط {places})، در {file}",
    "{data} (row {places}), in {file}": "{data} (سطر {places})، در {file}",
    "{data}, in {file}": "{data}، در {file}",
    'the closest is "{code}"': "نزدیک‌ترین نام {code} است",
    # The page of `cx check`.
    "{column} (your “": "{column} (ستون شما “",
    "{n} refused": "{n} ردشده",
    "Errors of {input}": "خطاهای {input}",
    "Exclusions of {input}": "کنار گذاشته‌های {input}",
    "Warnings of {input}": "هشدارهای {input}",
    "Repairs of {input}": "اصلاح‌های {input}",
    "line {places}": "خط {places}",
    "lines {places}": "خط‌های {places}",
    "row {places}": "سطر {places}",
    "rows {places}": "سطرهای {places}",
    "{k} rows kept of {n} read": "{k} سطر از {n} سطر خوانده‌شده نگه داشته شد",
    "{start} to {end}, complete to {earlier_end}": "{start} تا {end}، کامل تا {earlier_end}",
    "amounts in {currency}": "مبلغ‌ها به {currency}",
    # Whole tables.
    "no row is of {what}": "هیچ سطری از {what} نیست",
    "correct only": "only را درست کنید",
    "there are {names}": "این‌ها هست: {names}",
    "no answer is above {k} among {n}": "هیچ پاسخی از {n} پاسخ بالاتر از {k} نیست",
    "was the question answered up to {most}": "آیا پرسش تا {most} پاسخ داده شد",
    "no answer is {k} among {n}, though {rank} are {least}": (
        "هیچ پاسخی از {n} پاسخ {k} نیست، با آنکه {rank} پاسخ {least} است"
    ),
    "The empty column {n} parts the columns of the file": (
        "ستون خالی {n} ستون‌های فایل را از هم جدا می‌کند"
    ),
    'the name of the column says "{code}"': "نام ستون می‌گوید «{code}»",
    "texts like 1.234 beside true numbers in column {code}": (
        "متن‌هایی مانند \u20661.234\u2069 در کنار عددهای واقعی در ستون {code}"
    ),
    "shown in several currencies by the formats of the cells: {code}": (
        "با قالب خانه‌ها در چند ارز نشان داده شده است: {code}"
    ),
    "if the question was asked on {low} to {high}, declare {code}": (
        "اگر پرسش بر مقیاس {low} تا {high} پرسیده شده است، {code} را اعلام کنید"
    ),
    "map the column as csat in {where}, with its own scale": (
        "ستون را در {where} با نام csat و با مقیاس خودش بیاورید"
    ),
    "declare it in {where}": "آن را در {where} اعلام کنید",
    "declare it in {where}: {code}": "آن را در {where} اعلام کنید: {code}",
    "scales = {code}": "\u2066scales =\u2069 {code}",
    "or, if customers could choose 0 and nobody did, {code}": (
        "یا، اگر مشتریان می‌توانستند ۰ را برگزینند و هیچ‌کس نکرد، {code}"
    ),
    "give each respondent an id of their own (respondent_id in {where}), and leave one answer to "
    "an item": (
        "به هر پاسخ‌دهنده شناسه‌ای جداگانه بدهید (respondent_id در {where}) و برای هر گویه یک پاسخ "
        "بگذارید"
    ),
    'margins gives no share to "{value}"': "margins به «{value}» سهمی نمی‌دهد",
    "add it to margins in {where}": "آن را به margins در {where} بیفزایید",
    'margins names "{value}", which is in no row': (
        "margins «{value}» را نام می‌برد که در هیچ سطری نیست"
    ),
    "correct it in {where}": "آن را در {where} درست کنید",
    "correct it in {where}, or join it to another value": (
        "آن را در {where} درست کنید یا به مقدار دیگری بپیوندید"
    ),
    'the closest is "{code}", or join it to another value': (
        "نزدیک‌ترین {code} است؛ یا آن را به مقدار دیگری بپیوندید"
    ),
    "correct uri in {where} (it counts from the folder of that file), or put the file there": (
        "uri را در {where} درست کنید (از پوشهٔ همان فایل شمرده می‌شود) یا فایل را آنجا بگذارید"
    ),
    # Codes, days.
    "{gap} stands apart from all other values": "{gap} از همهٔ مقدارهای دیگر جداست",
    "or, where it is a value, {code}": "یا، اگر مقدار است، {code}",
    "give each customer one value, or take {name} out of fixed in {where}": (
        "به هر مشتری یک مقدار بدهید یا {name} را از fixed در {where} بردارید"
    ),
    "years of two digits are read as {low} to {high}": (
        "سال‌های دورقمی {low} تا {high} خوانده می‌شود"
    ),
    "no day is after the {k}th of its month": "هیچ روزی پس از روز {k} ماه نیست",
    "the file is read as {code}": "فایل چنین خوانده می‌شود: {code}",
    "not weighted: margins are shares of all, not only {what}": (
        "وزن‌دهی نشد: margins سهم‌هایی از همه است، نه تنها از {what}"
    ),
    # The header.
    "declare the lines before it in {where}: {code}": (
        "خط‌های پیش از آن را در {where} اعلام کنید: {code}"
    ),
    "if the second is the right one, declare {code} in {where}": (
        "اگر دومی درست است، {code} را در {where} اعلام کنید"
    ),
    "header: columns without a name, called here {names}": (
        "سرستون: ستون‌های بی‌نام، که اینجا چنین نامیده شد: {names}"
    ),
    "declare what stands between the columns in {where}: {code}": (
        "آنچه میان ستون‌هاست را در {where} اعلام کنید: {code}"
    ),
    'column name "{column}" occurs {n} times': "نام ستون «{column}» {n} بار آمده است",
    "correct the name in {where}": "نام را در {where} درست کنید",
    "the file has {code}": "ستون‌های فایل: {code}",
    # How to mend a type.
    "declare in {where}: {code}": "در {where} اعلام کنید: {code}",
    "declare in {where}: {code}, which reads all rows but {n}, and correct those": (
        "در {where} اعلام کنید: {code}، که همهٔ سطرها جز {n} سطر را می‌خواند، و آن‌ها را درست کنید"
    ),
    "declare in {where}: {code}, which reads all of the first {k} but {n}, and correct those": (
        "در {where} اعلام کنید: {code}، که همهٔ {k} سطر نخست جز {n} سطر را می‌خواند، و آن‌ها را "
        "درست کنید"
    ),
    "declare in {where} which of these it is, for each reads every row: {code}": (
        "در {where} اعلام کنید کدام‌یک از این‌هاست، چون هر یک همهٔ سطرها را می‌خواند: {code}"
    ),
    "declare in {where} which of these it is, for each reads every row of the first {k}: {code}": (
        "در {where} اعلام کنید کدام‌یک از این‌هاست، چون هر یک همهٔ {k} سطر نخست را می‌خواند: {code}"
    ),
    # Joins, points, ids.
    "{n} customer that {input} does not have": "{n} مشتری که {input} ندارد",
    "{n} customers that {input} does not have": "{n} مشتری که {input} ندارد",
    "{share} of the rows": "{share} از سطرها",
    "{share} of the rows left out": "{share} از سطرها کنار گذاشته شد",
    "{share} of the rows ({n} rows)": "{share} از سطرها ({n} سطر)",
    "{share} of the rows left out ({n} rows)": "{share} از سطرها کنار گذاشته شد ({n} سطر)",
    "none of its customers is in {input}": "هیچ‌یک از مشتریانش در {input} نیست",
    "correct the dates in {file} or in {other}": "تاریخ‌ها را در {file} یا در {other} درست کنید",
    "{n} numbers have three digits after the point, {k} have two and none has one": (
        "{n} عدد پس از نقطه سه رقم دارد، {k} عدد دو رقم و هیچ عددی یک رقم ندارد"
    ),
    'If all are decimal points, declare decimal = "." in {where}': (
        'اگر همه نقطهٔ اعشار است، \u2066decimal = "."\u2069 را در {where} اعلام کنید'
    ),
    'declare in {where} which it is: decimal = "." (1.250 is one and a quarter), or thousands = '
    '"." and decimal = "," (1.250 is 1250)': (
        'در {where} اعلام کنید کدام است: \u2066decimal = "."\u2069 (\u20661.250\u2069 یک و '
        "یک‌چهارم است)، یا "
        '\u2066thousands = "."\u2069 و \u2066decimal = ","\u2069 (\u20661.250\u2069 هزار و دویست '
        "و پنجاه است)"
    ),
    'declare decimal = "." in {where} if it is one, else thousands = "." and decimal = ","': (
        'اگر چنین است \u2066decimal = "."\u2069 را در {where} اعلام کنید، وگرنه \u2066thousands = '
        '"."\u2069 و '
        '\u2066decimal = ","\u2069 را'
    ),
    "no answer is above {k}, on a scale to {most}": (
        "هیچ پاسخی بالاتر از {k} نیست، بر مقیاسی تا {most}"
    ),
    "no answer of {periods} is above {k}, on a scale to {most}": (
        "هیچ پاسخی در {periods} بالاتر از {k} نیست، بر مقیاسی تا {most}"
    ),
    "was the question asked on {low} to {high}": "آیا پرسش بر مقیاس {low} تا {high} پرسیده شد",
    "{n} ids are there with and without zeros before them, as two customers each": (
        "{n} شناسه با صفر آغاز و بی آن آمده است، هر یک همچون دو مشتری"
    ),
    "{n} ids are there in capital and in small letters, as two customers each": (
        "{n} شناسه با حروف بزرگ و با حروف کوچک آمده است، هر یک همچون دو مشتری"
    ),
    "an id that names nobody has {share} of the rows and counts as one customer": (
        "شناسه‌ای که نام کسی نیست {share} از سطرها را دارد و یک مشتری شمرده می‌شود"
    ),
    "one id has {share} of the rows, as one customer": (
        "یک شناسه {share} از سطرها را دارد، همچون یک مشتری"
    ),
    "{n} ids are telephone numbers, with and without the code of the country, as two customers "
    "each": "{n} شناسه شمارهٔ تلفن است، با کد کشور و بی آن، هر یک همچون دو مشتری",
    # Odd texts.
    "If not, declare thousands in {where}": "اگر نه، thousands را در {where} اعلام کنید",
    "letters as if {code} had been read as cp1252": (
        "حروف چنان است که گویی {code} به صورت \u2066cp1252\u2069 خوانده شده است"
    ),
    "declare {code}, or export the file again as UTF-8": (
        "{code} را اعلام کنید یا فایل را دوباره به صورت UTF-8 خروجی بگیرید"
    ),
    "questionnaires that were not finished ({name}) count like all others": (
        "پرسشنامه‌های ناتمام ({name}) مانند بقیه شمرده می‌شود"
    ),
    "cancelled orders count as purchases": "سفارش‌های لغوشده خرید شمرده می‌شود",
    "declare {code} in {where}": "{code} را در {where} اعلام کنید",
    "numbers of {column} that begin with C, as cancelled invoices do, count as purchases": (
        "شماره‌هایی از {column} که مانند فاکتورهای لغوشده با C آغاز می‌شود خرید شمرده می‌شود"
    ),
    "{column} names two sides of an account, and no amount is negative": (
        "{column} دو سوی یک حساب را نام می‌برد و هیچ مبلغی منفی نیست"
    ),
    "answers given in a preview of the survey ({column})": (
        "پاسخ‌های داده‌شده در پیش‌نمایش پیمایش ({column})"
    ),
    "{n} answers are {k} and none is {low} to {high}": (
        "{n} پاسخ {k} است و هیچ پاسخی {low} تا {high} نیست"
    ),
    "If so, declare {code}": "اگر چنین است، {code} را اعلام کنید",
    "{data} (first: line {k})": "{data} (نخست: خط {k})",
    # Repeats, surveys, units.
    "rows with the same key ({names}) and other values": (
        "سطرهایی با کلید یکسان ({names}) و مقدارهای دیگر"
    ),
    "correct the rows, or name in key of {where} all the columns that tell rows apart": (
        "سطرها را درست کنید یا در key از {where} همهٔ ستون‌هایی را که سطرها را از هم جدا می‌کند "
        "نام "
        "ببرید"
    ),
    "a row of totals stands at the end of the table, {values} in {name}": (
        "سطر جمع در پایان جدول است، {values} در {name}"
    ),
    "or declare {code} in {where}, and each is taken once": (
        "یا {code} را در {where} اعلام کنید تا هر یک یک بار گرفته شود"
    ),
    "goes down where the rest of its dimension goes up (correlation {gap})": (
        "آنجا که بقیهٔ بُعدش بالا می‌رود پایین می‌آید (همبستگی {gap})"
    ),
    "the same answer to all questions (straight-lining, or all felt alike), {share} of the rows": (
        "یک پاسخ به همهٔ پرسش‌ها (پاسخ یکنواخت، یا همه یکسان احساس شده)، {share} از سطرها"
    ),
    "the same answer to all questions (straight-lining, or all felt alike), {share} of the rows "
    "({n} rows)": (
        "یک پاسخ به همهٔ پرسش‌ها (پاسخ یکنواخت، یا همه یکسان احساس شده)، {share} از سطرها ({n} سطر)"
    ),
    "{share} of the answers are blank, most of them in {question} ({rank}) ({n} rows)": (
        "{share} از پاسخ‌ها خالی است، بیشترشان در {question} ({rank}) ({n} سطر)"
    ),
    "amounts of one {name} differ tenfold, and hardly less": (
        "مبلغ‌های یک {name} ده برابر با هم فرق دارد و کمتر از آن به‌ندرت"
    ),
    # Rows.
    "date after the last day the file is complete to (complete_to, {end}; the latest as_of)": (
        "تاریخ پس از آخرین روزی است که فایل تا آن کامل است (complete_to، {end}؛ حداکثر as_of)"
    ),
    "date after the last day the file is complete to (complete_to, {end})": (
        "تاریخ پس از آخرین روزی است که فایل تا آن کامل است (complete_to، {end})"
    ),
    "correct the rows, or complete_to in {where}": "سطرها یا complete_to در {where} را درست کنید",
    'or declare a code for "no answer" in {where}: {code}': (
        "یا کدی برای «بی‌پاسخ» در {where} اعلام کنید: {code}"
    ),
    'or, if it is a code for "no answer", declare it in {where}: {code}': (
        "یا، اگر کدی برای «بی‌پاسخ» است، آن را در {where} اعلام کنید: {code}"
    ),
    "not a date of the form {code}": "تاریخی به شکل {code} نیست",
    "not a date of the form {code} in the Jalali calendar": (
        "تاریخی به شکل {code} در تقویم هجری شمسی نیست"
    ),
    "correct the rows, or declare the form of all dates in {where}: {code}": (
        "سطرها را درست کنید یا شکل همهٔ تاریخ‌ها را در {where} اعلام کنید: {code}"
    ),
    "declare what the values mean in {where}: {code}": (
        "معنای مقدارها را در {where} اعلام کنید: {code}"
    ),
    "correct the rows, or declare the words in {where}": (
        "سطرها را درست کنید یا واژه‌ها را در {where} اعلام کنید"
    ),
    "none of {code}": "هیچ‌یک از این‌ها نیست: {code}",
    "not a number from {low} to {high}": "عددی از {low} تا {high} نیست",
    "not a whole number from {low} to {high}": "عدد درستی از {low} تا {high} نیست",
    "before {start}": "پیش از {start}",
    "below {low}": "کمتر از {low}",
    "write numbers with the marks that are declared, as {code}, or correct the rows": (
        "عددها را با نشانه‌های اعلام‌شده بنویسید، مانند {code}، یا سطرها را درست کنید"
    ),
    "{names} or {end}, which stand for no date": "{names} یا {end}، که به جای نبود تاریخ است",
    "other than {column} {code} (only)": "جز {column} {code} (only)",
    "{column} is blank (only)": "{column} خالی است (only)",
    # Transactions.
    'say in {where} what refunds do: refunds = "exclude" leaves them out, refunds = "net" takes '
    "them off the customer's last purchase": (
        'در {where} بگویید با بازپرداخت‌ها چه شود: \u2066refunds = "exclude"\u2069 کنارشان '
        "می‌گذارد، "
        '\u2066refunds = "net"\u2069 از آخرین خرید مشتری کمشان می‌کند'
    ),
    "{column} {code} is no purchase (leave_out)": "{column} {code} خرید نیست (leave_out)",
    "blank in {code}, a column of the key": "خالی در {code}، ستونی از کلید",
    "fill the cells, or name other columns in key of {where}": (
        "خانه‌ها را پر کنید یا ستون‌های دیگری را در key از {where} نام ببرید"
    ),
    "converted into {currency} at the declared rate": "با نرخ اعلام‌شده به {currency} تبدیل شد",
    "no margin rate of its own: {gap} taken": "حاشیهٔ سود جداگانه ندارد: {gap} گرفته شد",
    "no code of a currency: {data}": "کد واحد پول نیست: {data}",
    "write a code of 2 to 10 letters, like EUR, in the rows": (
        "کدی ۲ تا ۱۰ حرفی مانند EUR در سطرها بنویسید"
    ),
    "or, where all amounts are in one currency, {code} in {where} in place of the column": (
        "یا، اگر همهٔ مبلغ‌ها به یک واحد پول است، {code} در {where} به جای ستون"
    ),
    "no exchange rate for {data}": "نرخ تبدیلی برای {data} نیست",
    "add it to exchange_rates in {where}": "آن را به exchange_rates در {where} بیفزایید",
    "amounts in several currencies: {data}": "مبلغ‌ها به چند واحد پول است: {data}",
    "say what each is worth in {where}: {code}": "ارزش هر یک را در {where} بگویید: {code}",
    "no margin rate for {data}": "حاشیهٔ سودی برای {data} نیست",
    "add it to margin_rates in {where}, or default_margin_rate for all others": (
        "آن را به margin_rates در {where} بیفزایید یا default_margin_rate را برای بقیه بگذارید"
    ),
    "refunds larger than the purchases of their day: {gap} is taken off no purchase": (
        "بازپرداخت‌های بزرگ‌تر از خریدهای روزشان: {gap} از هیچ خریدی کم نشد"
    ),
    "refunds of {n} customer larger than all their purchases": (
        "بازپرداخت‌های {n} مشتری بیش از همهٔ خریدهایش است"
    ),
    "refunds of {n} customers larger than all their purchases": (
        "بازپرداخت‌های {n} مشتری بیش از همهٔ خریدهایشان است"
    ),
    "no purchase in the last {n} days up to complete_to ({end}), while the longest pause before "
    "was {k}": (
        "در {n} روز آخر تا complete_to ({end}) خریدی نیست، حال آنکه بلندترین وقفهٔ پیشین {k} روز بود"
    ),
    "if the file ends earlier, complete_to = {end} is right, for silence counts as leaving": (
        "اگر فایل زودتر پایان می‌یابد، \u2066complete_to =\u2069 {end} درست است، چون سکوت رفتن "
        "شمرده می‌شود"
    ),
    "above {k} times the median amount of {gap}": "بالاتر از {k} برابر مبلغ میانهٔ {gap}",
    "median of {start} is {gap} times that of the month before": (
        "میانهٔ {start} {gap} برابر میانهٔ ماه پیش است"
    ),
    "median of {start} is {gap} times that of two months before": (
        "میانهٔ {start} {gap} برابر میانهٔ دو ماه پیش است"
    ),
    "median of {start} is {gap} times that of the months beside it": (
        "میانهٔ {start} {gap} برابر میانهٔ ماه‌های کنار آن است"
    ),
    # Subscriptions.
    "{code} taken as involuntary": "{code} ناخواسته گرفته شد",
    "left before the first day from which leavers are in the file ({start})": (
        "رفته پیش از نخستین روزی که رفتگان از آن در فایل هستند ({start})"
    ),
    "correct observed_from in {where}, or take these rows out of the file": (
        "observed_from را در {where} درست کنید یا این سطرها را از فایل بردارید"
    ),
    "drawn for the campaign, but no customer yet on its day ({start})": (
        "برای کارزار برگزیده شده، اما در روز آن ({start}) هنوز مشتری نبود"
    ),
    "drawn for the campaign, but no customer any more on its day ({start})": (
        "برای کارزار برگزیده شده، اما در روز آن ({start}) دیگر مشتری نبود"
    ),
    "leave treated blank for those not in the draw, or correct campaign_day in {where}": (
        "treated را برای کسانی که در قرعه نبودند خالی بگذارید یا campaign_day را در {where} درست "
        "کنید"
    ),
    "nobody left in {n} days from {start} on, where {k} were to be expected": (
        "از {start} در {n} روز هیچ‌کس نرفت، حال آنکه رفتن {k} نفر انتظار می‌رفت"
    ),
    "if the file ends earlier, complete_to = {end} is right": (
        "اگر فایل زودتر پایان می‌یابد، \u2066complete_to =\u2069 {end} درست است"
    ),
    # Files of text.
    "text read as {code}, as declared, and kept as UTF-8": (
        "متن چنان که اعلام شده به صورت {code} خوانده و به صورت UTF-8 نگه داشته شد"
    ),
    "{data} (first on line {k})": "{data} (نخست در خط {k})",
    "{data} (first: row {k})": "{data} (نخست: سطر {k})",
    "{data} (first: rows {values})": "{data} (نخست: سطرهای {values})",
    "{data} (first: lines {values})": "{data} (نخست: خط‌های {values})",
    "damaged, or not a CSV file ({code})": "آسیب‌دیده است یا فایل CSV نیست ({code})",
    "damaged or cut off: it cannot be decompressed to its end ({code})": (
        "آسیب‌دیده یا بریده است: تا پایان باز نمی‌شود ({code})"
    ),
    "the parser reads {k} rows, but there are {n}": "خواننده {k} سطر می‌خواند، اما {n} سطر هست",
    "declare the encoding of the file in {where}, probably {code}, or save the file as CSV UTF-8": (
        "کدگذاری فایل را در {where} اعلام کنید، احتمالاً {code}، یا فایل را به صورت CSV UTF-8 "
        "ذخیره "
        "کنید"
    ),
    "not UTF-8 text but {code}": "متن UTF-8 نیست، {code} است",
    "declare in {where} {code}, or save the file as CSV UTF-8": (
        "{code} را در {where} اعلام کنید یا فایل را به صورت CSV UTF-8 ذخیره کنید"
    ),
    "text in Arabic script, which {code} has not": "متن به خط عربی است که {code} ندارد",
    "declare in {where} {code}": "{code} را در {where} اعلام کنید",
    "not text in {code}": "متن {code} نیست",
    "declare the encoding that the file has in {where}, or export it as CSV UTF-8": (
        "کدگذاری فایل را در {where} اعلام کنید یا آن را به صورت CSV UTF-8 خروجی بگیرید"
    ),
    "the file is UTF-8, and not {code} as declared": (
        "فایل UTF-8 است، نه {code} چنان که اعلام شده است"
    ),
    'remove the line encoding = "..." in {where}': (
        'خط \u2066encoding = "..."\u2069 را از {where} بردارید'
    ),
    # Parquet, folders.
    "no text, number, date or true/false, but {code}": (
        "متن، عدد، تاریخ یا بله/نه نیست، {code} است"
    ),
    "a column called {code}, which the engine calls the number of a row": (
        "ستونی به نام {code}، که موتور شمارهٔ سطر را چنین می‌نامد"
    ),
    "column names that are the same but for capital letters: {names}": (
        "نام ستون‌هایی که تنها در حروف بزرگ فرق دارد: {names}"
    ),
    "{file} is no .parquet file": "{file} فایل \u2066.parquet\u2069 نیست",
    "{file} has no column {column}, which other files have": (
        "{file} ستون {column} را ندارد که فایل‌های دیگر دارند"
    ),
    "{file} has a column {column}, which other files do not have": (
        "{file} ستون {column} را دارد که فایل‌های دیگر ندارند"
    ),
    "{file} has {column} as {one}, but other files as {other}": (
        "{file} {column} را به صورت {one} دارد، اما فایل‌های دیگر به صورت {other}"
    ),
    "{file} has a column {column}, and its folder is named so too": (
        "{file} ستون {column} را دارد و پوشه‌اش نیز چنین نام دارد"
    ),
    # Workbooks.
    'sheet "{sheet}" has no row below row {n}': "برگهٔ «{sheet}» سطری زیر سطر {n} ندارد",
    'no sheet "{sheet}"': "برگهٔ «{sheet}» نیست",
    "correct sheet": "sheet را درست کنید",
    'sheet "{sheet}" is empty': "برگهٔ «{sheet}» خالی است",
    "name the sheet, like {code}": "برگه را نام ببرید، مانند {code}",
    "merged cells in the table: {code}": "خانه‌های ادغام‌شده در جدول: {code}",
    "row {k} of the sheet is empty, but row {n} is not": ("سطر {k} برگه خالی است، اما سطر {n} نه"),
    "if the header is further down, add {code}": "اگر سرستون پایین‌تر است، {code} را بیفزایید",
    "cell {code} is in no named column": "خانهٔ {code} در هیچ ستون نام‌داری نیست",
    "the header in row {n} has no name above it": "سرستون در سطر {n} نامی بالای آن ندارد",
    "row {n} is the last that a sheet can have": (
        "سطر {n} آخرین سطری است که یک برگه می‌تواند داشته باشد"
    ),
    "the error {code} of a formula": "خطای {code} در فرمول",
    "mend the formula, or declare it: {code}": "فرمول را درست کنید یا آن را اعلام کنید: {code}",
    "not a workbook but {what} with the name of one": "کارپوشه نیست، {what} با نام کارپوشه است",
    "unpacks to {gap} GB": "پس از باز شدن {gap} گیگابایت است",
    'sheet "{sheet}" reaches to row {n} and column {k}': (
        "برگهٔ «{sheet}» تا سطر {n} و ستون {k} می‌رسد"
    ),
    # Money and contracts.
    "amounts of {name} {values} are about ten times those of all others": (
        "مبلغ‌های {name} {values} حدود ده برابر مبلغ‌های دیگران است"
    ),
    "amounts of {name} {values} are about a tenth of those of all others": (
        "مبلغ‌های {name} {values} حدود یک‌دهم مبلغ‌های دیگران است"
    ),
    "amounts of {name} {values} are about a hundred times those of all others": (
        "مبلغ‌های {name} {values} حدود صد برابر مبلغ‌های دیگران است"
    ),
    "amounts of {name} {values} are about a hundredth of those of all others": (
        "مبلغ‌های {name} {values} حدود یک‌صدم مبلغ‌های دیگران است"
    ),
    "the total of an order stands on each of its lines, and is the sum of {code} over the lines "
    "with the same {column}": (
        "جمع هر سفارش در همهٔ سطرهای آن آمده و برابر مجموع {code} در سطرهایی است که {column} یکسان "
        "دارند"
    ),
    "map {code} in columns of {where} in place of amount, or leave one line for each order in the "
    "file": (
        "در columns در {where} به جای amount این را نگاشت کنید: {code}؛ یا برای هر سفارش یک سطر در "
        "فایل بگذارید"
    ),
    "all lines of an order have the same amount, in each of {n} orders ({column})": (
        "همهٔ سطرهای هر سفارش یک مبلغ دارند، در هر {n} سفارش ({column})"
    ),
    "tenure_months reaches {n}, more than 75 years": (
        "tenure_months به {n} می‌رسد که بیش از ۷۵ سال است"
    ),
    "what customers paid in all is {gap} times months x monthly charge": (
        "کل پرداخت مشتریان {gap} برابر ماه‌ها × مبلغ ماهانه است"
    ),
    "{share} of the customers left": "{share} از مشتریان رفته‌اند",
    "If not, declare true_values in {where}": "اگر نه، true_values را در {where} اعلام کنید",
    "{share} of the customers pay nothing": "{share} از مشتریان چیزی نمی‌پردازند",
    "if they are, declare {code} in {where}": "اگر هستند، {code} را در {where} اعلام کنید",
    "{words} means still a customer, and is read as having left": (
        "{words} یعنی هنوز مشتری است، و رفتن خوانده می‌شود"
    ),
    "declare it the other way round in {where}": "آن را در {where} وارونه اعلام کنید",
    "declare in {where} the words for having left": "واژه‌های رفتن را در {where} اعلام کنید",
    "map it in columns of {where}": "آن را در columns در {where} نگاشت کنید",
    "or, where all amounts are in one currency all the same, keep the column in {where} under a "
    "name of its own": (
        "یا اگر با این همه همهٔ مبلغ‌ها به یک ارز است، ستون را در {where} با نامی دیگر نگه دارید"
    ),
    "{words} in all rows, though {code} is declared": (
        "در همهٔ سطرها {words} آمده، با آنکه {code} اعلام شده است"
    ),
    "correct currency in {where}": "currency را در {where} درست کنید",
    "the dates of {one} are read as declared, those of {other} are not": (
        "تاریخ‌های {one} چنان که اعلام شده خوانده می‌شود، اما تاریخ‌های {other} نه"
    ),
    # Purchases that are wrong together.
    "amounts rise from each purchase of a customer to the next, in {n} of {k} steps": (
        "مبلغ‌ها در {n} گام از {k} گام، از هر خرید مشتری به خرید بعدی بالا می‌رود"
    ),
    "each of {n} customers has one amount on all of their rows, and nearly each another one": (
        "هر یک از {n} مشتری در همهٔ سطرهایش یک مبلغ دارد و تقریباً هر کدام مبلغی دیگر"
    ),
    'amounts are written in {n} digits with zeros before them, such as "{value}"': (
        "مبلغ‌ها با {n} رقم و صفر در آغاز نوشته شده‌اند، مانند {value}"
    ),
    "one line of an order is the sum of its other lines, in {n} of {k} orders ({column})": (
        "در {n} سفارش از {k} سفارش ({column}) یک سطر جمع سطرهای دیگر است"
    ),
    "one row of a customer is the sum of the others, in {n} of {k} customers": (
        "برای {n} مشتری از {k} مشتری یک سطر جمع سطرهای دیگر است"
    ),
    "{column} is the same in several rows, and another one in nearly each of the others": (
        "{column} در چند سطر یکی است و در تقریباً هر یک از سطرهای دیگر متفاوت"
    ),
    "{column} holds other amounts, which are less, and is not used": (
        "{column} مبلغ‌های دیگری دارد که کمترند، و به کار نمی‌رود"
    ),
    "{n} ids are names of which the first stands once before the last and once behind it, as two"
    " customers each": (
        "{n} شناسه نام‌هایی است که نام کوچک یک بار پیش و یک بار پس از نام خانوادگی آمده است، "
        "و هر یک دو مشتری شمرده می‌شود"
    ),
    "{n} customers pay in one of {k} months, and nothing in the rest": (
        "{n} مشتری در یک ماه از هر {k} ماه می‌پردازند و در ماه‌های دیگر هیچ"
    ),
    "the rows of an id differ in {n} of {k} columns, such as {name}": (
        "سطرهای یک شناسه در {n} ستون از {k} ستون فرق دارند، مانند {name}"
    ),
    "correct the id of those that are not the same, or leave one row per id in the file": (
        "شناسهٔ آن‌ها را که یکی نیستند درست کنید یا برای هر شناسه یک سطر بگذارید"
    ),
    "{column} x {name} is {other}": "{column} × {name} برابر {other} است",
    "Then map {other} as amount in {where}": (
        "در این صورت {other} را در {where} به عنوان amount نگاشت کنید"
    ),
    "{column} stands beside it and is not used": "{column} در کنار آن هست و به کار نرفته است",
    "if it is the price of a piece, map quantity and unit_price in place of amount in {where}": (
        "اگر قیمت یک عدد است، در {where} به جای amount، quantity و unit_price را نگاشت کنید"
    ),
    "{column} is negative in rows whose amount is not": (
        "{column} در سطرهایی منفی است که مبلغشان منفی نیست"
    ),
    "rows are alike in all but {column}": "سطرها در همه چیز جز {column} یکسان‌اند",
    "or declare in {where} {code}": "یا در {where} اعلام کنید: {code}",
    "each is one more than the one before in {n} rows in a row (from row {k} on)": (
        "در {n} سطر پیاپی (از سطر {k}) هر مقدار یکی بیش از مقدار پیشین است"
    ),
    "{share} of the rows are of {day}, {n} times those of the busiest other days": (
        "{share} سطرها از {day} است، {n} برابر پرکارترین روزهای دیگر"
    ),
    # Rows that are no sales, and ids in two writings.
    "rows called {words} count as purchases": "سطرهای {words} خرید شمرده می‌شوند",
    "or, where they are rows of their own that take money back, write a minus before their "
    "amounts, and declare {code}": (
        "یا اگر سطرهای جداگانه‌ای‌اند که پول را پس می‌دهند، پیش از مبلغشان منفی بگذارید و {code} را "
        "اعلام کنید"
    ),
    "{column} marks rows that count as purchases": (
        "{column} سطرهایی را نشان می‌دهد که خرید شمرده می‌شوند"
    ),
    "{n} ids differ only in blanks, marks or letters that look alike, and are customers of "
    "their own": (
        "{n} شناسه تنها در فاصله، نشانه یا حرف‌های همانند با هم تفاوت دارند و هر یک مشتری "
        "جداگانه‌ای شمرده می‌شود"
    ),
    # Days.
    # Days apart.
    "a few dates lie up to {n} days before all others, such as {day}": (
        "چند تاریخ تا {n} روز پیش از همهٔ تاریخ‌های دیگر است، مانند {day}"
    ),
    "a few dates lie up to {n} days after all others, such as {day}": (
        "چند تاریخ تا {n} روز پس از همهٔ تاریخ‌های دیگر است، مانند {day}"
    ),
    # Cells moved.
    "{column} holds two digits in each row, and all amounts are whole": (
        "{column} در هر سطر دو رقم دارد و همهٔ مبلغ‌ها بی‌اعشارند"
    ),
    # Bills.
    "where {column} says a year they are {n} times those where it says a month": (
        "آنجا که {column} سال می‌گوید {n} برابر جایی است که ماه می‌گوید"
    ),
    "{column} says otherwise": "{column} چیز دیگری می‌گوید",
    "{column} says neither that the customer left nor that he stayed": (
        "{column} نه می‌گوید که مشتری رفته است و نه می‌گوید که مانده است"
    ),
    "{column} stands beside it and is not taken off": "{column} در کنار آن هست و کم نشده است",
    "{other} is the same less {column}, and is not used": (
        "{other} همان است پس از کم شدن {column}، و به کار نرفته است"
    ),
    "if it is what was paid, map it as amount in {where}": (
        "اگر همان است که پرداخت شده، آن را در {where} به عنوان amount نگاشت کنید"
    ),
    "write what was paid into a column, and map it as amount in {where}": (
        "مبلغ پرداخت‌شده را در ستونی بنویسید و آن را در {where} به عنوان amount نگاشت کنید"
    ),
    # Values of attributes, and questionnaires that were not given back.
    "{n} values are written in several ways ({values}), each a group of its own": (
        "{n} مقدار به چند شکل نوشته شده است ({values}) و هر شکل گروهی جداست"
    ),
    "write each in one way in the file": "هر یک را در فایل به یک شکل بنویسید",
    "words for no value count as groups ({values})": (
        "واژه‌هایی به معنای «بدون مقدار» گروه شمرده می‌شود ({values})"
    ),
    "or, where they are groups, {code}": "یا اگر گروه‌اند، {code}",
    "groups of test entries ({values})": "گروه‌هایی از ورودی‌های آزمایشی ({values})",
    "values are combinations of choices ({values}), each a group of its own": (
        "مقدارها ترکیبی از گزینه‌هاست ({values}) و هر ترکیب گروهی جداست"
    ),
    "give each choice a column with yes or no": "برای هر گزینه ستونی با بله یا نه بسازید",
    "sums or means of other groups ({values})": "جمع یا میانگین گروه‌های دیگر ({values})",
    "dates beside {others} ({values})": "تاریخ در کنار {others} ({values})",
    "a spreadsheet makes a day of a text such as 1-5": (
        "صفحهٔ گسترده از متنی مانند \u20661-5\u2069 روز می‌سازد"
    ),
    "format the column as text and enter these anew": (
        "قالب ستون را متن کنید و اینها را دوباره وارد کنید"
    ),
    "blank in all but {n} rows, the first among them, each with a value of its own": (
        "جز در {n} سطر، که سطر نخست یکی از آنهاست و هر یک مقداری جدا دارد، خالی است"
    ),
    "only in the first row of each group": "آیا مقدار فقط در نخستین سطر هر گروه آمده است",
    "Then fill the value down in the file": "پس آن را در فایل تا پایین پر کنید",
    "questionnaires that were not finished ({name}, {values}) count like all others": (
        "پرسشنامه‌های ناتمام ({name}، {values}) مانند بقیه شمرده می‌شود"
    ),
    "questionnaires that were ended or rejected ({name}, {values}) count like all others": (
        "پرسشنامه‌های پایان‌داده‌شده یا ردشده ({name}، {values}) مانند بقیه شمرده می‌شود"
    ),
    "{column} marks rows that count as answers": (
        "{column} سطرهایی را نشان می‌دهد که پاسخ شمرده می‌شوند"
    ),
    "questionnaires that were not submitted ({name} is blank) count like all others": (
        "پرسشنامه‌های ارسال‌نشده (خانهٔ {name} خالی است) مانند بقیه شمرده می‌شود"
    ),
    # Revisions.
    "orders written anew ({column}) count once for each time": (
        "سفارش‌هایی که دوباره نوشته شده‌اند ({column}) هر بار یک خرید شمرده می‌شوند"
    ),
    # Two forms.
    "dates of two forms, {code} and {other}": "تاریخ‌هایی به دو شکل، {code} و {other}",
    "if it stands for no end, declare in {where}": (
        "اگر به معنای بی‌پایان است، در {where} اعلام کنید"
    ),
    # Rows of surveys and sheets of workbooks.
    "further sheets with the same columns are not read: {names}": (
        "برگه‌های دیگری که همین ستون‌ها را دارند خوانده نمی‌شوند: {names}"
    ),
    "shown with a sign that is only in the formats of the cells: {sign}": (
        "با علامتی نمایش داده می‌شود که فقط در قالب خانه‌هاست: {sign}"
    ),
    "the last {n} rows are the first {m} once more, alike in all but their ids": (
        "{n} سطر آخر همان {m} سطر نخست است که جز در شناسه یکسان‌اند"
    ),
    "each row seems to stand for as many answers as {name} says, and counts as one": (
        "گویا هر سطر به تعداد {name} پاسخ است ولی یکی شمرده می‌شود"
    ),
    "several questions in one column ({n} by {name})": (
        "چند پرسش در یک ستون ({n} پرسش بر پایهٔ {name})"
    ),
    # Waves.
    "they are taken in the order {values}": "به ترتیب {values} گرفته می‌شوند",
    # Further lines of an order.
    "take the rows out of the file: each is a further line of what {name} names, and the "
    "first line has the value; or, where each has its own, fill the cells": (
        "این ردیف‌ها را از فایل بردارید: هر یک سطر دیگری از همان چیزی است که {name} نام می‌برد "
        "و مقدار در سطر نخست آن است؛ یا، اگر هر یک مقدار خود را دارد، خانه‌ها را پر کنید"
    ),
    # Tenure in years.
    "nobody has been a customer for longer than {n} months, and the name of the column says "
    "no unit: if these are years, write months into the file; if not, call the column "
    "tenure_months there": (
        "هیچ‌کس بیش از {n} ماه مشتری نبوده است و نام ستون واحد را نمی‌گوید: اگر این‌ها "
        "سال‌اند، ماه را در فایل بنویسید؛ اگر نه، ستون را در آن‌جا tenure_months بنامید"
    ),
    # Given back, other units, one row a customer.
    "{column} holds money that was given back, and the whole amounts of these rows count": (
        "{column} پولی را در خود دارد که پس داده شده است و همهٔ مبلغ این ردیف‌ها به حساب می‌آید"
    ),
    "{column} is called by another unit, and is read as that of {name}": (
        "نام {column} واحد دیگری را می‌گوید و به واحد {name} خوانده می‌شود"
    ),
    # Prices of all pieces.
    "the price of a product rises with its number of pieces ({name}): is it the price of all "
    "of them? Then map it as amount in {where}, and no quantity": (
        "قیمت یک کالا با تعداد آن بالا می‌رود ({name}): آیا قیمت همهٔ آن‌هاست؟ پس آن را در "
        "{where} به‌عنوان amount بیاورید و تعداد را نیاورید"
    ),
    # Short Jalali years.
    # Cut ids, trials, taxes, sides of an account.
    "{column} calls some of them customers on trial, who count like all others: if they are "
    "no customers, take their rows out of the file": (
        "{column} برخی از آن‌ها را مشتری آزمایشی می‌نامد که مانند دیگران به حساب می‌آیند: اگر "
        "مشتری نیستند، ردیف‌هایشان را از فایل بردارید"
    ),
    "{column} says that some amounts hold tax and others none: write all alike": (
        "{column} می‌گوید که برخی مبلغ‌ها با مالیات‌اند و برخی بی مالیات: همه را یکسان بنویسید"
    ),
    "{column} holds sums in rows whose amount is nothing, and none of them counts: write "
    "both sides of the account into one column": (
        "{column} در ردیف‌هایی که مبلغشان صفر است مبلغ دارد و هیچ‌یک به حساب نمی‌آید: دو سوی "
        "حساب را در یک ستون بنویسید"
    ),
    # Thousands.
    "amounts of {name} {values} are about a thousand times those of all others": (
        "مبلغ‌های {name} {values} نزدیک به هزار برابر دیگران است"
    ),
    "amounts of {name} {values} are about a thousandth of those of all others": (
        "مبلغ‌های {name} {values} نزدیک به یک هزارم دیگران است"
    ),
    # Charges in cents.
    # Odd answers.
    "goes down where {score} goes up (correlation {gap})": (
        "آنجا که {score} بالا می‌رود پایین می‌آید (همبستگی {gap})"
    ),
    "goes down where {score} goes up in {parts} (correlation {gap}), though not elsewhere": (
        "در {parts} آنجا که {score} بالا می‌رود پایین می‌آید (همبستگی {gap})، ولی نه در جاهای دیگر"
    ),
    "if it is to {scores}, turn these instead": (
        "اگر کمترین پاسخ به {scores} بهترین است، به جای آن این‌ها را وارونه کنید"
    ),
    "promoters by {column} gave lower answers than detractors": (
        "مشتریانی که {column} مروج می‌نامد پاسخ‌های پایین‌تری از بدگویان داده‌اند"
    ),
    "{name} goes down where the other dimensions go up (correlation {gap})": (
        "{name} آنجا که بُعدهای دیگر بالا می‌روند پایین می‌آید (همبستگی {gap})"
    ),
    "all {n} customers without another answer gave 0": ("همهٔ {n} مشتری بدون پاسخ دیگر ۰ داده‌اند"),
    "all {n} customers whose other answers are 0 or blank gave 0": (
        "همهٔ {n} مشتری که پاسخ‌های دیگرشان ۰ یا خالی است ۰ داده‌اند"
    ),
    "If so, leave NPS of these rows blank in the file, else declare {code}": (
        "اگر چنین است، NPS این سطرها را در فایل خالی بگذارید، وگرنه {code} را اعلام کنید"
    ),
    "if a low answer to ces means that it was easy, declare {code}": (
        "اگر پاسخ پایین به ces به معنای آسانی است، {code} را اعلام کنید"
    ),
    "if a high answer to ces means that it was easy, declare {code}": (
        "اگر پاسخ بالا به ces به معنای آسانی است، {code} را اعلام کنید"
    ),
    "only even answers in {periods}": "تنها پاسخ‌های زوج در {periods}",
    "{n} answers are 0, from customers who are more content by their other answers than "
    "those with low ones": (
        "{n} پاسخ ۰ است، از مشتریانی که بنا بر پاسخ‌های دیگرشان راضی‌تر از دهندگان پاسخ‌های پایین‌اند"
    ),
    "those who answered {k} are less content by their other answers than those who answered {n}": (
        "کسانی که {k} پاسخ داده‌اند بنا بر پاسخ‌های دیگرشان ناراضی‌تر از کسانی‌اند که {n} پاسخ داده‌اند"
    ),
    "does {k} stand for no answer": "آیا {k} به معنای بی‌پاسخ است",
    "no answer of {part} is above {k}, of the others {share} are, on a scale to {most}": (
        "هیچ پاسخی در {part} بالاتر از {k} نیست، از دیگران {share} هست، بر مقیاسی تا {most}"
    ),
    "was the question asked on {low} to {high} there": (
        "آیا پرسش آنجا بر مقیاس {low} تا {high} پرسیده شد"
    ),
    "the answers are {low} to {high} and none is {k}": (
        "پاسخ‌ها {low} تا {high} است و هیچ پاسخی {k} نیست"
    ),
    "coded from 0, so add 1 to each, or declare the scale 0 to {high}": (
        "از ۰ کدگذاری شده است، پس به هر یک ۱ بیفزایید یا مقیاس ۰ تا {high} را اعلام کنید"
    ),
    "coded from 1, so subtract 1 from each": "از ۱ کدگذاری شده است، پس از هر یک ۱ بکاهید",
    "if 0 stands for no answer, declare it in {where}": (
        "اگر ۰ به معنای بی‌پاسخ است، آن را در {where} اعلام کنید"
    ),
    "if 0 stands for no answer, declare it in {where}: {code}": (
        "اگر ۰ به معنای بی‌پاسخ است، آن را در {where} اعلام کنید: {code}"
    ),
    "above expectations in {n} of {k} items": "در {n} گویه از {k} گویه بالاتر از انتظار",
    "the least acceptable level is above the desired one in {n} of {k} items": (
        "کمترین سطح پذیرفتنی در {n} گویه از {k} گویه بالاتر از سطح مطلوب است"
    ),
    # Births, and two scripts.
    "{column} is a day of birth, and is read as the day of each row": (
        "{column} روز تولد است و به‌جای روز هر ردیف خوانده می‌شود"
    ),
    "as many values are written in one script as in another ({values})": (
        "شمار مقدارها به هر دو خط یکی است ({values})"
    ),
    # Answers in words.
    "or, where words stand for answers, declare the number of each in {where}: {code}": (
        "یا، اگر واژه‌ها پاسخ‌اند، عدد هر یک را در {where} اعلام کنید: {code}"
    ),
    "or, where they stand for no answer: {code}": "یا، اگر به معنای بی‌پاسخ‌اند: {code}",
    # Zones.
    # Many columns.
    "{what} in {n} columns ({column} to {name})": "{what} در {n} ستون ({column} تا {name})",
    # Groups of NPS.
    # Changed meanwhile.
    # Zeros too many.
    "amounts are ten, a hundred or a thousand times {column} x {name}, or a part of it, "
    "which all others are": (
        "مبلغ‌هایی ده، صد یا هزار برابر {column} × {name} یا کسری از آن است، که دیگر مبلغ‌ها همان است"
    ),
}
