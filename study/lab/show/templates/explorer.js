// Search, filter and sort. By hand: a library of tables, put into the one file, would be
// several times its size. This stands behind the table of claims and answers for them while
// the browser still reads what follows.
const form = document.querySelector("#filters");
const headings = [...document.querySelectorAll(".claims [data-key]")];
const judging = new Set(claims.map((each) => each.dataset.finding));
const texts = new Map();
const START = "id"; // in which order the rows stand in the file
let order = START;

function findings() {
  return document.readyState === "loading" ? [] : [...document.querySelectorAll(".finding")];
}

function text(item) {
  if (!texts.has(item)) {
    texts.set(item, words(item).toLowerCase());
  }
  return texts.get(item);
}

function words(item) {
  const element = "at" in item ? item.row : item;
  if (!element) return plain(source(item));
  return element.querySelector("noscript") ? plain(element.textContent) : element.textContent;
}

function chosen() {
  return [...new FormData(form)].filter(([, value]) => value.trim());
}

function fits(item, filters) {
  return filters.every(([name, value]) => {
    if (name === "q") {
      return value.toLowerCase().split(/\s+/).every((word) => text(item).includes(word));
    }
    const has = item.dataset[name];
    if (name === "technique") return has.split(" ").includes(value);
    return name === "kind" ? has.split("/").includes(value) : has === value;
  });
}

function show() {
  const filters = chosen();
  for (const claim of claims) claim.hidden = !fits(claim, filters);
  build(claims.filter((each) => !each.hidden).slice(0, built).filter((each) => !each.row));
  for (const { row, hidden } of claims) if (row) row.hidden = hidden;
  showFindings();
}

function showFindings() {
  const filters = chosen();
  const fitting = claims.filter((each) => !each.hidden);
  const seen = new Set(fitting.map((each) => each.dataset.finding));
  const all = findings();
  for (const each of all) {
    each.hidden = !(judging.has(each.id) ? seen.has(each.id) : fits(each, filters));
  }
  const opened = all.filter((each) => !each.hidden).length;
  const told = all.length ? `, ${opened} of ${all.length} findings` : "";
  document.querySelector("#count").textContent = `${fitting.length} of ${claims.length} claims${told}`;
  document.querySelector("#nothing").hidden = fitting.length > 0;
}

function sort(by) {
  const key = by.replace(/^-/, "");
  const at = headings.findIndex((each) => each.dataset.key === key);
  if (at < 0) return sort(START);
  order = by;
  buildAll();
  const down = by !== key;
  headings.forEach((each, i) => {
    if (i === at) each.ariaSort = down ? "descending" : "ascending";
    else each.removeAttribute("aria-sort");
  });
  const value = (row) => row.cells[at].dataset.sort ?? row.cells[at].textContent;
  const compare = new Intl.Collator("en", { numeric: false }).compare;
  const sorted = claims.map(({ row }) => [row, value(row)]).sort(([, a], [, b]) => {
    if (!a || !b) return Number(!a) - Number(!b); // what has no value comes last
    const less = isNaN(a) || isNaN(b) ? compare(a, b) : a - b;
    return down ? -less : less;
  });
  body.append(...sorted.map(([row]) => row));
}

function remember() {
  const state = new URLSearchParams(chosen());
  if (order !== START) state.set("sort", order);
  history.replaceState(null, "", `#${state}`);
}

function reveal(target) {
  if (target.closest("[hidden]")) {
    form.reset();
    show();
  }
  unfoldTechniques(); // they may stand above it
  const details = target.closest("details");
  if (details) {
    details.open = true;
    unfold(details);
  }
  target.scrollIntoView();
}

function restore() {
  const state = new URLSearchParams(location.hash.slice(1));
  for (const field of form.elements) if (field.name) field.value = state.get(field.name) ?? "";
  const by = state.get("sort") ?? START;
  if (by !== order) sort(by);
  show();
}

function aim() {
  const id = location.hash.slice(1);
  if (!id || id.includes("=")) return null; // what filters choose is no place
  buildAll(); // it may be a claim, or stand below them
  return find(id);
}

function follow() {
  const target = aim();
  if (target) reveal(target);
  else restore();
}

form.addEventListener("submit", (event) => event.preventDefault());
form.addEventListener("input", () => {
  show();
  remember();
});
form.addEventListener("reset", () => {
  setTimeout(() => {
    show();
    remember();
  });
});
for (const heading of headings) {
  const key = heading.dataset.key;
  heading.firstElementChild.addEventListener("click", () => {
    sort(order === key ? `-${key}` : key);
    remember();
  });
}
document.addEventListener("keydown", (event) => {
  const busy = event.target.matches("input, select") || event.ctrlKey || event.metaKey || event.altKey;
  if (event.key !== "/" || busy) return;
  event.preventDefault();
  form.elements.q.focus();
  form.elements.q.select();
});
window.addEventListener("hashchange", () => {
  follow();
  if (location.hash.includes("=")) document.querySelector("#claims").scrollIntoView();
});

window.addEventListener("beforeprint", () => {
  buildAll();
  unfoldTechniques();
});

// Now the findings are there, to be the aim of an address and, less urgent, to be counted.
document.addEventListener("DOMContentLoaded", () => {
  const target = aim();
  if (target) reveal(target);
  later(showFindings);
});

form.hidden = false;
restore();
