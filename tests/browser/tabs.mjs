// Two tabs of one browser, and another browser of another worker, on the same case at once: what each typed is saved or said.
import { check, launch, visitor } from './browser.mjs';

const field = (page, name) => page.getByRole('textbox', { name });
const button = (page, name) => page.getByRole('button', { name, exact: true });
const heading = (page, name) => page.getByRole('heading', { level: 1, name });

async function logIn(page, who) {
  await page.goto(process.env.URL);
  await button(page, 'English').click();
  await page.getByLabel(who, { exact: true }).check();
  await field(page, 'Passphrase').fill(process.env.PASSPHRASE);
  await button(page, 'Log in').click();
  await heading(page, 'Today').waitFor();
}

const browser = await launch();
try {
  const one = await visitor(browser, process.env.URL);
  await logIn(one, 'Ben');
  const two = await one.context().newPage();
  await two.goto(`${process.env.URL}#/new`);
  await heading(two, 'New case').waitFor();
  await one.goto(`${process.env.URL}#/new`);
  await heading(one, 'New case').waitFor();
  // Typed in turn, saved the other way round: each has its own words.
  await field(one, 'Title').fill('First tab');
  await field(two, 'Title').fill('Second tab');
  await button(one, 'Save').click();
  await heading(one, 'First tab').waitFor();
  await button(two, 'Save').click();
  await heading(two, 'Second tab').waitFor();
  // The same case, resolved by another worker while it stands open here: it is said, and what was typed stays.
  const other = await visitor(browser, process.env.URL);
  await logIn(other, '示例干部 Clerk');
  await other.goto(one.url());
  await heading(other, 'First tab').waitFor();
  await two.goto(one.url());
  await heading(two, 'First tab').waitFor();
  for (const page of [one, two, other]) {
    await button(page, 'Resolve').click();
    await field(page, 'What was done').fill(`by ${[one, two, other].indexOf(page)}`);
  }
  await button(other, 'Save').click();
  await other.getByText('Saved here.').waitFor();
  for (const page of [one, two]) {
    await button(page, 'Save').click();
    await page.getByRole('alert').waitFor();
    check((await field(page, 'What was done').inputValue()) === `by ${[one, two].indexOf(page)}`, 'what was typed is gone');
  }
  // Who locks one tab has locked the other.
  await button(one, 'Lock').click();
  await heading(one, 'Log in').waitFor();
  await two.reload();
  await heading(two, 'Log in').waitFor();
  for (const page of [one, two, other]) check((page.complaints ?? []).length === 0, page.complaints);
  console.log('two tabs and two workers at once do no harm');
} catch (error) {
  for (const context of browser.contexts()) for (const page of context.pages()) console.log(page.url(), page.complaints, await page.locator('body').innerText());
  throw error;
} finally {
  await browser.close();
}
