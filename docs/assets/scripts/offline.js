/* The page "Use without a network": what is stored, storing and removing it, and the PDFs that a reader keeps. */
(() => {
  const { say, make, button, root } = guidebook;
  const box = document.querySelector(".offline");
  if (!box) return;
  const PREFIX = `practitioner-guides ${new URL(root).pathname} `;
  const FLAG = "practitioner-guides:offline";
  const [KEPT, STATE] = [`${PREFIX}kept`, `${PREFIX}state`];
  const { edition, size } = box.dataset;
  const status = make("p", { class: "offline-status", role: "status" });
  const state = make("div", { class: "offline-state" });
  const tools = make("p", { class: "offline-tools" });
  const tell = (...words) => status.replaceChildren(...words);
  box.replaceChildren(status, state, tools);

  const without = new URLSearchParams(location.search).get("without");
  if (without && /^[\w./-]+$/.test(without)) tell(say("offlineWithout"), " ", make("a", { href: root + without }, without));

  const workers = (() => {
    try {
      return navigator.serviceWorker;
    } catch {
      return null; // in a sandbox
    }
  })();
  const say_ = (...keys) => state.replaceChildren(...keys.map((words) => make("p", {}, words)));
  if (location.protocol === "file:") return say_(say("offlineFolder"));
  if (!("caches" in window) || !workers) return say_(say("offlineRefused"));
  /* That a reader wanted no stored pages outlives the tab. */
  const removed = () => {
    try {
      return localStorage.getItem(FLAG) === "no";
    } catch {
      return false; // storage is refused
    }
  };
  const remember = (no) => {
    try {
      if (no) localStorage.setItem(FLAG, "no");
      else localStorage.removeItem(FLAG);
    } catch {} // no room
  };

  /* What the caches hold: the edition that answers, and one that waits. */
  const stored = async () => {
    const names = (await caches.keys()).filter((name) => name.startsWith(PREFIX) && /^\d/.test(name.slice(PREFIX.length)));
    const read = await caches.match(`${root}pages`, { cacheName: STATE });
    const { active } = read ? await read.json() : {};
    const found = [];
    for (const name of names) {
      const urls = new Set((await (await caches.open(name)).keys()).map((request) => request.url));
      const list = await caches.match(`${root}?list`, { cacheName: name });
      const files = list && Object.keys((await list.json()).files);
      found.push({ active: name === active, edition: name.slice(PREFIX.length).split(" ")[0], whole: Boolean(list), n: files ? files.filter((file) => urls.has(root + file)).length : urls.size, all: files ? files.length : 0 });
    }
    return found;
  };
  let busy = false;
  let drawn = "";
  const draw = async () => {
    if (busy) return;
    const found = await stored();
    const mine = found.find((each) => each.active && each.whole);
    const newer = mine && found.find((each) => each.whole && !each.active && each.edition > mine.edition);
    const { saveData, effectiveType } = navigator.connection || {};
    const lines = [];
    if (!mine) lines.push(say("offlineNone", { size }));
    else lines.push(say(mine.n === mine.all ? "offlineWhole" : "offlinePart", mine));
    if (newer) lines.push(say("offlineNewer", newer));
    if (!mine && removed()) lines.push(say("offlineOff"));
    else if (!mine && (saveData || /2g/.test(effectiveType))) lines.push(say("offlineSpare"));
    const any = found.length || (await caches.has(KEPT));
    if (drawn === (drawn = JSON.stringify([lines, Boolean(any)]))) return; // a button may have the focus
    say_(...lines);
    tools.replaceChildren(
      ...(mine && mine.n === mine.all ? [] : [button(mine ? "offlineAgain" : "offlineStore", store)]),
      ...(any ? [button("offlineRemove", remove)] : []),
    );
  };

  /* "installed" or "activated" is success, "redundant" failure; a worker that is there already fills its cache again. */
  const settled = (worker) =>
    new Promise((done) => {
      const look = () => ["installed", "activated", "redundant"].includes(worker.state) && done(worker.state !== "redundant");
      worker.addEventListener("statechange", look);
      look();
    });
  const filled = (worker) =>
    new Promise((done) => {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = (event) => done(event.data);
      worker.postMessage("fill", [port2]);
    });
  const store = async () => {
    busy = true;
    remember(false);
    drawn = "";
    tools.replaceChildren();
    say_(say("offlineStoring", { n: 0, all: box.dataset.files }));
    /* What lies in the caches counts. WebKit at times leaves a worker "installing" for good that has stored all and answers. */
    let timer;
    const there = new Promise((done) => {
      timer = setInterval(async () => {
        const found = await stored();
        const part = found.reduce((most, each) => (each.n > most.n ? each : most), { n: 0 });
        if (busy && part.n) say_(say("offlineStoring", { n: part.n, all: box.dataset.files }));
        if (found.some((each) => each.active && each.whole && each.n === each.all)) done(true);
      }, 500);
    });
    const asked = async () => {
      await (await caches.open(STATE)).put(`${root}asked`, new Response("true"));
      const registration = await workers.register(`${root}sw.js`);
      const whole = registration.active && !registration.installing ? await filled(registration.active) : await settled(registration.installing || registration.waiting || registration.active);
      if (whole) await workers.ready;
      return whole;
    };
    const whole = await Promise.race([asked().catch(() => false), there]); // no: said below
    clearInterval(timer);
    busy = false;
    for (let n = 0; whole && n < 20 && !(await stored()).some((each) => each.active); n += 1) await new Promise((done) => setTimeout(done, 100));
    await draw();
    tell(say(whole ? "offlineDone" : "offlineFailed"));
  };
  const remove = async () => {
    remember(true);
    for (const registration of await workers.getRegistrations()) if (registration.scope === root) await registration.unregister();
    for (const name of await caches.keys()) if (name.startsWith(PREFIX)) await caches.delete(name);
    await draw();
    await drawFiles();
    tell(say("offlineRemoved"));
    status.tabIndex = -1;
    status.focus();
  };

  /* PDFs: in a store of their own, which outlives editions. */
  const digest = async (content) =>
    [...new Uint8Array(await crypto.subtle.digest("SHA-256", content)).slice(0, 8)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  const rows = [...document.querySelectorAll("li[data-file]")].map((item) => {
    const row = { item, url: root + item.dataset.file, name: item.querySelector("a").textContent, side: make("span", { class: "offline-file" }) };
    item.append(row.side);
    return row;
  });
  const drawFile = async (row, words = "") => {
    const kept = await caches.match(row.url, { cacheName: KEPT });
    const old = kept && row.item.dataset.digest && kept.headers.get("x-digest") !== row.item.dataset.digest;
    const said = words || (kept ? say(old ? "fileOld" : "fileKept", { edition: kept.headers.get("x-edition") }) : "");
    const label = (key) => ({ "aria-label": say(key, { name: row.name }) });
    row.side.replaceChildren(
      make("span", { role: "status" }, said), " ",
      ...(kept ? [] : [button("fileKeep", () => keep(row), label("fileKeepLabel"))]),
      ...(old ? [button("fileRenew", () => keep(row), label("fileRenewLabel"))] : []),
      ...(kept ? [button("fileDrop", () => drop(row), label("fileDropLabel"))] : []),
    );
  };
  const drawFiles = () => Promise.all(rows.map((row) => drawFile(row)));
  const focus = (row) => row.side.querySelector("button").focus();
  const keep = async (row) => {
    row.side.replaceChildren(make("span", { role: "status" }, say("fileGetting")));
    let words = "";
    try {
      const response = await fetch(row.url, { cache: "no-cache" });
      const content = await response.arrayBuffer();
      const found = await digest(content);
      if (!response.ok || (row.item.dataset.digest && found !== row.item.dataset.digest)) throw new Error("not the file of this edition");
      await (await caches.open(KEPT)).put(row.url, new Response(content, { headers: { "Content-Type": "application/pdf", "X-Digest": found, "X-Edition": edition } }));
    } catch {
      words = say("fileFailed");
    }
    await drawFile(row, words);
    focus(row);
    draw();
  };
  const drop = async (row) => {
    const cache = await caches.open(KEPT);
    await cache.delete(row.url);
    if (!(await cache.keys()).length) await caches.delete(KEPT);
    await drawFile(row, say("fileDropped"));
    focus(row);
    draw();
  };

  const refused = () => say_(say("offlineRefused"));
  draw().then(drawFiles).catch(refused);
  workers.addEventListener("controllerchange", () => draw().catch(refused));
  setInterval(() => document.hidden || busy || draw().catch(refused), 5000); // it may be stored by itself meanwhile
})();
