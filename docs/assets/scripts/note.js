/* Notes at citations and terms: Esc puts one away, and on touch the first tap shows it, the second follows the link. */
(() => {
  const root = new URL("../../", document.currentScript.src).href;
  const holders = () => document.querySelectorAll(".cite, .term");
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    holders().forEach((holder) => {
      if (holder.matches(":hover, :focus-within")) holder.classList.add("note-dismissed");
    });
  });
  /* On a wide screen a note hangs from its word; near the right edge it hangs the other way. */
  const place = (holder) => {
    holder.classList.remove("note-end");
    const shown = holder.querySelector(".note");
    const box = shown.getBoundingClientRect();
    if (getComputedStyle(shown).position === "absolute" && box.right > document.documentElement.clientWidth - 8) {
      holder.classList.add("note-end");
    }
    /* In a table the note is fixed, or the table's scrolling would clip it: it goes where the pointer can reach it. */
    if (holder.closest("td, th") && matchMedia("(min-width: 45em)").matches) {
      const word = holder.getBoundingClientRect();
      const below = word.bottom + box.height < innerHeight;
      shown.style.left = `${Math.max(8, Math.min(word.left, innerWidth - box.width - 24))}px`;
      shown.style.top = below ? `${word.bottom - 1}px` : "auto";
      shown.style.bottom = below ? "auto" : `${innerHeight - word.top - 1}px`;
      shown.style.transform = "none";
    }
  };
  for (const type of ["pointerover", "focusin"]) {
    document.addEventListener(type, (event) => {
      const holder = event.target.closest && event.target.closest(".cite, .term");
      if (!holder || holder.contains(event.relatedTarget) || event.target.closest(".note")) return;
      if (holder.matches(".cite")) ask(holder);
      place(holder);
    });
  }
  let touched = null;
  let waiting = null; // tapped before its note was there
  document.addEventListener("pointerdown", (event) => {
    touched = event.pointerType === "touch" ? event.target.closest(".cite-link, .term-link") : null;
    if (touched && touched === document.activeElement) touched = null;
  });
  document.addEventListener("click", (event) => {
    if (touched && event.target.closest(".cite-link, .term-link") === touched) {
      event.preventDefault();
      touched.focus();
      if (!come && touched.matches(".cite-link")) waiting = touched;
    }
    touched = null;
  });
  for (const type of ["pointerout", "focusout"]) {
    document.addEventListener(type, (event) => {
      const holder = event.target.closest && event.target.closest(".note-dismissed");
      if (holder && !holder.contains(event.relatedTarget)) holder.classList.remove("note-dismissed");
    });
  }

  /* What stands behind the citations comes in a file of its own (guidebook/assets.py) once somebody points at one, tabs
     to it or taps it. Where another builder made the page, it stands in the page already. */
  const article = document.querySelector("[data-cited]");
  const cites = document.querySelectorAll(".cite");
  const element = (tag, text) => Object.assign(document.createElement(tag), { textContent: text });
  const note = (...parts) => {
    const made = Object.assign(element("span"), { className: "note", role: "tooltip" });
    made.append(...parts);
    return made;
  };
  const moment = note("One moment …");
  let come = !article;
  let script = null;
  function ask(holder) {
    if (come) return;
    holder.append(moment);
    if (script) return;
    script = document.createElement("script");
    script.src = `${root}assets/cited/${article.dataset.cited}.js`;
    script.onerror = () => {
      script.remove();
      script = null;
      moment.remove();
      /* To its reference, as it does without script; but who has gone on to read or write stays. */
      if (waiting && waiting === document.activeElement) location.assign(waiting.href);
      waiting = null;
    };
    document.head.append(script);
  }
  window.guidebookCited = (notes) => {
    come = true;
    waiting = null;
    moment.remove();
    cites.forEach((cite, number) => {
      const known = notes[number].pop();
      const made = note(...notes[number].map((text) => element("span", text)), element("small", known));
      made.id = `note-of-${number}`;
      cite.querySelector("a").setAttribute("aria-describedby", made.id);
      cite.append(made);
      if (cite.matches(":hover, :focus-within")) place(cite);
    });
  };
})();
