// PowerSync's local database and upload queue (`getCrudBatch`, `complete`), towards the smallest backend that keeps what
// it is sent: SQLite, WAL, synchronous=FULL, one transaction a request.
import { createServer } from "node:http";
import { column, PowerSyncDatabase, Schema, Table } from "@powersync/node";
import Database from "better-sqlite3";
import { digest, options, read, say, times } from "./records.mjs";

const given = options();
const records = new Table({
  kind: column.text,
  officer: column.text,
  written_at: column.integer,
  body: column.text,
});

async function open(name) {
  const database = { dbFilename: `${name}.db`, dbLocation: given.folder };
  const db = new PowerSyncDatabase({ schema: new Schema({ records }), database });
  await db.init();
  return db;
}

const insert = "INSERT INTO records (id, kind, officer, written_at, body) VALUES (?, ?, ?, ?, ?)";
const values = ({ id, kind, officer, written_at, body }) => [id, kind, officer, written_at, body];

async function text(request) {
  const parts = [];
  for await (const part of request) parts.push(part);
  return Buffer.concat(parts).toString();
}

const roles = {
  serve() {
    const db = new Database(`${given.folder}/backend.db`);
    db.pragma("journal_mode = WAL");
    db.pragma("synchronous = FULL");
    db.exec("CREATE TABLE records (id TEXT PRIMARY KEY, kind TEXT, officer TEXT, written_at INTEGER, body TEXT)");
    const put = db.prepare("INSERT OR REPLACE INTO records VALUES (@id, @kind, @officer, @written_at, @body)");
    const keep = db.transaction((rows) => rows.forEach((row) => put.run(row)));
    const server = createServer(async (request, response) => {
      if (request.method === "POST") {
        keep(JSON.parse(await text(request)));
        response.end("{}");
      } else {
        const bodies = db.prepare("SELECT body FROM records").pluck().all();
        response.end(JSON.stringify({ rows: bodies.length, digest: digest(bodies) }));
      }
    });
    server.on("connection", (socket) => socket.setNoDelay(true));
    server.listen(0, "127.0.0.1", () => say({ port: server.address().port }));
  },

  async transfer() {
    const all = read(given.records);
    const db = await open("phone");
    await db.writeTransaction(async (tx) => {
      for (const record of all) await tx.execute(insert, values(record));
    });
    const most = Number(given.batch);
    let sent = 0;
    const began = performance.now();
    for (;;) {
      const batch = await db.getCrudBatch(most);
      if (!batch) break;
      const rows = batch.crud.map(({ id, opData }) => ({ id, ...opData }));
      const answer = await fetch(given.through, { method: "POST", body: JSON.stringify(rows) });
      if (!answer.ok) throw new Error(`the backend answered ${answer.status}`);
      await answer.text();
      await batch.complete();
      sent += rows.length;
    }
    const seconds = (performance.now() - began) / 1000;
    say({ seconds, records: sent });
    say(await (await fetch(given.direct)).json());
    await db.close();
  },

  async saves() {
    const db = await open("saves");
    const took = [];
    for (const record of read(given.records).slice(0, Number(given.count))) {
      const began = performance.now();
      await db.execute(insert, values(record));
      took.push(performance.now() - began);
    }
    say(times(took));
    await db.close();
  },
};

await roles[process.argv[2]]();
