// One Chromium, and what the stories need of it. Everything is found as people find it: by what is written on it.
import { createRequire } from 'node:module';
import { readFileSync } from 'node:fs';

const require = createRequire(`${process.env.MODULES}/`);
const { chromium } = require('playwright-core');
const axe = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');

export class Failed extends Error {}
export function check(well, ...what) {
  if (!well) throw new Failed(what.map((one) => (typeof one === 'string' ? one : JSON.stringify(one))).join(' '));
}

export async function launch() {
  return chromium.launch({
    executablePath: process.env.CHROMIUM,
    args: ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
      '--disable-component-update', '--disable-sync'],
  });
}

// A browser of someone who was never here. What it complains of is a failure: an error of a script, and
// anything that the page's rules (CSP) forbade.
export async function visitor(browser, home, width = 1024) {
  const context = await browser.newContext({ viewport: { width, height: 768 }, locale: 'zh-CN', timezoneId: 'Asia/Shanghai', ignoreHTTPSErrors: true });
  const page = await context.newPage();
  page.setDefaultTimeout(20000);
  page.complaints = [];
  page.on('pageerror', (error) => page.complaints.push(String(error)));
  page.on('dialog', (dialog) => { page.complaints.push(`a dialog: ${dialog.message()}`); dialog.dismiss(); });
  page.on('console', (message) => {
    const text = message.text();
    // That a request was refused is said by the page itself.
    if (message.type() === 'error' && !text.startsWith('Failed to load resource')) page.complaints.push(text);
  });
  page.on('request', (request) => {
    if (!request.url().startsWith(home)) page.complaints.push(`asked elsewhere: ${request.url()}`);
  });
  return page;
}

// Waits for the end of the contact that `begin` begins, however short it is.
export async function contact(page, begin) {
  const state = () => page.evaluate(async () => (await fetch('/api/v1/contact')).json());
  const before = (await state()).turn;
  await begin();
  const end = Date.now() + 60000;
  for (let now = await state(); now.running || now.turn === before; now = await state()) {
    check(Date.now() < end, 'the contact does not end', now);
    await new Promise((well) => { setTimeout(well, 50); });
  }
}

// Without a mouse: Tab until what is wanted has the focus. name: how it begins, or a pattern.
export async function tabTo(page, what, name) {
  for (let i = 0; i < 80; i++) {
    await page.keyboard.press('Tab');
    const here = await page.evaluate(() => {
      const at = document.activeElement;
      return [at.tagName.toLowerCase(), (at.labels?.[0] ?? at).innerText];
    });
    if (here[0] === what && (name instanceof RegExp ? name.test(here[1]) : here[1].startsWith(name))) return;
  }
  check(false, 'the keyboard does not reach', what, String(name));
}

// A view as it stands: nothing serious for axe, nothing wider than the screen, and a picture of it, at each width.
export async function look(page, name, widths = [1024, 360]) {
  // Axe runs in a world of its own, where the page's rules do not hold.
  await page.evaluate(axe);
  const { violations } = await page.evaluate(() => globalThis.axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'best-practice'] }));
  check(violations.length === 0, name, violations.map((one) => [one.id, one.nodes.map((node) => node.html.slice(0, 120))]));
  if (await page.locator('header nav').count() > 0) check(await page.locator('.help summary').count() === 1, name, 'has no help');
  const size = page.viewportSize();
  for (const width of widths) {
    await page.setViewportSize({ width, height: 768 });
    const wide = await page.evaluate(() => document.documentElement.scrollWidth);
    check(wide <= width, name, 'is', wide, 'wide at', width);
    await page.screenshot({ path: `${process.env.PICTURES}/${name}-${width}.png`, fullPage: true });
  }
  await page.setViewportSize({ width: 1024, height: 768 });
  // With letters twice as large nothing is cut off either.
  await page.evaluate(() => { document.documentElement.style.fontSize = '200%'; });
  const wide = await page.evaluate(() => document.documentElement.scrollWidth);
  check(wide <= 1024, name, 'with large letters is', wide, 'wide at 1024');
  await page.evaluate(() => { document.documentElement.style.fontSize = ''; });
  await page.setViewportSize(size);
  check(page.complaints.length === 0, name, page.complaints);
}
