// Use the page as a reader does, and tell on the console what was seen.
const go = async (hash) => {
  location.hash = hash;
  await tick();
};
const press = (key) => {
  const event = new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true });
  document.body.dispatchEvent(event);
};
const folded = () => at(".finding noscript").length;
told.folded = folded();
const techniques = () => at("#techniques tbody tr").length;
told.techniques = [techniques()];
window.dispatchEvent(new Event("beforeprint"));
told.techniques.push(techniques());
(async () => {
  while (!at("#count")[0].textContent.includes("findings")) await tick();
  told.counted = at("#count")[0].textContent;
  told.start = rows();
  told.fields = {};
  for (const [name, value] of Object.entries(CHOICES)) {
    set(name, value);
    told.fields[name] = [rows(), at("#count")[0].textContent, location.hash];
    at("[type=reset]")[0].click();
    await tick();
  }
  told.cleared = [rows(), location.hash];
  told.sorted = {};
  for (const button of at("[data-key] button")) {
    const heading = button.parentElement;
    button.click();
    const up = [heading.ariaSort, rows()];
    button.click();
    told.sorted[heading.dataset.key] = [up, [heading.ariaSort, rows()], location.hash];
  }
  told.one = at("[aria-sort]").length;
  await go("verdict=refuted&sort=-id");
  told.followed = [rows(), at("[name=verdict]")[0].value];
  await go("finding-depth");
  const [finding] = at("#finding-depth");
  told.revealed = [finding.open, finding.hidden, rows()];
  const images = [...finding.querySelectorAll("img")];
  while (images.some((each) => !each.naturalWidth)) await tick();
  told.images = images.map((each) => [each.naturalWidth, each.src.slice(0, 5)]);
  while (folded()) await tick();
  told.packed = at("#finding-sums [data-svg]").length;
  await go("t-02");
  const [claim] = at("#t-02");
  told.addressed = [claim.closest("details").open, Math.round(claim.getBoundingClientRect().top) < innerHeight];
  [...claim.querySelectorAll("button")].at(-1).click();
  told.cited = at("#cite pre")[0].textContent;
  at("#cite button")[0].click();
  told.closed = !at("#cite")[0].open;
  press("/");
  told.focused = document.activeElement.name;
  told.requests = performance.getEntriesByType("resource").map((each) => each.name);
  console.log("told " + JSON.stringify(told));
})();
