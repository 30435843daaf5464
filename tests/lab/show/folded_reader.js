// Ask for what is folded before it is built, and tell on the console what was seen.
const count = () => at("#count")[0].textContent.split(",")[0];
told.start = rows();
set("q", "no 41 < 9");
told.searched = [rows(), count()];
set("q", "");
set("lecture", "A & <b>");
told.chosen = count();
at("[type=reset]")[0].click();
(async () => {
  while (rows().length < 66) await tick();
  told.cleared = rows();
  window.dispatchEvent(new Event("beforeprint"));
  told.printed = rows();
  at("[data-key=id] button")[0].click();
  told.sorted = rows();
  console.log("told " + JSON.stringify(told));
})();
