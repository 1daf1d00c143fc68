/* Filters for the evidence library. The list is whole without this script; it only hides what was not asked for. */
(() => {
  const library = document.querySelector(".library");
  if (!library) return;
  const sources = [...library.querySelectorAll(".source")];
  const count = library.querySelector(".library-count");
  const whole = count.textContent;
  const form = library.querySelector(".library-filters");
  const fields = form.elements;
  const values = (name) => [...new Set(sources.flatMap((s) => (s.dataset[name] || "").split("|").filter(Boolean)))].sort();
  const selects = [...form.querySelectorAll("select")];
  selects.forEach((select) =>
    select.append(new Option("All", ""), ...values(select.name).map((value) => new Option(value[0].toUpperCase() + value.slice(1), value))),
  );
  count.setAttribute("role", "status");
  const apply = () => {
    const words = fields.text.value.trim().toLowerCase();
    let shown = 0;
    sources.forEach((source) => {
      const fits = selects.every((select) => !select.value || (source.dataset[select.name] || "").split("|").includes(select.value));
      source.hidden = !(fits && (!words || source.textContent.toLowerCase().includes(words)));
      if (!source.hidden) shown += 1;
    });
    count.textContent = shown === sources.length ? whole : `${shown} of ${sources.length} sources.`;
  };
  form.addEventListener("input", apply);
  form.addEventListener("reset", () => setTimeout(apply));
  form.addEventListener("submit", (event) => event.preventDefault());
})();
