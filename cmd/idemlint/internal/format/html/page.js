// The page works without this script: it adds search, filters, sorting, the
// charts, the choice of light and dark, and moves the focus where it belongs.
(function () {
  "use strict";
  var root = document.documentElement;
  var byId = function (id) { return document.getElementById(id); };
  var all = function (selector, within) { return Array.from((within || document).querySelectorAll(selector)); };

  // Light and dark. Where the browser keeps nothing for files, the choice
  // lasts as long as the page.
  var dark = window.matchMedia("(prefers-color-scheme: dark)");
  var themeButton = byId("theme");
  var remembered = function () { try { return localStorage.getItem("idemlint-theme"); } catch (e) { return null; } };
  var isDark = function () { return root.dataset.theme ? root.dataset.theme === "dark" : dark.matches; };
  var showTheme = function () {
    themeButton.setAttribute("aria-pressed", String(isDark()));
    drawCharts();
  };
  themeButton.addEventListener("click", function () {
    root.dataset.theme = isDark() ? "light" : "dark";
    try { localStorage.setItem("idemlint-theme", root.dataset.theme); } catch (e) { /* not kept */ }
    showTheme();
  });
  dark.addEventListener("change", showTheme);
  byId("print").addEventListener("click", function () { window.print(); });
  themeButton.hidden = byId("print").hidden = false;

  // The table.
  var form = byId("tools");
  var search = byId("search");
  var fields = ["rank", "state", "method", "route", "rule", "key", "store", "owner", "at", "package", "protocol", "handler"];
  var rows = all("tbody.list tr").length;
  var list = rows === 0 ? null : new List("endpoints", { valueNames: [{ data: fields }], page: rows });
  // Fields that hold several values, separated by blanks.
  var several = { owner: true, rule: true };
  var apply = function () {
    if (!list) { return; }
    var wanted = all("select", form).filter(function (s) { return s.value !== ""; });
    var text = search.value.trim().toLowerCase();
    list.filter(function (item) {
      var v = item.values();
      var chosen = wanted.every(function (s) {
        var has = v[s.name] || "-";
        return several[s.name] ? has.split(" ").includes(s.value) : has === s.value;
      });
      return chosen && text.split(/\s+/).every(function (word) {
        return fields.some(function (f) { return f !== "rank" && (v[f] || "").toLowerCase().includes(word); });
      });
    });
    var n = list.matchingItems.length;
    byId("count").textContent = n === rows ? rows + " endpoints" : n + " of " + rows + " endpoints";
  };
  form.addEventListener("input", apply);
  form.addEventListener("submit", function (event) { event.preventDefault(); });
  form.addEventListener("reset", function () { setTimeout(apply, 0); });
  form.hidden = rows === 0;

  // Sorting: a button in each head, the state told by aria-sort.
  all("th[data-sort]").forEach(function (th) {
    var button = document.createElement("button");
    button.type = "button";
    button.textContent = th.textContent;
    th.textContent = "";
    th.appendChild(button);
    button.addEventListener("click", function () {
      if (!list) { return; }
      var order = th.getAttribute("aria-sort") === "ascending" ? "desc" : "asc";
      all("th[aria-sort]").forEach(function (other) { other.removeAttribute("aria-sort"); });
      th.setAttribute("aria-sort", order === "asc" ? "ascending" : "descending");
      list.sort(th.dataset.sort, { order: order });
    });
  });

  // What stands above the table filters it.
  all("button[data-set]").forEach(function (button) {
    button.addEventListener("click", function () {
      form.reset();
      form.elements[button.dataset.set].value = button.dataset.value;
      apply();
      byId("endpoints").scrollIntoView();
      byId("endpoints").focus({ preventScroll: true });
    });
  });

  // The pages of endpoints: the browser shows what the address names.
  var came = null;
  var arrive = function () {
    var target = location.hash.length > 1 && byId(location.hash.slice(1));
    if (target && target.classList.contains("endpoint")) {
      came = document.querySelector('a[href="' + location.hash + '"]');
      window.scrollTo(0, 0);
      target.focus({ preventScroll: true });
    } else {
      if (came) { came.focus(); }
      drawCharts();
    }
  };
  window.addEventListener("hashchange", arrive);
  document.addEventListener("keydown", function (event) {
    if (event.key === "Escape" && document.querySelector(".endpoint:target")) { location.hash = "#endpoints"; }
    if (event.key === "/" && !/^(INPUT|SELECT|TEXTAREA)$/.test(event.target.tagName) && !document.querySelector(".endpoint:target")) {
      event.preventDefault();
      search.focus();
    }
  });

  // The trend, from the table of its figures.
  var charts = [];
  function drawChart(id, values, range) {
    var box = byId(id);
    if (!box || box.clientWidth === 0) { return; }
    var style = getComputedStyle(box);
    var axis = { stroke: style.color, grid: { stroke: style.color, width: 0.3 }, ticks: { width: 0.3, stroke: style.color } };
    charts.push(new uPlot({
      width: box.clientWidth, height: 200, legend: { show: false }, cursor: { show: false },
      scales: { y: { range: range } },
      axes: [axis, Object.assign({ size: 44 }, axis)],
      series: [{}, { stroke: style.accentColor, width: 2, points: { show: true, size: 6, fill: style.accentColor } }],
    }, [history.map(function (tr) { return Number(tr.dataset.time); }), values], box));
  }
  var history = all("#history tbody tr");
  function drawCharts() {
    charts.splice(0).forEach(function (c) { c.destroy(); });
    if (history.length === 0) { return; }
    drawChart("chart-coverage", history.map(function (tr) { return 100 * Number(tr.dataset.ratio); }), [0, 100]);
    drawChart("chart-risk", history.map(function (tr) { return Number(tr.dataset.risk); }),
      function (u, min, max) { return [0, Math.max(4, Math.ceil(max * 1.15))]; });
  }
  window.addEventListener("resize", drawCharts);

  var kept = remembered();
  if (kept === "light" || kept === "dark") { root.dataset.theme = kept; }
  showTheme();
  arrive();
})();
