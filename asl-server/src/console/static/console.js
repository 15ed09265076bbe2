// The one script of the console. Every page works without it: links, forms and <details> do the work.
// It adds: theme, keys, selection without reload, zoom, copying, filters, clocks, dialogs, the checks of the editor, and what happens live.
(() => {
  const root = document.documentElement;
  const saved = localStorage.getItem("theme");
  if (saved) root.dataset.theme = saved;
  addEventListener("DOMContentLoaded", () => {
    const all = (s, e = document) => [...e.querySelectorAll(s)];
    const one = (s, e = document) => e.querySelector(s);
    const dark = () => (root.dataset.theme || (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light")) === "dark";
    one("#theme").onclick = () => localStorage.setItem("theme", (root.dataset.theme = dark() ? "light" : "dark"));
    const fetched = async path => { const r = await fetch(path); if (!r.ok) throw new Error(r.status); return r.text(); };

    // Selection: one stay in a state, shown in picture, time line and details; it is in the address too.
    const page = one("#execution"), inspect = one("#inspect");
    const stay = () => one("[data-stay]", inspect)?.dataset.stay ?? "";
    // What was folded or opened by hand stays so when rows are drawn anew.
    const folds = new Map();
    const refold = () => all("details[data-fold]").forEach(d => folds.has(d.dataset.fold) && (d.open = folds.get(d.dataset.fold)));
    const mark = () => {
      const panel = one("[data-stay]", inspect);
      all(".asl .state").forEach(g => g.classList.toggle("sel", one(":scope > a", g)?.dataset.state === panel?.dataset.name));
      all(".tl .row").forEach(r => r.classList.toggle("sel", !!r.dataset.visit && r.dataset.visit === panel?.dataset.stay));
    };
    let asked = 0;
    const select = async (query, focus) => {
      const number = ++asked;
      const text = await fetched("/fragment" + page.dataset.path + "/details" + query).catch(() => null);
      if (text === null) { location.search = query; return; }
      // A later choice counts.
      if (number !== asked) return;
      inspect.innerHTML = text;
      mark();
      for (let d = one(".tl .row.sel")?.closest("details"); d; d = d.parentElement.closest("details")) d.open = true;
      history.replaceState(null, "", query || location.pathname);
      // Of a large machine only what is looked at is drawn.
      const name = one("[data-stay]", inspect)?.dataset.name, drawn = name && one(`.asl a[data-state="${CSS.escape(name)}"]`);
      if (pic && name && (!drawn || drawn.closest(".state").matches(".folded"))) await redraw();
      if (focus && innerWidth < 1100) inspect.scrollIntoView({ block: "start" });
    };
    document.addEventListener("click", async e => {
      if (e.ctrlKey || e.metaKey || e.shiftKey) return;
      const fold = e.target.closest(".fold");
      if (fold) { e.preventDefault(); const d = fold.closest("details"); d.open = !d.open; folds.set(d.dataset.fold, d.open); return; }
      const s = e.target.closest("a[data-visit], .asl a[data-state]");
      if (s && page) {
        e.preventDefault();
        s.closest(".menu")?.removeAttribute("open");
        const q = s.dataset.visit ?? "";
        select(s.dataset.state !== undefined ? "?state=" + encodeURIComponent(s.dataset.state) : q && "?visit=" + q, true);
        return;
      }
      const t = e.target.closest(".tog");
      if (t && page) {
        e.preventDefault();
        const row = t.closest("tr"), known = row.nextElementSibling?.classList.contains("x") && row.nextElementSibling;
        if (known) known.remove();
        else {
          const text = await fetched("/fragment" + page.dataset.path + "/event/" + t.dataset.event).catch(() => "");
          const x = document.createElement("tr");
          x.className = "x"; x.innerHTML = `<td colspan="8">${text}</td>`;
          row.after(x);
        }
        t.setAttribute("aria-expanded", !known);
        return;
      }
      const c = e.target.closest("[data-copy]");
      if (c) { e.preventDefault(); navigator.clipboard?.writeText(c.dataset.copy); c.closest(".menu")?.removeAttribute("open"); return; }
      const d = e.target.closest("[data-dialog]");
      if (d) { e.preventDefault(); one("#" + d.dataset.dialog).showModal(); return; }
      const close = e.target.closest("[data-close]");
      if (close) { e.preventDefault(); close.closest("dialog").close(); return; }
      const jump = e.target.closest("[data-jump]");
      if (jump && one(".ed")) { e.preventDefault(); toLine(+jump.dataset.jump); return; }
      if (!e.target.closest(".menu")) all(".menu[open]").forEach(m => m.removeAttribute("open"));
    });
    const step = n => {
      const rows = all(".tl .row[data-visit]").filter(r => r.offsetParent);
      const i = rows.findIndex(r => r.dataset.visit === stay());
      const next = rows[(i + n + rows.length) % rows.length];
      if (next) { select("?visit=" + next.dataset.visit); next.scrollIntoView({ block: "nearest" }); }
    };

    // Picture: fit to width, zoom by buttons, keep the selected state in view, a height that the page remembers.
    const pic = one(".pic");
    let z = 0;
    const draw = () => {
      const svg = pic && one("svg.asl", pic);
      if (!svg) return;
      const [, , w, h] = svg.getAttribute("viewBox").split(" ").map(Number);
      if (!z) z = Math.min(1, Math.max(innerWidth > 640 ? 0.55 : 0.8, (pic.clientWidth - 2) / w));
      svg.setAttribute("width", w * z); svg.setAttribute("height", h * z);
    };
    const shown = doc => {
      const svg = one(".pic svg.asl", doc);
      if (svg && pic) { one("svg.asl", pic)?.replaceWith(document.importNode(svg, true)); draw(); }
    };
    const loaded = async () => new DOMParser().parseFromString(await fetched(location.pathname + location.search), "text/html");
    const redraw = async () => { shown(await loaded()); mark(); centre(); };
    const centre = () => {
      const box = pic && (one(".sel > a .box", pic) || one(".running > a .box, .retrying > a .box, .failed > a .box", pic));
      if (!box) return;
      const r = box.getBoundingClientRect(), p = pic.getBoundingClientRect();
      pic.scrollTop += r.top - p.top - (p.height - r.height) / 2;
      pic.scrollLeft += r.left - p.left - (p.width - r.width) / 2;
    };
    if (pic) {
      all(".zoom").forEach(b => b.hidden = false);
      all("[data-zoom]").forEach(b => b.onclick = () => {
        const [, , w, h] = one("svg.asl", pic).getAttribute("viewBox").split(" ").map(Number);
        z = b.dataset.zoom === "fit" ? Math.min(1, pic.clientWidth / w, pic.clientHeight / h) : Math.min(2, Math.max(0.3, z * (b.dataset.zoom === "+" ? 1.25 : 0.8)));
        draw(); centre();
      });
      draw();
      const tall = page && localStorage.getItem("picture");
      if (tall) pic.style.height = tall;
      if (page) new ResizeObserver(() => pic.style.height && localStorage.setItem("picture", pic.style.height)).observe(pic);
      centre();
    }

    // The divider between picture and details: dragged, or moved by arrow keys. The browser remembers where it is.
    const columns = page && one(".cols", page);
    if (columns && inspect) {
      const divider = Object.assign(document.createElement("div"), { className: "divider", tabIndex: 0 });
      for (const [name, value] of [["role", "separator"], ["aria-orientation", "vertical"], ["aria-label", "Width of the details"], ["aria-valuemin", 280], ["aria-valuemax", 900]]) divider.setAttribute(name, value);
      const set = width => {
        const px = Math.round(Math.min(900, columns.clientWidth * 0.7, Math.max(280, width)));
        columns.style.setProperty("--details", px + "px");
        divider.setAttribute("aria-valuenow", px);
        localStorage.setItem("details", px);
        draw();
      };
      columns.classList.add("split"); inspect.before(divider);
      set(+(localStorage.getItem("details") || 448));
      divider.onpointerdown = e => divider.setPointerCapture(e.pointerId);
      divider.onpointermove = e => divider.hasPointerCapture(e.pointerId) && set(columns.getBoundingClientRect().right - e.clientX - 4);
      divider.onkeydown = e => { const by = { ArrowLeft: 24, ArrowRight: -24 }[e.key]; if (by) { e.preventDefault(); set(inspect.offsetWidth + by); } };
    }

    // Cells of a Map: one leads to its execution or iteration.
    document.addEventListener("click", e => {
      const cells = e.target.closest(".cells[data-address]");
      if (!cells) return;
      const r = cells.getBoundingClientRect(), n = +cells.dataset.columns, each = +cells.dataset.each, side = r.width / n;
      const place = (Math.floor((e.clientY - r.top) / side) * n + Math.floor((e.clientX - r.left) / side)) * each;
      if (place < +cells.dataset.count) location.href = cells.dataset.address + (place + +cells.dataset.first);
    });

    // Filters of the event table: what is on the page at once, all of it by the form.
    const filter = () => {
      const text = one("[data-filter]").value.toLowerCase(), bad = one("[data-onlybad]").checked;
      all(".ev tbody tr[id]").forEach(r => {
        r.hidden = (bad && r.dataset.bad !== "1") || !r.textContent.toLowerCase().includes(text);
        if (r.nextElementSibling?.classList.contains("x")) r.nextElementSibling.hidden = r.hidden;
      });
    };
    document.addEventListener("input", e => { if (e.target.matches("[data-filter], [data-onlybad]")) filter(); });

    // Input that has to be JSON: its size, and where it is not.
    document.addEventListener("input", e => {
      const field = e.target.closest("textarea[data-json]"), form = field?.form;
      if (!field) return;
      const bytes = new TextEncoder().encode(field.value).length, size = one("[data-bytes]", form), error = one("[data-json-error]", form);
      if (size) size.textContent = (bytes < 1024 ? bytes + " B" : (bytes / 1024).toFixed(1) + " KiB") + " of 256 KiB";
      let why = "";
      try { if (field.value.trim()) JSON.parse(field.value); } catch (x) { why = x.message; }
      if (error) error.textContent = why;
      field.setAttribute("aria-invalid", !!why);
    });

    // Clocks: text only, once a second.
    const lasted = s => s < 60 ? s.toFixed(1) + " s" : s < 3600 ? Math.floor(s / 60) + " m " + String(Math.floor(s % 60)).padStart(2, "0") + " s" : Math.floor(s / 3600) + " h " + String(Math.floor(s / 60 % 60)).padStart(2, "0") + " m";
    setInterval(() => all("[data-up]").forEach(n => {
      n.born ??= performance.now();
      n.textContent = lasted(+n.dataset.up + (performance.now() - n.born) / 1000);
    }), 1000);

    // Live: the server says what has changed.
    const live = one("#live"), say = (state, text) => { live.dataset.live = state; live.textContent = text; };
    const patch = picture => {
      for (const s of picture?.states || []) {
        const g = one("#p-" + s.id);
        if (!g) continue;
        const sel = g.classList.contains("sel"), a = one(":scope > a", g);
        g.setAttribute("class", s.class + (sel ? " sel" : ""));
        a?.setAttribute("aria-label", a.dataset.label + ", " + s.status);
        const use = one("use.glyph", a);
        use?.setAttribute("class", s.glyph ? "glyph " + s.glyph : "glyph");
        if (s.glyph) use?.setAttribute("href", "#p-" + s.glyph);
        else use?.removeAttribute("href");
        const badge = one(":scope > .badge", g);
        if (badge) {
          const rect = one("rect", badge), text = one("text", badge);
          rect.setAttribute("width", s.width); rect.setAttribute("x", -s.width);
          text.setAttribute("x", -s.width / 2); text.textContent = s.badge;
        }
      }
      for (const w of picture?.wires || []) {
        const path = one("#p-" + w);
        if (path) { path.classList.replace("untaken", "taken"); path.setAttribute("marker-end", "url(#p-t)"); }
        one("#p-l" + w.slice(1))?.classList.remove("untaken");
      }
    };
    const swap = (doc, id) => { const a = one(id), b = one(id, doc); if (a && b) a.replaceWith(document.importNode(b, true)); };
    // The whole page as it is now, without moving the selection, the scroll position or the focus.
    const renew = async () => {
      const number = asked, doc = await loaded();
      const within = document.activeElement?.id, at = pic?.scrollTop, left = pic?.scrollLeft, inner = one(".inspect .scroll")?.scrollTop;
      const before = stay();
      for (const id of ["#top", "#rows", "#visit-count", "#events"]) swap(doc, id);
      // What was chosen meanwhile stays, and what was asked for before is too old.
      const now = one("#inspect", doc);
      if (now && number === asked) { asked++; inspect.innerHTML = now.innerHTML; }
      shown(doc);
      if (pic) { pic.scrollTop = at; pic.scrollLeft = left; }
      for (const d of all("dialog", doc)) if (!one("#" + d.id)) page.append(document.importNode(d, true));
      const panel = one(".inspect .scroll");
      if (panel && inner) panel.scrollTop = inner;
      if (within) one("#" + CSS.escape(within))?.focus({ preventScroll: true });
      refold(); mark();
      // Without a choice the page shows what ended it.
      if (stay() !== before) centre();
    };
    let last = +(page?.dataset.last || 0), source, lost, seen = performance.now(), renewed = 0;
    const hear = u => {
      if (u.again) return renew();
      say("live", "live"); lost = null;
      patch(u.picture);
      one("#banner")?.replaceWith(document.createRange().createContextualFragment(u.banner));
      for (const [id, text] of [["#event-count", u.events], ["#fact-events", u.events], ["#visit-count", u.visits]]) if (one(id)) one(id).textContent = text;
      const body = one("#event-rows");
      if (body && u.rows && !new URLSearchParams(location.search).has("from") && !one("[data-filter]").value) {
        const rows = document.createRange().createContextualFragment("<table><tbody>" + u.rows + "</tbody></table>");
        all("tr", rows).forEach(r => { if (r.id && !document.getElementById(r.id)) body.append(r); });
      }
      if (u.timeline) { one("#rows").innerHTML = u.timeline; refold(); mark(); }
      // The panel of a state that is not over is read again, at most every two seconds.
      if (u.last > last && performance.now() - renewed > 2000 && !inspect.contains(document.activeElement)) {
        const open = one(".inspect .st.run, .inspect .st.warn");
        const number = asked;
        if (open) { renewed = performance.now(); fetched("/fragment" + page.dataset.path + "/details?visit=" + stay()).then(t => { if (number === asked && !inspect.contains(document.activeElement)) inspect.innerHTML = t; }).catch(() => {}); }
      }
      last = Math.max(last, u.last);
      if (u.ended) { source.close(); say("still", "ended"); renew(); }
    };
    const listen = () => {
      source = new EventSource(page.dataset.path + "/live?last=" + last);
      source.onmessage = e => hear(JSON.parse(e.data));
      source.onerror = () => {
        lost ??= new Date();
        say("lost", "no connection since " + lost.toLocaleTimeString());
        if (source.readyState === EventSource.CLOSED) setTimeout(listen, 4000);
      };
    };
    if (page?.dataset.live) {
      say("live", "live"); listen();
      let hidden;
      document.addEventListener("visibilitychange", () => {
        clearTimeout(hidden);
        if (document.hidden) hidden = setTimeout(() => source.close(), 60000);
        else if (source.readyState === EventSource.CLOSED && live.dataset.live !== "still") listen();
      });
    }

    // Editor: a coloured copy of the text lies under it; 300 ms after the last key the server checks it.
    const ed = one(".ed"), ta = ed && one("textarea", ed), copy = ed && one(".src", ed), form = one("#editor");
    let marks = [];
    const esc = t => t.replace(/&/g, "&amp;").replace(/</g, "&lt;");
    const paint = t => esc(t).replace(/("(?:[^"\\]|\\.)*")(\s*:)?/g, (m, q, c) => c ? `<span class="k">${q}</span>${c}` : `<span class="${q.includes("{%") ? "x" : "s"}">${q}</span>`);
    const toLine = n => {
      const at = ta.value.split("\n").slice(0, n - 1).join("\n").length + (n > 1);
      ta.focus(); ta.setSelectionRange(at, at); ta.dispatchEvent(new Event("keyup"));
      ed.scrollTop = Math.max(0, (n - 8) * 20);
    };
    if (ta) {
      ed.classList.add("painted");
      const worst = n => { const m = marks.filter(m => m.line === n); return m.some(m => m.bad) ? " bad" : m.length ? " warn" : ""; };
      const repaint = () => { copy.innerHTML = ta.value.split("\n").map((l, i) => `<div class="l${worst(i + 1)}"><span class="g">${worst(i + 1) ? "●" : ""}</span><span class="no">${i + 1}</span><span>${paint(l)}</span></div>`).join(""); };
      const caret = () => { const before = ta.value.slice(0, ta.selectionStart).split("\n"); one("#caret").textContent = `Line ${before.length}, column ${before.at(-1).length + 1}`; };
      let timer, turn = 0;
      const check = async opened => {
        const number = ++turn;
        const body = new URLSearchParams(new FormData(form));
        if (opened) body.set("opened", opened);
        const r = await fetch("/check", { method: "POST", body }).catch(() => null);
        if (!r?.ok || number !== turn) return;
        const found = await r.json();
        one("#counts").innerHTML = found.counts; one("#found").innerHTML = found.problems;
        if (found.picture) { pic.innerHTML = found.picture; z = 0; draw(); }
        const states = one("select[name=state]", form);
        if (states) { const was = states.value; states.replaceChildren(...found.states.map(s => new Option(s, s, false, s === was))); }
        marks = found.marks; repaint();
        const save = one("#save");
        save.disabled = found.errors > 0; save.title = found.errors ? found.errors + " to mend first" : "";
      };
      ta.addEventListener("input", () => {
        repaint(); caret(); clearTimeout(timer); timer = setTimeout(check, 300);
        if (one("#ran").hasChildNodes()) one("#ran").dataset.stale = "";
      });
      for (const k of ["keyup", "click"]) ta.addEventListener(k, caret);
      ta.addEventListener("keydown", e => {
        if (e.key === "Enter" && !e.ctrlKey) {
          e.preventDefault();
          const indent = ta.value.slice(0, ta.selectionStart).split("\n").at(-1).match(/^\s*/)[0];
          document.execCommand("insertText", false, "\n" + indent);
        }
      });
      // A fix is typed, so that it can be undone.
      one("#found").addEventListener("click", e => {
        const fix = e.target.closest("[data-edit]");
        if (!fix) return;
        e.preventDefault();
        const [from, to, text] = JSON.parse(fix.dataset.edit);
        ta.focus(); ta.setSelectionRange(from, to);
        document.execCommand(text ? "insertText" : "delete", false, text);
        clearTimeout(timer); check();
      });
      // A state of the picture leads to its line. One that is folded is opened.
      pic.addEventListener("click", e => {
        const a = e.target.closest("a[data-state]");
        if (!a || a.getAttribute("href") !== "#text") return;
        e.preventDefault();
        const at = ta.value.search(RegExp(JSON.stringify(a.dataset.state).replace(/[.*+?^${}()|[\]\\]/g, "\\$&") + "\\s*:\\s*\\{"));
        if (at >= 0) toLine(ta.value.slice(0, at).split("\n").length);
        if (a.closest(".folded")) check(a.dataset.state);
      });
      // Runs of the text: each button names the place of what comes of it.
      all("[data-part]", form).forEach(b => b.onclick = async e => {
        e.preventDefault();
        const out = one("#" + b.dataset.part), body = new URLSearchParams(new FormData(form));
        body.set("part", "1"); b.disabled = true; delete out.dataset.stale;
        out.innerHTML = `<p class="soft">It is compiled and run …</p>`;
        const r = await fetch(b.getAttribute("formaction"), { method: "POST", body }).catch(() => null);
        b.disabled = false;
        if (!r) { out.innerHTML = `<p class="err">The server cannot be reached.</p>`; return; }
        if (!r.ok) { out.innerHTML = one("main", new DOMParser().parseFromString(await r.text(), "text/html")).innerHTML; return; }
        const came = await r.json();
        out.innerHTML = came.shown;
        if (came.picture) { clearTimeout(timer); turn++; pic.innerHTML = came.picture; z = 0; draw(); centre(); }
      });
      form.addEventListener("keydown", e => {
        const run = { case: "ran", mock: "tried" }[e.target.name];
        if (e.key === "Enter" && e.target.matches("input")) { e.preventDefault(); one(`[data-part="${run}"]`, form)?.click(); }
      });
      all("[data-noscript]").forEach(b => b.hidden = true);
      repaint(); check();
    }

    // Keys: none with a modifier, none while one types.
    const keys = [["/", "find"], ["j k", "next, previous row"], ["Enter", "open the row"], ["p t v", "to picture, time line, events"], ["[ ]", "previous, next state"], ["e", "next error"], ["Esc", "whole execution"], ["c", "copy the ARN"], ["F8", "next problem (editor)"], ["?", "this list"]];
    const help = () => {
      let d = one("#keys");
      if (!d) {
        d = Object.assign(document.createElement("dialog"), { id: "keys" });
        d.innerHTML = `<form method="dialog"><h2>Keys</h2><dl>${keys.map(([k, t]) => `<dt>${k.split(" ").map(x => `<kbd>${x}</kbd>`).join(" ")}</dt><dd>${t}</dd>`).join("")}</dl><button class="btn">Close</button></form>`;
        document.body.append(d);
      }
      d.showModal();
    };
    const problem = () => {
      const l = all(".problems li");
      if (!l.length) return;
      const i = (l.findIndex(x => x.hasAttribute("aria-current")) + 1) % l.length;
      l.forEach((x, k) => k === i ? x.setAttribute("aria-current", "true") : x.removeAttribute("aria-current"));
      one("a[data-jump]", l[i])?.click();
    };
    let at = -1, err = -1;
    addEventListener("keydown", e => {
      if (e.key === "F8") { e.preventDefault(); problem(); return; }
      if (e.target.matches("input, textarea, select") || e.ctrlKey || e.metaKey || e.altKey) { if (e.key === "Escape") e.target.blur(); return; }
      if (one("dialog[open]")) return;
      const rows = all("table.list tbody tr");
      const go = { p: "#picture", t: "#timeline", v: "#events" }[e.key];
      if (e.key === "/") { e.preventDefault(); one("#find").focus(); }
      else if (e.key === "?") help();
      else if (go && one(go)) one(go).scrollIntoView();
      else if ((e.key === "j" || e.key === "k") && rows.length) { at = Math.min(rows.length - 1, Math.max(0, at + (e.key === "j" ? 1 : -1))); rows.forEach((r, i) => r.classList.toggle("cursor", i === at)); one("a", rows[at])?.focus(); }
      else if ((e.key === "[" || e.key === "]") && page) step(e.key === "]" ? 1 : -1);
      else if (e.key === "Escape" && page) select("");
      else if (e.key === "c") one("[data-copy^=arn]")?.click();
      else if (e.key === "e") { const bad = all(".ev tr[data-bad='1']"); if (bad.length) { err = (err + 1) % bad.length; bad[err].scrollIntoView({ block: "center" }); one(".tog", bad[err]).focus(); } }
    });
  });
})();
