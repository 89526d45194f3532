// The records every system is given, and how what arrived is compared with them.
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";

// One record a line: {"id", "kind", "officer", "written_at", "body"}; `body` is text, so that it is compared as it is.
export function read(file) {
  return readFileSync(file, "utf8").trimEnd().split("\n").map((line) => JSON.parse(line));
}

// SHA-256 over the sorted SHA-256 of each body.
export function digest(bodies) {
  const each = bodies.map((body) => createHash("sha256").update(body).digest("hex")).sort();
  return createHash("sha256").update(each.join("\n")).digest("hex");
}

export function times(milliseconds) {
  const sorted = Float64Array.from(milliseconds).sort();
  const at = (part) => sorted[Math.round((sorted.length - 1) * part)];
  return { p50: at(0.5), p99: at(0.99) };
}

export function say(value) {
  console.log(JSON.stringify(value));
}

// `--name value` pairs after the first argument.
export function options() {
  const all = process.argv.slice(3);
  return Object.fromEntries(all.flatMap((one, at) => (one.startsWith("--") ? [[one.slice(2), all[at + 1]]] : [])));
}
