// What a finding folds stands in a <noscript>: a browser with scripts reads past it, which
// takes a small part of the time that building it does, and one without shows it.
"use strict";

function unfold(item) {
  const folded = item.querySelector("noscript");
  if (folded && item.nextSibling) { // before, its end is not read
    // The file's own markup, as it would have been built without this script.
    const { body } = new DOMParser().parseFromString(folded.textContent, "text/html");
    for (const claim of body.querySelectorAll(".verdicts li")) claim.append(citing(claim));
    folded.replaceWith(...body.childNodes);
    slide(item);
  }
  if (item.open) item.querySelectorAll("[data-svg]").forEach(draw);
}

function find(id) {
  const holds = (item) => item.querySelector("noscript")?.textContent.includes(` id="${id}"`);
  const there = document.getElementById(id);
  if (there || !id) return there;
  findings().filter(holds).forEach(unfold);
  return document.getElementById(id);
}

// So that the browser finds by its own search what is folded, and nobody waits for it.
function unfoldAll() {
  const later = window.requestIdleCallback ?? setTimeout;
  const next = findings().find((each) => each.querySelector("noscript"));
  if (!next) return;
  unfold(next);
  later(unfoldAll);
}

async function draw(image) {
  const packed = Uint8Array.from(atob(image.dataset.svg), (each) => each.charCodeAt(0));
  image.removeAttribute("data-svg");
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("deflate"));
  const svg = await new Response(stream, { headers: { "Content-Type": "image/svg+xml" } }).blob();
  image.src = URL.createObjectURL(svg);
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
window.addEventListener("load", unfoldAll);
