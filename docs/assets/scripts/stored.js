/* Lets the browser store the guides (worker.js), and says when a new edition has been stored. core.js loads this late. */
(() => {
  const root = new URL("../../", document.currentScript.src).href;
  const box = document.querySelector(".new-edition");
  const { serviceWorker } = navigator;
  let asked = false;
  const WORDS = {
    here: "A new edition is here.",
    show: "Show it",
    later: "Later",
    unsaved: "First save the note on this page that could not be kept. Then show the new edition.",
  };
  const button = (words, then) => {
    const made = document.createElement("button");
    made.type = "button";
    made.textContent = words;
    made.addEventListener("click", then);
    return made;
  };
  /* A note that could not be kept stands on this page alone, and would be lost with it. */
  const unsaved = () => {
    if (!window.guidebook || !guidebook.store) return false;
    if (guidebook.flush) guidebook.flush();
    const onPage = guidebook.store.where() === "onPage" && [...document.querySelectorAll("textarea")].some((area) => area.value);
    return onPage || document.querySelector(".writing-trouble");
  };
  const tell = (registration) => {
    const words = document.createElement("span");
    words.textContent = WORDS.here;
    const show = () => {
      if (unsaved()) return void (words.textContent = WORDS.unsaved);
      asked = true;
      if (registration.waiting) registration.waiting.postMessage("show");
      else location.reload(); // another tab has shown it already
    };
    box.replaceChildren(words, button(WORDS.show, show), button(WORDS.later, () => box.replaceChildren()));
  };
  const watch = (registration) => {
    const ready = () => registration.waiting && serviceWorker.controller && box && !box.hasChildNodes() && tell(registration);
    const follow = (worker) => worker && worker.addEventListener("statechange", () => worker.state === "installed" && ready());
    ready();
    follow(registration.installing);
    registration.addEventListener("updatefound", () => follow(registration.installing));
  };
  serviceWorker.addEventListener("controllerchange", () => asked && location.reload());
  serviceWorker.register(`${root}sw.js`).then((registration) => registration && watch(registration), () => {}); // refused: nothing is lost but this
})();
