// What a reader in a test sees and does.
const told = {};
const tick = () => new Promise((done) => setTimeout(done, 50));
const at = (selector) => [...document.querySelectorAll(selector)];
const rows = () =>
  at(".claims tbody tr").filter((each) => !each.hidden).map((each) => each.id);
const set = (name, value) => {
  const field = document.querySelector(`[name=${name}]`);
  field.value = value;
  field.dispatchEvent(new Event("input", { bubbles: true }));
};
