/* Sorting, filtering and "find my State". Without this script every page still shows everything. */
(function () {
  "use strict";
  var all = function (selector, root) {
    return Array.prototype.slice.call((root || document).querySelectorAll(selector));
  };

  /* A link to something folded opens it. */
  function unfold() {
    var id = decodeURIComponent(location.hash.slice(1));
    var target = id && document.getElementById(id);
    for (var node = target; node; node = node.parentElement) {
      if (node.tagName === "DETAILS") { node.open = true; }
    }
    if (target && target.tagName === "DETAILS") { target.scrollIntoView({ block: "center" }); }
  }
  window.addEventListener("hashchange", unfold);

  /* Long tables: a button in each heading sorts, a field above filters. */
  function keyOf(cell) {
    var marked = cell.querySelector("data[value], time[datetime]");
    var text = marked ? marked.getAttribute("value") || marked.getAttribute("datetime")
      : cell.textContent.trim();
    if (text === "–" || text === "") { return null; }
    var plain = Number(text.replace("−", "-").replace(/,/g, ""));
    return isNaN(plain) ? text : plain;
  }
  function compare(a, b) {
    if (typeof a === "number" && typeof b === "number") { return a - b; }
    return String(a).localeCompare(String(b), document.documentElement.lang, { numeric: true });
  }
  function sortBy(table, head, column) {
    var up = head.getAttribute("aria-sort") !== "ascending";
    all("th[aria-sort]", table).forEach(function (other) { other.removeAttribute("aria-sort"); });
    head.setAttribute("aria-sort", up ? "ascending" : "descending");
    var body = table.tBodies[0];
    var rows = all("tr", body).map(function (row, k) {
      return { row: row, key: keyOf(row.cells[column]), k: k };
    });
    rows.sort(function (a, b) {
      /* Empty cells stay last, whichever way the rest is sorted. */
      if (a.key === null || b.key === null) {
        return (a.key === null) - (b.key === null) || a.k - b.k;
      }
      return (up ? 1 : -1) * compare(a.key, b.key) || a.k - b.k;
    });
    rows.forEach(function (entry) { body.appendChild(entry.row); });
  }
  function makeSortable(table) {
    all("thead th", table).forEach(function (head, column) {
      var button = document.createElement("button");
      button.type = "button";
      while (head.firstChild) { button.appendChild(head.firstChild); }
      head.appendChild(button);
      button.addEventListener("click", function () { sortBy(table, head, column); });
    });
  }
  function makeFilter(figure, table, word) {
    var label = document.createElement("label");
    label.className = "filter";
    label.appendChild(document.createTextNode(word + " "));
    var field = document.createElement("input");
    field.type = "search";
    label.appendChild(field);
    field.addEventListener("input", function () {
      var wanted = field.value.trim().toLocaleLowerCase();
      all("tbody tr", table).forEach(function (row) {
        row.classList.toggle("filtered-out",
          wanted !== "" && row.textContent.toLocaleLowerCase().indexOf(wanted) < 0);
        showOrHide(row);
      });
    });
    figure.querySelector(".scroll").insertAdjacentElement("beforebegin", label);
  }
  function showOrHide(row) {
    row.hidden = row.classList.contains("filtered-out") || row.classList.contains("other-state");
  }

  /* Find my State: keep the passages, figures and rows that name it. */
  var form = document.querySelector("form.find");
  function codeOf(name) {
    var wanted = name.trim().toLocaleLowerCase();
    var found = all("datalist option", form).filter(function (option) {
      return option.value.toLocaleLowerCase() === wanted ||
        option.getAttribute("data-code").toLocaleLowerCase() === wanted;
    })[0];
    return found && found.getAttribute("data-code");
  }
  function names(node, code) {
    var codes = (node.getAttribute("data-states") || "").split(" ");
    return codes.indexOf(code) >= 0 || node.getAttribute("data-iso3") === code ||
      !!node.querySelector('[data-iso3="' + code + '"]');
  }
  function keep(code) {
    var count = 0;
    all(".is-state").forEach(function (node) { node.classList.remove("is-state"); });
    all(".finding-block, .state-entry, .chart, .falls-due li, .figures > .figure")
      .forEach(function (node) {
        var here = !code || names(node, code);
        node.hidden = !here;
        if (code && here && !node.parentElement.closest(".finding-block")) {
          count += node.classList.contains("state-entry") ? all("li", node).length : 1;
        }
        if (node.classList.contains("state-entry")) { node.open = !!code && here; }
      });
    all("figure.table tbody tr, table.rows tbody tr").forEach(function (row) {
      var table = row.closest("table");
      var named = table.querySelector("[data-iso3]");
      var here = !code || !named || names(row, code);
      row.classList.toggle("other-state", !here);
      showOrHide(row);
      if (code && named && here && table.closest("figure.table")) { count += 1; }
    });
    if (code) {
      all('a[data-iso3="' + code + '"]').forEach(function (node) {
        node.classList.add("is-state");
      });
    }
    return count;
  }
  function find() {
    var field = form.querySelector("input"), said = form.querySelector(".found");
    var text = field.value.trim(), code = text && codeOf(text);
    if (!text) { keep(""); said.textContent = ""; return; }
    if (!code) {
      /* While a name is being typed nothing is hidden. */
      keep("");
      said.textContent = said.getAttribute("data-unknown");
      return;
    }
    var count = keep(code);
    said.textContent = count === 0 ? text + " " + said.getAttribute("data-none")
      : count + " " + said.getAttribute(count === 1 ? "data-one" : "data-some") + " " + text;
  }

  all("figure.table.sortable").forEach(function (figure) {
    var table = figure.querySelector("table");
    makeSortable(table);
    makeFilter(figure, table, document.body.getAttribute("data-filter") || "Filter");
  });
  all("table.rows.sortable").forEach(makeSortable);
  if (form) {
    form.hidden = false;
    form.addEventListener("input", find);
    form.addEventListener("submit", function (event) { event.preventDefault(); find(); });
    form.addEventListener("reset", function () { setTimeout(find, 0); });
  }

  /* What can be moved sideways can be reached and moved with the keyboard. */
  function reachable() {
    all(".scroll, .paper, pre").forEach(function (box) {
      if (box.scrollWidth > box.clientWidth || box.scrollHeight > box.clientHeight) {
        box.tabIndex = 0;
      } else {
        box.removeAttribute("tabindex");
      }
    });
  }
  window.addEventListener("resize", reachable);
  document.addEventListener("toggle", reachable, true);
  reachable();

  var current = document.querySelector("nav.sections [aria-current]");
  if (current && current.parentElement.parentElement.scrollTo) {
    var strip = current.parentElement.parentElement;
    strip.scrollLeft = Math.max(0, current.offsetLeft - strip.offsetLeft - 16);
  }

  /* Mark in the contents the part that is being read. */
  var entries = all("nav.contents a");
  if (entries.length && "IntersectionObserver" in window) {
    var byId = {};
    entries.forEach(function (link) { byId[decodeURIComponent(link.hash.slice(1))] = link; });
    var watcher = new IntersectionObserver(function (seen) {
      seen.forEach(function (entry) {
        if (!entry.isIntersecting) { return; }
        entries.forEach(function (link) { link.classList.remove("here"); });
        byId[entry.target.id].classList.add("here");
      });
    }, { rootMargin: "0px 0px -75% 0px" });
    Object.keys(byId).forEach(function (id) {
      var part = document.getElementById(id);
      if (part) { watcher.observe(part); }
    });
  }
  unfold();
}());
