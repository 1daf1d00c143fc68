/* The evidence library's first page: filters over all sources. The list is whole without this script, which only hides
   what was not asked for; which words stand in which source is fetched when somebody looks for one (guidebook/library.py). */
(() => {
  const library = document.querySelector(".library");
  const form = library && library.querySelector(".library-filters");
  if (!form) return;
  const root = new URL("../../", document.currentScript.src).href;
  const count = library.querySelector(".library-count");
  const whole = count.textContent;
  const letters = library.querySelector(".library-letters");
  const groups = [...library.querySelectorAll(".library-group")];
  const sources = [...library.querySelectorAll(".library-list > li")];
  const fields = form.elements;
  const selects = [...form.querySelectorAll("select")];

  /* Once all findings stood on this page: an address of one leads on to the page that holds it now. */
  const named = location.hash.slice(1);
  const holder = sources.find((source) => source.id === named || source.id === named.replace(/-\d+$/, ""));
  if (holder) location.replace(`${holder.querySelector("a").href.split("#")[0]}#${named}`);

  const values = (name) => [...new Set(sources.flatMap((s) => s.dataset[name].split("|").filter(Boolean)))].sort();
  selects.forEach((select) =>
    select.append(new Option("All", ""), ...values(select.name).map((value) => new Option(value[0].toUpperCase() + value.slice(1), value))),
  );
  count.setAttribute("role", "status");

  let index = null; // { terms, places }: the words in order, and for each the sources that have it
  let asked = false;
  const load = () => {
    if (asked) return;
    asked = true;
    const script = document.createElement("script");
    script.src = `${root}assets/search/library.js`;
    script.onerror = () => {
      script.remove();
      asked = false;
      if (fields.text.value) count.textContent = "The words could not be loaded. The network may be down: try again.";
    };
    document.head.append(script);
  };
  window.guidebookLibrary = ({ terms, places }) => {
    let before = "";
    index = {
      terms: terms.split(" ").map((packed) => (before = before.slice(0, parseInt(packed[0], 36)) + packed.slice(1))),
      places: places.split(" "),
    };
    apply();
  };
  /* The numbers of the sources in which a word begins as `word` does. */
  const having = (word) => {
    const found = new Set();
    index.terms.forEach((term, n) => {
      if (!term.startsWith(word)) return;
      let at = -1;
      for (const step of index.places[n].matchAll(/\.(..)|:(...)|(.)/g)) found.add((at += parseInt(step[1] || step[2] || step[3], 36)));
    });
    return found;
  };

  const apply = () => {
    const words = fields.text.value.toLowerCase().normalize("NFD").replace(/[\p{Mn}'’]/gu, "").match(/[a-z0-9]+/g) || [];
    history.replaceState({ library: [...new FormData(form)] }, "");
    if (words.length && !index) {
      count.textContent = "Loading …";
      return load();
    }
    const all = words.map(having);
    sources.forEach((source, n) => {
      const fits = selects.every((select) => !select.value || source.dataset[select.name].split("|").includes(select.value));
      source.hidden = !(fits && all.every((found) => found.has(n)));
    });
    groups.forEach((group) => (group.hidden = !group.querySelector("li:not([hidden])")));
    const shown = sources.filter((source) => !source.hidden).length;
    letters.hidden = shown < sources.length;
    count.textContent = shown === sources.length ? whole : `${shown} of ${sources.length} sources.`;
  };
  form.addEventListener("input", apply);
  form.addEventListener("reset", () => setTimeout(apply));
  form.addEventListener("submit", (event) => event.preventDefault());
  fields.text.addEventListener("focus", load);
  /* Back from a source: what was asked for is asked for still. */
  if (history.state && history.state.library) {
    history.state.library.forEach(([name, value]) => (fields[name].value = value));
    apply();
  }
})();
