/* The service worker: an edition of the guides, stored whole, answers without a network. The build puts EDITION before
   this (guidebook/offline.py): its files with the beginnings of their SHA-256, the PDFs one can keep, what is too heavy.
   A file is stored only if it is what the list says, so that a site that is just being replaced, or something between
   that meddles, can never mix two editions. What is not whole is thrown away, and what was there before stays. */
const SCOPE = self.registration.scope;
const BASE = new URL(SCOPE).pathname;
const PREFIX = `practitioner-guides ${BASE} `;
const NAME = `${PREFIX}${EDITION.edition} ${EDITION.id}`;
const [KEPT, STATE] = [`${PREFIX}kept`, `${PREFIX}state`];
const LIST = `${SCOPE}?list`; // stands in a cache when all its files do
const FILES = new Map(Object.entries(EDITION.files));
const KEEPABLE = new Map(Object.entries(EDITION.keepable));
const HEAVY = new Set(EDITION.heavy);
const AGAIN = 10 * 60000; // after a failure, how long the same edition is not asked for

const look = (name, path) => caches.match(new Request(SCOPE + path), { cacheName: name, ignoreSearch: true, ignoreVary: true });
const editions = async () => (await caches.keys()).filter((name) => name.startsWith(PREFIX) && /^\d/.test(name.slice(PREFIX.length)));
const read = async (key) => {
  const found = await caches.match(SCOPE + key, { cacheName: STATE });
  return found && found.json();
};
const note = async (key, value) => {
  const state = await caches.open(STATE);
  return value === undefined ? state.delete(SCOPE + key) : state.put(SCOPE + key, new Response(JSON.stringify(value)));
};
const digest = async (content) =>
  [...new Uint8Array(await crypto.subtle.digest("SHA-256", content)).slice(0, 8)].map((byte) => byte.toString(16).padStart(2, "0")).join("");

/* Storing. */
const get = async (path, wanted, signal) => {
  // What the browser has kept may be of another edition and yet pass for new, if both were written in one second.
  for (const cache of ["no-cache", "reload"]) {
    const response = await fetch(SCOPE + path, { cache, signal });
    const content = await response.arrayBuffer();
    if ((await digest(content)) !== wanted) continue;
    const headers = new Headers(response.headers);
    ["content-encoding", "content-length", "vary"].forEach((name) => headers.delete(name));
    return new Response(content, { headers });
  }
  throw new Error(`${path}: not of this edition`);
};
const fill = async () => {
  const cache = await caches.open(NAME);
  const there = new Set((await cache.keys()).map((request) => request.url));
  const missing = [...FILES].filter(([path]) => !there.has(SCOPE + path));
  if (!missing.length && there.has(LIST)) return;
  // What has not changed since an edition that is here is not asked for again. Pages are: their headers may have changed.
  const older = [];
  for (const name of (await editions()).filter((each) => each !== NAME)) {
    const list = await caches.match(LIST, { cacheName: name });
    if (list) older.push({ name, files: (await list.json()).files });
  }
  const stop = new AbortController();
  const next = async () => {
    while (missing.length && !stop.signal.aborted) {
      const [path, wanted] = missing.shift();
      const same = /[^/]$/.test(path) && older.find(({ files }) => files[path] === wanted);
      const response = (same && (await look(same.name, path))) || (await get(path, wanted, stop.signal));
      await cache.put(SCOPE + path, response);
    }
  };
  try {
    const four = await Promise.allSettled([next, next, next, next].map((each) => each().catch((error) => (stop.abort(), Promise.reject(error)))));
    const failed = four.find(({ status }) => status === "rejected");
    if (failed) throw failed.reason;
    await cache.put(LIST, new Response(JSON.stringify({ edition: EDITION.edition, files: EDITION.files })));
  } catch (error) {
    await caches.delete(NAME);
    throw error;
  }
};
const install = async () => {
  const asked = await read("asked"); // somebody pressed "Store now"
  const failed = await read("failed");
  const { saveData, effectiveType } = navigator.connection || {};
  if (!asked && (saveData || /2g/.test(effectiveType))) throw new Error("not over a connection that is to be spared");
  if (!asked && failed && failed.id === EDITION.id && Date.now() - failed.at < AGAIN) throw new Error("it failed a moment ago");
  try {
    await fill();
    await note("failed");
  } catch (error) {
    await note("failed", { id: EDITION.id, at: Date.now() });
    throw error;
  } finally {
    await note("asked");
  }
};
self.addEventListener("install", (event) => event.waitUntil(install()));

/* Whose pages were open when an edition took over: they go on with the one that they began with. */
let state = null;
const pages = async () => (state = state || (await read("pages")) || { active: null, began: {} });
const activate = async () => {
  const before = await pages();
  const open = (await clients.matchAll({ type: "window", includeUncontrolled: true })).map(({ id }) => id);
  const began = {};
  if (before.active && before.active !== NAME) open.forEach((id) => (began[id] = before.began[id] || before.active));
  await note("pages", (state = { active: NAME, began }));
  await tidy();
  if (!before.active) await clients.claim();
};
const tidy = async () => {
  const { began } = await pages();
  const open = new Set((await clients.matchAll({ type: "window", includeUncontrolled: true })).map(({ id }) => id));
  const left = Object.keys(began).filter((id) => !open.has(id));
  left.forEach((id) => delete began[id]);
  if (left.length) await note("pages", state);
  const waiting = self.registration.waiting || self.registration.installing; // its cache is not ours to judge
  const needed = new Set([NAME, ...Object.values(began)]);
  if (!waiting) await Promise.all((await editions()).filter((name) => !needed.has(name)).map((name) => caches.delete(name)));
};
self.addEventListener("activate", (event) => event.waitUntil(activate()));

self.addEventListener("message", (event) => {
  if (event.data === "show") self.skipWaiting();
  if (event.data === "fill") {
    const done = fill().then(async () => note("pages", (state = { ...(await pages()), active: NAME }))).then(() => true, () => false);
    event.waitUntil(done.then((whole) => event.ports[0].postMessage(whole)));
  }
});

/* Answering. */
const to = (address) => Response.redirect(new URL(address, SCOPE).href, 302);
const kept = async (request, path) => {
  const mine = await look(KEPT, path);
  if (mine && mine.headers.get("x-digest") === KEEPABLE.get(path)) return mine;
  try {
    return await (mine ? fetch(request.url, { cache: "no-cache" }) : fetch(request));
  } catch (error) {
    if (mine) return mine; // of an older edition, and better than none
    throw error;
  }
};
const answer = async (event, url, path) => {
  const { request, clientId } = event;
  const page = request.mode === "navigate";
  if (page) event.waitUntil(tidy()); // an edition whose last page was left
  const { began } = await pages();
  const name = (!page && began[clientId]) || NAME;
  const found = await look(name, path);
  if (found) return found;
  if (!page) return KEEPABLE.has(path) ? kept(request, path) : fetch(request);
  if (FILES.has(`${path}/`) && (await look(NAME, `${path}/`))) return to(`${url.pathname}/${url.search}`);
  const code = path.match(/^go\/([^/]+)\/?$/);
  const codes = code && (await look(NAME, "assets/search/codes.json"));
  const address = codes && (await codes.json())[code[1].toLowerCase()];
  if (address) {
    const target = new URL(address, SCOPE);
    target.search = url.search;
    return to(target.href);
  }
  try {
    return await (KEEPABLE.has(path) ? kept(request, path) : fetch(request));
  } catch (error) {
    if (HEAVY.has(path) || KEEPABLE.has(path)) return to(`offline/?without=${encodeURIComponent(path)}`);
    const lost = await look(NAME, "404.html");
    if (!lost) throw error;
    return new Response(lost.body, { status: 404, headers: lost.headers });
  }
};
self.addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  if (event.request.method !== "GET" || !url.href.startsWith(SCOPE)) return;
  event.respondWith(answer(event, url, url.pathname.slice(BASE.length).replace(/(^|\/)index\.html$/, "$1")));
});
