// An administrator's pages, in both languages by visible labels.
import { check, launch, look, visitor } from './browser.mjs';

const WORDS = {
  zh: { logIn: '登录', queue: '待办', roster: '名册与邀请', village: '村名', code: '代码', make: '写邀请函', file: '保存为文件', settings: '设置', days: '办结：一般（天）', zone: '时区', save: '保存', office: '新增科室', add: '新增', saved: '已保存在本机。', notices: '通知',
    post: '发布通知', title: '标题', text: '内容', quarantine: '隔离', empty: '没有隔离的内容。', audit: '谁读了什么', invited: '写入 邀请函', role: '审计员', other: '中文' },
  en: { logIn: 'Log in', queue: 'Queue', roster: 'Roster', village: 'Name of the village', code: 'Its code', make: 'Make the invitation', file: 'Save as a file', settings: 'Settings', days: 'To be resolved: ordinary (days)', zone: 'Zone', save: 'Save', office: 'One more office', add: 'Add', saved: 'Saved here.', notices: 'Notices',
    post: 'Post a notice', title: 'Title', text: 'Text', quarantine: 'Quarantine', empty: 'Nothing is in quarantine.', audit: 'Who read what', invited: 'wrote invitations', role: 'auditor', other: 'English' },
};
const button = (page, name) => page.getByRole('button', { name, exact: true });
const link = (page, name) => page.getByRole('link', { name, exact: true });
const field = (page, name) => page.getByRole('textbox', { name });
const heading = (page, name) => page.getByRole('heading', { level: 1, name, exact: true });
async function go(page, name) {
  await link(page, name).click();
  await heading(page, name).waitFor();
}

const browser = await launch();
try {
  for (const [language, code, name, office, days, zone] of [['zh', 'A1', '一村 First', '水利站 Water', '7', '+05:45'], ['en', 'A2', '二村 Second', '林业站 Forest', '8', '-03:30']]) {
    const w = WORDS[language];
    const page = await visitor(browser, process.env.URL);
    await page.goto(process.env.URL);
    if (language === 'en') await button(page, w.other).click();
    await button(page, w.logIn).click();
    await heading(page, w.queue).waitFor();
    await go(page, w.roster);
    await field(page, w.village).fill(name);
    await field(page, w.code).fill(code);
    await button(page, w.make).click();
    const [download] = await Promise.all([page.waitForEvent('download'), button(page, w.file).click()]);
    check(download.suggestedFilename() === `${code}.invitation`, download.suggestedFilename());
    await download.saveAs(`${process.env.DOWNLOADS}/${code}.invitation`);
    await look(page, `${language}-roster`, [1024, 768, 360]);
    await go(page, w.settings);
    await field(page, w.days).fill(days);
    await field(page, w.zone).fill(zone);
    await button(page, w.save).click();
    await page.getByText(w.saved).waitFor();
    await field(page, w.office).fill(office);
    await page.locator('form', { has: field(page, w.office) }).getByRole('button', { name: w.add, exact: true }).click();
    await page.getByRole('listitem').filter({ hasText: office }).waitFor();
    await look(page, `${language}-settings`, [1024, 360]);
    await go(page, w.notices);
    await page.locator('summary', { hasText: w.post }).click();
    await field(page, w.title).fill(`停水 ${language}`);
    await field(page, w.text).fill('星期一');
    await button(page, w.save).click();
    await page.getByRole('heading', { level: 2, name: `停水 ${language}` }).waitFor();
    await go(page, w.quarantine);
    await page.getByText(w.empty).waitFor();
    await look(page, `${language}-quarantine`, [360]);
    await go(page, w.audit);
    await page.getByRole('cell', { name: w.invited }).first().waitFor();
    await look(page, `${language}-audit`, [1024, 360]);
    check(page.complaints.length === 0, page.complaints);
    await page.context().close();
  }
  console.log('what the township settles is settled in the browser, in both languages');
} catch (error) {
  for (const context of browser.contexts()) for (const page of context.pages()) console.log(page.url(), page.complaints, await page.locator('body').innerText());
  throw error;
} finally {
  await browser.close();
}
