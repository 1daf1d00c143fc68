/* A code as people type it, to the page it stands for. Two pages load this: go/ holds the list of codes and answers;
   404.html passes on what its address holds. What a reader typed is only ever set as text. */
(() => {
  const form = document.querySelector(".code-form");
  if (!form) return;
  const NUMBER = "[0-9OIL]+";
  const WORDS = { EXERCISE: "E", NOTEPAD: "N", CHECKLIST: "C", FIGURE: "F", CHAPTER: "" };
  const CODE = new RegExp(`^([A-Z0-9]{2})(${NUMBER})(?:([CEFN])(${NUMBER}))?$`);
  const number = (text) => Number(text.replace(/O/g, "0").replace(/[IL]/g, "1"));

  /* "go/id-5_e1", "ＩＤ５–Ｅ１", "lDO5 exercise l" -> { key: "ID5E1", chapter: "ID5", ... }; other codes only lose their marks. */
  const parse = (typed) => {
    let text = typed.normalize("NFKC").toUpperCase().replace(/[?#].*$/, "").replace(/\/INDEX\.HTML$/, "");
    text = text.replace(/^.*(?:^|\/)GO\/(?=.)/, "");
    const bare = text.replace(/[^\p{L}\p{N}]/gu, "");
    const short = Object.entries(WORDS).reduce((code, [word, letter]) => code.replace(new RegExp(`${word}(?=[0-9A-Z]*[0-9])`), letter), bare);
    const parts = short.match(CODE);
    if (!parts) return { key: bare };
    const prefix = parts[1].replace(/0/g, "O").replace(/[1L]/g, "I").replace(/5/g, "S");
    const chapter = prefix + number(parts[2]);
    if (!parts[3]) return { key: chapter, chapter };
    return { key: `${chapter}${parts[3]}${number(parts[4])}`, chapter, letter: parts[3], number: number(parts[4]) };
  };

  if ("lost" in form.dataset) {
    let path = location.pathname;
    try { path = decodeURIComponent(path); } catch { /* no UTF-8: as it stands */ }
    const last = path.split("/").filter((part) => part && part !== "index.html").pop() || "";
    const after = path.match(/\/go\/(.+)$/i);
    let found = /^\D{2,4}\d/.test(last) && parse(last).chapter && last;
    if (after) found = parse(after[1]).chapter ? after[1] : after[1].split("/")[0];
    if (found) location.replace(`${form.action}?code=${encodeURIComponent(found.replace(/\/(?:index\.html)?$/i, "").slice(0, 60))}`);
    return;
  }

  const codes = [...document.querySelectorAll(".code-list a")].map((link) => ({ link, ...parse(link.dataset.code) }));
  const field = form.querySelector("input");
  const status = document.querySelector(".code-status");
  const results = document.querySelector(".code-results");
  const ALIKE = ["5S", "8B", "2Z", "6G"];

  /* How many letters must be changed, added, left out or swapped with their neighbour. */
  const distance = (one, other) => {
    const rows = Array.from({ length: one.length + 1 }, (_, n) => [n]);
    for (let column = 1; column <= other.length; column += 1) rows[0][column] = column;
    for (let row = 1; row <= one.length; row += 1) {
      for (let column = 1; column <= other.length; column += 1) {
        const [a, b] = [one[row - 1], other[column - 1]];
        const change = a === b ? 0 : ALIKE.some((pair) => pair.includes(a) && pair.includes(b)) ? 0.4 : 1;
        rows[row][column] = Math.min(rows[row - 1][column] + 1, rows[row][column - 1] + 1, rows[row - 1][column - 1] + change);
        if (row > 1 && column > 1 && a === other[column - 2] && one[row - 2] === b) {
          rows[row][column] = Math.min(rows[row][column], rows[row - 2][column - 2] + 1);
        }
      }
    }
    return rows[one.length][other.length];
  };

  /* The nearest first: few changes, then a guide's code, the same chapter, the same kind, the nearest number. */
  const nearest = (asked) => {
    const rank = (code) => {
      let changes = distance(asked.key, code.key);
      if (asked.letter && code.key === asked.chapter) changes = Math.min(changes, 1.5); // the chapter of a part that is not there
      if (code.key.startsWith(asked.key)) changes = Math.min(changes, 1);
      return [changes, !code.chapter, code.chapter !== asked.chapter, code.letter !== asked.letter, Math.abs((code.number || 0) - (asked.number || 0))];
    };
    return codes
      .map((code) => ({ ...code, rank: rank(code) }))
      .filter((code) => code.rank[0] <= 2 && code.rank[0] < asked.key.length)
      .sort((a, b) => a.rank.map((value, n) => value - b.rank[n]).find((difference) => difference) || 0)
      .slice(0, 6);
  };

  const show = (typed) => {
    const asked = parse(typed);
    results.replaceChildren();
    status.textContent = "";
    if (!asked.key) return null;
    const exact = codes.find((code) => code.key === asked.key);
    const found = exact ? [exact] : nearest(asked);
    if (exact) status.textContent = "Here it is:";
    else if (found.length) status.textContent = `There is no code “${typed.trim()}”. The nearest:`;
    else status.textContent = `There is no code “${typed.trim()}”, and none like it. All codes are in the lists below.`;
    found.forEach(({ link }) => {
      const item = document.createElement("li");
      item.append(link.cloneNode(true));
      results.append(item);
    });
    return exact && exact.link;
  };

  let waiting;
  field.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(() => show(field.value), 300);
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    clearTimeout(waiting);
    const exact = show(field.value);
    if (exact) location.href = exact.href;
  });
  form.hidden = false;
  const brought = (new URLSearchParams(location.search).get("code") || "").slice(0, 60);
  field.value = brought;
  const exact = show(brought);
  if (exact) location.replace(exact.href);
})();
