// Attachments with a new case and on one that is there, by visible labels; drafts with photos; a case for the township alone.
import { readFileSync, writeFileSync } from 'node:fs';
import { check, launch, look, visitor } from './browser.mjs';

const WORDS = {
  zh: { other: '中文', logIn: '登录', passphrase: '口令', today: '今天', lock: '锁定', newCase: '登记诉求', title: '标题', save: '保存', files: '照片、扫描件或录音', draft: '这是上次没有保存的内容。', attached: '附件', notTaken: /附件没有保存：page\.html。/, alone: '只给乡镇看', means: /只有乡镇能看/, heading: '（只给乡镇看）', flag: '内容只给乡镇看。', saved: '已保存在本机。', sending: /附件已保存 \d/, stop: '停止传送', stopped: /已停止。/, notSent: /不用重新选择/, again: '再保存一次' },
  en: { other: 'English', logIn: 'Log in', passphrase: 'Passphrase', today: 'Today', lock: 'Lock', newCase: 'New case', title: 'Title', save: 'Save', files: 'Photos, scans or sound', draft: 'This is what was not saved last time.', attached: 'Attachments', notTaken: /Not attached: page\.html\./, alone: 'For the township alone', means: /only the township can read it/, heading: '(for the township alone)', flag: 'What is said of it is for the township alone.', saved: 'Saved here.', sending: /\d.* attached\./, stop: 'Stop', stopped: /It was stopped\./, notSent: /need not be chosen again/, again: 'Attach them now' },
};
const { ROOM, URL: HOME } = process.env;
const button = (page, name) => page.getByRole('button', { name, exact: true });
const link = (page, name) => page.getByRole('link', { name, exact: true });
const field = (page, name) => page.getByRole('textbox', { name });
const heading = (page, name) => page.getByRole('heading', { level: 1, name, exact: true });

// A photo as of a camera: large, and with its place in it (Exif, GPS).
async function takePhoto(page) {
  const base64 = await page.evaluate(() => {
    const canvas = document.createElement('canvas');
    [canvas.width, canvas.height] = [2400, 1800];
    const pen = canvas.getContext('2d');
    for (let i = 0; i < 4000; i++) {
      pen.fillStyle = `hsl(${i % 360} 60% 50%)`;
      pen.fillRect((i * 37) % 2400, (i * 53) % 1800, 90, 70);
    }
    return canvas.toDataURL('image/jpeg', 0.95).split(',')[1];
  });
  const plain = Buffer.from(base64, 'base64');
  const words = Buffer.from('Exif\0\0MM\0*\0\0\0\bGPS SECRET-PLACE 31.0N 121.0E', 'latin1');
  const length = Buffer.from([0xff, 0xe1, 0, words.length + 2]);
  writeFileSync(`${ROOM}/camera.jpg`, Buffer.concat([plain.subarray(0, 2), length, words, plain.subarray(2)]));
}

async function arrive(browser, language) {
  const w = WORDS[language];
  const page = await visitor(browser, HOME);
  await page.goto(HOME);
  if (language === 'en') await button(page, w.other).click();
  await page.getByLabel('Ben').check();
  await field(page, w.passphrase).fill(process.env.PASSPHRASE);
  await button(page, w.logIn).click();
  await heading(page, w.today).waitFor();
  return page;
}

// What the browser's store has of files.
async function stored(page) {
  const all = await page.evaluate(() => new Promise((well) => {
    const open = indexedDB.open('yizhan', 1);
    open.onsuccess = () => {
      const got = open.result.transaction('files').objectStore('files').getAll();
      got.onsuccess = async () => {
        open.result.close();
        const bytes = await Promise.all(got.result.map(async (one) => new Uint8Array(one.sealed ?? await new Blob(one.map(({ name, blob }) => [name, blob]).flat()).arrayBuffer())));
        well(bytes.map((one) => { let text = ''; for (let i = 0; i < one.length; i += 4096) text += String.fromCharCode(...one.subarray(i, i + 4096)); return btoa(text); }));
      };
    };
  }));
  return all.map((one) => Buffer.from(one, 'base64'));
}

// Chosen, and the page gone before it was saved: words and photo are there again, and go with the case.
async function withDraft(page, w, language) {
  await link(page, w.newCase).click();
  await heading(page, w.newCase).waitFor();
  await field(page, w.title).fill(`photo ${language}`);
  await page.getByLabel(w.files).setInputFiles(`${ROOM}/camera.jpg`);
  await page.getByText('camera.jpg').waitFor();
  let kept = await stored(page);
  while (kept.length !== 1) kept = await stored(page);
  // On the disk nobody reads it: not its name, not the photo, and the key is nowhere there.
  const { drafts } = await page.evaluate(async () => (await fetch('/api/v1/session')).json());
  const whole = kept[0].toString('latin1');
  check(kept[0].length > 10000 && !whole.includes('camera') && !whole.includes('\xff\xd8\xff'), 'a photo that was chosen can be read in the store:', whole.slice(0, 200));
  check(/^[0-9a-f]{64}$/.test(drafts) && !(await page.evaluate(() => JSON.stringify({ ...localStorage, ...sessionStorage }))).includes(drafts), 'the key lies in the store');
  // Locked, and logged in again, it is there.
  await button(page, w.lock).click();
  await heading(page, w.logIn).waitFor();
  await page.getByLabel('Ben').check();
  await field(page, w.passphrase).fill(process.env.PASSPHRASE);
  await button(page, w.logIn).click();
  await page.getByText('camera.jpg').waitFor();
  await look(page, `${language}-new-with-photo`, [1024, 360]);
  await page.goto('about:blank');
  await page.goto(`${HOME}#/new`);
  await page.getByText(w.draft).waitFor();
  await page.getByText('camera.jpg').waitFor();
  check(await field(page, w.title).inputValue() === `photo ${language}`, 'the draft');
  // Sent while it is said how far it is, and cut off: it need not be chosen again, not even after the page was loaded anew.
  let seen = false;
  await page.route('**/attachments?*', async (route) => { await page.getByText(w.sending).waitFor(); seen = true; await route.abort(); }, { times: 1 });
  await button(page, w.save).click();
  await heading(page, `photo ${language}`).waitFor();
  await page.getByText(w.notSent).waitFor();
  check(seen, 'how far it is is not said');
  await page.reload();
  await page.getByText(w.notSent).waitFor();
  await look(page, `${language}-not-sent`, [1024, 360]);
  // Stopped on its way it waits there likewise.
  let hold;
  const held = new Promise((well) => { hold = well; });
  await page.route('**/attachments?*', async (route) => { await held; await route.abort().catch(() => null); }, { times: 1 });
  await button(page, w.again).click();
  await button(page, w.stop).click();
  await page.getByText(w.stopped).first().waitFor();
  await page.getByText(w.notSent).waitFor();
  hold();
  await page.unrouteAll({ behavior: 'wait' });
  check(await page.locator('.files img').count() === 0, 'it went all the same');
  await button(page, w.again).click();
  await page.getByText(w.notSent).waitFor({ state: 'detached' });
  await page.getByRole('heading', { level: 2, name: w.attached }).waitFor();
  const picture = page.getByRole('img', { name: 'camera.jpg' });
  await picture.waitFor();
  await page.waitForFunction(() => document.querySelector('.files img').naturalWidth > 0);
  const size = await picture.evaluate((img) => [img.naturalWidth, img.naturalHeight]);
  check(size[0] === 1600 && size[1] === 1200, 'the photo is', size);
}

// What was kept before it was sealed (as a list) is there, and sealed from then on.
async function keptBefore(page, w) {
  const many = (await stored(page)).length;
  await page.evaluate(() => new Promise((well, badly) => {
    const open = indexedDB.open('yizhan', 1);
    open.onsuccess = async () => {
      const { worker } = await (await fetch('/api/v1/session')).json();
      const change = open.result.transaction('files', 'readwrite');
      change.objectStore('files').put([{ name: 'of-before.jpg', blob: new Blob(['\xff\xd8\xff sample'], { type: 'image/jpeg' }), was: null }], `${location.port} ${worker} new`);
      change.oncomplete = () => { open.result.close(); well(); };
      change.onabort = () => badly(change.error);
    };
  }));
  await link(page, w.newCase).click();
  await page.getByText('of-before.jpg').waitFor();
  const end = Date.now() + 20000;
  while ((await stored(page)).some((one) => one.includes('of-before') || one.includes('sample'))) check(Date.now() < end, 'it lies in the clear');
  check((await stored(page)).length === many + 1, 'it is not kept');
}

// What is chosen while what was kept is still opened comes after it, now and when the form is there again.
async function whileOpened(page, w) {
  const many = (await stored(page)).length - 1;
  await page.evaluate(() => {
    const really = crypto.subtle.decrypt.bind(crypto.subtle);
    const wait = new Promise((well) => { globalThis.goOn = well; });
    crypto.subtle.decrypt = async (...all) => { await wait; return really(...all); };
  });
  await link(page, w.today).click();
  await link(page, w.newCase).click();
  await page.getByLabel(w.files).setInputFiles(`${ROOM}/scan.pdf`);
  await page.getByText('scan.pdf').waitFor();
  check(await page.getByText('of-before.jpg').count() === 0, 'it was opened at once');
  const size = async () => (await stored(page)).reduce((sum, one) => sum + one.length, 0);
  const before = await size();
  await page.evaluate(() => globalThis.goOn());
  await page.getByText('of-before.jpg').waitFor();
  check(await page.getByText('scan.pdf').count() === 1, 'what was chosen meanwhile is not there');
  const end = Date.now() + 20000;
  while (await size() <= before) check(Date.now() < end, 'both are not kept');
  await page.reload();
  await page.getByText('of-before.jpg').waitFor();
  await page.getByText('scan.pdf').waitFor();
  for (const name of ['of-before.jpg', 'scan.pdf']) await page.locator('.files li', { hasText: name }).getByRole('button').click();
  while ((await stored(page)).length > many) check(Date.now() < end, 'what was left out is kept');
}

async function onCase(page, w, language) {
  await page.getByLabel(w.files).setInputFiles([`${ROOM}/scan.pdf`, `${ROOM}/page.html`]);
  await page.getByText(w.notTaken).waitFor();
  const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: /scan\.pdf/ }).click()]);
  check(readFileSync(await download.path(), 'latin1').startsWith('%PDF-'), 'the scan');
  await look(page, `${language}-case-with-files`, [1024, 768, 360]);
  // What could not be sent waits on when another is.
  await page.getByText(w.notSent).waitFor();
  await page.getByLabel(w.files).setInputFiles(`${ROOM}/more.pdf`);
  await page.getByRole('link', { name: /more\.pdf/ }).waitFor();
  await page.getByText(w.notSent).waitFor();
  await page.locator('.files li', { hasText: 'page.html' }).getByRole('button').click();
  await page.getByText(w.notSent).waitFor({ state: 'detached' });
}

async function forTownship(page, w, language) {
  await link(page, w.newCase).click();
  await heading(page, w.newCase).waitFor();
  check(await page.getByText(w.draft).count() === 0 && await page.getByText('camera.jpg').count() === 0, 'what was saved is there again as a draft');
  await field(page, w.title).fill('kept until it is known');
  await page.getByLabel(w.alone, { exact: true }).check();
  await page.getByText(w.means).waitFor();
  await field(page, w.title).fill(`secret ${language}`);
  await look(page, `${language}-township-only`, [1024, 360]);
  const drafts = await page.evaluate(() => JSON.stringify(localStorage));
  check(!drafts.includes('secret') && !drafts.includes('kept until'), 'a draft of it', drafts);
  await button(page, w.save).click();
  await heading(page, w.heading).waitFor();
  await page.getByText(w.flag).waitFor();
  check(await page.getByText('secret').count() === 0, 'the page says it');
}

const browser = await launch();
try {
  for (const language of ['zh', 'en']) {
    const page = await arrive(browser, language);
    if (language === 'zh') await takePhoto(page);
    await withDraft(page, WORDS[language], language);
    await onCase(page, WORDS[language], language);
    await keptBefore(page, WORDS[language]);
    await whileOpened(page, WORDS[language]);
    await forTownship(page, WORDS[language], language);
    check(page.complaints.length === 0, page.complaints);
    await page.context().close();
  }
  console.log('photos and scans go with cases, and without what a camera wrote, in both languages');
} catch (error) {
  for (const context of browser.contexts()) for (const page of context.pages()) console.log(page.url(), page.complaints, await page.locator('body').innerText());
  throw error;
} finally {
  await browser.close();
}
