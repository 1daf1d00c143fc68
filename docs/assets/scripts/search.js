/* Search: a dialog over the page, an index fetched when it is first used (guidebook/search.py says what it holds). */
(() => {
  const STOP = new Set("a about after all also an and any are as at be because been before but by can could did do does each for from had has have he her his how i if in into is it its may more most no not of on one only or other our out she should so some such than that the their them then there these they this those to up was we were what when where which who why will with without would you your".split(" "));
  const ENDINGS = "ations-at ation-at ingly- ments-ment nesses- ness- ies-y ied-y ings- ing- edly- ers- er- ors-or ed- sses-ss xes-x ches-ch shes-sh es-e ss-ss us-us is-is s- ly-".split(" ").map((pair) => pair.split("-"));
  /* The same as stem() in guidebook/search.py. */
  const stem = (word) => {
    if (word.length < 4 || /^\d/.test(word)) return word;
    const found = ENDINGS.find(([ending]) => word.endsWith(ending) && word.length - ending.length >= 3);
    if (found) word = word.slice(0, -found[0].length) + found[1];
    if (word.length > 4 && word.at(-1) === word.at(-2) && !"aeiouls".includes(word.at(-1))) word = word.slice(0, -1);
    return word.length > 3 ? word.replace(/e+$/, "") : word;
  };
  const raw = (text) =>
    (text.toLowerCase().normalize("NFD").replace(/\p{Mn}/gu, "").replace(/['’]/g, "").match(/[a-z0-9]+/g) || []).filter((word) => !STOP.has(word));

  let index = null;
  let waiting = [];
  const unpack = (data) => {
    let before = "";
    const terms = data.terms.split(" ").map((packed) => (before = before.slice(0, parseInt(packed[0], 36)) + packed.slice(1)));
    return { ...data, terms, place: new Map(terms.map((term, n) => [term, n])) };
  };
  window.guidebookIndex = (data) => {
    index = unpack(data);
    waiting.forEach((ready) => ready());
    waiting = [];
  };
  const root = new URL("../../", document.currentScript.src).href;
  const load = (then) => {
    if (index) return then();
    waiting.push(then);
    if (waiting.length > 1) return;
    const script = document.createElement("script");
    script.src = `${root}assets/search/index.js`;
    script.onerror = () => {
      script.remove();
      waiting = [];
      dialog.failed();
    };
    document.head.append(script);
  };
  /* Section number -> strength of one term, 4 to 1. */
  const places = (term) => {
    const found = new Map();
    index.places[index.place.get(term)].split(" ").forEach((level, depth) => {
      let at = -1;
      for (const step of level.matchAll(/\.(..)|:(...)|(.)/g)) found.set((at += parseInt(step[1] || step[2] || step[3], 36)), 4 - depth);
    });
    return found;
  };
  /* [{page, section, score}] best first; a page is found by all words if any page is, else by the most. */
  const find = (query) => {
    const typed = raw(query);
    const scores = new Map();
    typed.forEach((word, position) => {
      const exact = stem(word);
      const near = position === typed.length - 1 || !index.place.has(exact) ? index.terms.filter((term) => term !== exact && term.startsWith(word.length > 3 ? exact : word)) : [];
      const best = new Map(); // a word counts once for a page: where it is strongest
      for (const [term, weight] of [...(index.place.has(exact) ? [[exact, 1]] : []), ...near.slice(0, 30).map((term) => [term, 0.4])]) {
        const found = places(term);
        const rare = Math.log(1 + (index.sections.length - found.size + 0.5) / (found.size + 0.5));
        for (const [section, strength] of found) {
          const score = weight * rare * strength;
          if (score > (best.get(section) || 0)) best.set(section, score);
        }
      }
      for (const [section, score] of best) {
        const page = index.sections[section][0];
        if (!scores.has(page)) scores.set(page, { page, words: new Map(), sections: new Map() });
        const entry = scores.get(page);
        entry.words.set(word, Math.max(score, entry.words.get(word) || 0));
        entry.sections.set(section, (entry.sections.get(section) || 0) + score);
      }
    });
    const found = [...scores.values()].map(({ page, words, sections }) => {
      const [section, top] = [...sections].sort((a, b) => b[1] - a[1] || a[0] - b[0])[0];
      const sum = (values) => [...values].reduce((total, score) => total + score, 0);
      // Where the words stand strongest, where they stand together, and a little for a page that is full of them.
      return { page, section, matched: words.size, score: sum(words.values()) + top + 0.1 * sum(sections.values()) };
    });
    const most = Math.max(0, ...found.map((entry) => entry.matched));
    return found.filter((entry) => entry.matched === most).sort((a, b) => b.score - a.score);
  };

  const dialog = document.querySelector(".search");
  if (!dialog) return;
  const input = dialog.querySelector("input");
  const list = dialog.querySelector(".search-results");
  const count = dialog.querySelector(".search-count");
  const element = (tag, name, ...children) => {
    const made = document.createElement(tag);
    if (name) made.className = name;
    made.append(...children);
    return made;
  };
  const draw = () => {
    const found = raw(input.value).length ? find(input.value) : [];
    list.replaceChildren(
      ...found.slice(0, 12).map(({ page, section }) => {
        const [url, code, title, summary] = index.pages[page];
        const [, anchor, heading] = index.sections[section];
        const link = element("a", "search-link", ...(code ? [element("span", "chip", code), " "] : []), element("span", "search-title", title));
        link.href = `${root}${location.protocol === "file:" ? `${url}index.html` : url}${anchor ? `#${anchor}` : ""}`;
        if (heading) link.append(element("span", "search-heading", heading));
        link.append(element("span", "search-summary", summary));
        link.addEventListener("click", () => dialog.close()); // it may lead to this page
        return element("li", "search-result", link);
      }),
    );
    const n = found.length;
    count.textContent = !raw(input.value).length ? "" : n === 0 ? "Nothing found. Try one word, or another word for it." : n === 1 ? "1 page" : `${n} pages`;
  };
  let timer = null;
  input.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(() => ((timer = null), load(draw)), 80);
  });
  /* What is typed is looked for before the focus moves: a later drawing would take it away. */
  const settled = (then) => {
    if (!timer) return then();
    clearTimeout(timer);
    timer = null;
    load(() => (draw(), then()));
  };
  dialog.querySelector("form").addEventListener("submit", (event) => {
    event.preventDefault();
    settled(() => load(() => (list.querySelector("a") || input).focus()));
  });
  dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
  dialog.addEventListener("keydown", (event) => {
    if (event.key === "Escape") dialog.close(); // a search field would only clear itself
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    settled(() => {
      const stops = [input, ...list.querySelectorAll("a")];
      const to = stops[stops.indexOf(document.activeElement) + step];
      if (to) to.focus();
    });
  });
  load(draw); // core.js opened the dialog, and something may stand in its field
})();
