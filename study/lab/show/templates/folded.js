// Most claims, what a finding folds and the table of techniques stand in a <noscript>: a
// browser with scripts reads past it, which takes a small part of the time that building it
// does, and one without shows it.
"use strict";

const later = window.requestIdleCallback ?? setTimeout;
const ESCAPED = { amp: "&", lt: "<", gt: ">", "#34": '"', "#39": "'" };

// The file's own markup, as it would have been built without this script.
function parsed(folded) {
  return document.createRange().createContextualFragment(folded);
}

// What its elements would have as text, without building them.
function plain(folded) {
  return folded.replace(/<[^>]*>/g, "").replace(/&(#?\w+);/g, (all, name) => ESCAPED[name] ?? all);
}

function unfold(item) {
  const folded = item.querySelector("noscript");
  if (folded && item.nextSibling) { // before, its end is not read
    folded.replaceWith(parsed(folded.textContent));
  }
  if (item.open) equip(item);
}

// What nobody sees or uses in a finding that is closed.
function equip(item) {
  for (const words of item.querySelectorAll(".verdicts li > :last-child:not(button)")) {
    words.after(citing(words.parentElement));
  }
  slide(item);
  item.querySelectorAll("[data-svg]").forEach(draw);
}

function unfoldTechniques() {
  const section = document.querySelector("#techniques");
  if (section) unfold(section);
}

function find(id) {
  const holds = (item) => item.querySelector("noscript")?.textContent.includes(` id="${id}"`);
  const there = document.getElementById(id);
  if (there) return there;
  findings().filter(holds).forEach(unfold);
  return document.getElementById(id);
}

// So that the browser finds by its own search what is folded, and nobody waits for it.
function unfoldAll([next, ...others] = [...findings(), document.querySelector("#techniques")]) {
  unfold(next);
  if (others.length) later(() => unfoldAll(others));
}

async function draw(inside) {
  const packed = Uint8Array.from(atob(inside.dataset.svg), (each) => each.charCodeAt(0));
  inside.removeAttribute("data-svg");
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("deflate"));
  const svgs = (await new Response(stream).text()).split("\0");
  inside.querySelectorAll("img").forEach((image, i) => {
    image.src = URL.createObjectURL(new Blob([svgs[i]], { type: "image/svg+xml" }));
  });
}

function citing(claim) {
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = "Cite";
  button.setAttribute("aria-label", `Cite claim ${claim.id}`);
  button.addEventListener("click", () => cite(claim));
  return button;
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
  dialog.querySelector("button").focus();
}

// It does not bubble, and the findings are not there yet.
document.addEventListener("toggle", (event) => unfold(event.target), true);
document.addEventListener("DOMContentLoaded", () => {
  document.querySelector("#cite button").addEventListener("click", (event) => {
    event.target.closest("dialog").close();
  });
  const all = document.querySelector("#all");
  all.addEventListener("click", () => {
    for (const each of findings()) each.open ||= !each.hidden;
  });
  all.hidden = false;
});
window.addEventListener("load", () => unfoldAll());
