// What the page weighs until it is there, and that it is made of nothing newer than five years (written in 2026: of November 2021).
import { gzipSync } from 'node:zlib';
import { check, launch, visitor } from './browser.mjs';

const MOST = 120 * 1000; // bytes, compressed
// What browsers learnt after that: of the language, of what it comes with, of style sheets.
const NEWER = [/\.(findLast|findLastIndex|toSorted|toReversed|toSpliced|with|isWellFormed|groupBy|group)\(/, /structuredClone\(/, /Array\.fromAsync|Object\.groupBy|Promise\.withResolvers|Promise\.try|AbortSignal\.(timeout|any)/,
  /\/[^/\n]+\/[a-z]*v[a-z]*\.(test|exec)\(/, /^\s*static\s*\{/m, /new Set\([^)]*\)\.(union|intersection|difference|isSubsetOf)\(/, /\.(showModal|showPopover|togglePopover)\(/, /import\s+[^;]*\bwith\s*\{\s*type/, /\.(replaceChildrenWith|checkVisibility|scrollend)\b/, /navigation\.(navigate|addEventListener)/, /startViewTransition/];
const NEWER_CSS = [/:has\(/, /@container|@layer|@scope|@starting-style/, /color-mix\(|oklch\(|light-dark\(/, /\d(dvh|svh|lvh|cqw)\b/, /\bsubgrid\b/, /text-wrap:/, /^\s*&/m, /animation-timeline/, /anchor\(/];

const browser = await launch();
try {
  const page = await visitor(browser, process.env.URL);
  page.setDefaultTimeout(6 * 20000);
  const files = [];
  const waits = [];
  const absent = [];
  page.on('response', (response) => {
    const name = new URL(response.url()).pathname;
    if (response.status() === 404) absent.push(name);
    waits.push(response.body().then((body) => files.push([name, body]), () => null));
  });
  // As on a PC six times as slow.
  const devtools = await page.context().newCDPSession(page);
  await devtools.send('Emulation.setCPUThrottlingRate', { rate: 6 });
  const began = Date.now();
  await page.goto(process.env.URL);
  await page.getByRole('heading', { level: 1 }).waitFor();
  const took = Date.now() - began;
  await Promise.all(waits);
  const weight = files.reduce((sum, [, body]) => sum + gzipSync(body).length, 0);
  console.log(`${files.length} files, ${weight} bytes compressed; there after ${took} ms with the processor six times as slow`);
  check(weight <= MOST, 'the first load has', weight, 'bytes');
  check(files.length > 20, 'not all was seen:', files.map(([name]) => name));
  for (const [name, body] of files) {
    const text = body.toString('utf8');
    for (const newer of name.endsWith('.css') ? NEWER_CSS : name.endsWith('.js') ? NEWER : []) check(!newer.test(text), name, 'has what is newer than five years:', String(newer), text.match(newer)?.[0] ?? '');
  }
  check(absent.length === 0, 'asked for, and not there:', absent);
  // Nothing waits for another to say that it is needed.
  const asked = files.map(([name]) => name).filter((name) => name.endsWith('.js'));
  const told = await page.locator('link[rel=modulepreload]').evaluateAll((links) => links.map((one) => one.getAttribute('href')));
  check(asked.every((name) => name === '/app.js' || told.includes(name)) && told.every((name) => asked.includes(name)), 'not told in index.html, or not asked:', asked.filter((name) => !told.includes(name)), told.filter((name) => !asked.includes(name)));
  // The lists of what is newer find it.
  for (const [newer, text] of [[NEWER, 'a.findLast(b)'], [NEWER, 'structuredClone(a)'], [NEWER_CSS, 'a:has(b) {}'], [NEWER_CSS, 'height: 100dvh']]) check(newer.some((one) => one.test(text)), 'not found:', text);
  check(page.complaints.length === 0, page.complaints);
} finally {
  await browser.close();
}
