// A long list: as one scrolls it goes on by itself, each case once and in order, few of them in the document; the keyboard has a button for it.
import { check, launch, look, visitor } from './browser.mjs';

const MANY = Number(process.env.MANY);
const MOST_ROWS = 400; // in the document, however long the list is

// An answer that comes late, when something else is looked for, is passed over.
async function lateAnswer(page) {
  let go;
  const late = new Promise((well) => { go = well; });
  await page.route('**/cases?search=case+1&*', async (route) => { await late; await route.continue(); });
  await page.route('**/cases?search=case+1', async (route) => { await late; await route.continue(); });
  const find = async (words) => {
    await page.getByRole('searchbox', { name: 'Words in title' }).fill(words);
    await page.getByRole('button', { name: 'Search', exact: true }).click();
  };
  const asked = page.waitForRequest(/search=case\+1$/);
  await find('case 1');
  await asked;
  await find('case 26');
  await page.getByText(/^\d+ shown$/).waitFor();
  const shown = await page.getByText(/^\d+ shown$/).innerText();
  go();
  await page.unrouteAll({ behavior: 'wait' });
  await page.evaluate(() => new Promise((well) => { requestAnimationFrame(() => requestAnimationFrame(well)); }));
  check(await page.getByText(/^\d+ shown$/).innerText() === shown && !shown.startsWith('50'), 'the list is that of another search:', shown);
}

// The form says of which place; the address does not, and Back finds it again.
async function ofPlace(page) {
  async function lookIn(place) {
    await page.getByLabel('Place', { exact: true }).fill(place);
    await page.getByRole('button', { name: 'Search', exact: true }).click();
  }
  await page.locator('summary', { hasText: 'By category' }).click();
  const few = page.getByText(`${Math.floor(MANY / 100)} shown`, { exact: true });
  await lookIn('bridge 7');
  await few.waitFor();
  check(!/bridge|place/.test(page.url()), 'the address says where', page.url());
  await lookIn('nowhere');
  await page.getByText('There are no such cases.').waitFor();
  check(!/nowhere|place/.test(page.url()), 'the address says where', page.url());
  await page.goBack();
  await few.waitFor();
  await page.goForward();
  await page.getByRole('button', { name: /^nowhere/ }).click();
  await page.getByText('100 shown', { exact: true }).waitFor();
}

// Households stand in a table, the first of them, and more when they are asked for.
async function households(page) {
  const HOMES = 230;
  await page.evaluate(async (many) => {
    const { ask } = await import('/ask.js');
    for (let i = 0; i < many; i++) await ask('POST', 'households', { name: `Home ${i}` });
  }, HOMES);
  await page.getByRole('link', { name: 'Households', exact: true }).click();
  await page.getByText(`${HOMES} in all`, { exact: true }).waitFor();
  const there = () => page.locator('tbody tr').count();
  check(await there() === 200, await there(), 'households are in the document');
  await page.getByRole('button', { name: 'Show more' }).click();
  await page.getByRole('button', { name: 'Show more' }).waitFor({ state: 'detached' });
  check(await there() === HOMES, await there(), 'households are shown of', HOMES);
}

const browser = await launch();
try {
  const page = await visitor(browser, process.env.URL);
  await page.goto(process.env.URL);
  await page.getByRole('button', { name: 'English' }).click();
  await page.getByLabel('Ben', { exact: true }).check();
  await page.locator('input[type=password]').fill(process.env.PASSPHRASE);
  await page.getByRole('button', { name: 'Log in' }).click();
  await page.getByRole('heading', { level: 1, name: 'Today' }).waitFor();
  await page.evaluate(() => {
    globalThis.longest = 0;
    let last = performance.now();
    const tick = (now) => { globalThis.longest = Math.max(globalThis.longest, now - last); last = now; requestAnimationFrame(tick); };
    requestAnimationFrame(tick);
  });
  await page.getByRole('link', { name: 'Cases', exact: true }).click();
  const rows = page.locator('ul.cases > li');
  await rows.first().waitFor();
  await page.evaluate(() => { globalThis.longest = 0; });
  // What is in the document now: [place, title] of each row, and what is said of the length of the list.
  const seen = new Map();
  const record = async () => {
    const now = await rows.evaluateAll((all) => all.map((one) => [Number(one.getAttribute('aria-posinset')), one.querySelector('.title').textContent, Number(one.getAttribute('aria-setsize'))]));
    check(now.length <= MOST_ROWS, now.length, 'rows are in the document');
    for (const [place, title] of now) {
      check(!seen.has(place) || seen.get(place) === title, 'at place', place, 'stood', seen.get(place), 'and now', title);
      seen.set(place, title);
    }
    return now;
  };
  const drawn = () => page.evaluate(() => new Promise((well) => { requestAnimationFrame(() => requestAnimationFrame(well)); }));
  const shown = async () => Number((await page.getByText(/^\d+ shown$/).innerText()).split(' ')[0]);
  const end = Date.now() + 600000;
  while (!(await record()).some(([place]) => place === MANY)) {
    check(Date.now() < end, 'the list ends at', await shown());
    await page.mouse.move(400, 500);
    await page.mouse.wheel(0, 4000);
    await drawn();
  }
  console.log(`${MANY} cases, the longest time between two frames ${Math.round(await page.evaluate(() => globalThis.longest))} ms`);
  check(await shown() === MANY && (await record()).every(([, , size]) => size === MANY), 'the length of the list is not said');
  check(new Set(seen.values()).size === MANY && seen.size === MANY, 'not each once:', seen.size);
  await page.getByRole('button', { name: 'Show more' }).waitFor({ state: 'detached' });
  // Back, by the keyboard and by a leap: what stood there stands there.
  const inView = () => rows.evaluateAll((all) => all.filter((one) => { const { top, bottom } = one.getBoundingClientRect(); return bottom > 0 && top < innerHeight; }).map((one) => Number(one.getAttribute('aria-posinset'))));
  const until = async (what, is) => { for (let now = await inView(); !is(now); now = await inView()) { check(Date.now() < end, what, now); await drawn(); await record(); } };
  await page.keyboard.press('Home');
  await until('Home does not lead to the first', (now) => now.includes(1));
  await page.evaluate(() => scrollTo(0, document.documentElement.scrollHeight / 2));
  await until('nothing is in the middle', (now) => now.some((place) => Math.abs(place - MANY / 2) < MANY / 10 + 20));
  await page.keyboard.press('End');
  await until('End does not lead to the last', (now) => now.includes(MANY));
  // Who is at a row with the keyboard stays there while others scroll by, and goes on from there.
  await rows.last().locator('a').focus();
  await page.evaluate(() => scrollTo(0, 0));
  await until('the first is not there', (now) => now.includes(1));
  check(await page.evaluate(() => document.activeElement.closest('li')?.getAttribute('aria-posinset')) === `${MANY}`, 'the keyboard has lost its place');
  await page.keyboard.press('Shift+Tab');
  await until('the row before is not in view', (now) => now.includes(MANY - 1));
  check(await page.evaluate(() => document.activeElement.closest('li')?.getAttribute('aria-posinset')) === `${MANY - 1}`, 'the keyboard does not go on from its place');
  if (MANY < 1000) { await ofPlace(page); await lateAnswer(page); }
  if (MANY < 1000) await look(page, 'en-long', [360]);
  if (MANY < 1000) await households(page);
  check(page.complaints.length === 0, page.complaints);
} finally {
  await browser.close();
}
