// The township's pages: who is in trouble, what waits, many cases at once; at the hub's own PC in Chinese, over the net in English.
import { check, launch, look, visitor } from './browser.mjs';

const WORDS = {
  zh: { queue: '待办', villages: '各村', cases: '诉求', logIn: '登录', passphrase: '口令', name: '您的姓名', lock: '锁定', save: '保存', assign: '交办', merge: '并单', supervise: '督办', to: '交给谁',
    into: '与哪件诉求是同一事项（编号）', came: '结果：', escalated: '已上报', saved: '已保存', waiting: /条等待生效/, more: '其他', choose: /^选择：/, once: '同一事项只列一次', people: '2 人反映', nothing: '您在这里不能做什么。', last: '没有符合条件的诉求。', told: '直接向乡镇反映' },
  en: { queue: 'Queue', villages: 'Villages', cases: 'Cases', logIn: 'Log in', passphrase: 'Passphrase', name: 'Your name', lock: 'Lock', save: 'Save', assign: 'Assign', merge: 'Merge', supervise: 'Supervise', to: 'To whom',
    into: 'Number of the case that it is the same matter as', came: 'What came of it:', escalated: 'escalated', saved: 'saved', waiting: /waiting without effect/, more: 'Others', choose: /^Choose: /, once: 'Each matter once', people: '2 people asked', nothing: 'There is nothing that you can do here.', last: 'There are no such cases.', told: 'told to the township' },
};
const button = (page, name) => page.getByRole('button', { name, exact: true });
const link = (page, name) => page.getByRole('link', { name, exact: true });
const field = (page, name) => page.getByRole('textbox', { name });
const heading = (page, name) => page.getByRole('heading', { level: 1, name });
const choose = (page, title) => page.getByRole('checkbox', { name: new RegExp(title) }).check();

// Logged in as the language says: here by a tick at a name, over the net by a name typed.
async function arrive(browser, language, worker) {
  const far = language === 'en';
  const page = await visitor(browser, far ? process.env.FAR : process.env.URL);
  await page.goto(far ? process.env.FAR : process.env.URL);
  if (language === 'en') await button(page, 'English').click();
  const w = WORDS[language];
  await heading(page, w.logIn).waitFor();
  if (far) await field(page, w.name).fill(worker);
  else await page.getByLabel(worker).check();
  await look(page, `${language}-hub-login`, [360]);
  await field(page, w.passphrase).fill(process.env.PASSPHRASE);
  await button(page, w.logIn).click();
  await heading(page, w.queue).waitFor();
  return page;
}

async function villages(page, w, language) {
  await link(page, w.villages).click();
  await heading(page, w.villages).waitFor();
  const rows = page.getByRole('row');
  await rows.nth(1).waitFor();
  check(/示例村/.test(await rows.nth(1).innerText()) && w.waiting.test(await rows.nth(1).innerText()), 'the one in trouble is not first');
  check(/北湾村/.test(await rows.nth(3).innerText()), 'the order of the others');
  await look(page, `${language}-villages`, [1024, 768, 360]);
  await page.getByRole('link', { name: '东湾村 East Bay' }).click();
  await heading(page, w.cases).waitFor();
  await page.getByRole('link', { name: /路灯不亮/ }).waitFor();
  check(await page.getByRole('link', { name: /等着的/ }).count() === 0, 'cases of another village');
}

async function together(page, w, language, titles, name, fill, told = titles.length) {
  await link(page, w.queue).click();
  await link(page, w.escalated).click();
  for (const title of titles) await choose(page, title);
  await button(page, name).click();
  await fill();
  await look(page, `${language}-together-${titles.length}`, [1024, 360]);
  await button(page, w.save).click();
  await page.getByText(w.came).waitFor();
  check(await page.locator('.notice li').count() === told, 'not each is told of');
}

async function auditor(browser, language) {
  const w = WORDS[language];
  const page = await arrive(browser, language, 'auditor');
  await link(page, w.cases).click();
  await page.getByRole('link', { name: /路灯不亮/ }).click();
  await page.getByText(w.nothing).waitFor();
  await link(page, w.queue).click();
  await link(page, w.escalated).click();
  await page.getByRole('checkbox', { name: w.choose }).first().check();
  check(await button(page, w.assign).count() === 0, 'an auditor may assign');
  await page.context().close();
}

const browser = await launch();
try {
  for (const language of ['zh', 'en']) {
    const w = WORDS[language];
    await auditor(browser, language);
    const page = await arrive(browser, language, 'clerk');
    await look(page, `${language}-queue-first`, [1024, 360]);
    await villages(page, w, language);
    // Half of the work in each language.
    if (language === 'zh') {
      await together(page, w, language, ['路灯不亮', '自来水浑'], w.assign, () => field(page, w.to).fill('水利站'));
      check(await page.locator('.notice').getByText(w.saved).count() === 2, await page.locator('.notice').innerText());
    } else {
      await together(page, w, language, ['水沟堵了', '水沟又堵', '自来水浑'], w.merge, () => page.getByRole('radio', { name: /自来水浑/ }).check(), 2);
      check(await page.locator('.notice .warning').count() === 0, await page.locator('.notice').innerText());
      await link(page, w.escalated).click();
      await page.getByLabel(w.once).check();
      await page.getByText('3 people asked').waitFor();
      await look(page, `${language}-matters`, [1024, 360]);
      await together(page, w, language, ['路灯不亮'], w.supervise, async () => {});
    }
    await link(page, w.told).click();
    await page.getByText(w.last).waitFor();
    await button(page, w.lock).click();
    await heading(page, w.logIn).waitFor();
    check(page.complaints.length === 0, page.complaints);
    await page.context().close();
  }
  // Over the net who has no passphrase is nobody.
  const page = await visitor(browser, process.env.FAR);
  await page.goto(process.env.FAR);
  await field(page, WORDS.zh.name).fill('示例镇干部 Officer');
  await field(page, WORDS.zh.passphrase).fill(process.env.PASSPHRASE);
  await button(page, WORDS.zh.logIn).click();
  await page.getByRole('alert').waitFor();
  check(await page.getByText(/Officer|东湾村/).count() === 0, 'a stranger is told something');
  console.log('the township works over its pages, in both languages');
} catch (error) {
  for (const context of browser.contexts()) for (const page of context.pages()) console.log(page.url(), page.complaints, await page.locator('body').innerText());
  throw error;
} finally {
  await browser.close();
}
