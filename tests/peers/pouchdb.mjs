// PouchDB on LevelDB, at its defaults, towards express-pouchdb on LevelDB.
import express from "express";
import expressPouchDB from "express-pouchdb";
import PouchDB from "pouchdb";
import { digest, options, read, say, times } from "./records.mjs";

const given = options();
// A document as its users would write it: the body is no text in a text.
const asDocument = ({ id, body, ...rest }) => ({ _id: id, ...rest, body: JSON.parse(body) });

const roles = {
  // The other side: a server that answers until it is stopped.
  serve() {
    const Stored = PouchDB.defaults({ prefix: `${given.folder}/` });
    const app = express();
    app.use("/", expressPouchDB(Stored, { mode: "minimumForPouchDB", logPath: `${given.folder}/log.txt` }));
    const listening = app.listen(0, "127.0.0.1", () => say({ port: listening.address().port }));
  },

  // Fills a store, waits for a word on standard input, replicates, then reads everything back from the other side.
  async transfer() {
    const records = read(given.records);
    const local = new PouchDB(`${given.folder}/phone`);
    for (let at = 0; at < records.length; at += 1000) {
      await local.bulkDocs(records.slice(at, at + 1000).map(asDocument));
    }
    const remote = new PouchDB(`${given.through}/records`);
    await remote.info();
    const began = performance.now();
    const batch = Number(given.batch);
    const done = await local.replicate.to(remote, batch ? { batch_size: batch } : {});
    const seconds = (performance.now() - began) / 1000;
    say({ seconds, records: done.docs_written });
    const there = await new PouchDB(`${given.direct}/records`).allDocs({ include_docs: true });
    say({ rows: there.rows.length, digest: digest(there.rows.map((row) => JSON.stringify(row.doc.body))) });
    await local.close();
  },

  // One document at a time, as a person saves them.
  async saves() {
    const local = new PouchDB(`${given.folder}/saves`);
    const took = [];
    for (const record of read(given.records).slice(0, Number(given.count))) {
      const began = performance.now();
      await local.put(asDocument(record));
      took.push(performance.now() - began);
    }
    say(times(took));
    await local.close();
  },
};

await roles[process.argv[2]]();
