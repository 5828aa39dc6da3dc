"use strict";
const said = document.getElementById("said"), chart = document.getElementById("gantt");
const rows = [...document.querySelectorAll("#gantt .row")], heads = document.getElementById("heads");
const TOP = 34, LINE = 16, names = "http://www.w3.org/2000/svg";
function text(x, y, words) {
  const node = document.createElementNS(names, "text");
  node.setAttribute("x", x); node.setAttribute("y", y); node.setAttribute("font-weight", "bold"); node.textContent = words;
  return node;
}
function arrange() {
  const by = document.querySelector("input[name=by]:checked").value;
  const wanted = Object.fromEntries([...document.querySelectorAll("select")].map(one => [one.name, one.value]));
  const shown = rows.filter(row => Object.entries(wanted).every(([key, value]) => !value || row.dataset[key] === value));
  rows.forEach(row => row.classList.add("gone"));
  shown.sort((a, b) => a.dataset[by].localeCompare(b.dataset[by]) || a.dataset.at - b.dataset.at);
  heads.replaceChildren();
  let y = TOP, group = null;
  for (const row of shown) {
    if (row.dataset[by] !== group) { group = row.dataset[by]; heads.append(text(4, y + 12, group)); y += LINE; }
    row.classList.remove("gone");
    row.setAttribute("transform", `translate(0 ${y})`);
    chart.append(row);
    y += LINE;
  }
  chart.setAttribute("height", y + 6);
  chart.setAttribute("viewBox", `0 0 ${chart.dataset.width} ${y + 6}`);
}
for (const row of rows) {
  const tell = () => { said.textContent = row.querySelector("title").textContent; };
  row.addEventListener("mouseenter", tell);
  row.addEventListener("focus", tell);
  const open = () => {
    const full = document.getElementById(row.dataset.full);
    if (full) { full.open = true; full.scrollIntoView({ block: "center" }); full.querySelector("summary").focus(); }
  };
  row.addEventListener("click", open);
  row.addEventListener("keydown", event => { if (event.key === "Enter") open(); });
}
for (const one of document.querySelectorAll("form input, form select")) one.addEventListener("change", arrange);
