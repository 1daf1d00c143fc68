/* What every page runs at once: the choice of colours, and the loaders of what is needed later (search, writing). */
(() => {
  const own = document.currentScript;
  const root = new URL("../../", own.src).href;
  const load = (name, failed = () => {}) => {
    const script = document.createElement("script");
    script.src = `${root}assets/scripts/${name}.js`;
    script.onerror = () => {
      script.remove();
      failed();
    };
    document.head.append(script);
  };
  const stored = (key) => {
    try {
      return localStorage.getItem(key);
    } catch {
      return null; // storage is refused
    }
  };

  /* Light or dark: as the device says, unless chosen here. The page says it first (overrides/partials/header.html). */
  const scheme = document.querySelector(".scheme");
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const KEY = "practitioner-guides:scheme";
  const html = document.documentElement;
  const isDark = () => html.dataset.mdColorScheme === "slate";
  const paint = (slate) => {
    if (slate) html.dataset.mdColorScheme = "slate";
    else delete html.dataset.mdColorScheme;
    scheme.setAttribute("aria-label", `Switch to ${slate ? "light" : "dark"} colours`);
  };
  if (scheme) {
    scheme.addEventListener("click", () => {
      const slate = !isDark();
      paint(slate);
      try {
        if (dark.matches === slate) localStorage.removeItem(KEY);
        else localStorage.setItem(KEY, slate ? "slate" : "default");
      } catch {} // it holds for this page, then
    });
    dark.addEventListener("change", () => stored(KEY) || paint(dark.matches));
    paint(isDark());
  }

  /* Search is fetched when somebody means to use it; its field is there at once, so that no letter is lost. */
  const opener = document.querySelector(".search-open");
  const dialog = document.querySelector(".search");
  const search = (event) => {
    event.preventDefault();
    if (dialog.open) return;
    dialog.showModal();
    dialog.querySelector("input").select();
    ask();
  };
  const ask = () => {
    if (ask.asked) return;
    ask.asked = true;
    load("search", () => {
      dialog.failed();
      ask.asked = false;
    });
  };
  if (opener && dialog) {
    dialog.failed = () => (dialog.querySelector(".search-count").textContent = "Search could not be loaded. The network may be down: try again.");
    opener.addEventListener("click", search);
    dialog.addEventListener("input", ask); // again, when the first try failed
    dialog.querySelector("form").addEventListener("reset", () => dialog.close());
    dialog.addEventListener("keydown", (event) => event.key === "Escape" && dialog.close()); // a search field takes the first for itself
    document.addEventListener("keydown", (event) => {
      if (event.key === "/" && !event.ctrlKey && !event.metaKey && !event.altKey && !event.target.closest("input, textarea, select, [contenteditable]")) search(event);
    });
  }

  /* The menu: a column at the side of a wide page, a drawer on a narrow one. Its tick box works without script; with it there is
     a button for keyboard and voice, Esc puts it away, and it never stays open over what the reader went to. */
  const drawer = document.getElementById("__drawer");
  const side = document.querySelector(".md-sidebar--primary");
  document.querySelectorAll(".md-header .menu, label.md-nav__link[for^=__nav]").forEach((label) => {
    const box = document.getElementById(label.htmlFor);
    const button = document.createElement("button");
    for (const { name, value } of label.attributes) if (name !== "for" && name !== "tabindex") button.setAttribute(name, value);
    button.type = "button";
    button.append(...label.childNodes);
    button.addEventListener("click", () => {
      box.checked = !box.checked;
      box.dispatchEvent(new Event("change"));
    });
    const tell = () => button.setAttribute("aria-expanded", box.checked);
    box.addEventListener("change", tell);
    tell();
    label.replaceWith(button);
  });
  const menu = document.querySelector(".md-header .menu");
  if (menu && side) {
    const close = (back) => {
      if (!drawer.checked) return;
      drawer.checked = false;
      drawer.dispatchEvent(new Event("change"));
      if (back) menu.focus();
    };
    drawer.addEventListener("change", () => {
      if (!drawer.checked) return;
      const here = side.querySelector("a.md-nav__link--active") || side.querySelector("a");
      here.scrollIntoView({ block: "center" });
      here.focus({ preventScroll: true });
    });
    side.addEventListener("click", (event) => event.target.closest("a") && close());
    document.addEventListener("keydown", (event) => event.key === "Escape" && close(true));
    document.addEventListener("focusin", (event) => !side.contains(event.target) && event.target !== menu && close());
    addEventListener("pageshow", () => close());
  }

  /* Writing is fetched when something to write in comes near, is linked to, or is to be shown large; if the network
     fails, the ruled lines stay, and the next such moment is the next try. */
  const blocks = document.querySelectorAll(".md-content :is(.notepad, .checklist, .exercise, .figure)[data-code]");
  const writing = () => {
    if (window.guidebook || writing.asked) return;
    writing.asked = true;
    load("writing", () => (writing.asked = false));
  };
  const marked = stored("practitioner-guides:progress");
  if (blocks.length || (marked && document.querySelector(".chapter-eyebrow"))) {
    const watch = new IntersectionObserver((seen) => seen.some((entry) => entry.isIntersecting) && writing(), { rootMargin: "600px" });
    blocks.forEach((block) => watch.observe(block));
    for (const type of ["hashchange", "beforeprint", "online"]) addEventListener(type, writing);
    if (location.hash || location.search.includes("view=project") || marked) writing();
  }

  /* After one visit the guides work without a network (worker.js): stored late, so that no first view waits for it, and
     not over a connection that is to be spared, unless somebody asks for it on the page "Use without a network". */
  const later = () => {
    try {
      const { saveData, effectiveType } = navigator.connection || {};
      const stored = navigator.serviceWorker.controller;
      if (localStorage.getItem("practitioner-guides:offline") === "no" || (!stored && (saveData || /2g/.test(effectiveType)))) return;
      const idle = window.requestIdleCallback || setTimeout;
      setTimeout(() => idle(() => load("stored")), stored || document.referrer.startsWith(root) ? 1000 : 5000);
    } catch {} // refused: by a setting, by a policy, in a sandbox; the pages need no worker
  };
  if ("offline" in own.dataset && location.protocol !== "file:" && isSecureContext) addEventListener("load", later);

  /* A wide table scrolls in its frame: by keyboard too. Told by the browser, not asked: that would lay the page out twice. */
  const frames = new ResizeObserver((seen) => {
    for (const { target } of seen) {
      if (target.scrollWidth > target.clientWidth) target.tabIndex = 0;
      else target.removeAttribute("tabindex");
    }
  });
  document.querySelectorAll(".table-frame").forEach((frame) => frames.observe(frame));
})();
