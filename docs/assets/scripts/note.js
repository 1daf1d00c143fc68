/* Notes at citations and terms: Esc puts one away, and on touch the first tap shows it, the second follows the link. */
(() => {
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
    const note = holder.querySelector(".note");
    if (!note) return;
    const box = note.getBoundingClientRect();
    if (getComputedStyle(note).position === "absolute" && box.right > document.documentElement.clientWidth - 8) {
      holder.classList.add("note-end");
    }
    /* In a table the note is fixed, or the table's scrolling would clip it: it goes where the pointer can reach it. */
    if (holder.closest("td, th") && matchMedia("(min-width: 45em)").matches) {
      const word = holder.getBoundingClientRect();
      const below = word.bottom + box.height < innerHeight;
      note.style.left = `${Math.max(8, Math.min(word.left, innerWidth - box.width - 24))}px`;
      note.style.top = below ? `${word.bottom - 1}px` : "auto";
      note.style.bottom = below ? "auto" : `${innerHeight - word.top - 1}px`;
      note.style.transform = "none";
    }
  };
  for (const type of ["pointerover", "focusin"]) {
    document.addEventListener(type, (event) => {
      const holder = event.target.closest && event.target.closest(".cite, .term");
      if (!holder || holder.contains(event.relatedTarget) || event.target.closest(".note")) return;
      if (holder.matches(".cite")) ask();
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
      if (!touched.nextElementSibling) waiting = touched;
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
  let asked = !article;
  function ask() {
    if (asked) return;
    asked = true;
    const script = document.createElement("script");
    script.src = article.dataset.cited;
    script.onerror = () => {
      script.remove();
      asked = false;
      if (waiting) location.assign(waiting.href); // to its reference, as it does without script
    };
    document.head.append(script);
  }
  window.guidebookCited = (notes) => {
    waiting = null;
    cites.forEach((cite, number) => {
      const note = element("span");
      const known = notes[number].pop();
      note.append(...notes[number].map((text) => element("span", text)), element("small", known));
      Object.assign(note, { className: "note", role: "tooltip", id: `note-of-${number}` });
      cite.querySelector("a").setAttribute("aria-describedby", note.id);
      cite.append(note);
      if (cite.matches(":hover, :focus-within")) place(cite);
    });
  };
})();
