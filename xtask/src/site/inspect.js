// What is wrong with the page that this runs in, by rule; and the links that only the folder of the pages can judge.
(() => {
  const all = (selector, inside = document) => [...inside.querySelectorAll(selector)];
  const shown = (element) => element.outerHTML.slice(0, 120).replaceAll("\n", " ");
  const found = { overflow: [], id: [], anchor: [], download: [], sort: [], links: [] };

  for (const details of all("details")) details.open = true;
  if (document.documentElement.scrollWidth > innerWidth) {
    const scrolls = (e) => e && (["auto", "scroll", "hidden"].includes(getComputedStyle(e).overflowX) || scrolls(e.parentElement));
    const wide = all("body *").filter((e) => e.getBoundingClientRect().right > innerWidth + 0.5 && !scrolls(e.parentElement));
    found.overflow.push(`${document.documentElement.scrollWidth} px in a window of ${innerWidth}: ${wide.slice(-2).map(shown).join("; ")}`);
  }

  const ids = new Set();
  for (const { id } of all("[id]")) ids.has(id) ? found.id.push(id) : ids.add(id);

  for (const link of all("a")) {
    const href = link.getAttribute("href") ?? "";
    if (href.startsWith("#")) {
      if (!ids.has(decodeURIComponent(href.slice(1)))) found.anchor.push(shown(link));
    } else if (/^[\w-]+\.html(#|$)/.test(href)) {
      found.links.push(href);
    } else if (!/^https?:/.test(href) && !link.hasAttribute("download")) {
      found.anchor.push(shown(link));
    }
  }

  for (const link of all("a.csv")) {
    if (!link.hasAttribute("download") || !link.href.startsWith("data:text/csv")) found.download.push(shown(link));
  }

  for (const table of all("table[data-sort]")) {
    const name = table.caption?.textContent ?? shown(table);
    const rows = () => [...table.tBodies[0].rows];
    const written = rows();
    const ordered = written.filter((row) => !row.matches(".gap, [data-total]"));
    const compared = (column, sign) => {
      const cells = rows().filter((row) => ordered.includes(row)).map((row) => row.cells[column]);
      if (cells.length < ordered.length) return "rows are lost";
      const values = cells.map((cell) => cell.dataset.v).filter((v) => v !== undefined).map(Number);
      if (values.some((v, i) => i > 0 && sign * (v - values[i - 1]) < 0)) return "not in order";
      const missing = cells.map((cell) => cell.textContent === "–" && !cell.dataset.v);
      if (missing.some((m, i) => i > 0 && missing[i - 1] && !m)) return "what is missing is not last";
      return "";
    };
    [...table.tHead.rows[0].cells].forEach((head, column) => {
      const say = (what) => what && found.sort.push(`${name}, column ${column + 1}: ${what}`);
      const button = head.querySelector("button");
      if (!button) return say("no button");
      for (const [state, sign] of [["ascending", 1], ["descending", -1]]) {
        button.click();
        say(head.getAttribute("aria-sort") === state ? compared(column, sign) : `aria-sort is not ${state}`);
      }
      button.click();
      if (rows().some((row, i) => row !== written[i])) say("the order of the text does not come back");
    });
  }
  return found;
})()
