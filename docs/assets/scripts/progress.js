/* Which chapters one has read and exercises done: only if it was switched on in My notes, and only on this device.
   A mark is a code and, for a chapter, its address below the site's root. */
(() => {
  const { say, make, root } = guidebook;
  const KEY = "practitioner-guides:progress";
  const read = () => {
    try {
      const marks = JSON.parse(localStorage.getItem(KEY));
      return marks && typeof marks === "object" ? new Map(Object.entries(marks).filter(([, path]) => typeof path === "string")) : null;
    } catch {
      return null; // refused or damaged: as if it were off
    }
  };
  const write = (marks) => {
    try {
      if (marks) localStorage.setItem(KEY, JSON.stringify(Object.fromEntries(marks)));
      else localStorage.removeItem(KEY);
      return true;
    } catch {
      return false;
    }
  };
  guidebook.progress = { read, write };
  if (!read()) return;
  /* A sign at each chapter that was read, in the navigation. */
  const draw = () => {
    document.querySelectorAll(".mark-read").forEach((sign) => sign.remove());
    const places = new Set([...read().values()].filter(Boolean).map((path) => new URL(path, root).href));
    document.querySelectorAll(".md-nav--primary a.md-nav__link").forEach((link) => {
      if (!link.hash && !link.getAttribute("href").endsWith("#") && places.has(link.href.replace(/index\.html$/, ""))) link.append(make("span", { class: "mark-read" }, ` ✓ ${say("read")}`));
    });
  };
  const mark = (code, path, words) => {
    const input = make("input", { type: "checkbox", autocomplete: "off" });
    input.checked = read().has(code);
    input.addEventListener("change", () => {
      const marks = read() || new Map();
      if (input.checked) marks.set(code, path);
      else marks.delete(code);
      if (!write(marks)) input.checked = !input.checked;
      draw();
    });
    return make("label", { class: "tick mark" }, input, make("span", {}, words));
  };
  const chip = document.querySelector(".chapter-eyebrow .chip");
  if (chip) {
    const path = location.href.split(/[?#]/)[0].slice(root.length).replace(/index\.html$/, "");
    document.querySelector(".md-content__inner").append(mark(chip.textContent.trim(), path, say("readThis")));
  }
  document.querySelectorAll(".exercise[data-code]").forEach((exercise) => exercise.append(mark(exercise.dataset.code, "", say("done"))));
  draw();
})();
