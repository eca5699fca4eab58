/* Sorting, filtering, "find your State" and values in charts. Without this script every page still shows everything. */
(function () {
  "use strict";
  const all = (selector, root) => Array.from((root || document).querySelectorAll(selector));
  const SVG = "http://www.w3.org/2000/svg";
  const word = name => document.body.dataset[name] || "";

  /* The part of the address after #: an anchor, a State, or both, as in #fig-x&state=URY. */
  function address() {
    const parts = decodeURIComponent(location.hash.slice(1)).split("&");
    const state = parts.find(part => part.startsWith("state="));
    return { anchor: parts.find(part => !part.startsWith("state=")) || "", state: state ? state.slice(6) : "" };
  }
  function withState(anchor, state) {
    return [anchor, state && "state=" + state].filter(Boolean).join("&");
  }

  /* A link to something folded opens it. */
  function unfold() {
    const { anchor, state } = address();
    const target = anchor && document.getElementById(anchor);
    for (let node = target; node; node = node.parentElement) {
      if (node.tagName === "DETAILS") { node.open = true; }
    }
    if (target && (state || target.tagName === "DETAILS")) { target.scrollIntoView({ block: "center" }); }
  }

  /* Long tables: a button in each heading sorts, a field above filters. */
  function keyOf(cell) {
    const marked = cell.querySelector("data[value], time[datetime]");
    const text = marked ? marked.getAttribute("value") || marked.getAttribute("datetime") : cell.textContent.trim();
    if (text === "–" || text === "") { return null; }
    const plain = Number(text.replace("−", "-").replace(/,/g, ""));
    return isNaN(plain) ? text : plain;
  }
  function compare(a, b) {
    if (typeof a === "number" && typeof b === "number") { return a - b; }
    return String(a).localeCompare(String(b), document.documentElement.lang, { numeric: true });
  }
  function sortBy(table, head, column) {
    const up = head.getAttribute("aria-sort") !== "ascending";
    all("th[aria-sort]", table).forEach(other => other.removeAttribute("aria-sort"));
    head.setAttribute("aria-sort", up ? "ascending" : "descending");
    const rows = all("tr", table.tBodies[0]).map((row, k) => ({ row, k, key: keyOf(row.cells[column]) }));
    rows.sort((a, b) => {
      /* Empty cells stay last, whichever way the rest is sorted. */
      if (a.key === null || b.key === null) { return (a.key === null) - (b.key === null) || a.k - b.k; }
      return (up ? 1 : -1) * compare(a.key, b.key) || a.k - b.k;
    });
    rows.forEach(entry => table.tBodies[0].appendChild(entry.row));
  }
  function makeSortable(table) {
    all("thead th", table).forEach((head, column) => {
      const button = document.createElement("button");
      button.type = "button";
      button.append(...head.childNodes);
      head.appendChild(button);
      button.addEventListener("click", () => sortBy(table, head, column));
    });
  }
  function showOrHide(row) {
    row.hidden = row.classList.contains("filtered-out") || row.classList.contains("other-state");
  }
  function makeFilter(figure, table) {
    const label = document.createElement("label"), field = document.createElement("input");
    label.className = "filter";
    label.append((word("filter") || "Filter") + " ", field);
    field.type = "search";
    field.addEventListener("input", () => {
      const wanted = fold(field.value);
      all("tbody tr", table).forEach(row => {
        row.classList.toggle("filtered-out", wanted !== "" && !fold(row.textContent).includes(wanted));
        showOrHide(row);
      });
    });
    figure.querySelector(".scroll").before(label);
  }

  /* Find your State: open its card, keep the passages, figures and rows that name it. */
  const form = document.querySelector("form.find"), place = document.querySelector(".card-place");
  let chosen = "";
  function fold(text) {
    return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase().replace(/[^\p{L}\p{N}]+/gu, " ").trim()
      .replace(/^the /, "");
  }
  function codeOf(name) {
    const wanted = fold(name);
    const found = all("datalist option", form).find(option =>
      [option.value, option.dataset.code, ...(option.dataset.names || "").split("|")].some(n => fold(n) === wanted));
    return found ? found.dataset.code : "";
  }
  function nameOf(code) {
    const found = all("datalist option", form).find(option => option.dataset.code === code);
    return found ? found.value : "";
  }
  function names(node, code) {
    return (node.dataset.states || "").split(" ").includes(code) || node.dataset.iso3 === code ||
      !!node.querySelector('[data-iso3="' + code + '"]');
  }
  /* A long list keeps the State and says how many others there are. */
  function shorten(list, code) {
    const links = Array.from(list.children).filter(node => node.matches("a.state"));
    const own = links.find(link => link.dataset.iso3 === code);
    if (links.length < 9 || !own) { return; }
    const long = document.createElement("span"), short = document.createElement("span");
    long.className = "long-list";
    short.className = "short-list";
    links[0].before(short);
    while (short.nextSibling && short.nextSibling !== links[links.length - 1]) { long.append(short.nextSibling); }
    long.append(links[links.length - 1]);
    short.append(own.cloneNode(true), " (+" + (links.length - 1) + ")");
    short.after(long);
    long.hidden = true;
  }
  function keep(code) {
    let count = 0;
    all(".is-state").forEach(node => node.classList.remove("is-state"));
    all(".short-list").forEach(node => node.remove());
    all(".long-list").forEach(node => node.replaceWith(...node.childNodes));
    all(".finding-block, main .chart:not(.map), .falls-due li:not(.due li), .figures > .figure").forEach(node => {
      const here = !code || names(node, code);
      node.hidden = !here;
      if (code && here && !node.parentElement.closest(".finding-block")) { count += 1; }
    });
    all("figure.table tbody tr, table.rows tbody tr").forEach(row => {
      const table = row.closest("table"), named = table.querySelector("[data-iso3]");
      const here = !code || !named || names(row, code);
      row.classList.toggle("other-state", !here);
      showOrHide(row);
      if (code && named && here && table.closest("figure.table")) { count += 1; }
    });
    all(".paper svg").forEach(svg => svg.classList.toggle("has-state", !!code && names(svg, code)));
    if (code) {
      all(".finding, p.states").forEach(list => shorten(list, code));
      all('[data-iso3="' + code + '"]').forEach(node => node.classList.add("is-state"));
    }
    return count;
  }
  function openCard(code) {
    place.replaceChildren();
    const entry = code && document.getElementById("state-" + code);
    all(".state-entry[open]").forEach(node => { node.open = node === entry && !entry.querySelector(".owed"); });
    if (!entry) { return; }
    const card = document.createElement("section"), title = document.createElement("h2");
    card.className = "state-card";
    title.textContent = entry.querySelector("summary").textContent;
    card.setAttribute("aria-label", title.textContent);
    card.append(title, ...Array.from(entry.children).slice(1).map(node => node.cloneNode(true)));
    const line = card.querySelector("ol.timeline");
    if (line && line.querySelectorAll("time").length > 1) { line.before(drawn(line)); }
    place.append(card);
  }
  /* The days of a card on a line; the list below it says the same in words, and what has no day of its own. */
  function drawn(list) {
    const svg = document.createElementNS(SVG, "svg"), wide = 640;
    const rows = all("time", list).map(day => ({ li: day.closest("li"), at: Date.parse(day.dateTime) }));
    const from = Math.min(...rows.map(row => row.at)), to = Math.max(...rows.map(row => row.at));
    const x = at => 24 + (wide - 48) * (to > from ? (at - from) / (to - from) : 0.5);
    const put = (name, attributes, text) => {
      const node = document.createElementNS(SVG, name);
      Object.entries(attributes).forEach(([key, value]) => node.setAttribute(key, value));
      if (text) { node.textContent = text; }
      svg.append(node);
      return node;
    };
    svg.setAttribute("viewBox", "0 0 " + wide + " 48");
    svg.setAttribute("class", "drawn");
    svg.setAttribute("aria-hidden", "true");
    put("path", { d: "M10 16H" + (wide - 10), class: "axis" });
    const first = new Date(from).getUTCFullYear(), last = new Date(to).getUTCFullYear();
    const step = Math.max(1, Math.ceil((last - first) / 8));
    for (let year = first + (first % step ? step - first % step : 0); year <= last; year += step) {
      const at = Date.UTC(year, 0, 1);
      if (at >= from) { put("text", { x: x(at), y: 42 }, String(year)); }
    }
    rows.forEach(({ li, at }) => {
      const mark = put("circle", { cx: x(at), cy: 16, r: 6, class: li.className });
      const title = document.createElementNS(SVG, "title");
      title.textContent = li.textContent;
      mark.append(title);
    });
    return svg;
  }
  function choose(code, typed) {
    const said = form.querySelector(".found"), link = form.querySelector(".to-card");
    chosen = code;
    const count = keep(code);
    openCard(code);
    link.hidden = !code || !!place.firstChild || link.firstChild.getAttribute("href") === "#main";
    said.textContent = !code ? (typed ? said.dataset.unknown : "")
      : place.firstChild ? "" : count === 0 ? nameOf(code) + " " + said.dataset.none
        : count + " " + (count === 1 ? said.dataset.one : said.dataset.some) + " " + nameOf(code);
    history.replaceState(null, "", "#" + withState(address().anchor, code));
    wrong();
  }
  function find() {
    const text = form.querySelector("input").value.trim();
    choose(text && codeOf(text), text);
  }
  /* What to name to whoever can mend it: the figures that are open, the State, the source. */
  function wrong() {
    const what = document.querySelector(".wrong-what");
    what.dataset.always = what.dataset.always || what.textContent;
    const open = all("details.figure[open]").filter(node => !node.hidden).slice(0, 3);
    const told = open.map(node => {
      const rows = all("table.rows tbody tr:not([hidden])", node);
      const source = rows.length ? rows[0].cells[rows[0].cells.length - 1].textContent : "";
      return [node.dataset.figure, chosen, source].filter(Boolean).join(", ");
    });
    what.textContent = told.length ? told.join("; ") : chosen ? chosen + ", " + what.dataset.always : what.dataset.always;
  }
  document.addEventListener("toggle", wrong, true);
  /* The State goes along to the other pages. */
  document.addEventListener("click", event => {
    const link = event.target.closest && event.target.closest("a[href]");
    const href = link && chosen ? link.getAttribute("href") : "";
    if (/^[\w./-]+\.html(#|$)/.test(href)) {
      const [page, anchor] = href.split("#");
      link.setAttribute("href", page + "#" + withState((anchor || "").split("&").filter(p => !p.startsWith("state="))[0],
        chosen));
    }
  });

  all("figure.table.sortable").forEach(figure => {
    const table = figure.querySelector("table");
    makeSortable(table);
    makeFilter(figure, table);
  });
  all("table.rows.sortable").forEach(makeSortable);

  /* Values of a chart: those of the mark that is pointed at, or reached with the arrow keys. */
  all(".chart .paper").forEach(paper => {
    if (!paper.querySelector("svg .mark")) { return; }
    const said = document.createElement("p");
    said.className = "value-said";
    said.setAttribute("role", "status");
    paper.after(said);
    let at = null;
    const marks = () => all("svg .mark", paper).filter(mark => mark.getClientRects().length);
    const show = mark => {
      if (at) { at.classList.remove("pointed"); }
      at = mark;
      at.classList.add("pointed");
      said.textContent = at.querySelector("title").textContent;
    };
    paper.tabIndex = 0;
    paper.setAttribute("role", "group");
    paper.setAttribute("aria-label", word("values"));
    paper.addEventListener("mouseover", event => {
      const mark = event.target.closest(".mark");
      if (mark) { show(mark); }
    });
    paper.addEventListener("keydown", event => {
      const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
      const list = marks();
      if (!step || !list.length) { return; }
      event.preventDefault();
      show(list[(list.indexOf(at) + step + list.length) % list.length]);
    });
  });

  /* A grid of one year: its table has all years, and its reader can choose another. */
  all("figure.chart[data-over]").forEach(figure => {
    const [year, row, column, kind] = figure.dataset.over.split(" ").map(Number);
    const cells = all(".data tbody tr", figure).map(line =>
      Object.assign(Array.from(line.cells, cell => cell.textContent), line.dataset));
    const colours = figure.dataset.kinds.split("|").map(text => [text.slice(8), text.slice(0, 7)]);
    const unique = at => list => Array.from(new Set(list.map(line => line[at]))), years = unique(year)(cells).sort();
    const add = (parent, name, text, more) => parent.appendChild(
      Object.assign(document.createElement(name), { textContent: text }, more));
    const paper = figure.querySelector(".paper"), title = figure.querySelector("b"), label = document.createElement("label");
    const box = document.createElement("div"), field = document.createElement("input"), said = document.createElement("output");
    label.className = "years";
    box.className = "scroll grid";
    field.type = "range";
    field.max = years.length - 1;
    field.value = years.indexOf(figure.dataset.shown);
    said.textContent = years[field.value];
    label.append(figure.dataset.year + " ", field, said);
    paper.before(label);
    paper.after(box);
    field.addEventListener("input", () => {
      const at = years[field.value], chosen = cells.filter(line => line[year] === at), table = document.createElement("table");
      const count = name => chosen.filter(line => line[row] === name).length, across = unique(column)(chosen).sort();
      const head = add(table.createTHead(), "tr", ""), body = table.createTBody();
      said.textContent = at;
      field.setAttribute("aria-valuetext", at);
      add(head, "td", "");
      across.forEach(name => add(head, "th", chosen.find(line => line[column] === name).iso3, { scope: "col", title: name }));
      unique(row)(chosen).sort((a, b) => count(b) - count(a)).forEach(name => {
        const line = add(body, "tr", "");
        add(line, "th", name, { scope: "row" });
        across.forEach(to => {
          const found = chosen.find(one => one[row] === name && one[column] === to), cell = add(line, "td", "");
          if (!found) { return; }
          const dot = add(cell, "span", "", { className: "dot", title: [name, to, found[kind]].join(", ") });
          dot.style.background = (colours.find(pair => pair[0] === found[kind]) || ["", ""])[1];
          add(dot, "span", found[kind], { className: "visually-hidden" });
        });
      });
      add(table, "caption", "");
      colours.forEach(([text, colour]) => {
        add(table.caption, "span", "", { className: "dot" }).style.background = colour;
        table.caption.append(" " + text + "  ");
      });
      box.replaceChildren(table);
      paper.hidden = title.hidden = at !== figure.dataset.shown;
      box.hidden = !paper.hidden;
      reachable();
    });
  });

  /* What can be moved sideways can be reached and moved with the keyboard. */
  function reachable() {
    all(".scroll, pre, nav.sections ul").forEach(box => {
      if (box.scrollWidth > box.clientWidth || box.scrollHeight > box.clientHeight) { box.tabIndex = 0; }
      else { box.removeAttribute("tabindex"); }
    });
  }
  window.addEventListener("resize", reachable);
  document.addEventListener("toggle", reachable, true);
  reachable();

  const current = document.querySelector("nav.sections [aria-current]");
  if (current) {
    const strip = current.closest("ul");
    strip.scrollLeft = Math.max(0, current.offsetLeft - strip.offsetLeft - 16);
  }

  /* Mark in the contents the part that is being read. */
  const entries = all("nav.contents a");
  if (entries.length) {
    const byId = {};
    entries.forEach(link => { byId[decodeURIComponent(link.hash.slice(1))] = link; });
    const watcher = new IntersectionObserver(seen => seen.filter(entry => entry.isIntersecting).forEach(entry => {
      entries.forEach(link => link.classList.remove("here"));
      byId[entry.target.id].classList.add("here");
    }), { rootMargin: "0px 0px -75% 0px" });
    Object.keys(byId).map(id => document.getElementById(id)).filter(Boolean).forEach(part => watcher.observe(part));
  }

  if (form) {
    form.hidden = false;
    form.addEventListener("input", find);
    form.addEventListener("submit", event => { event.preventDefault(); find(); });
    form.addEventListener("reset", () => setTimeout(find, 0));
    const { state } = address();
    if (nameOf(state)) {
      form.querySelector("input").value = nameOf(state);
      choose(state);
    }
  }
  window.addEventListener("hashchange", () => {
    const { anchor, state } = address();
    if (form && state && state !== chosen && nameOf(state)) {
      form.querySelector("input").value = nameOf(state);
      choose(state);
    } else if (chosen && !state) { history.replaceState(null, "", "#" + withState(anchor, chosen)); }
    unfold();
  });
  unfold();
}());
