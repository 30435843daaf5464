// Show what Pagefind's index has for the words of the address: search.html?q=words
const MOST = 40;
const words = new URLSearchParams(location.search).get("q")?.trim() ?? "";
const said = document.querySelector("#said");
const found = document.querySelector("#found");
document.querySelector("[name=q]").value = words;

function link(place) {
  const element = document.createElement("a");
  element.href = place.url;
  element.textContent = place.title;
  return element;
}

function item({ meta, url, sub_results: parts, excerpt }) {
  const element = document.createElement("li");
  const told = document.createElement("p");
  told.innerHTML = excerpt; // Pagefind escapes what is not a <mark> of its own
  const page = { url, title: meta.title };
  const places = parts.filter((each) => each.url !== url && !each.title.endsWith(":"));
  element.append(link(page), told, ...places.slice(0, 4).flatMap((each) => [link(each), " "]));
  return element;
}

async function search() {
  if (!words) return (said.textContent = "Type some words, the name of a component, or a claim's id.");
  const pagefind = await import("./pagefind/pagefind.js");
  const { results } = await pagefind.search(words);
  const shown = await Promise.all(results.slice(0, MOST).map((each) => each.data()));
  found.append(...shown.map(item));
  said.textContent = `${results.length} pages have “${words}”.`;
}

search().catch(() => {
  said.textContent = "The search works where the site is served, not from a folder: python -m http.server -d build/site";
});
