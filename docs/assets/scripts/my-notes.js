/* My notes: all that was written, in the order of the guides, with links back; out as a document, as text or as a
   backup; in from a backup; cleared, and put back until the page is left. */
(() => {
  const { say, make, button, save, store, page, progress } = guidebook;
  const box = document.querySelector(".my-notes");
  if (!box || !store) return;
  const guides = JSON.parse(document.getElementById("notes-index").textContent);
  const blocks = new Map(guides.flatMap((guide) => guide.blocks.map((block) => [block.id, { ...block, guide }])));

  const status = make("p", { class: "notes-status", role: "status" });
  const list = make("div", { class: "notes-list" });
  const tools = make("p", { class: "notes-tools" });
  const more = make("p", { class: "notes-tools" });
  const select = make("select", { onchange: () => draw() }, make("option", { value: "" }, say("allGuides")), ...guides.map((guide) => make("option", { value: guide.slug }, guide.title)));
  const asked = location.hash.slice(1);
  if (guides.some((guide) => guide.slug === asked)) select.value = asked;

  const shown = () => {
    const all = store.all();
    const order = [...blocks.keys()];
    return [...all.keys()]
      .filter((id) => !store.empty(all.get(id)) && (!select.value || (blocks.get(id) && blocks.get(id).guide.slug === select.value)))
      .sort((a, b) => (order.indexOf(a) + 1 || 1e6) - (order.indexOf(b) + 1 || 1e6))
      .map((id) => ({ id, record: all.get(id), block: blocks.get(id) || { code: id.toUpperCase(), title: id.toUpperCase(), guide: null } }))
      .filter(({ record }) => record.unreadable === undefined);
  };
  const text = (record) => (record.ticks ? record.ticks.map((words) => `☑ ${words}`).join("\n") : record.text);

  /* What was cleared, newest last: gone for good when the page is left. */
  const cleared = [];
  const say_ = (words, undo) => {
    status.replaceChildren(words);
    if (undo) status.append(" ", button("undo", putBack));
  };
  const putBack = () => {
    for (const [id, record] of cleared.pop() || []) {
      const now = store.get(id);
      store.set(id, store.empty(now) || now.unreadable !== undefined ? record : store.both(record, now, say("fromOther")), true);
    }
    draw();
    say_(say("restored"), cleared.length > 0);
    status.tabIndex = -1;
    status.focus();
  };
  const clear = (entries, what) => {
    cleared.push(entries.map(({ id, record }) => [id, record]));
    entries.forEach(({ id }) => store.set(id, { text: "" }, true));
    draw();
    say_(say("cleared", { what }), true);
    status.querySelector("button").focus();
  };

  const today = new Date().toISOString().slice(0, 10);
  const name = (end) => `my-notes${select.value ? `-${select.value}` : ""}-${today}.${end}`;
  const out = (end, type, content) => {
    save(name(end), type, content);
    say_(say("exported", { name: name(end) }));
  };
  const title = () => `${say("document")}${select.value ? `: ${select.selectedOptions[0].text}` : ""}`;
  const asDocument = () => {
    const paragraphs = [["Title", title()], ["Quiet", say("documentHint")]];
    let guide = null;
    for (const { record, block } of shown()) {
      if (block.guide !== guide) paragraphs.push(["Heading1", block.guide ? block.guide.title : block.code]);
      guide = block.guide;
      paragraphs.push(["Heading2", `${block.code}  ${block.title}`], ...text(record).split(/\n{2,}/).map((part) => ["", part]));
    }
    out("docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", guidebook.docx(paragraphs));
  };
  const asText = () => {
    const parts = shown().map(({ record, block }) => `${block.code}  ${block.title}\n\n${text(record)}\n`);
    // The mark at the start tells old editors that this is UTF-8.
    out("txt", "text/plain;charset=utf-8", `\ufeff${title()}\n${say("documentHint")}\n\n\n${parts.join("\n\n")}`);
  };
  const asBackup = () => {
    const notes = Object.fromEntries(shown().map(({ id, record }) => [id, record]));
    out("json", "application/json", JSON.stringify({ format: "practitioner-guides notes", version: 1, notes }, null, 1));
  };
  const fromBackup = async (file) => {
    let notes = null;
    try {
      const backup = JSON.parse((await file.text()).replace(/^\ufeff/, ""));
      if (backup.format === "practitioner-guides notes" && backup.version === 1) notes = Object.entries(backup.notes);
    } catch {} // said below
    if (!notes) return say_(say("importBad"));
    const before = [];
    let [n, both, skipped] = [0, 0, 0];
    for (const [id, found] of notes) {
      const record = found && (found.ticks ? { ticks: found.ticks } : { text: found.text });
      if (!store.ID.test(id) || !found || !store.sound({ v: 1, ...record })) {
        skipped += 1;
        continue;
      }
      const now = store.get(id);
      const same = JSON.stringify(now) === JSON.stringify(record);
      const mixed = !same && !store.empty(now) && now.unreadable === undefined;
      const { problem } = store.set(id, mixed ? store.both(now, record, say("fromBackup")) : record, true);
      if (problem) {
        draw();
        return say_(say(problem));
      }
      if (!same) before.push([id, now]);
      n += 1;
      both += mixed;
    }
    draw();
    say_([say(both ? "importedBoth" : "imported", { n, both }), skipped ? say("importSkipped", { n: skipped }) : ""].join(" ").trim());
  };

  const draw = () => {
    const entries = shown();
    const unread = [...store.asides(), ...[...store.all()].filter(([, record]) => record.unreadable !== undefined).map(([id, record]) => ({ id, raw: record.unreadable }))];
    list.replaceChildren();
    if (!entries.length) list.append(make("p", { class: "notes-none" }, say(select.value ? "nothingGuide" : "nothing")));
    let guide = null;
    for (const entry of entries) {
      const { id, record, block } = entry;
      if (block.guide !== guide) list.append(make("h2", { "data-guide": block.guide ? block.guide.slug : false }, block.guide ? block.guide.title : block.code));
      guide = block.guide;
      const words = record.ticks
        ? make("ul", { class: "notes-ticks" }, ...record.ticks.map((tick) => make("li", {}, tick)))
        : make("div", { class: "notes-text", dir: "auto" }, record.text);
      list.append(
        make("article", { class: "notes-entry", "aria-label": block.code },
          make("h3", {}, make("a", { href: block.url ? page(block.url) : false }, block.code), ` ${block.title === block.code ? "" : block.title}`),
          words,
          make("p", { class: "notes-tools" }, button("clear", () => clear([entry], block.code), { "aria-label": say("clearLabel", { code: block.code }) }))),
      );
    }
    for (const { id, key, raw } of unread) {
      list.append(
        make("article", { class: "notes-entry notes-unread" }, make("h3", {}, say("unread")), make("p", {}, say("unreadText", { code: id.toUpperCase() })),
          make("p", { class: "notes-tools" },
            button("download", () => save(`${id}-unread.txt`, "text/plain;charset=utf-8", raw)),
            button("remove", () => {
              if (key) store.drop(key);
              else store.set(id, { text: "" }, true), store.asides().filter((aside) => aside.id === id).forEach((aside) => store.drop(aside.key));
              draw();
            }))),
      );
    }
    const all = button("clearAll", () => clear(shown(), say("count", { n: shown().length })));
    const exports = [button("exportDocx", asDocument), button("exportText", asText), button("exportBackup", asBackup)];
    [...exports, all].forEach((each) => (each.disabled = !entries.length));
    tools.replaceChildren(say("saveAs"), ...exports);
    more.replaceChildren(button("importBackup", () => file.click()), all);
    place.replaceChildren(say(store.where()), " ", store.kept() ? button("unkeep", () => turned(store.keep(false).problem)) : store.possible ? button("keep", () => guidebook.ask(turned)) : "");
  };
  const turned = (problem) => {
    draw();
    say_(say(problem || (store.kept() ? "onDevice" : "unkeepDone")));
  };

  const file = make("input", { type: "file", accept: ".json,application/json", hidden: true, "aria-label": say("importBackup") });
  file.addEventListener("change", () => {
    if (file.files[0]) fromBackup(file.files[0]);
    file.value = "";
  });
  const place = make("p", { class: "notes-place" });

  const marks = make("div", { class: "notes-progress" });
  const drawMarks = () => {
    const read = progress.read();
    const input = make("input", { type: "checkbox", autocomplete: "off", onchange: () => {
      if (progress.write(input.checked ? new Map() : null) && !input.checked) say_(say("progressOff"));
      drawMarks();
    } });
    input.checked = Boolean(read);
    const has = (codes) => codes.filter((code) => read.has(code)).length;
    marks.replaceChildren(
      make("label", { class: "tick" }, input, make("span", {}, say("progressOn"))),
      ...(read
        ? [make("ul", {}, ...guides.map((guide) => make("li", {}, say("progressText", { guide: guide.title, read: has(guide.chapters), chapters: guide.chapters.length, done: has(guide.exercises), exercises: guide.exercises.length }))))]
        : []),
    );
  };

  box.replaceChildren(make("p", { class: "notes-filter" }, make("label", {}, `${say("which")} `, select)), tools, more, file, place, status, list, marks);
  draw();
  drawMarks();
  store.listen(draw);
})();
