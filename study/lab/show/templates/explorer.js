// By hand: one file, without a network, and no script but this under its policy.
"use strict";

const form = document.querySelector("#filters");
const body = document.querySelector(".claims tbody");
const headings = [...document.querySelectorAll(".claims [data-key]")];
const findings = [...document.querySelectorAll(".finding")];
const claims = [...body.rows];
const alone = findings.filter((each) => claims.every((row) => row.dataset.finding !== each.id));
const texts = new Map([...claims, ...alone].map((each) => [each, each.textContent.toLowerCase()]));
const START = "id";
let order = START;

function chosen() {
  return [...new FormData(form)].filter(([, value]) => value.trim());
}

function fits(item, filters) {
  return filters.every(([name, value]) => {
    if (name === "q") {
      return value.toLowerCase().split(/\s+/).every((word) => texts.get(item).includes(word));
    }
    const has = item.dataset[name];
    if (name === "technique") return has.split(" ").includes(value);
    return name === "kind" ? has.split("/").includes(value) : has === value;
  });
}

function show() {
  const filters = chosen();
  const seen = new Set();
  let shown = 0;
  for (const row of claims) {
    row.hidden = !fits(row, filters);
    if (row.hidden) continue;
    shown += 1;
    seen.add(row.dataset.finding);
  }
  for (const each of alone) if (fits(each, filters)) seen.add(each.id);
  for (const each of findings) each.hidden = !seen.has(each.id);
  const opened = findings.filter((each) => !each.hidden).length;
  document.querySelector("#count").textContent =
    `${shown} of ${claims.length} claims, ${opened} of ${findings.length} findings`;
  document.querySelector("#nothing").hidden = shown > 0;
}

function sort(by) {
  const key = by.replace(/^-/, "");
  const at = headings.findIndex((each) => each.dataset.key === key);
  if (at < 0) return sort(START);
  order = by;
  const down = by !== key;
  headings.forEach((each, i) => {
    if (i === at) each.ariaSort = down ? "descending" : "ascending";
    else each.removeAttribute("aria-sort");
  });
  const value = (row) => row.cells[at].dataset.sort ?? row.cells[at].textContent;
  const compare = new Intl.Collator("en", { numeric: false }).compare;
  const sorted = claims.map((row) => [row, value(row)]).sort(([, a], [, b]) => {
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
  const details = target.closest("details");
  if (details) details.open = true;
  target.scrollIntoView();
}

function follow() {
  const hash = location.hash.slice(1);
  const target = document.getElementById(hash);
  if (target) return reveal(target);
  const state = new URLSearchParams(hash);
  for (const field of form.elements) if (field.name) field.value = state.get(field.name) ?? "";
  sort(state.get("sort") ?? START);
  show();
}

async function draw(image) {
  const packed = Uint8Array.from(atob(image.dataset.svg), (each) => each.charCodeAt(0));
  image.removeAttribute("data-svg");
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("deflate"));
  const svg = await new Response(stream, { headers: { "Content-Type": "image/svg+xml" } }).blob();
  image.src = URL.createObjectURL(svg);
}

function cite(claim) {
  const page = claim.closest(".finding").id.replace("finding-", "");
  const text = claim.querySelector("p").textContent.replace(claim.id, "").trim();
  const word = claim.querySelector(".chip").lastChild.textContent.trim();
  const escaped = (words) => words.replace(/[#$%&_{}]/g, "\\$&");
  const online = location.protocol.startsWith("http");
  const lines = [
    `@misc{study-${claim.id},`,
    '  author = "{The study authors}",',
    `  title = {Claim ${claim.id}, “${escaped(text)}”: ${word}},`,
    `  howpublished = {study, reports/${escaped(page)}/README.md\\#${claim.id}},`,
    ...(online ? [`  url = {${location.href.split("#")[0]}#${claim.id}},`] : []),
    "}",
  ];
  const dialog = document.querySelector("#cite");
  dialog.querySelector("pre").textContent = lines.join("\n");
  dialog.showModal();
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
for (const details of findings) {
  details.addEventListener("toggle", () => {
    if (details.open) details.querySelectorAll("[data-svg]").forEach(draw);
  });
}
for (const claim of document.querySelectorAll(".verdicts li")) {
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = "Cite";
  button.setAttribute("aria-label", `Cite claim ${claim.id}`);
  button.addEventListener("click", () => cite(claim));
  claim.append(button);
}
document.querySelector("#cite button").addEventListener("click", (event) => {
  event.target.closest("dialog").close();
});
document.querySelector("#all").addEventListener("click", () => {
  for (const each of findings) each.open ||= !each.hidden;
});
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

form.hidden = false;
document.querySelector("#all").hidden = false;
sort(START);
show();
follow();
