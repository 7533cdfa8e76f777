// A long list: as one scrolls it goes on by itself, each case once and in order; the keyboard has a button for it.
import { check, launch, look, visitor } from './browser.mjs';

const MANY = Number(process.env.MANY);

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
  const end = Date.now() + 600000;
  let before = 0;
  for (let n = await rows.count(); n < MANY; n = await rows.count()) {
    check(Date.now() < end, 'the list ends at', n);
    await page.mouse.move(400, 500);
    await page.mouse.wheel(0, 4000);
    if (n === before) await page.evaluate(() => new Promise((well) => { requestAnimationFrame(well); }));
    before = n;
  }
  console.log(`${MANY} cases, the longest time between two frames ${Math.round(await page.evaluate(() => globalThis.longest))} ms`);
  const titles = await page.locator('ul.cases .title').allTextContents();
  check(new Set(titles).size === MANY && titles.length === MANY, 'not each once:', titles.length);
  await page.getByRole('button', { name: 'Show more' }).waitFor({ state: 'detached' });
  if (MANY < 1000) await lateAnswer(page);
  if (MANY < 1000) await look(page, 'en-long', [360]);
  check(page.complaints.length === 0, page.complaints);
} finally {
  await browser.close();
}
