/* One exercise or figure, large, for a training room: by its button, or by an address with ?view=project#id5-e1.
   The block itself moves into a dialog and back, so that its timer and its answer go on. */
(() => {
  const { say, make, button } = guidebook;
  const steps = (list) => {
    let at = -1;
    const items = [...list.children];
    const show = (next) => {
      at = Math.max(-1, Math.min(items.length - 1, next));
      list.classList.toggle("stepping", at >= 0);
      items.forEach((item, number) => {
        item.classList.toggle("step-now", number === at);
        if (number === at) item.setAttribute("aria-current", "step");
        else item.removeAttribute("aria-current");
      });
      if (at >= 0) items[at].scrollIntoView({ block: "nearest" });
    };
    return { on: () => show(at + 1), back: () => show(at - 1), all: () => show(-1) };
  };

  const project = (block) => {
    const place = make("span", { hidden: true });
    const room = make("dialog", { class: "projector md-typeset", "aria-label": block.getAttribute("aria-label") || block.querySelector("figcaption").textContent });
    const list = block.querySelector(":scope > .block-body > ol");
    const walk = list && steps(list);
    block.before(place);
    room.append(
      make("p", { class: "projector-tools" }, ...(walk ? [button("stepBack", walk.back), button("stepOn", walk.on, { autofocus: true }), button("allSteps", walk.all)] : []),
        button("closeLarge", () => room.close(), { class: "tool projector-close" })),
      block,
    );
    place.after(room);
    const keys = (event) => {
      if (!walk) return;
      if (event.key === "ArrowRight" || event.key === "PageDown") walk.on();
      else if (event.key === "ArrowLeft" || event.key === "PageUp") walk.back();
      else return;
      event.preventDefault();
    };
    /* As large as fits; a long one scrolls rather than shrink below what a back row can read. */
    const fit = () => {
      for (let size = Math.max(20, Math.min(44, innerWidth / 32)); ; size -= 1) {
        room.style.fontSize = `${size}px`;
        if (size <= 20 || room.scrollHeight <= room.clientHeight) break;
      }
    };
    let awake = null;
    room.addEventListener("close", () => {
      if (walk) walk.all();
      document.removeEventListener("keydown", keys);
      removeEventListener("resize", fit);
      place.replaceWith(block);
      room.remove();
      if (location.hash === `#${block.id}`) history.replaceState(null, "", `${location.pathname}#${block.id}`);
      if (awake) awake.release();
      block.scrollIntoView();
      const opener = block.querySelector(".project");
      if (opener) opener.focus();
    });
    room.showModal();
    fit();
    document.addEventListener("keydown", keys);
    addEventListener("resize", fit);
    history.replaceState(null, "", `${location.pathname}?view=project#${block.id}`);
    if (navigator.wakeLock) navigator.wakeLock.request("screen").then((lock) => (awake = lock), () => {});
  };

  document.querySelectorAll(".exercise[data-code], .figure[data-code]").forEach((block) => {
    const link = make("a", { class: "tool project", href: `?view=project#${block.id}`, "aria-label": say("projectLabel", { code: block.dataset.code }) }, say("project"));
    link.addEventListener("click", (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      project(block);
    });
    const timer = block.querySelector(".timer");
    if (timer) timer.append(link);
    else block.querySelector(".block-head").append(link);
  });
  /* A slide's link may lead from one block to another of the same page, which is no new page. */
  const asked = () => {
    const block = new URLSearchParams(location.search).get("view") === "project" && document.getElementById(location.hash.slice(1));
    if (!block || !block.matches(".exercise, .figure") || block.closest(".projector")) return;
    const open = document.querySelector(".projector");
    if (open) open.close();
    setTimeout(() => project(block)); // after what closing does
  };
  addEventListener("hashchange", asked);
  asked();
})();
