// The workers of a village in its page, by visible labels. STEP says how far the township is.
import { check, launch, look, visitor } from './browser.mjs';
import { Hands } from './hands.mjs';

const WORDS = {
  zh: { today: '今天', workers: '工作人员', name: '姓名', first: '第一个口令', same: '再输一次新口令', add: '新增', code: /已加入。恢复码/, awaiting: '待批准', granted: '已批准', rename: '新的姓名', save: '保存', saved: '已保存在本机。', end: /^停用/, sure: /不能再在这里登录/, left: /还有未办结的诉求/, passphrase: '口令', logIn: '登录', newCase: '登记诉求', title: '标题', lock: '锁定', notSame: '两次输入的新口令不一样。' },
  en: { today: 'Today', workers: 'Workers', name: 'Name', first: 'The first passphrase', same: 'The new passphrase once more', add: 'Add', code: /signs here from now on. Recovery code/, awaiting: 'awaiting', granted: 'granted', rename: 'The new name', save: 'Save', saved: 'Saved here.', end: /^End/, sure: /cannot log in here any more/, left: /are open; give them/, passphrase: 'Passphrase', logIn: 'Log in', newCase: 'New case', title: 'Title', lock: 'Lock', notSame: 'The new passphrase is not the same both times.' },
};
const { LANGUAGE, STEP, URL: HOME, PASSPHRASE } = process.env;
const w = WORDS[LANGUAGE];
const fresh = `新来的 New ${LANGUAGE}`;
const called = `改名 Called ${LANGUAGE}`;

async function logIn(hands, who, passphrase, where = w.today) {
  await hands.page.getByLabel(who, { exact: true }).check();
  await hands.page.locator('input[type=password]').fill(passphrase);
  await hands.click('button', w.logIn);
  await hands.at(where);
}

async function arrive(browser, who, passphrase) {
  const page = await visitor(browser, HOME);
  await page.goto(HOME);
  if (LANGUAGE === 'en') await page.getByRole('button', { name: 'English', exact: true }).click();
  const hands = new Hands(page);
  await logIn(hands, who, passphrase);
  return hands;
}

const row = (hands, name) => hands.page.getByRole('row', { name: new RegExp(name) });

async function added(browser) {
  const hands = await arrive(browser, 'Ben', PASSPHRASE);
  await hands.click('link', w.workers);
  await hands.at(w.workers);
  const field = (name) => hands.page.getByLabel(new RegExp(`^${name}`));
  await field(w.name).fill(fresh);
  await field(w.first).fill('a first one');
  await field(w.same).fill('another one');
  await hands.click('button', w.add);
  await hands.sees(w.notSame);
  await field(w.same).fill('a first one');
  await hands.click('button', w.add);
  await hands.sees(w.code);
  await row(hands, fresh).getByText(w.awaiting, { exact: true }).waitFor();
  await look(hands.page, `${LANGUAGE}-workers`, [1024, 768, 360]);
  // The new one works at once.
  const other = await arrive(browser, fresh, 'a first one');
  await other.click('link', w.newCase);
  await other.type(w.title, '新人写的 By the new one');
  await other.click('button', w.save);
  await other.page.getByRole('heading', { level: 1, name: /By the new one/ }).waitFor();
  check(other.page.complaints.length === 0, other.page.complaints);
}

async function granted(browser) {
  const other = await arrive(browser, fresh, 'a first one');
  await other.click('link', w.workers);
  await row(other, fresh).getByText(w.granted, { exact: true }).waitFor();
  // Whoever changes the own name logs in by it.
  await other.page.getByLabel(fresh, { exact: true }).check();
  await other.page.getByLabel(new RegExp(`^${w.rename}`)).fill(called);
  await other.click('button', w.save);
  await logIn(other, called, 'a first one', w.workers);
  const hands = await arrive(browser, 'Ben', PASSPHRASE);
  await hands.click('link', w.workers);
  await row(hands, called).getByRole('button', { name: w.end }).click();
  await hands.sees(w.sure);
  await look(hands.page, `${LANGUAGE}-workers-end`, [1024, 360]);
  await row(hands, called).getByRole('button', { name: w.end }).click();
  await hands.sees(w.left);
  await row(hands, called).waitFor({ state: 'detached' });
  // Out of the page at once.
  await other.click('link', w.newCase);
  await other.page.reload();
  await other.page.getByLabel('Ben', { exact: true }).waitFor();
  check(await other.page.getByLabel(called, { exact: true }).count() === 0, 'one who was ended can log in');
  for (const one of [hands, other]) check(one.page.complaints.length === 0, one.page.complaints);
}

const browser = await launch();
try {
  await { added, granted }[STEP](browser);
  console.log(`workers: ${STEP}`);
} catch (error) {
  for (const context of browser.contexts()) for (const page of context.pages()) console.log(page.url(), page.complaints, await page.locator('body').innerText());
  throw error;
} finally {
  await browser.close();
}
