"use strict";
// The search: every word must be in the id, the title or what the page is part of; names before titles, beginnings before
// middles. Pages read without it.
(function () {
  var root = document.body.getAttribute("data-root");
  var form = document.querySelector("form"), input = document.getElementById("q"), found = document.getElementById("found");
  var limit = 60;
  form.hidden = false;

  function words(text) {
    return text.toLowerCase().split(/[^\p{L}\p{N}]+/u).filter(Boolean);
  }

  var entries = assizeIndex.map(function (row) {
    return {
      kind: row[0], id: row[1], title: row[2], within: row[3], path: row[4],
      names: words(row[1]), titles: words(row[2]), all: words(row.slice(0, 4).join(" ")).join(" "),
    };
  });

  function begins(list, part) {
    return list.some(function (word) { return word.indexOf(part) === 0; });
  }

  function score(entry, want) {
    var name = want.join(" "), sum = 0;
    if (entry.names.join(" ") === name || entry.titles.join(" ") === name || entry.kind === "framework" && (" " + entry.all + " ").indexOf(" " + name + " ") >= 0 && want.length > 2) {
      sum = 10000;
    }
    for (var i = 0; i < want.length; i++) {
      if (begins(entry.names, want[i])) sum += 60;
      else if (begins(entry.titles, want[i])) sum += 30;
      else if (entry.all.indexOf(want[i]) >= 0) sum += 10;
      else return 0;
    }
    return sum;
  }

  function element(name, text, className) {
    var e = document.createElement(name);
    if (text) e.textContent = text;
    if (className) e.className = className;
    return e;
  }

  function show(query) {
    var want = words(query);
    found.textContent = "";
    found.hidden = want.length === 0;
    if (found.hidden) return;
    var hits = [];
    entries.forEach(function (entry) {
      var s = score(entry, want);
      if (s > 0) hits.push({ entry: entry, score: s });
    });
    hits.sort(function (a, b) { return b.score - a.score || (a.entry.id < b.entry.id ? -1 : 1); });
    found.appendChild(element("p", hits.length === 0 ? "Nothing holds all of these words." :
      hits.length > limit ? hits.length + " found, the first " + limit + ":" : hits.length + " found:", "note"));
    if (hits.length === 0) return;
    var list = element("ul", "", "rows");
    hits.slice(0, limit).forEach(function (hit) {
      var item = element("li"), link = element("a", hit.entry.id);
      link.href = root + hit.entry.path;
      item.appendChild(link);
      item.appendChild(element("span", " " + hit.entry.title + " · " + hit.entry.kind, "note"));
      list.appendChild(item);
    });
    found.appendChild(list);
  }

  input.addEventListener("input", function () { show(input.value); });
  form.addEventListener("submit", function (event) { event.preventDefault(); show(input.value); });
  var query = new URLSearchParams(location.search).get("q");
  if (query) {
    input.value = query;
    show(query);
  }
})();
