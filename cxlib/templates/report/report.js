"use strict";
// The page is whole without this: here is what only helps, such as sorting and searching.
(() => {
  const words = JSON.parse(document.body.dataset.words);
  const root = document.documentElement;

  const make = (tag, properties, ...children) => {
    const node = Object.assign(document.createElement(tag), properties);
    node.append(...children);
    return node;
  };

  // Where pages are opened as files a browser may refuse to remember anything.
  const remembered = (value) => {
    try {
      if (value) localStorage.setItem("colours", value);
      return localStorage.getItem("colours");
    } catch {
      return null;
    }
  };

  const colours = () => {
    const button = document.getElementById("theme");
    const preferred = matchMedia("(prefers-color-scheme: dark)").matches;
    const show = (dark) => {
      root.dataset.theme = dark ? "dark" : "light";
      button.setAttribute("aria-pressed", dark);
    };
    const last = remembered();
    if (last) show(last === "dark");
    else button.setAttribute("aria-pressed", preferred);
    button.addEventListener("click", () => {
      const dark = button.getAttribute("aria-pressed") !== "true";
      show(dark);
      remembered(dark ? "dark" : "light");
    });
  };

  const folding = () => {
    const button = document.getElementById("fold");
    const blocks = [...document.querySelectorAll("details.code")];
    button.hidden = !blocks.length;
    button.addEventListener("click", () => {
      const open = button.getAttribute("aria-pressed") !== "true";
      blocks.forEach((block) => { block.open = open; });
      button.setAttribute("aria-pressed", open);
      button.textContent = open ? words.hide_code : words.show_code;
    });
  };

  // The last heading above the upper third of the window is the section that is read.
  const contents = () => {
    const links = new Map();
    for (const link of document.querySelectorAll("nav a")) {
      links.set(document.getElementById(link.hash.slice(1)), link);
    }
    const follow = () => {
      let current = null;
      let lowest = -Infinity;
      for (const heading of links.keys()) {
        const { top } = heading.getBoundingClientRect();
        if (top < innerHeight / 3 && top > lowest) [current, lowest] = [heading, top];
      }
      for (const [heading, link] of links) {
        if (heading === current) link.setAttribute("aria-current", "location");
        else link.removeAttribute("aria-current");
      }
    };
    const watch = new IntersectionObserver(follow, { rootMargin: "0px 0px -66% 0px" });
    links.forEach((_, heading) => watch.observe(heading));
    for (const link of links.values()) {
      link.addEventListener("click", () => {
        if (link.closest("details").querySelector("summary").offsetParent) {
          link.closest("details").open = false;
        }
      });
    }
  };

  const plain = (text) => text
    .replace(/[۰-۹]/g, (digit) => digit.charCodeAt(0) - 0x6f0)
    .replace(/[٠-٩]/g, (digit) => digit.charCodeAt(0) - 0x660)
    .replace(/٫/g, ".").replace(/[٬]/g, ",").replace(/−/g, "-").replace(/[ي]/g, "ی").replace(/[ك]/g, "ک")
    .trim();
  const number = /^([-+]?(?:\d[\d,]*)?\.?\d+(?:e[-+]?\d+)?)(?:\s*[^\s\d(]{0,8})?(?:\s*\(.*\))?$/i;
  const value = (text) => {
    const found = number.exec(text);
    if (found) return Number(found[1].replaceAll(",", ""));
    const infinite = /^([-+]?)inf$/.exec(text);
    return infinite ? (infinite[1] === "-" ? -Infinity : Infinity) : NaN;
  };
  const collator = new Intl.Collator(root.lang, { numeric: true });
  const isMissing = (text) => text === "" || text === "–" || text === "suppressed";

  const rowsOf = (table) => [...table.tBodies[0].rows];
  const texts = (row) => [...row.cells].map((cell) => plain(cell.textContent));

  // A cell that spans rows is written out in each, so that rows can stand alone.
  const writeOut = (table) => {
    const rows = rowsOf(table);
    rows.forEach((row, i) => {
      [...row.cells].forEach((cell) => {
        const span = cell.rowSpan;
        if (span < 2) return;
        cell.removeAttribute("rowspan");
        const place = cell.cellIndex;
        for (const below of rows.slice(i + 1, i + span)) {
          below.insertBefore(cell.cloneNode(true), below.cells[place] ?? null);
        }
      });
    });
  };

  const sortable = (table) => {
    const heads = [...(table.tHead?.rows[table.tHead.rows.length - 1]?.cells ?? [])];
    const original = rowsOf(table);
    if (original.length < 3 || original.some((row) => row.querySelector("[colspan]"))) return;
    const width = Math.max(...original.map((row) => row.cells.length));
    if (heads.length !== width || heads.some((head) => head.colSpan > 1)) return;
    const sort = (column, direction) => {
      writeOut(table);
      const keys = new Map(original.map((row) => [row, plain(row.cells[column].textContent)]));
      const known = original.filter((row) => !isMissing(keys.get(row)));
      const numeric = known.every((row) => !Number.isNaN(value(keys.get(row))));
      const compare = numeric
        ? (a, b) => value(a) - value(b) || 0
        : (a, b) => collator.compare(a, b);
      const sign = direction === "descending" ? -1 : 1;
      if (direction !== "none") {
        known.sort((a, b) => sign * compare(keys.get(a), keys.get(b)));
        table.tBodies[0].append(...known, ...original.filter((row) => isMissing(keys.get(row))));
      } else {
        table.tBodies[0].append(...original);
      }
    };
    const next = { none: "ascending", ascending: "descending", descending: "none" };
    heads.forEach((head, column) => {
      if (head.tagName !== "TH") return;
      const button = make("button", { type: "button" }, ...head.childNodes);
      head.append(button);
      button.addEventListener("click", () => {
        const direction = next[head.getAttribute("aria-sort") ?? "none"];
        heads.forEach((other) => other.removeAttribute("aria-sort"));
        if (direction !== "none") head.setAttribute("aria-sort", direction);
        sort(column, direction);
      });
    });
  };

  const search = (table, frame) => {
    const rows = rowsOf(table);
    const box = make("input", { type: "search", placeholder: words.search, ariaLabel: words.search });
    box.setAttribute("aria-controls", frame.id);
    const told = make("span", { role: "status" });
    box.addEventListener("input", () => {
      writeOut(table);
      const wanted = plain(box.value).toLowerCase();
      let shown = 0;
      rows.forEach((row) => {
        row.hidden = !texts(row).join(" ").toLowerCase().includes(wanted);
        shown += !row.hidden;
      });
      told.textContent = wanted ? `${shown} ${words.of} ${rows.length} ${words.rows}` : "";
    });
    return [box, told];
  };

  // A text that a spreadsheet would take for a formula gets an apostrophe; a number stays one.
  const csvCell = (cell) => {
    const shown = cell.textContent.trim().replace(/\s+/g, " ");
    const figure = plain(shown).replaceAll(",", "");
    const text = figure === "" || Number.isNaN(Number(figure)) ? shown : plain(shown);
    const guarded = /^[=+\-@＝＋－＠]/.test(text) && Number.isNaN(Number(text.replaceAll(",", "")))
      ? `'${text}` : text;
    return `"${guarded.replaceAll('"', '""')}"`;
  };
  const download = (table, frame) => {
    const button = make("button", { type: "button" }, words.download);
    button.addEventListener("click", () => {
      writeOut(table);
      const rows = [...table.rows].flatMap((row) => {
        const cells = [...row.cells].flatMap((cell) => Array(cell.colSpan).fill(csvCell(cell)));
        return [cells.join(",")];
      });
      const text = `\ufeff${rows.join("\r\n")}\r\n`;
      const address = URL.createObjectURL(new Blob([text], { type: "text/csv;charset=utf-8" }));
      make("a", { href: address, download: `${document.body.dataset.name}-${frame.id}.csv` }).click();
      setTimeout(() => URL.revokeObjectURL(address), 1000);
    });
    return button;
  };

  const tables = () => {
    for (const frame of document.querySelectorAll(".frame")) {
      const table = frame.querySelector("table");
      if (!table?.tBodies.length) continue;
      const many = rowsOf(table).length > 12;
      sortable(table);
      if (frame.closest(".data, footer")) continue;
      const tools = make("div", { className: "tools" });
      if (many) tools.append(...search(table, frame));
      tools.append(download(table, frame));
      frame.after(tools);
    }
  };

  // What has nothing to scroll to is no stop on the way through the page by keyboard.
  const stops = () => {
    const frames = document.querySelectorAll(".frame, .pane");
    const sizes = [...frames].map((frame) => frame.scrollWidth > frame.clientWidth);
    frames.forEach((frame, i) => {
      if (sizes[i]) frame.tabIndex = 0;
      else frame.removeAttribute("tabindex");
    });
  };

  document.querySelector("header .tools").hidden = false;
  colours();
  folding();
  tables();
  contents();
  requestAnimationFrame(stops);
  addEventListener("resize", stops);
  document.addEventListener("toggle", stops, true);
})();
