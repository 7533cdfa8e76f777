// What PouchDB takes for the same work (tests/bench/compare.sh): pouch.mjs MODULES VILLAGES. Prints one
// JSON object. The hub's side runs in a process of its own, whose sockets are counted.
import { fork } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import http from 'node:http';

const load = createRequire(`${process.argv[2]}/`);
const PouchDB = load('pouchdb');

function serve() {
  let bytes = 0;
  let turns = 0;
  const app = load('express')();
  app.use((request, answer, next) => { turns++; next(); });
  app.use('/', load('express-pouchdb')(PouchDB.defaults({ prefix: './pouch-hub-' }), { mode: 'minimumForPouchDB', inMemoryConfig: true }));
  const server = http.createServer(app);
  const open = new Set();
  server.on('connection', (socket) => {
    open.add(socket);
    socket.on('close', () => { open.delete(socket); bytes += socket.bytesRead + socket.bytesWritten; });
  });
  process.on('message', () => {
    let now = bytes;
    for (const socket of open) now += socket.bytesRead + socket.bytesWritten;
    process.send({ bytes: now, turns, memory: process.memoryUsage().rss });
  });
  server.listen(0, '127.0.0.1', () => process.send({ port: server.address().port }));
}

const told = (child) => new Promise((done) => child.once('message', done));
const asked = (child) => { const answer = told(child); child.send('?'); return answer; };
const seconds = async (work) => { const from = performance.now(); await work(); return (performance.now() - from) / 1000; };

const rowsOf = (file) => readFileSync(file, 'utf8').trim().split('\n').map((line) => JSON.parse(line));
const docOf = (row, i) => ({ _id: `case-${i}`, title: row.title, text: row.text });

// Villages to one hub, one after the other, each into a database of its own there.
async function villagesToHub(count, to) {
  const all = [];
  for (let v = 1; v <= count; v++) {
    all.push(new PouchDB(`pouch-v${v}`));
    await all.at(-1).bulkDocs(rowsOf(`village${v}.jsonl`).map(docOf));
  }
  return seconds(async () => { for (const [v, db] of all.entries()) await db.replicate.to(`${to}/v${v}`); });
}

async function findIn(file, word) {
  const db = new PouchDB('pouch-many');
  const docs = rowsOf(file).map(docOf);
  while (docs.length) await db.bulkDocs(docs.splice(0, 1000));
  let found = 0;
  const took = await seconds(async () => {
    const all = await db.allDocs({ include_docs: true });
    found = all.rows.filter((row) => row.doc.text.includes(word)).length;
  });
  if (found !== 10) throw new Error(`${word} was found ${found} times`);
  return took;
}

async function compare() {
  const rows = rowsOf('rows.jsonl');
  const hub = fork(process.argv[1], [process.argv[2], process.argv[3], 'serve']);
  const { port } = await told(hub);
  const idle = (await asked(hub)).memory;
  const db = new PouchDB('pouch-village');
  const create = await seconds(async () => { for (const [i, row] of rows.entries()) await db.put(docOf(row, i)); });
  const to = `http://127.0.0.1:${port}`;
  const first = await seconds(() => db.replicate.to(`${to}/hub`));
  const after = await asked(hub);
  await db.put({ _id: 'one-more', title: rows[0].title, text: rows[0].text });
  const one = await seconds(() => db.replicate.to(`${to}/hub`));
  const last = await asked(hub);
  const peak = process.resourceUsage().maxRSS * 1024;
  const villages = await villagesToHub(Number(process.argv[3]), to);
  const found = await findIn('many.jsonl', '驿道');
  console.log(JSON.stringify({ create, first, first_bytes: after.bytes, one, one_bytes: last.bytes - after.bytes,
    one_turns: last.turns - after.turns, idle, villages, found, peak }));
  hub.kill();
  process.exit(0);
}

if (process.argv[4] === 'serve') serve();
else await compare();
