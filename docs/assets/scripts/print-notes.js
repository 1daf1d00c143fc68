/* On a guide's print page: what was written in place of the ruled lines, or the empty lines, as chosen. */
(() => {
  const { say, make, button, store } = guidebook;
  const bar = document.querySelector(".print-bar");
  if (!bar || !store) return;
  const papers = [...document.querySelectorAll(".notepad .paper")].map((paper) => ({ paper, id: paper.querySelector("textarea").name.toLowerCase() }));
  const lists = [...document.querySelectorAll(".checklist[data-code]")];
  const exercises = [...document.querySelectorAll(".exercise[data-code]")];
  const textOf = (id) => store.get(id).text || "";
  const wordsOf = (box) => box.parentElement.querySelector(".tick-text").cloneNode(true);
  const show = (filled) => {
    document.querySelectorAll(".printed-note").forEach((note) => note.remove());
    for (const { paper, id } of papers) {
      const text = filled ? textOf(id) : "";
      paper.hidden = Boolean(text);
      if (text) paper.after(make("div", { class: "printed-note", dir: "auto" }, text));
    }
    for (const exercise of exercises) {
      const text = filled ? textOf(exercise.dataset.code.toLowerCase()) : "";
      if (text) exercise.append(make("div", { class: "printed-note" }, make("strong", {}, say("printAnswer")), make("div", { dir: "auto" }, text)));
    }
    for (const list of lists) {
      const ticks = new Set(filled ? store.get(list.dataset.code.toLowerCase()).ticks : []);
      list.querySelectorAll("input[type=checkbox]").forEach((box) => {
        const words = wordsOf(box);
        words.querySelectorAll(".note, .cites").forEach((extra) => extra.remove());
        box.checked = ticks.has(words.textContent.replace(/\s+/g, " ").trim());
      });
    }
  };
  const choice = (filled, key) => {
    const input = make("input", { type: "radio", name: "print-notes", onchange: () => show(filled) });
    input.checked = filled;
    return make("label", {}, input, ` ${say(key)}`);
  };
  bar.prepend(make("div", { class: "print-choice", role: "radiogroup", "aria-label": say("printChoice") }, choice(true, "printWith"), choice(false, "printEmpty")), button("printNow", () => window.print()));
  bar.hidden = false;
  show(true);
  store.listen(() => show(bar.querySelector("input").checked));
})();
