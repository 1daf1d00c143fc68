/* A notepad that can be written in: the ruled lines become a field on the same lines. Without script they stay lines. */
(() => {
  const { say, make, button, save, store } = guidebook;
  if (!store) return;

  const fields = [];
  /* The choice to keep notes on this device, in plain words; `then` learns the outcome. */
  const ask = (then = () => {}) => {
    const box = make("dialog", { class: "ask", "aria-labelledby": "ask-title" });
    const close = (wanted) => {
      box.close();
      if (wanted) {
        const { problem } = store.keep(true);
        if (problem) fields.forEach((field) => field.say(problem));
        then(problem);
      }
    };
    box.append(
      make("h2", { id: "ask-title" }, say("keepTitle")),
      make("p", {}, say("keepText")),
      make("p", { class: "ask-warning" }, say("keepWarning")),
      make("p", { class: "ask-tools" }, button("keepNo", () => close(false), { autofocus: true }), button("keepYes", () => close(true))),
    );
    box.addEventListener("close", () => box.remove());
    document.querySelector(".md-typeset").append(box);
    box.showModal();
  };

  /* What stands under everything that can be written in: the reminder, where it is kept, and what can be done.
     `read` gives the record on the page, `show` puts one there. */
  const foot = (id, read, show) => {
    const state = make("span", { class: "writing-state", role: "status" });
    const tools = make("span", { class: "writing-tools" });
    const line = make("p", { class: "writing-foot" }, make("span", { class: "writing-reminder" }, say("reminder")), " ", state, " ", tools);
    let dirty = false;
    const field = {
      line,
      id,
      /* Where it is kept, or what went wrong, and the buttons that fit. */
      say(key = "") {
        const trouble = ["full", "refused", "conflict"].includes(key);
        line.classList.toggle("writing-trouble", trouble);
        const words = key || (store.empty(read()) ? "" : store.where());
        if (state.textContent !== (words && say(words))) state.textContent = words && say(words);
        tools.replaceChildren();
        if (trouble && key !== "conflict") tools.append(button("saveFile", () => save(`${id}.txt`, "text/plain;charset=utf-8", write(read()))));
        else if (!trouble && !store.empty(read())) {
          if (!store.kept() && store.possible) tools.append(button("keep", () => ask()));
          if (store.kept()) tools.append(button("unkeep", () => store.keep(false).problem || field.say("unkeepDone")));
          tools.append(make("a", { class: "tool", href: `${guidebook.root}my-notes/index.html` }, say("myNotes")));
        }
      },
      changed() {
        dirty = true;
        clearTimeout(field.timer);
        field.timer = setTimeout(field.keep, 400);
      },
      keep() {
        if (!dirty) return;
        const { conflict, problem } = store.set(id, read());
        if (conflict) return field.choose(conflict);
        dirty = Boolean(problem);
        field.say(problem);
      },
      choose(other) {
        if (other.unreadable !== undefined) other = read();
        const settle = (record) => {
          show(record);
          dirty = false;
          field.say(store.set(id, record, true).problem);
        };
        field.say("conflict");
        tools.append(
          button("keepBoth", () => settle(store.both(read(), other, say("fromOther")))),
          button("keepMine", () => settle(read())),
          button("takeOther", () => settle(other)),
        );
      },
      /* Another tab wrote, or the place changed: show what is there, unless something unsaved stands here. */
      refresh(moved) {
        const there = store.peek(id);
        if (moved && store.empty(there) && there.unreadable === undefined && !store.empty(read())) dirty = true;
        if (dirty) {
          if (store.empty(there) || JSON.stringify(there) === JSON.stringify(read())) field.keep();
          else field.choose(there);
          return;
        }
        const record = store.get(id);
        if (record.unreadable !== undefined) field.say("unreadable");
        else {
          show(record);
          field.say();
        }
      },
    };
    const start = store.get(id);
    if (start.unreadable !== undefined) field.say("unreadable");
    else if (!store.empty(start)) {
      show(start);
      field.say();
    }
    fields.push(field);
    return field;
  };
  const write = (record) => (record.ticks ? record.ticks.map((words) => `[x] ${words}`).join("\n") : record.text);

  /* A field as tall as its lines, that grows with what is written, in any script and direction. */
  const writing = (id, lines, label, described) => {
    const area = make("textarea", {
      class: "writing", rows: lines, dir: "auto", "aria-label": label, "aria-describedby": described || false,
      // A spelling service of the browser may send what is written to its maker.
      spellcheck: "false", autocomplete: "off", autocapitalize: "sentences", "data-gramm": "false",
    });
    area.style.minHeight = `${lines * 2}rem`;
    const grow = () => {
      area.style.height = "auto";
      if (area.scrollHeight > area.clientHeight) area.style.height = `${area.scrollHeight}px`;
    };
    const field = foot(id, () => ({ text: area.value }), (record) => {
      if (area.value !== (record.text || "")) area.value = record.text || "";
      grow();
    });
    area.addEventListener("input", () => {
      grow();
      field.changed();
    });
    return make("div", { class: "written" }, area, field.line);
  };

  document.querySelectorAll(".notepad[data-code]").forEach((notepad) => {
    const ruled = notepad.querySelector(".ruled");
    const prompt = notepad.querySelector(".block-body p");
    if (prompt && !prompt.id) prompt.id = `${notepad.dataset.code.toLowerCase()}-prompt`;
    ruled.after(writing(notepad.dataset.code.toLowerCase(), ruled.children.length, notepad.getAttribute("aria-label"), prompt && prompt.id));
    ruled.hidden = true;
  });

  store.listen((id) => fields.forEach((field) => (!id || id === field.id) && field.refresh(id === null))); // null: the place changed
  const flush = () => fields.forEach((field) => field.keep());
  window.addEventListener("pagehide", flush);
  document.addEventListener("visibilitychange", () => document.hidden && flush());
  Object.assign(guidebook, { ask, foot, writing, flush });
})();
