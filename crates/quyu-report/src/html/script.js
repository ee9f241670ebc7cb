// Works on a page that is complete without it: downloads beside the tables, sorting, folding of long tables, contents.
(() => {
"use strict";
const all = (selector, inside = document) => [...inside.querySelectorAll(selector)];

const make = (name, properties) => Object.assign(document.createElement(name), properties);

// A file stands in the page once; the other links to it become the same download.
for (const link of all("a[data-csv]")) {
  const file = document.getElementById(link.dataset.csv)?.querySelector("a[download]");
  if (file) Object.assign(link, { href: file.href, download: file.download });
}

// Long tables show the rows that the text speaks of, and all of them on request.
const unfold = (table) => table.unfold?.();
for (const table of all("table:has(tr[data-more])")) {
  const rows = all("tbody tr:not(.gap)", table).length;
  const button = make("button", { type: "button", className: "more" });
  const show = (folded) => {
    table.classList.toggle("cut", folded);
    button.textContent = folded ? `Show all ${rows} rows` : "Show fewer rows";
    button.setAttribute("aria-expanded", String(!folded));
  };
  button.addEventListener("click", () => show(!table.classList.contains("cut")));
  table.unfold = () => show(false);
  table.closest(".table").querySelector(".source").before(button);
  show(true);
}

// Sorting: up, down, and back to the order of the text. What is missing stands last, and so does a total.
const collator = new Intl.Collator("en", { numeric: true });
const order = (column, sign) => (a, b) => {
  const [x, y] = [a.cells[column], b.cells[column]];
  const missing = (cell) => !cell.dataset.v && cell.textContent === "–";
  if (missing(x) || missing(y)) return missing(x) - missing(y);
  const numbers = x.dataset.v && y.dataset.v;
  return sign * (numbers ? x.dataset.v - y.dataset.v : collator.compare(x.textContent, y.textContent));
};
const sortable = (table) => {
  const body = table.tBodies[0];
  const written = [...body.rows];
  const totals = written.filter((row) => "total" in row.dataset);
  const rows = written.filter((row) => !row.matches(".gap") && !totals.includes(row));
  const heads = [...table.tHead.rows[0].cells];
  heads.forEach((head, column) => {
    const button = make("button", { type: "button" });
    button.append(...head.childNodes);
    head.append(button);
    head.setAttribute("aria-sort", "none");
    button.addEventListener("click", () => {
      const next = { none: "ascending", ascending: "descending", descending: "none" }[head.getAttribute("aria-sort")];
      heads.forEach((other) => other.setAttribute("aria-sort", other === head ? next : "none"));
      const sign = next === "ascending" ? 1 : -1;
      if (next === "none") return body.append(...written);
      unfold(table);
      body.append(...rows.toSorted(order(column, sign)), ...totals);
    });
  });
};
all("table[data-sort]").forEach(sortable);

// Only what scrolls is a stop of the tab key.
const stops = new ResizeObserver((entries) => {
  for (const { target } of entries) {
    if (target.scrollWidth > target.clientWidth) target.tabIndex = 0;
    else target.removeAttribute("tabindex");
  }
});
all(".scroll").forEach((region) => stops.observe(region));

// On a narrow window the contents are folded; on a wide one they show where the reader is.
const contents = document.querySelector("nav details");
if (contents) {
  if (matchMedia("(max-width: 68rem)").matches) contents.open = false;
  const places = all("a", contents)
    .map((link) => [link, document.getElementById(link.hash.slice(1))])
    .filter(([, place]) => place);
  const mark = () => {
    const passed = places.filter(([, place]) => place.getBoundingClientRect().top < 120);
    places.forEach(([link]) => link.removeAttribute("aria-current"));
    passed.at(-1)?.[0].setAttribute("aria-current", "location");
  };
  addEventListener("scroll", () => requestAnimationFrame(mark), { passive: true });
  mark();
}
})();
