// The claims: the first rows are built with the page. The others stand folded behind them,
// are searched as text, and are built when they are shown, or when there is nothing to do.
const body = document.querySelector(".claims tbody");
const built = body.rows.length;
const PIECE = 16; // rows, which a phone builds in less than 50 ms
const ROW = '<tr id="';
// What filters ask of a claim, by the names that an element's dataset would have.
const claims = JSON.parse(document.querySelector("#fields").textContent)
  .map((dataset, at) => ({ dataset, at, row: body.rows[at] }));
let sources;

function source(claim) {
  sources ??= document.querySelector("#claims noscript").textContent.split(ROW).slice(1);
  return ROW + sources[claim.at - built];
}

function build(some) {
  if (!some.length) return;
  const rows = parsed(`<table>${some.map(source).join("")}</table>`);
  rows.querySelectorAll("tr").forEach((row, i) => {
    const claim = some[i];
    const next = claims.slice(claim.at).find((each) => each.row);
    claim.row = row;
    row.hidden = claim.hidden;
    body.insertBefore(row, next?.row ?? null);
  });
}

function missing() {
  return claims.filter((each) => !each.row);
}

function buildAll() {
  build(missing());
}

function buildNext() {
  build(missing().slice(0, PIECE));
  if (missing().length) later(buildNext);
}

later(buildNext);
