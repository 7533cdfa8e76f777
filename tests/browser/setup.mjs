// A new PC, set up by visible labels alone, within so many clicks and keys; and a village to practise in.
import { check, launch, look, visitor } from './browser.mjs';
import { Hands } from './hands.mjs';

const WORDS = {
  zh: { begin: '开始使用', alone: '先独立工作，以后再加入', village: '村名', code: '代码', name: '您的姓名', passphrase: '新口令', again: '再输一次新口令', start: '开始', file: '邀请函文件', join: '加入', done: '设立好了', logIn: '已抄下，登录', today: '今天', newCase: '登记诉求', title: '标题', save: '保存', notSame: '两次输入的新口令不一样。', practice: '练习', practiceHint: '什么都不会送出去', enter: '登录', roads: '联系与 U 盘', joinHeading: '加入乡镇', township: /未送达乡镇|已全部送达/ },
  en: { begin: 'Begin', alone: 'A village alone for now; it can join later', village: 'Name of the village', code: 'Its code', name: 'Your name', passphrase: 'The new passphrase', again: 'The new passphrase once more', start: 'Begin', file: 'The file of the invitation', join: 'Join', done: 'It is set up', logIn: 'Written down: log in', today: 'Today', newCase: 'New case', title: 'Title', save: 'Save', notSame: 'The new passphrase is not the same both times.', practice: 'Practice', practiceHint: 'nothing leaves this PC', enter: 'Log in', roads: 'Link and stick', joinHeading: 'Join the township', township: /with the township/ },
};
const { LANGUAGE, ALONE, JOINS, PRACTICE, INVITATION } = process.env;
const w = WORDS[LANGUAGE];

async function arrive(browser, url) {
  const page = await visitor(browser, url);
  await page.goto(url);
  if (LANGUAGE === 'en') await page.getByRole('button', { name: 'English', exact: true }).click();
  return new Hands(page);
}

async function passphrase(hands, again) {
  await hands.page.getByLabel(new RegExp(`^${w.passphrase}`)).first().fill('horse battery');
  await hands.page.getByLabel(new RegExp(`^${w.again}`)).fill(again);
}

async function isThere(hands) {
  await hands.at(w.done);
  check(/^([0-9A-Z]{4}-){7}[0-9A-Z]{4}$/.test(await hands.page.locator('.code').innerText()), 'no code');
  await look(hands.page, `${LANGUAGE}-set-up`, [360]);
  await hands.click('button', w.logIn);
  await hands.at(w.today);
}

async function alone(hands) {
  await hands.at(w.begin);
  await hands.tick(w.alone);
  await hands.type(w.village, '新村');
  await hands.type(w.code, 'xc');
  await hands.type(w.name, '甲干部');
  await passphrase(hands, 'another');
  await hands.click('button', w.start);
  await hands.sees(w.notSame);
  await look(hands.page, `${LANGUAGE}-alone`, [1024, 360]);
  await passphrase(hands, 'horse battery');
  await hands.click('button', w.start);
  await isThere(hands);
  await hands.click('link', w.newCase);
  await hands.type(w.title, '第一件 First');
  await hands.click('button', w.save);
  await hands.at(/第一件/);
  hands.within('a village begins alone, and has its first case', 12, 30);
}

async function joins(hands) {
  await hands.at(w.begin);
  await look(hands.page, `${LANGUAGE}-begin`, [1024, 768, 360]);
  await hands.file(w.file, INVITATION);
  await hands.type(w.name, '乙干部');
  await passphrase(hands, 'horse battery');
  await hands.click('button', w.join);
  await isThere(hands);
  await hands.sees(hands.page.locator('.lamp', { hasText: w.township }));
  hands.within('a new PC joins', 7, 10);
}

async function practises(hands) {
  await hands.sees(w.practiceHint);
  await hands.click('button', w.enter);
  await hands.at(w.today);
  check(await hands.page.evaluate(() => getComputedStyle(document.querySelector('header')).backgroundColor) === 'rgb(91, 42, 134)', 'it looks like any other');
  await look(hands.page, `${LANGUAGE}-practice`, [1024, 360]);
  await hands.click('link', w.newCase);
  await hands.type(w.title, '试一试 Trying');
  await hands.click('button', w.save);
  await hands.at(/试一试/);
  await hands.sees(w.practiceHint);
  await hands.click('link', w.roads);
  await hands.at(w.roads);
  check(await hands.page.getByRole('heading', { level: 2, name: w.joinHeading }).count() === 0, 'it offers to join');
  await hands.sees(w.practiceHint);
}

const browser = await launch();
try {
  for (const [url, what] of [[ALONE, alone], [JOINS, joins], [PRACTICE, practises]]) {
    const hands = await arrive(browser, url);
    await what(hands);
    check(hands.page.complaints.length === 0, hands.page.complaints);
    await hands.page.context().close();
  }
  console.log('a new PC is set up, and one practises');
} catch (error) {
  for (const context of browser.contexts()) for (const page of context.pages()) console.log(page.url(), page.complaints, await page.locator('body').innerText());
  throw error;
} finally {
  await browser.close();
}
