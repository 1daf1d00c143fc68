/* Filters for the evidence library. The list is whole without this script; it only hides what was not asked for. */
(() => {
  const library = document.querySelector(".library");
  if (!library) return;
  const sources = [...library.querySelectorAll(".source")];
  const count = library.querySelector(".library-count");
  const whole = count.textContent;
  const form = document.createElement("form");
  form.className = "library-filters";
  form.setAttribute("aria-label", "Filter the sources");
  const fields = {};
  const add = (name, label, control) => {
    const wrap = document.createElement("label");
    wrap.textContent = label;
    wrap.append(control);
    form.append(wrap);
    fields[name] = control;
  };
  const values = (name) => [...new Set(sources.flatMap((s) => (s.dataset[name] || "").split("|").filter(Boolean)))].sort();
  const choice = (name, label) => {
    const select = document.createElement("select");
    select.append(new Option("All", ""));
    values(name).forEach((value) => select.append(new Option(value[0].toUpperCase() + value.slice(1), value)));
    add(name, label, select);
  };
  const text = document.createElement("input");
  text.type = "search";
  add("text", "Words", text);
  choice("guides", "Used in guide");
  choice("countries", "Country");
  choice("groups", "Who was studied");
  choice("kind", "Kind of source");
  choice("year", "Year");
  const clear = document.createElement("button");
  clear.type = "reset";
  clear.textContent = "Show all";
  form.append(clear);
  count.setAttribute("role", "status");
  library.insertBefore(form, count);
  const apply = () => {
    const words = fields.text.value.trim().toLowerCase();
    let shown = 0;
    sources.forEach((source) => {
      const fits = ["guides", "countries", "groups", "kind", "year"].every(
        (name) => !fields[name].value || (source.dataset[name] || "").split("|").includes(fields[name].value),
      );
      source.hidden = !(fits && (!words || source.textContent.toLowerCase().includes(words)));
      if (!source.hidden) shown += 1;
    });
    count.textContent = shown === sources.length ? whole : `${shown} of ${sources.length} sources.`;
  };
  form.addEventListener("input", apply);
  form.addEventListener("reset", () => setTimeout(apply));
  form.addEventListener("submit", (event) => event.preventDefault());
})();
