// Move a slider as a reader does, and tell on the console what is seen.
const figure = document.querySelector(".slider");
const input = figure.querySelector("input");
const seen = () => ({
  step: figure.querySelector("output").textContent,
  numbers: [...figure.querySelectorAll("td:last-child")].map((each) => each.textContent),
  heads: [...figure.querySelectorAll("th")].map((each) => each.textContent),
  told: input.getAttribute("aria-valuetext"),
  centers: [...figure.querySelectorAll(".center")].map((each) => Number(each.getAttribute("x"))),
});
const told = { hidden: figure.hidden, named: input.labels[0].textContent, steps: [] };
told.next = figure.nextElementSibling.querySelector("caption").textContent;
for (let step = Number(input.min); step <= Number(input.max); step += 1) {
  input.value = step;
  input.dispatchEvent(new Event("input", { bubbles: true }));
  told.steps.push(seen());
}
input.closest("details").open = true;
input.focus();
told.focused = document.activeElement === input && input.type === "range";
console.log("told " + JSON.stringify(told));
