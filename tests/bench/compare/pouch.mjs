// What PouchDB takes for the same work (tests/bench/compare.sh): pouch.mjs ROWS MODULES. Prints one
// JSON object. The hub's side runs in a process of its own, whose sockets are counted.
import { fork } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import http from 'node:http';

const load = createRequire(`${process.argv[3]}/`);
const PouchDB = load('pouchdb');

function serve() {
  let bytes = 0;
  const app = load('express')();
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
    process.send({ bytes: now, memory: process.memoryUsage().rss });
  });
  server.listen(0, '127.0.0.1', () => process.send({ port: server.address().port }));
}

const told = (child) => new Promise((done) => child.once('message', done));
const asked = (child) => { const answer = told(child); child.send('?'); return answer; };
const seconds = async (work) => { const from = performance.now(); await work(); return (performance.now() - from) / 1000; };

async function compare() {
  const rows = readFileSync(process.argv[2], 'utf8').trim().split('\n').map((line) => JSON.parse(line));
  const hub = fork(process.argv[1], [process.argv[2], process.argv[3], 'serve']);
  const { port } = await told(hub);
  const idle = (await asked(hub)).memory;
  const db = new PouchDB('pouch-village');
  const create = await seconds(async () => {
    for (const [i, row] of rows.entries()) await db.put({ _id: `case-${i}`, title: row.title, text: row.text });
  });
  const to = `http://127.0.0.1:${port}/hub`;
  const first = await seconds(() => db.replicate.to(to));
  const after = (await asked(hub)).bytes;
  await db.put({ _id: 'one-more', title: rows[0].title, text: rows[0].text });
  const one = await seconds(() => db.replicate.to(to));
  const last = (await asked(hub)).bytes;
  const found = await seconds(async () => {
    const all = await db.allDocs({ include_docs: true });
    return all.rows.filter((row) => row.doc.text.includes('路灯')).length;
  });
  console.log(JSON.stringify({ create, first, first_bytes: after, one, one_bytes: last - after, idle, found, peak: process.resourceUsage().maxRSS * 1024 }));
  hub.kill();
  process.exit(0);
}

if (process.argv[4] === 'serve') serve();
else await compare();
