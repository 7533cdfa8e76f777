// The program ends while someone types: it is said, and what was typed is there when it runs again.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { check, launch, visitor } from './browser.mjs';

const button = (page, name) => page.getByRole('button', { name, exact: true });
const field = (page, name) => page.getByRole('textbox', { name });

async function start(listen) {
  const program = spawn(process.env.YIZHAN, ['--dir', 'v', '--json', 'serve', '--listen', listen], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [said] = await once(program.stdout, 'data');
  return { program, url: JSON.parse(said).url };
}

async function stop({ program }, signal) {
  program.kill(signal);
  await once(program, 'exit');
}

async function logIn(page) {
  await page.getByLabel('Ben').check();
  await field(page, 'Passphrase').fill(process.env.PASSPHRASE);
  await button(page, 'Log in').click();
  await button(page, 'Log in').waitFor({ state: 'detached' });
}

let running = await start('127.0.0.1:0');
const { url } = running;
const browser = await launch();
try {
  const page = await visitor(browser, url);
  await page.goto(url);
  await button(page, 'English').click();
  await logIn(page);
  await page.getByRole('link', { name: 'New case' }).click();
  await field(page, 'Title').fill('Typed 村口');
  await field(page, 'Text').fill('Still here');
  await stop(running, 'SIGKILL');
  await button(page, 'Save').click();
  await page.getByText('The program does not answer').first().waitFor();
  check(await field(page, 'Title').inputValue() === 'Typed 村口', 'what was typed is gone');
  running = await start(url.replace('http://', '').replace('/', ''));
  // The key was in the program's memory alone.
  await button(page, 'Save').click();
  await page.getByText(/not logged in/).waitFor();
  await page.reload();
  await logIn(page);
  await page.getByText('This is what was not saved last time.').waitFor();
  check(await field(page, 'Text').inputValue() === 'Still here', 'the text is gone');
  await button(page, 'Save').click();
  await page.getByRole('heading', { level: 1, name: 'Typed 村口' }).waitFor();
  await page.getByRole('link', { name: 'New case' }).click();
  check(await field(page, 'Title').inputValue() === '', 'a draft stays after it was saved');
  // Nobody else has it.
  await field(page, 'Title').fill('of Ben alone');
  await page.waitForFunction(() => Object.values(localStorage).some((text) => text.includes('of Ben alone')));
  await button(page, 'Lock').click();
  await page.getByLabel('示例干部 Clerk').check();
  await field(page, 'Passphrase').fill(process.env.PASSPHRASE);
  await button(page, 'Log in').click();
  await page.getByRole('heading', { level: 1, name: 'New case' }).waitFor();
  check(await field(page, 'Title').inputValue() === '', "another's draft is shown");
  check(page.complaints.length === 0, page.complaints);
  console.log('what was typed outlives the program');
} catch (error) {
  for (const context of browser.contexts()) for (const page of context.pages()) console.log(page.url(), page.complaints, await page.locator('body').innerText());
  throw error;
} finally {
  await browser.close();
  await stop(running, 'SIGTERM');
}
