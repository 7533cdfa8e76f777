// A draft with a name in it, before there is a passphrase; the first one is set; what is left of the draft in the browser.
import { check, launch, visitor } from './browser.mjs';

const button = (page, name) => page.getByRole('button', { name, exact: true });
const stored = (page) => page.evaluate(() => JSON.stringify(Object.values(localStorage)));

const browser = await launch();
try {
  const page = await visitor(browser, process.env.URL);
  await page.goto(process.env.URL);
  await button(page, 'English').click();
  await page.getByLabel('Clerk').check();
  await button(page, 'Log in').click();
  await page.getByRole('link', { name: 'New case' }).click();
  await page.getByRole('textbox', { name: 'Title' }).fill('A lamp is out');
  await page.getByRole('textbox', { name: 'Resident' }).fill('Sample Resident');
  await page.getByRole('textbox', { name: 'Telephone' }).fill('13800138000');
  await page.waitForFunction(() => Object.values(localStorage).some((text) => text.includes('13800138000')));
  check((await stored(page)).includes('Sample Resident'), 'nothing is kept of a draft', await stored(page));

  await page.getByRole('link', { name: 'Set a passphrase' }).click();
  await page.getByLabel(/^The new passphrase \*|^The new passphrase(?! once)/).first().fill(process.env.PASSPHRASE);
  await page.getByLabel(/^The new passphrase once more/).fill(process.env.PASSPHRASE);
  await button(page, 'Set a passphrase').click();
  await page.locator('.code').waitFor();
  await page.waitForFunction(() => !Object.values(localStorage).some((text) => text.includes('13800138000')));
  const left = await stored(page);
  check(!left.includes('Sample Resident') && left.includes('A lamp is out'), 'what is left of the draft', left);
  await page.getByRole('link', { name: 'Clerk' }).click();
  await page.reload();
  await page.getByText(/^Of 1 cases and households, names and telephone numbers were written down without a passphrase/).waitFor();
  check(page.complaints.length === 0, page.complaints);
  console.log('done');
} catch (error) {
  for (const context of browser.contexts()) for (const page of context.pages()) console.log(page.url(), page.complaints, await page.locator('body').innerText());
  throw error;
} finally {
  await browser.close();
}
