// A case from intake to satisfied in both languages, by visible labels alone; what others may try to write into it;
// the keyboard alone; wrong passphrases; locking.
import { check, launch, look, tabTo, visitor } from './browser.mjs';

const WORDS = {
  zh: { logIn: '登录', who: '示例干部 Clerk', passphrase: '口令', cases: '诉求', today: '今天', newCase: '登记诉求', title: '标题', text: '内容', resident: '居民', phone: '电话',
    save: '保存', resolve: '办结', done: '办理情况', followUp: '回访', satisfied: '满意', close: '归档', closed: '已归档', resolved: '已办结', note: '备注',
    noteText: '内容', wrong: /口令/, lock: '锁定', kept: /全部保存在本机/, search: '查找', words: '标题、内容、备注里的词', state: '状态', asker: '谁提的：姓名、电话、户', nothing: '没有符合条件的诉求。', back: '返回列表',
    more: '更多', early: '已登记', saved: /已保存在本机/ },
  en: { logIn: 'Log in', who: '示例干部 Clerk', passphrase: 'Passphrase', cases: 'Cases', today: 'Today', newCase: 'New case', title: 'Title', text: 'Text', resident: 'Resident', phone: 'Telephone',
    save: 'Save', resolve: 'Resolve', done: 'What was done', followUp: 'Follow up', satisfied: 'satisfied', close: 'Close', closed: 'closed', resolved: 'resolved', note: 'Add a note',
    noteText: 'Text', wrong: /passphrase/, lock: 'Lock', kept: /All is kept here/, search: 'Search', words: 'Words in title, text and notes', state: 'State', asker: 'Who asked: name, telephone, household', nothing: 'There are no such cases.', back: 'Back to the list',
    more: 'More', early: 'registered', saved: /Saved here/ },
};
// Of OWASP's list, one of each way in.
const HOSTILE = [
  '<script>globalThis.broken=1</script>', '"><img src=x onerror=globalThis.broken=1>', '\'"><svg/onload=globalThis.broken=1>', 'javascript:globalThis.broken=1',
  '</title><iframe srcdoc="<script>parent.broken=1</script>">', '{{constructor.constructor("globalThis.broken=1")()}}', '${globalThis.broken=1}',
  '<a href="javascript:globalThis.broken=1">x</a>', '<style>*{display:none}</style>', '&lt;script&gt;globalThis.broken=1&lt;/script&gt;', '<input autofocus onfocus=globalThis.broken=1>',
  '<math><mtext></table><mglyph><style><!--</style><img src onerror=globalThis.broken=1>',
];

const button = (page, name) => page.getByRole('button', { name, exact: true });
const field = (page, name) => page.getByRole('textbox', { name }).or(page.getByRole('combobox', { name, exact: true })).first();
const heading = (page, name) => page.getByRole('heading', { level: 1, name });

async function logIn(page, w) {
  await page.getByLabel(w.who).check();
  await field(page, w.passphrase).fill(process.env.PASSPHRASE);
  await button(page, w.logIn).click();
  await heading(page, w.today).waitFor();
}

async function arrive(page, language) {
  await page.goto(process.env.URL);
  await heading(page, WORDS.zh.logIn).waitFor();
  if (language === 'en') await button(page, 'English').click();
  await heading(page, WORDS[language].logIn).waitFor();
  check(await page.evaluate(() => document.documentElement.lang) === (language === 'zh' ? 'zh-CN' : 'en'), 'the language is not said');
}

async function move(page, w, name, fill) {
  await button(page, name).click();
  await fill();
  await button(page, w.save).click();
  await page.getByRole('heading', { level: 3 }).waitFor({ state: 'detached' });
}

async function wholeCase(browser, language) {
  const w = WORDS[language];
  const widths = language === 'zh' ? [1024] : [360];
  const page = await visitor(browser, process.env.URL);
  await arrive(page, language);
  await page.getByLabel(w.who).check();
  await field(page, w.passphrase).fill('wrong');
  await button(page, w.logIn).click();
  const alert = page.getByRole('alert');
  await alert.waitFor();
  check(w.wrong.test(await alert.innerText()), 'a wrong passphrase:', await alert.innerText());
  await look(page, `${language}-login`, widths);
  await logIn(page, w);
  await page.getByText(w.kept).waitFor();
  await page.getByRole('link', { name: w.newCase }).click();
  await heading(page, w.newCase).waitFor();
  await field(page, w.title).fill('路灯不亮 Street lamp');
  await field(page, w.text).fill('村口的灯坏了。\nThe lamp at the gate is dark.');
  await field(page, w.resident).fill('示例村民甲');
  await page.locator('summary', { hasText: w.more }).click();
  await look(page, `${language}-new`, widths);
  await button(page, w.save).click();
  await heading(page, '路灯不亮 Street lamp').waitFor();
  await page.getByText(w.saved).first().waitFor();
  check(await button(page, w.close).count() === 0, 'a case that is not resolved can be closed');
  await move(page, w, w.resolve, () => field(page, w.done).fill('灯已换 The lamp is new'));
  await move(page, w, w.followUp, () => page.getByLabel(w.satisfied, { exact: true }).check());
  await move(page, w, w.note, () => field(page, w.noteText).fill('谢谢 Thanks'));
  await move(page, w, w.close, async () => {});
  await page.locator('dd', { hasText: w.closed }).waitFor();
  check(await page.locator('ol > li').count() === 5, 'the time line has', await page.locator('ol > li').count());
  await look(page, `${language}-case`, [1024, 360]);
  await page.getByRole('link', { name: w.back }).click();
  await heading(page, w.cases).waitFor();
  await page.getByRole('link', { name: /路灯不亮/ }).first().waitFor();
  await look(page, `${language}-list`, widths);
  await page.goBack();
  await heading(page, '路灯不亮 Street lamp').waitFor();
  await page.goBack();
  await heading(page, w.newCase).waitFor();
  return page;
}

async function findAndLock(page, w) {
  await page.getByRole('link', { name: w.cases, exact: true }).click();
  await page.getByLabel(w.words).fill('灯已经没有了');
  await button(page, w.search).click();
  await page.getByText(w.nothing).waitFor();
  await page.getByLabel(w.words).fill('村口');
  await page.getByLabel(w.state, { exact: true }).selectOption({ label: w.closed });
  await button(page, w.search).click();
  await page.getByRole('link', { name: /路灯不亮/ }).first().waitFor();
  check(page.url().includes('state=closed'), 'the filter is no link');
  await page.getByLabel(w.asker).fill('示例村民甲');
  await button(page, w.search).click();
  await page.getByRole('link', { name: /路灯不亮/ }).first().waitFor();
  await page.getByRole('link', { name: /路灯不亮/ }).first().click();
  await heading(page, '路灯不亮 Street lamp').waitFor();
  await page.goBack();
  await page.getByRole('link', { name: /路灯不亮/ }).first().waitFor();
  check(await page.getByLabel(w.asker).inputValue() === '示例村民甲', 'Back has lost who was looked for');
  const { entries } = await (await page.context().newCDPSession(page)).send('Page.getNavigationHistory');
  const addresses = entries.map((one) => decodeURIComponent(one.url)).join(' ');
  check(entries.length > 3 && !/村口|示例村民/.test(addresses), 'what was looked for stands in the history:', addresses);
  await page.reload();
  await page.getByLabel(w.asker).waitFor();
  check(await page.getByLabel(w.asker).inputValue() === '' && await page.getByLabel(w.state, { exact: true }).inputValue() === 'closed', 'a reload keeps more than the link, or less');
  await page.getByRole('link', { name: /路灯不亮/ }).first().click();
  await heading(page, '路灯不亮 Street lamp').waitFor();
  await button(page, w.lock).click();
  await heading(page, w.logIn).waitFor();
  await page.goBack();
  check(await page.getByText('路灯不亮').count() === 0, 'a locked page shows a case');
  check(await page.evaluate(async () => (await fetch('/api/v1/cases')).status) === 401, 'a locked page still answers');
}

// Whatever was typed is shown as it was typed, and runs nowhere.
async function hostile(browser) {
  const w = WORDS.en;
  const page = await visitor(browser, process.env.URL);
  await arrive(page, 'en');
  await logIn(page, w);
  await page.goto(`${process.env.URL}#/new`);
  await page.locator('summary', { hasText: w.more }).click();
  const names = [w.title, w.text, w.resident, w.phone, 'Category', 'Place', 'Household', 'Channel', 'Urgency'];
  for (const [i, name] of names.entries()) await field(page, name).fill(HOSTILE[i]);
  await button(page, w.save).click();
  await heading(page, HOSTILE[0]).waitFor();
  await move(page, w, w.note, () => field(page, w.noteText).fill(HOSTILE.join('\n')));
  await move(page, w, w.resolve, () => field(page, w.done).fill(HOSTILE[9]));
  for (const text of HOSTILE.slice(0, 9)) check((await page.locator('main').innerText()).includes(text), 'not shown as it is:', text);
  check(await page.locator('main script, main img, main svg, main iframe, main style, main math, main input[onfocus]').count() === 0, 'something hostile is an element');
  await page.goto(`${process.env.URL}#/households`);
  await page.locator('summary', { hasText: 'Add a household' }).click();
  for (const [i, name] of ['Name of the household', 'Who lives there', 'Where they live', 'Telephone', 'Note'].entries()) await field(page, name).fill(HOSTILE[i]);
  await button(page, w.save).click();
  await heading(page, HOSTILE[0]).waitFor();
  const home = page.url();
  await page.goto(`${process.env.URL}#/new`);
  await page.locator('summary', { hasText: w.more }).click();
  await field(page, 'Household').fill(HOSTILE[0].slice(0, 4));
  await page.getByRole('option').filter({ hasText: HOSTILE[0] }).waitFor();
  check(await page.locator('main img, main script, main svg, main iframe').count() === 0, 'a household that is offered is an element');
  await page.goto(home);
  await heading(page, HOSTILE[0]).waitFor();
  await field(page, 'What was seen').fill(HOSTILE.join('\n'));
  await button(page, w.save).click();
  await page.locator('.events').getByText(HOSTILE[5]).waitFor();
  for (const text of HOSTILE.slice(0, 5)) check((await page.locator('main').innerText()).includes(text), 'not shown as it is:', text);
  check(await page.locator('main script, main img, main svg, main iframe, main style, main math').count() === 0, 'something hostile is an element');
  await page.goto(`${process.env.URL}#/figures?by=category`);
  await page.getByRole('rowheader', { name: HOSTILE[4] }).waitFor();
  await page.goto(`${process.env.URL}#/cases?category=${encodeURIComponent(HOSTILE[1])}&sought=${encodeURIComponent(HOSTILE[1])}`);
  await heading(page, w.cases).waitFor();
  await page.goto(`${process.env.URL}#/case/${encodeURIComponent(HOSTILE[1])}`);
  await page.getByRole('alert').waitFor();
  check(await page.evaluate(() => globalThis.broken) === undefined, 'a hostile script ran');
  check(page.complaints.length === 0, page.complaints);
  await page.context().close();
}

async function keyboard(browser) {
  const w = WORDS.en;
  const page = await visitor(browser, process.env.URL, 360);
  await arrive(page, 'en');
  await tabTo(page, 'input', w.who);
  await page.keyboard.press('Space');
  await tabTo(page, 'input', w.passphrase);
  await page.keyboard.type(process.env.PASSPHRASE);
  await page.keyboard.press('Enter');
  await heading(page, w.today).waitFor();
  await page.reload();
  await heading(page, w.today).waitFor();
  await tabTo(page, 'a', w.newCase);
  await page.keyboard.press('Enter');
  await heading(page, w.newCase).waitFor();
  await tabTo(page, 'input', w.title);
  await page.keyboard.type('Keys alone');
  await tabTo(page, 'input', 'Solved on the spot');
  await page.keyboard.press('Space');
  await tabTo(page, 'textarea', w.done);
  await page.keyboard.type('Done at once');
  await page.keyboard.press('Tab');
  await page.keyboard.press('ArrowDown');
  await tabTo(page, 'button', w.save);
  await page.keyboard.press('Enter');
  await heading(page, 'Keys alone').waitFor();
  check(page.complaints.length === 0, page.complaints);
  await page.context().close();
}

const browser = await launch();
try {
  for (const language of ['zh', 'en']) {
    const page = await wholeCase(browser, language);
    await findAndLock(page, WORDS[language]);
    check(page.complaints.length === 0, page.complaints);
    await page.context().close();
  }
  await hostile(browser);
  await keyboard(browser);
  console.log('the page does what it says, in both languages');
} catch (error) {
  for (const context of browser.contexts()) {
    for (const page of context.pages()) console.log(page.url(), page.complaints, await page.locator('body').innerText());
  }
  throw error;
} finally {
  await browser.close();
}
