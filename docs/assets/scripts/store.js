/* What a reader writes: in this tab only, or on this device if the reader chose so once. Nothing is sent anywhere.
   A record is {text} for a notepad or an exercise, {ticks} (the words of the ticked items) for a checklist;
   one key a record, so that two tabs with two notes never touch each other. */
(() => {
  const PREFIX = "practitioner-guides:1:";
  const KEEP = "practitioner-guides:keep";
  const ASIDE = "practitioner-guides:aside:";
  const ID = /^[a-z]{2}\d{1,2}-[cen]\d{1,2}$/;

  const memory = new Map();
  const page = {
    getItem: (key) => memory.get(key) ?? null,
    setItem: (key, value) => memory.set(key, value),
    removeItem: (key) => memory.delete(key),
    keys: () => [...memory.keys()],
  };
  const open = (name) => {
    try {
      const area = window[name];
      area.getItem(KEEP);
      return {
        getItem: (key) => area.getItem(key),
        setItem: (key, value) => area.setItem(key, value),
        removeItem: (key) => area.removeItem(key),
        keys: () => Object.keys(area),
      };
    } catch {
      return null; // refused: by a setting, by a policy, in a sandbox
    }
  };
  const device = open("localStorage");
  const tab = open("sessionStorage") || page;
  const kept = () => device !== null && device.getItem(KEEP) === "yes";
  const area = () => (kept() ? device : tab);
  const where = () => (kept() ? "onDevice" : tab === page ? "onPage" : "inTab");

  const isText = (value) => typeof value === "string";
  const sound = (record) =>
    Boolean(record) && record.v === 1 && (isText(record.text) || (Array.isArray(record.ticks) && record.ticks.every(isText)));
  const parse = (raw) => {
    if (raw === null) return {};
    try {
      const record = JSON.parse(raw);
      if (sound(record)) return record.ticks ? { ticks: record.ticks } : { text: record.text };
    } catch {} // damaged, truncated, or somebody else's
    return { unreadable: raw };
  };
  const empty = (record) => !(record.text || (record.ticks && record.ticks.length));
  const write = (record) => (empty(record) ? null : JSON.stringify({ v: 1, ...record }));
  /* Both texts, or both sets of ticks: what one does when neither may be lost. */
  const both = (one, other, between) =>
    one.ticks || other.ticks
      ? { ticks: [...new Set([...(one.ticks || []), ...(other.ticks || [])])] }
      : { text: one.text === other.text ? one.text : `${one.text}\n\n— ${between} —\n${other.text}` };

  const seen = new Map(); // what this tab last read or wrote: another value there now is another tab's work
  const listeners = [];
  const tell = (id) => listeners.forEach((listener) => listener(id));
  /* A page that the back button brings back as it was asks what has been written since. Firefox gives it the tab's storage
     of its own time: this message makes it load the page anew (leave.js). */
  window.addEventListener("pageshow", (event) => event.persisted && tell());
  let written = () => {};
  try {
    const channel = new BroadcastChannel("practitioner-guides");
    written = () => channel.postMessage("written");
  } catch {} // refused with storage

  const peek = (id) => parse(area().getItem(PREFIX + id));
  const get = (id) => {
    seen.set(id, area().getItem(PREFIX + id));
    return peek(id);
  };
  /* {} when it is kept; {conflict: record} when another tab changed it; {problem: "full" | "refused"}. */
  const set = (id, record, force = false) => {
    if (forgotten) return {};
    const place = area();
    const raw = write(record);
    const now = place.getItem(PREFIX + id);
    if (!force && seen.has(id) && now !== seen.get(id)) return now === raw ? (seen.set(id, raw), {}) : { conflict: parse(now) };
    try {
      if (parse(now).unreadable !== undefined) place.setItem(ASIDE + id, now);
      if (raw === null) place.removeItem(PREFIX + id);
      else place.setItem(PREFIX + id, raw);
    } catch (error) {
      return { problem: error.name === "QuotaExceededError" ? "full" : "refused" };
    }
    seen.set(id, raw);
    written();
    return {};
  };
  const ids = (place) =>
    place.keys().filter((key) => key.startsWith(PREFIX) && ID.test(key.slice(PREFIX.length))).map((key) => key.slice(PREFIX.length));
  const all = () => new Map(ids(area()).map((id) => [id, get(id)]));
  const asides = () =>
    area().keys().filter((key) => key.startsWith(ASIDE)).map((key) => ({ id: key.slice(ASIDE.length), key, raw: area().getItem(key) }));
  const drop = (key) => area().removeItem(key);

  /* Move everything from one place to the other; what differs there is kept with it. Throws when there is no room. */
  const move = (from, to) => {
    const moved = [];
    try {
      for (const id of ids(from)) {
        const key = PREFIX + id;
        const [mine, theirs] = [from.getItem(key), to.getItem(key)];
        moved.push([key, theirs]);
        const merged = theirs === null || parse(mine).unreadable !== undefined || parse(theirs).unreadable !== undefined;
        to.setItem(key, merged ? mine : write(both(parse(theirs), parse(mine), guidebook.say("fromOther"))));
      }
    } catch (error) {
      moved.forEach(([key, old]) => (old === null ? to.removeItem(key) : to.setItem(key, old)));
      throw error;
    }
    ids(from).forEach((id) => from.removeItem(PREFIX + id));
  };
  /* Keep on this device, or no longer. Returns {} or {problem}. */
  const keep = (wanted) => {
    if (!device) return { problem: "refused" };
    try {
      if (wanted) {
        move(tab, device);
        device.setItem(KEEP, "yes");
      } else {
        move(device, tab);
        device.removeItem(KEEP);
      }
    } catch (error) {
      return { problem: error.name === "QuotaExceededError" ? "full" : "refused" };
    }
    seen.clear();
    tell(null);
    written();
    return {};
  };
  /* For "Leave this page": what is on this page alone is not written into the tab again. */
  let forgotten = false;
  const forget = () => {
    forgotten = true;
    memory.clear();
  };

  window.addEventListener("storage", (event) => {
    if (event.storageArea !== (device && window.localStorage)) return;
    if (event.key === null) tell(null);
    else if (event.key === KEEP) {
      if (event.newValue === "yes") {
        try {
          move(tab, device);
        } catch {} // no room: the texts stay on their pages, which say so when they are saved
      }
      seen.clear();
      tell(null);
    } else if (event.key.startsWith(PREFIX)) tell(event.key.slice(PREFIX.length));
  });

  guidebook.store = { peek, get, set, all, asides, drop, keep, kept, where, forget, both, empty, sound, ID, listen: (f) => listeners.push(f), possible: device !== null };
})();
