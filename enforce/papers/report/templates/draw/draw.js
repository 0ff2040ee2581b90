"use strict";
// What follows from a list and a seed, computed in the page itself: written from the description, with no library.
const ROUNDS = [], START = [];
(() => {
  const part = x => ((x - Math.floor(x)) * 4294967296) | 0;
  for (let n = 2; ROUNDS.length < 64; n++) {
    let prime = true;
    for (let k = 2; k * k <= n; k++) if (n % k === 0) prime = false;
    if (!prime) continue;
    if (START.length < 8) START.push(part(Math.sqrt(n)));
    ROUNDS.push(part(Math.cbrt(n)));
  }
})();

function sha256(text) {
  const bytes = new TextEncoder().encode(text), bits = bytes.length * 8;
  const padded = new Uint8Array(((bytes.length + 72) >> 6) << 6);
  padded.set(bytes);
  padded[bytes.length] = 128;
  const view = new DataView(padded.buffer), state = START.slice(), w = new Int32Array(64);
  view.setUint32(padded.length - 8, Math.floor(bits / 4294967296));
  view.setUint32(padded.length - 4, bits >>> 0);
  const turn = (x, n) => (x >>> n) | (x << (32 - n));
  for (let at = 0; at < padded.length; at += 64) {
    for (let i = 0; i < 64; i++) {
      if (i < 16) { w[i] = view.getInt32(at + 4 * i); continue; }
      const a = w[i - 15], b = w[i - 2];
      w[i] = w[i - 16] + (turn(a, 7) ^ turn(a, 18) ^ (a >>> 3)) + w[i - 7] + (turn(b, 17) ^ turn(b, 19) ^ (b >>> 10));
    }
    let [a, b, c, d, e, f, g, h] = state;
    for (let i = 0; i < 64; i++) {
      const s = h + (turn(e, 6) ^ turn(e, 11) ^ turn(e, 25)) + ((e & f) ^ (~e & g)) + ROUNDS[i] + w[i] | 0;
      const t = (turn(a, 2) ^ turn(a, 13) ^ turn(a, 22)) + ((a & b) ^ (a & c) ^ (b & c)) | 0;
      [h, g, f, e, d, c, b, a] = [g, f, e, d + s | 0, c, b, a, s + t | 0];
    }
    [a, b, c, d, e, f, g, h].forEach((x, i) => { state[i] = state[i] + x | 0; });
  }
  return state.map(x => (x >>> 0).toString(16).padStart(8, "0")).join("");
}

function digest(record) {
  const event = record.event;
  const lines = [["enforce-draw 1"], ["draw", record.draw_id, record.task_id, record.month, record.places],
    ["commit", record.committed_on, event.kind, event.place, event.date],
    ...record.listed.map(unit => ["in", unit.unit_id, unit.stratum, unit.weight]),
    ...record.left_out.map(unit => ["out", unit.unit_id, unit.reason])];
  return sha256(lines.map(line => line.join("\t") + "\n").join(""));
}

function chances(units, places) {
  const chance = new Map();
  let open = units, left = places;
  for (;;) {
    const total = open.reduce((sum, unit) => sum + unit.weight, 0);
    const sure = left ? open.filter(unit => left * unit.weight >= total) : [];
    if (!sure.length) {
      for (const unit of open) chance.set(unit, left * unit.weight / total);
      return chance;
    }
    for (const unit of sure) chance.set(unit, 1);
    open = open.filter(unit => !chance.has(unit));
    left -= sure.length;
  }
}

// One row per unit of the list: its stratum, the places of that, its ticket, its chance, its rank from 1.
function ranks(record) {
  const strata = new Map(), rows = [], size = record.listed.length;
  for (const unit of record.listed) {
    if (!strata.has(unit.stratum)) strata.set(unit.stratum, []);
    strata.get(unit.stratum).push(unit);
  }
  const groups = [...strata.values()];
  const parts = groups.map(units => Math.floor(record.places * units.length / size));
  const over = groups.map((units, n) => [record.places * units.length % size, n]).sort((a, b) => b[0] - a[0] || a[1] - b[1]);
  const spare = record.places - parts.reduce((sum, part) => sum + part, 0);
  over.slice(0, spare).forEach(([, n]) => { parts[n]++; });
  groups.forEach((units, n) => {
    const chance = chances(units, parts[n]);
    const tickets = units.map(unit => {
      const ticket = sha256(record.seed + "\n" + record.draw_id + "\n" + unit.unit_id);
      const u = (parseInt(ticket.slice(0, 13), 16) + 0.5) / 4503599627370496, p = chance.get(unit);
      return {unit, ticket, chance: p, places: parts[n], units: units.length, score: p ? u / (1 - u) * ((1 - p) / p) : 0};
    });
    tickets.sort((a, b) => a.score - b.score || (a.ticket < b.ticket ? -1 : 1));
    tickets.forEach((row, place) => rows.push({...row, rank: place + 1, drawn: place < parts[n]}));
  });
  return rows;
}

function answer(record, rows, reasons, code) {
  const row = rows.find(one => one.unit.unit_id === code), left = record.left_out.find(one => one.unit_id === code);
  if (left) return `不参加抽取：${reasons[left.reason]}。`;
  if (!row) return "名单里没有这个代码：本事项不抽取这类单位，或代码有误。";
  const stratum = row.unit.stratum ? `「${row.unit.stratum}」` : "", verdict = row.drawn ? "抽中" : "没有抽中，为候补";
  const why = row.unit.weight === 1 ? "号小的先抽中" : `按权重 ${row.unit.weight} 折算后小的先抽中`;
  return `${verdict}。${stratum}${row.units} 家中抽 ${row.places} 家，排第 ${row.rank} 位（${why}）。号 ${row.ticket}`;
}

if (typeof document !== "undefined") {
  const record = JSON.parse(document.getElementById("record").textContent);
  const reasons = JSON.parse(document.getElementById("reasons").textContent);
  if (record.result) {
    const rows = ranks(record), drawn = rows.filter(row => row.drawn).map(row => row.unit.unit_id);
    const printed = record.result.filter(unit => !unit.substitute).map(unit => unit.unit_id);
    const list = digest(record) === record.list_sha256, same = drawn.join() === printed.join();
    document.getElementById("verdict").textContent =
      `本页已重新计算：名单摘要${list ? "一致" : "不一致"}，抽中的单位${same ? "一致" : "不一致"}。`;
    const box = document.getElementById("code");
    const look = () => {
      document.getElementById("answer").textContent = answer(record, rows, reasons, box.value.trim().toUpperCase());
    };
    document.getElementById("ask").addEventListener("click", look);
    box.addEventListener("change", look);
  }
}
