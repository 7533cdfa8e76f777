// What the page weighs until it is there, and that it is made of nothing newer than five years (written in 2026: of November 2021).
import { gzipSync } from 'node:zlib';
import { readdirSync, readFileSync } from 'node:fs';
import { check, launch, visitor } from './browser.mjs';

const MOST = 120 * 1000; // bytes, compressed, of all of it
const MOST_FIRST = 16; // files until who is there is asked: each costs a slow PC what 2 kB of script cost it
// What browsers learnt after that: of the language, of what it comes with, of style sheets.
const NEWER = [/\.(findLast|findLastIndex|toSorted|toReversed|toSpliced|with|isWellFormed|groupBy|group)\(/, /structuredClone\(/, /Array\.fromAsync|Object\.groupBy|Promise\.withResolvers|Promise\.try|AbortSignal\.(timeout|any)/,
  /\/[^/\n]+\/[a-z]*v[a-z]*\.(test|exec)\(/, /^\s*static\s*\{/m, /new Set\([^)]*\)\.(union|intersection|difference|isSubsetOf)\(/, /\.(showModal|showPopover|togglePopover)\(/, /import\s+[^;]*\bwith\s*\{\s*type/, /\.(replaceChildrenWith|checkVisibility|scrollend)\b/, /navigation\.(navigate|addEventListener)/, /startViewTransition/];
const NEWER_CSS = [/:has\(/, /@container|@layer|@scope|@starting-style/, /color-mix\(|oklch\(|light-dark\(/, /\d(dvh|svh|lvh|cqw)\b/, /\bsubgrid\b/, /text-wrap:/, /^\s*&/m, /animation-timeline/, /anchor\(/];

// As on a PC six times as slow: how long until `what` is there, in ms.
async function timed(browser, url, what) {
  const page = await visitor(browser, process.env.URL);
  const devtools = await page.context().newCDPSession(page);
  await devtools.send('Emulation.setCPUThrottlingRate', { rate: 6 });
  const began = Date.now();
  await page.goto(url, { waitUntil: 'commit' });
  await page.locator(what).first().waitFor();
  const took = Date.now() - began;
  await page.context().close();
  return took;
}

// A view that cannot be fetched says so, and is there when it is asked for again.
async function withoutView(browser) {
  const page = await visitor(browser, process.env.URL);
  await page.addInitScript(() => { globalThis.requestIdleCallback = () => 0; });
  await page.goto(process.env.URL);
  await page.getByLabel('Ben', { exact: true }).check();
  await page.locator('input[type=password]').fill(process.env.PASSPHRASE);
  await page.getByRole('button', { name: '登录' }).click();
  await page.getByRole('heading', { level: 1, name: '今天' }).waitFor();
  await page.route('**/figures.js', (route) => route.abort());
  await page.getByRole('link', { name: '统计' }).click();
  await page.getByText('驿站程序没有应答').first().waitFor();
  await page.unrouteAll();
  await page.getByRole('button', { name: '再试一次' }).click();
  await page.getByRole('heading', { level: 1, name: '统计' }).waitFor();
  check(page.complaints.length === 0, page.complaints);
  await page.context().close();
}

// Safari does not say when there is nothing else to do. Views come all the same, and when the page is locked nothing stays of what
// was known while it was not: what was looked for, and the key of drafts.
async function withoutIdle(browser) {
  const page = await visitor(browser, process.env.URL);
  await page.addInitScript(() => { delete globalThis.requestIdleCallback; });
  const fetched = new Set();
  page.on('requestfinished', (request) => fetched.add(new URL(request.url()).pathname));
  await page.goto(process.env.URL);
  const logIn = async () => {
    await page.getByLabel('Ben', { exact: true }).check();
    await page.locator('input[type=password]').fill(process.env.PASSPHRASE);
    await page.getByRole('button', { name: '登录' }).click();
  };
  await logIn();
  await page.getByRole('heading', { level: 1, name: '今天' }).waitFor();
  check(await page.evaluate(() => typeof globalThis.requestIdleCallback) === 'undefined', 'it does say it');
  const end = Date.now() + 60000;
  while (!fetched.has('/villages.js')) {
    check(Date.now() < end && page.complaints.length === 0, 'the views are not fetched before:', [...fetched], page.complaints);
    await page.evaluate(() => new Promise((well) => { setTimeout(well, 50); }));
  }
  await page.getByRole('link', { name: '诉求', exact: true }).click();
  const words = page.locator('#words');
  await words.fill('Sample');
  await page.getByRole('button', { name: '查找' }).click();
  await page.waitForFunction(() => location.hash.includes('sought='));
  const seals = () => page.evaluate(async () => (await import('/sealed.js')).sealFiles([{ name: 'a', was: null, blob: new Blob(['b']) }]).then((sealed) => sealed !== null, () => false));
  check(await seals(), 'nothing is sealed');
  await page.getByRole('button', { name: '锁定' }).click();
  await page.getByRole('heading', { level: 1, name: '登录' }).waitFor();
  check(!await seals(), 'the key of drafts is there after the page was locked');
  await logIn();
  await page.getByRole('heading', { level: 1, name: '诉求' }).waitFor();
  check(await page.evaluate(() => location.hash.includes('sought=')) && await words.inputValue() === '', 'what was looked for is there after the page was locked');
  check(page.complaints.length === 0, page.complaints);
  await page.context().close();
}

const middle = (all) => [...all].sort((a, b) => a - b)[all.length >> 1];
const FOLDER = `${process.env.BUILD_DIR}/share/yizhan/page`;
const bodyOf = (name) => readFileSync(FOLDER + (name === '/' ? '/index.html' : name));

const browser = await launch();
try {
  const page = await visitor(browser, process.env.URL);
  const asked = new Set();
  const absent = [];
  page.on('request', (request) => { const { pathname } = new URL(request.url()); if (!pathname.startsWith('/api/')) asked.add(pathname); });
  page.on('response', (response) => { if (response.status() === 404) absent.push(response.url()); });
  // What comes once there is nothing else to do has not come yet.
  await page.addInitScript(() => { const idle = []; globalThis.requestIdleCallback = (what) => idle.push(what); globalThis.rest = () => { globalThis.requestIdleCallback = (what) => setTimeout(what); idle.forEach((what) => what()); }; });
  await page.goto(process.env.URL);
  await page.getByRole('heading', { level: 1 }).waitFor();
  const first = [...asked];
  check(first.length <= MOST_FIRST && first.length > 5, 'the first view is of', first.length, 'files:', first);
  // Nothing of it waits for another to say that it is needed.
  const scripts = first.filter((name) => name.endsWith('.js'));
  const told = await page.locator('link[rel=modulepreload]').evaluateAll((links) => links.map((one) => one.getAttribute('href')));
  check(scripts.every((name) => name === '/app.js' || told.includes(name)) && told.every((name) => scripts.includes(name)), 'not told in index.html, or not asked:', scripts.filter((name) => !told.includes(name)), told.filter((name) => !scripts.includes(name)));
  // The rest is there before it is wanted.
  await page.evaluate(() => globalThis.rest());
  await page.getByLabel('Ben', { exact: true }).check();
  await page.locator('input[type=password]').fill(process.env.PASSPHRASE);
  await page.getByRole('button', { name: '登录' }).click();
  await page.getByRole('heading', { level: 1, name: '今天' }).waitFor();
  const all = [...readdirSync(FOLDER).filter((name) => name.endsWith('.js')).map((name) => `/${name}`), ...readdirSync(`${FOLDER}/vendor`).filter((name) => name.endsWith('.js')).map((name) => `/vendor/${name}`)];
  const rest = all.filter((name) => name !== '/setup.js');
  const end = Date.now() + 60000;
  while (rest.some((name) => !asked.has(name))) {
    check(Date.now() < end, 'not fetched while nothing else was done:', rest.filter((name) => !asked.has(name)));
    await page.evaluate(() => new Promise((well) => { setTimeout(well, 50); }));
  }
  check(absent.length === 0, 'asked for, and not there:', absent);
  const weigh = (names) => names.reduce((sum, name) => sum + gzipSync(bodyOf(name)).length, 0);
  // With what is asked for but once, when a node is set up.
  const whole = [...new Set([...asked, ...all])];
  const weight = weigh(whole);
  check(weight <= MOST, 'the page has', weight, 'bytes');
  for (const name of whole) {
    const text = bodyOf(name).toString('utf8');
    for (const newer of name.endsWith('.css') ? NEWER_CSS : name.endsWith('.js') ? NEWER : []) check(!newer.test(text), name, 'has what is newer than five years:', String(newer), text.match(newer)?.[0] ?? '');
  }
  // The lists of what is newer find it.
  for (const [newer, text] of [[NEWER, 'a.findLast(b)'], [NEWER, 'structuredClone(a)'], [NEWER_CSS, 'a:has(b) {}'], [NEWER_CSS, 'height: 100dvh']]) check(newer.some((one) => one.test(text)), 'not found:', text);
  check(page.complaints.length === 0, page.complaints);
  await withoutView(browser);
  await withoutIdle(browser);
  const bare = [];
  const there = [];
  for (let i = 0; i < 5; i++) {
    bare.push(await timed(browser, `${process.env.URL}icon.svg`, 'svg'));
    there.push(await timed(browser, process.env.URL, 'h1'));
  }
  console.log(`first ${first.length} files of ${weigh(first)} bytes compressed, ${whole.length} of ${weight} in all; with the processor six times as slow there after ${middle(there)} ms, a picture alone after ${middle(bare)} ms`);
} finally {
  await browser.close();
}
