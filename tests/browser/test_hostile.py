"""Texts of the data, of files and of parameters never act in a page that shows them.

Each attack calls `run` with its number, or asks an address for it, and stands in every place of a
report, the index and the page of the inputs that a text from outside can reach. A careless page
shows that the attacks would succeed.
"""

import contextlib
import re

import mistune
import nbformat
import pandas as pd
import pytest
from playwright.sync_api import Error

from cxlib import pages, results

FAR = "https://hostile.invalid"
# {call} runs, {url} is asked for. After the cheat sheets of OWASP on cross-site scripting, on
# evading filters and on injection into templates, and the "big list of naughty strings".
ATTACKS = [
    "<script>{call}</script>",
    "<ScRiPt >{call}</sCrIpT>",
    "<script src={url}></script>",
    "<<script>{call}//<</script>",
    "<script\x0c>{call}</script>",
    "<script>{call}",
    '"><script>{call}</script>',
    "'><script>{call}</script>",
    "</script><script>{call}</script>",
    "</style><script>{call}</script>",
    "</title><script>{call}</script>",
    "</textarea><script>{call}</script>",
    "</noscript><script>{call}</script>",
    "</pre></code></table></div></article></main><script>{call}</script>",
    "--><script>{call}</script>",
    "]]><script>{call}</script>",
    "<![CDATA[<script>{call}</script>]]>",
    "<!--><script>{call}</script>-->",
    "<!-- <script>{call}</script>",
    "<?xml version='1.0'?><script>{call}</script>",
    "<img src=x onerror={call}>",
    "<img src=x onerror={call}//",
    "<img/src='x'/onerror='{call}'>",
    "<img src=`x`onerror={call}>",
    "<img src={url}>",
    "<img srcset='{url} 1x'>",
    '<img """><script>{call}</script>">',
    "<svg onload={call}>",
    "<svg/onload={call}//",
    "<svg><script>{call}</script></svg>",
    "<svg><script>&#95;&#95;run({n})</script></svg>",
    "<svg><style><img src=x onerror={call}></style></svg>",
    "<svg><image href={url}></image></svg>",
    "<svg><a xlink:href='javascript:{call}'><text y=20>link</text></a></svg>",
    "<svg><animate onbegin={call} attributeName=x dur=1s>",
    "<math><mtext></form><form><mglyph><style></math><img src onerror={call}>",
    "<form><math><mtext></form><form><mglyph><style></math><img src onerror={call}>",
    "<noscript><p title='</noscript><img src=x onerror={call}>'>",
    "<template><img src=x></template><img src=x onerror={call}>",
    "<body onload={call}>",
    "<iframe src='javascript:parent.{call}'></iframe>",
    "<iframe srcdoc='<script>parent.{call}</script>'></iframe>",
    "<iframe src='data:text/html,<script>parent.{call}</script>'></iframe>",
    "<iframe src={url}></iframe>",
    "<object data={url}></object>",
    "<embed src={url}>",
    "<video><source onerror={call}></video>",
    "<video src={url} poster={url}></video>",
    "<audio src=x onerror={call}>",
    "<input autofocus onfocus={call}>",
    "<details open ontoggle={call}>",
    "<marquee onstart={call}>x</marquee>",
    "<style>@import '{url}';</style>",
    "<style>body {{ background: url({url}) }}</style>",
    "<div style=\"background-image: url('{url}')\">x</div>",
    "<div style='width: expression({call})'>x</div>",
    "<style>@keyframes x {{}}</style><b style='animation-name: x' onanimationstart={call}></b>",
    "<link rel=stylesheet href={url}>",
    "<link rel=prefetch href={url}>",
    "<base href='{far}/'><script src='{n}'></script>",
    "<meta http-equiv=refresh content='0; url={url}'>",
    "<meta http-equiv='Content-Security-Policy' content=\"script-src 'unsafe-inline'\">",
    "<a href='javascript:{call}'>link</a>",
    "<a href='java\tscript:{call}'>link</a>",
    "<a href='&#106;avascript:{call}'>link</a>",
    "<a href=' \x01javascript:{call}'>link</a>",
    "<a href='data:text/html,<script>{call}</script>'>link</a>",
    "<a href='{url}' autofocus onfocus={call}>link</a>",
    "<form action='javascript:{call}'><button>send</button></form>",
    "<form action='{url}'><button>send</button></form>",
    "<button form=x formaction='javascript:{call}'>send</button><form id=x></form>",
    "<isindex action='javascript:{call}' type=image>",
    "<table background={url}><tr><td>x",
    '" onmouseover="{call}" x="',
    "' onmouseover='{call}' x='",
    '" autofocus onfocus="{call}" x="',
    '"; {call}; "',
    "'; {call}; '",
    '\\"; {call}; //',
    "\u2028{call}//",
    "${{{call}}}",
    "&lt;script&gt;{call}&lt;/script&gt;",
    "&#60;script&#62;{call}&#60;/script&#62;",
    "\\u003cscript\\u003e{call}\\u003c/script\\u003e",
    "%3Cscript%3E{call}%3C/script%3E",
    "+ADw-script+AD4-{call}+ADw-/script+AD4-",
    "\uff1cscript\uff1e{call}\uff1c/script\uff1e",
    "<scr\0ipt>{call}</scr\0ipt>",
    "<img src=x one\0rror={call}>",
    "<scr\u200bipt>{call}</scr\u200bipt>",
    "\u202e<script>{call}</script>\u202c",
    "\u2066<img src=x onerror={call}>\u2069 شعبهٔ شمال \u2067",
    "[link](javascript:{call})",
    "[link](JaVaScRiPt&colon;{call})",
    "[link]({url})",
    "![picture]({url})",
    "![picture][1]\n\n[1]: {url}",
    "<javascript:{call}>",
    "<{url}>",
    "{url}",
    "[x]: javascript:{call}\n\n[x]",
    "# heading\n\n<img src=x onerror={call}>",
    "```html\n<img src=x onerror={call}>\n```\n<img src=x onerror={call}>",
    "`<img src=x onerror={call}>",
    "a | b\n--|--\n<img src=x onerror={call}> | ![]({url})",
    "**bold** _<svg onload={call}>_",
    "$\\href{{javascript:{call}}}{{x}}$ \\(\\href{{{url}}}{{x}}\\)",
    "{{{{ 7 * 7 }}}}<script>{call}</script>",
    "{{% raw %}}<script>{call}</script>{{% endraw %}}",
    "{{{{ ''.__class__.__mro__[1].__subclasses__() }}}}{url}",
    "{{# <script>{call}</script>",
    "\x1b]8;;{url}\x1b\\link\x1b]8;;\x1b\\",
    "\x1b[31m<script>{call}</script>\x1b[0m",
    "<script>{call}</script>" + "x" * 20_000,
    "<b>" * 300 + "<img src=x onerror={call}>",
]
NUMBERS = range(len(ATTACKS))
# Those that lead a reader away; no policy of a page can keep a link from being followed.
LEAVING = {60, 67, 94, 98}
GROUPS = [NUMBERS[start::6] for start in range(6)]
# Those that a careless page need not run: they are meant for other programs or old browsers.
SPENT = {5, 16, 18, 35, 36, 42, 51, 55, 61, 66, 71, 78, 79, 81, 82, 83, 84, 85, 86, 87, 89}
SPENT |= {92, 93, 97, 99, 100, 106, 109, 111}


def attack(n):
    return ATTACKS[n].format(call=f"__run({n})", url=f"{FAR}/{n}", n=n, far=FAR)


class Places:
    """The places that a text stands in, counted."""

    def __init__(self, text):
        self.text = text
        self.count = 0

    def __call__(self, most=None):
        self.count += 1
        return self.text[:most]


def _display(**data):
    return nbformat.v4.new_output(
        "display_data",
        {f"{kind.replace('_', '/', 1).replace('_', '+')}": text for kind, text in data.items()},
    )


def _cells(at):
    """A notebook in which all that a cell can show has the text in it."""
    frame = pd.DataFrame({at(): [at(), at()], "n": [1, 2]}, index=pd.Index([at(), "x"], name=at()))
    svg = "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 9 9'>{}</svg>"
    about = {
        **{"title": at(), "alt": at(), "caption": at()},
        "tables": [{"name": at(), "csv": pd.DataFrame({at(): [at()]}).to_csv(index=False)}],
    }
    figure = _display(image_svg_xml=svg.format(at()))
    figure.data["application/vnd.cxlib.figure+json"] = about
    bare = _display(image_svg_xml=svg.format("<circle/>"))
    bare.data["application/vnd.cxlib.figure+json"] = {"title": at(), "tables": []}
    code = nbformat.v4.new_code_cell
    outputs = [
        nbformat.v4.new_output("stream", name="stdout", text=at()),
        nbformat.v4.new_output("stream", name="stderr", text=at()),
        _display(text_plain=at()),
        _display(text_html=frame.to_html()),
        _display(text_html=frame.to_html(escape=False)),
        _display(text_html=at()),
        _display(text_markdown=results.plain(at())),
        _display(text_markdown=at()),
        _display(text_markdown=f"- one\n- two\n- three: {at()}\n- four"),
        _display(text_latex=at()),
        _display(application_javascript=f"/* {at()} */ __run(-1)"),
        *(figure, bare),
        nbformat.v4.new_output("error", ename=at(), evalue=at(), traceback=[at()]),
    ]
    return [
        nbformat.v4.new_markdown_cell(f"# Where? {at().splitlines()[0]}\n\nWho decides."),
        code(f"sources: str = {at()!r}", metadata={"tags": ["injected-parameters"]}),
        nbformat.v4.new_markdown_cell("## Section"),
        code(at(), outputs=outputs, metadata={"tags": ["answer"]}, execution_count=1),
    ]


def _entry(at, **more):
    finding = {"column": at(), "source_column": at(), "rule": at(), "count": 3}
    change = {
        **{"name": at(), "unit": at(), "better": "higher", "beyond_noise": True, "why": at()},
        **{"before": 1.0, "before_low": 0.5, "before_high": 1.5, "p_holm": 0.001},
        **{"now": 3.0, "now_low": 2.5, "now_high": 3.5, "change": 2.0, "low": 1.0, "high": 3.0},
    }
    measure = {
        **{"name": at(), "unit": at(), "better": "higher", "note": at(), "method": at()},
        **{"value": 3.0, "low": 2.5, "high": 3.5, "n": 600, "level": 0.95},
    }
    source = {
        **{"input": at(), "uri": at(), "sha256": at(), "rows_read": 1280, "rows": 1234},
        **{"period": [at(), at()], "note": at()},
        **{"exclusions": [finding], "repairs": [finding], "warnings": [finding]},
    }
    parts = {
        **{"name": at(200), "series": at(200), "group": "", "label": at(), "title": at()},
        **{"notebook": at(), "status": "ok", "cause": None, "seconds": 1.5, "seed": 1},
        **{"finished": "2026-11-02T06:00:00+00:00", "as_of": at(), "headline": at()},
        **{"parameters": {"language": at(), at(): at()}, "given": {"sources": at(), at(): at()}},
        **{"leading": measure, "measures": 3, "why_not_compared": at(), "resumed_from": at()},
        "checks": [{"name": at(), "passed": one, "text": at()} for one in (True, False, None)],
        "compared_with": {"run": at(), "finished": "2026-10-02T06:00:00+00:00", "as_of": at()},
        **{"changes": [change], "inputs": [source]},
    }
    return parts | more


def _manifest(at, *entries):
    return {
        **{"run": at(), "sequence": 7, "python": at(), "libraries": {at(): at()}},
        "code": {"cxlib": at(), "commit": at(), "modified": True},
        **{"started": "2026-11-02T05:59:00+00:00", "finished": "2026-11-02T06:00:01+00:00"},
        **{"seconds": 61.5, "suite": at(), "reports": list(entries)},
    }


def _failure(at):
    return {"status": at(), "cause": {"message": at(), "cell": 1}, "log": at(200)}


def report(at, *, language="en", failed=False):
    entry = _entry(at)
    entry["parameters"]["language"] = language
    if failed:
        entry |= _failure(at)
    return pages.report(nbformat.v4.new_notebook(cells=_cells(at)), entry, _manifest(at))


def index(at_all):
    """All attacks on one page, which is long enough to have its script."""
    entries = [_entry(at, group="") for at in at_all]
    grouped = [_entry(at, group=at(), name=f"g{n}") for n, at in enumerate(at_all)]
    failed = [_entry(at, **_failure(at), name=f"f{n}") for n, at in enumerate(at_all)]
    runs = [
        _manifest(at, *three) for at, *three in zip(at_all, entries, grouped, failed, strict=True)
    ]
    unfinished = [
        {"run": at(), "started": "2026-11-02T05:59:00+00:00", "series": [at()]} for at in at_all
    ]
    return pages.index(runs, [at() for at in at_all], unfinished)


def inputs(at_all):
    """What the door says of an input, for each attack."""

    def one(at):
        finding = {"column": at(), "source_column": at(), "rule": at(), "count": 3}
        error = finding | {
            **{"file": at(), "unit": "line", "places": [3, at()], "examples": [at(), at()]},
            "remedy": at(),
        }
        return {
            **{"input": at(), "uri": at(), "status": "refused", "rows": 3, "rows_read": 4},
            **{"period": [at(), at()], "complete_to": at(), "currency": at(), "note": at()},
            **{"exclusions": [finding], "warnings": [finding], "repairs": [finding]},
            "errors": [error],
        }

    return pages.inputs({"sources": at_all[0](), "inputs": [one(at) for at in at_all]})


def stopped(done, request):
    """Tell a request that the policy of the page stopped from one that was sent."""
    if "csp" in (request.failure or ""):
        done[done.index(request.url)] = f"blocked {request.url}"


@pytest.fixture(scope="module")
def acts(chromium):
    """Show a page, do there what a reader may; what it ran, what it asked for, what is foreign."""
    context = chromium.new_context()
    context.route(f"{FAR}/**", lambda route: route.abort())

    def shown(path):
        done, foreign = [], ["left"]
        page = context.new_page()
        page.expose_function("__run", lambda n: done.append(f"run {n}"))
        page.on("request", lambda request: done.append(request.url))
        page.on("requestfailed", lambda request: stopped(done, request))
        page.on("dialog", lambda dialog: dialog.dismiss())
        # An attack may end the page while it is looked at.
        with contextlib.suppress(Error):
            page.goto(path.as_uri())
            page.evaluate(TOUCH)
            page.wait_for_timeout(20)
            foreign = page.evaluate(FOREIGN)
        page.close()
        known = (path.as_uri(), "data:", "blob:")
        return [one for one in done if not one.startswith(known)], foreign

    yield shown
    context.close()


TOUCH = """() => {
  for (const one of document.querySelectorAll("details")) one.open = true;
  for (const one of document.querySelectorAll("body *")) {
    for (const kind of ["mouseover", "focus"]) one.dispatchEvent(new Event(kind));
  }
  for (const one of document.querySelectorAll("a:not([download]), svg a, button")) {
    if (one.closest(".tools") || one.protocol === "file:") continue;
    one.dispatchEvent(new MouseEvent("click", { cancelable: true }));
  }
}"""
# Elements that a page of ours never has, beyond its one script and its policy.
FOREIGN = """() => [...document.querySelectorAll(
  "iframe, object, embed, base, link, form, video, audio, marquee, template, noscript, math, "
  + "area, portal, frame, frameset, applet, script, meta[http-equiv], a[href], img, [srcdoc], "
  + "[style*=url], [formaction]")].filter((one) => {
    if (one.tagName === "SCRIPT") return one !== document.body.lastElementChild;
    if (one.tagName === "META") return one.parentElement !== document.head;
    if (one.tagName === "IMG") return !one.src.startsWith("data:image/");
    if (one.tagName === "A") return !/^(file:|data:text\\/csv;)/.test(one.href);
    return true;
  }).concat([...document.querySelectorAll("body *")].filter((one) =>
    [...one.attributes].some(({ name }) => name.startsWith("on"))
  )).map((one) => one.outerHTML.slice(0, 200))"""


def write(folder, name, html):
    path = folder / f"{name}.html"
    path.write_text(html, encoding="utf-8")
    return path


def careless(text, policy=""):
    """A page that escapes nothing."""
    return (
        f"<!DOCTYPE html><head><meta charset=utf-8>{policy}</head><body><div>{text}</div>"
        f"<p title=\"{text}\">x</p><p title='{text}'>x</p><textarea>{text}</textarea>"
        f"<script>const one = \"{text}\";</script><script>const two = '{text}';</script>"
        f"<script>`{text}`</script>{mistune.html(text)}</body>"
    )


def test_on_a_careless_page_the_attacks_succeed(acts, tmp_path):
    spent = {n for n in NUMBERS if not acts(write(tmp_path, n, careless(attack(n))))[0]}
    assert spent <= SPENT


@pytest.mark.parametrize("kind", [report, index, inputs])
def test_the_policy_of_a_page_would_stop_what_is_not_escaped(acts, tmp_path, kind):
    plain = Places("plain")
    html = kind(plain) if kind is report else kind([plain] * 20)
    [policy] = re.findall(r"<meta[^>]*Content-Security-Policy[^>]*>", html)
    done = []
    for number, group in enumerate(GROUPS):
        joined = "".join(attack(n) for n in group if n not in LEAVING)
        done += acts(write(tmp_path, number, careless(joined, policy)))[0]
    assert done
    assert [one for one in done if not one.startswith("blocked")] == []


@pytest.mark.parametrize("kind", ["good", "failed", "persian"])
def test_no_text_acts_in_a_report(acts, tmp_path, kind):
    options = {"failed": kind == "failed", "language": "fa" if kind == "persian" else "en"}
    for number, group in enumerate(GROUPS):
        at = Places("\n\n".join(map(attack, group)))
        html = report(at, **options)
        assert at.count > 70
        assert acts(write(tmp_path, f"{kind}{number}", html)) == ([], [])


@pytest.mark.parametrize("make", [index, inputs])
def test_no_text_acts_on_the_pages_of_all_runs_and_all_inputs(acts, tmp_path, make):
    at_all = [Places(attack(n)) for n in NUMBERS]
    assert acts(write(tmp_path, "page", make(at_all))) == ([], [])
