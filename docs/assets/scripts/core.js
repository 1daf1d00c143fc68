/* What every page runs at once: the choice of colours, and the loaders of what is needed later (search, writing). */
(() => {
  const root = new URL("../../", document.currentScript.src).href;
  const load = (name) => {
    const script = document.createElement("script");
    script.src = `${root}assets/scripts/${name}.js`;
    document.head.append(script);
  };

  /* Light or dark: as the device says, unless chosen here. The first lines run in the page's head (overrides/partials/header.html). */
  const scheme = document.querySelector(".scheme");
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const KEY = "practitioner-guides:scheme";
  const paint = (name) => {
    document.body.dataset.mdColorScheme = name;
    if (scheme) scheme.setAttribute("aria-label", scheme.dataset[name === "slate" ? "light" : "dark"]);
  };
  if (scheme) {
    scheme.addEventListener("click", () => {
      const name = document.body.dataset.mdColorScheme === "slate" ? "default" : "slate";
      paint(name);
      try {
        if (dark.matches === (name === "slate")) localStorage.removeItem(KEY);
        else localStorage.setItem(KEY, name);
      } catch {} // it holds for this page, then
    });
    dark.addEventListener("change", () => localStorage.getItem(KEY) || paint(dark.matches ? "slate" : "default"));
    paint(document.body.dataset.mdColorScheme);
  }

  /* Search is fetched when somebody means to use it; its field is there at once, so that no letter is lost. */
  const opener = document.querySelector(".search-open");
  const dialog = document.querySelector(".search");
  const search = (event) => {
    event.preventDefault();
    if (dialog.open) return;
    dialog.showModal();
    dialog.querySelector("input").select();
    if (!search.asked) load("search");
    search.asked = true;
  };
  if (opener && dialog) {
    opener.addEventListener("click", search);
    document.addEventListener("keydown", (event) => {
      if (event.key === "/" && !event.ctrlKey && !event.metaKey && !event.altKey && !event.target.closest("input, textarea, select, [contenteditable]")) search(event);
    });
  }

  /* Writing is fetched when something to write in comes near, is linked to, or is to be shown large. */
  const blocks = document.querySelectorAll(".md-content :is(.notepad, .checklist, .exercise, .figure)[data-code]");
  const writing = () => {
    if (window.guidebook || writing.asked) return;
    writing.asked = true;
    load("writing");
  };
  if (blocks.length) {
    const marked = () => {
      try {
        return localStorage.getItem("practitioner-guides:progress");
      } catch {
        return null;
      }
    };
    if (location.hash || location.search.includes("view=project") || marked()) writing();
    else {
      const watch = new IntersectionObserver((seen) => seen.some((entry) => entry.isIntersecting) && (watch.disconnect(), writing()), { rootMargin: "600px" });
      blocks.forEach((block) => watch.observe(block));
      addEventListener("hashchange", writing);
      addEventListener("beforeprint", writing);
    }
  } else if (document.querySelector(".chapter-eyebrow") && localStorage.getItem("practitioner-guides:progress")) writing();

  /* A wide table scrolls in its frame: by keyboard too. Told by the browser, not asked: that would lay the page out twice. */
  const frames = new ResizeObserver((seen) => {
    for (const { target } of seen) {
      if (target.scrollWidth > target.clientWidth) target.tabIndex = 0;
      else target.removeAttribute("tabindex");
    }
  });
  document.querySelectorAll(".table-frame").forEach((frame) => frames.observe(frame));
})();
