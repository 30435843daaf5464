// Open a finding and move its slider as a reader does, and tell on the console what is seen.
const seen = (figure) => ({
  step: figure.querySelector("output").textContent,
  numbers: [...figure.querySelectorAll("td:last-child")].map((each) => each.textContent),
  heads: [...figure.querySelectorAll("th")].map((each) => each.textContent),
  told: figure.querySelector("input").getAttribute("aria-valuetext"),
  centers: [...figure.querySelectorAll(".center")].map((each) => Number(each.getAttribute("x"))),
});
(async () => {
  document.querySelector(".finding").open = true;
  let figure;
  while (!(figure = document.querySelector(".slider"))) await new Promise((done) => setTimeout(done, 50));
  const input = figure.querySelector("input");
  const told = { hidden: figure.hidden, named: input.labels[0].textContent, steps: [] };
  told.next = figure.nextElementSibling.querySelector("caption").textContent;
  for (let step = Number(input.min); step <= Number(input.max); step += 1) {
    input.value = step;
    input.dispatchEvent(new Event("input", { bubbles: true }));
    told.steps.push(seen(figure));
  }
  input.focus();
  told.focused = document.activeElement === input && input.type === "range";
  console.log("told " + JSON.stringify(told));
})();
