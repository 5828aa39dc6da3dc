"use strict";
const find = (what, within = document) => [...within.querySelectorAll(what)];
const said = document.getElementById("said"), chart = document.getElementById("gantt"), map = document.getElementById("map");

// What a drawing says of itself is shown in a line: where the pointer is, or the keyboard.
function tell(event) {
  const one = event.target.closest(".tells");
  if (one) { said.textContent = one.querySelector("title").textContent; said.hidden = false; }
}
document.addEventListener("pointerover", tell);
document.addEventListener("focusin", tell);

// One stop for the Tab key in each chart; arrow keys go on from there.
const STEPS = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1, Home: -Infinity, End: Infinity };
function rove(event) {
  const one = event.target.closest(".tells"), step = STEPS[event.key];
  if (!one || !step) return;
  const all = find(".tells", one.closest("#gantt") || one.closest(".roves"));
  const next = all[Math.min(all.length - 1, Math.max(0, all.indexOf(one) + step))];
  event.preventDefault();
  one.setAttribute("tabindex", -1);
  next.setAttribute("tabindex", 0);
  next.focus({ preventScroll: true });
  next.scrollIntoView({ block: "nearest", inline: "nearest", behavior: "instant" });
}

// From a row to its explanation, and back.
function open(event) {
  const link = event.target.closest(".row, .back");
  if (!link) return;
  event.preventDefault();
  if (link.matches(".back")) { back(link.closest(".why")); return; }
  const there = document.getElementById(link.getAttribute("href").slice(1));
  there.open = true;
  there.scrollIntoView({ block: "center" });
  there.querySelector("summary").focus({ preventScroll: true });
}
function back(why) {
  const row = rows[why.id.slice(1) - 1];  // it may have been left out by what is chosen
  if (!row.isConnected) { document.querySelector(".choose").reset(); arrange(); }
  find(".row[tabindex='0']", chart).forEach(one => one.setAttribute("tabindex", -1));
  row.setAttribute("tabindex", 0);
  row.scrollIntoView({ block: "center" });
  row.focus({ preventScroll: true });
}
function escape(event) {
  const why = event.key === "Escape" && event.target.closest(".why");
  if (why) { event.preventDefault(); back(why); }
}
document.addEventListener("click", open);
document.addEventListener("keydown", rove);
document.addEventListener("keydown", escape);

// The chart by place or by function, and what is left of it and of the map by what is chosen.
const rows = chart ? find(".row", chart) : [];
const shell = chart && chart.tBodies[0].rows[0].cloneNode(true);
if (shell) find(".row", shell).forEach(row => row.remove());

function group(name, members, line, label) {
  const made = shell.cloneNode(true), svg = made.querySelector("svg"), height = line * (members.length + 1) + 6;
  made.querySelector("h3").textContent = name;
  made.querySelector(".group").textContent = name.length > 90 ? name.slice(0, 89) + "…" : name;
  svg.setAttribute("aria-label", name);
  svg.setAttribute("height", height);
  svg.setAttribute("viewBox", `0 0 ${svg.getAttribute("width")} ${height}`);
  members.forEach((row, number) => {
    row.setAttribute("transform", `translate(0 ${line * (number + 1) + 2})`);
    row.querySelector(".label").textContent = label(row);
  });
  svg.append(...members);
  return made;
}
function arrange() {
  const by = document.querySelector("input[name=by]:checked").value, other = by === "p" ? "f" : "p";
  const chosen = find(".choose select"), line = Number(chart.dataset.line);
  const values = Object.fromEntries(chosen.map(one => [one.name, [...one.options].slice(1)]));
  const shown = rows.filter(row => chosen.every(one => !one.value || row.dataset[one.name] === one.value));
  const groups = new Map();
  for (const row of shown) {
    if (!groups.has(row.dataset[by])) groups.set(row.dataset[by], []);
    groups.get(row.dataset[by]).push(row);
  }
  const made = [...groups.keys()].sort((a, b) => a - b).map(key => {
    const members = groups.get(key).sort((a, b) => a.dataset.t - b.dataset.t);
    return group(values[by][key].textContent, members, line, row => values[other][row.dataset[other]].dataset.short);
  });
  chart.tBodies[0].replaceChildren(...made);
  rows.forEach(row => row.setAttribute("tabindex", -1));
  const first = chart.querySelector(".row");
  if (first) first.setAttribute("tabindex", 0);
  const places = new Set(shown.map(row => row.dataset.p));
  if (map) for (const row of map.rows) row.classList.toggle("gone", !places.has(row.dataset.p));
  const told = document.getElementById("shown");
  told.textContent = told.dataset.say.replace("%1", shown.length).replace("%2", rows.length);
}
if (chart) find(".choose input, .choose select").forEach(one => one.addEventListener("change", arrange));
