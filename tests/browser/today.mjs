// Today, households and notices, in both languages by visible labels.
import { check, launch, look, visitor } from './browser.mjs';

const WORDS = {
  zh: { today: '今天', logIn: '登录', passphrase: '口令', overdue: '已超期的', soon: '三天内到期的', followUp: '等待回访的', answers: '乡镇办理的', notices: '通知', visits: '该走访的', assigned: '已交办', households: '户',
    add: '登记一户', name: '户名', people: '家里有谁', place: '住址', save: '保存', seen: '看到了什么', change: '修改', saved: '已保存在本机。', receipt: /最近一次回执/, unvisited: '90 天没有走访', fresh: '新户 甲', text: '家里都好', note: '星期一停水', newCase: '登记诉求', title: '标题', category: '类别', household: '家庭（户）', more: '更多', other: /类别里没有这个/, likely: '可能是同一事项：', cases: '诉求', filters: '按类别、地点、月份', search: '查找' },
  en: { today: 'Today', logIn: 'Log in', passphrase: 'Passphrase', overdue: 'Overdue', soon: 'Due within three days', followUp: 'Waiting for follow-up', answers: 'From the township', notices: 'Notices', visits: 'Visits due', assigned: 'assigned', households: 'Households',
    add: 'Add a household', name: 'Household', people: 'Who lives there', place: 'Where they live', save: 'Save', seen: 'What was seen', change: 'Change', saved: 'Saved here.', receipt: /last receipt/, unvisited: 'Not visited for 90 days', fresh: '新户 New', text: 'All well', note: 'On Monday', newCase: 'New case', title: 'Title', category: 'Category', household: 'Household', more: 'More', other: /none of the township/, likely: 'This may be the same matter:', cases: 'Cases', filters: 'By category, place and month', search: 'Search' },
};
const button = (page, name) => page.getByRole('button', { name, exact: true });
const link = (page, name) => page.getByRole('link', { name, exact: true });
const field = (page, name) => page.getByRole('textbox', { name });
const heading = (page, name) => page.getByRole('heading', { level: 1, name, exact: true });

async function arrive(browser, language) {
  const w = WORDS[language];
  const page = await visitor(browser, process.env.URL);
  await page.goto(process.env.URL);
  if (language === 'en') await button(page, 'English').click();
  await page.getByLabel('Ben').check();
  await field(page, w.passphrase).fill(process.env.PASSPHRASE);
  await button(page, w.logIn).click();
  await heading(page, w.today).waitFor();
  return page;
}

// What stands under a heading of Today: [how many, the words].
async function pile(page, name) {
  const at = page.locator('.pile', { has: page.getByRole('heading', { level: 2, name: new RegExp(`^${name}`) }) });
  await at.waitFor();
  return [await at.locator('.count').innerText(), await at.innerText()];
}

async function seeToday(page, w, language) {
  const expected = [[w.overdue, '1', '很久以前'], [w.followUp, '1', '已经修好'], [w.answers, '1', w.assigned], [w.notices, '1', '停水通知'], [w.visits, '1', language === 'zh' ? '示例户甲' : '新户 甲']];
  for (const [name, count, words] of expected) {
    const [found, text] = await pile(page, name);
    check(found === count && text.includes(words), name, found, text);
  }
  await page.locator('.lamp', { hasText: w.receipt }).waitFor();
  await look(page, `${language}-today`, [1024, 768, 360]);
  await page.locator('summary', { hasText: '停水通知' }).click();
  await page.getByText(w.note).waitFor();
  await page.getByRole('link', { name: /很久以前/ }).click();
  await page.getByRole('heading', { level: 1, name: /很久以前/ }).waitFor();
  await page.goBack();
  await heading(page, w.today).waitFor();
}

async function households(page, w, language) {
  await link(page, w.households).click();
  await heading(page, w.households).waitFor();
  await page.locator('summary', { hasText: w.add }).click();
  await field(page, w.name).fill(w.fresh);
  await field(page, w.people).fill('丙、丁');
  await look(page, `${language}-household-new`, [360]);
  await button(page, w.save).click();
  await heading(page, w.fresh).waitFor();
  await link(page, w.households).first().click();
  await heading(page, w.households).waitFor();
  await page.getByRole('cell', { name: /丙.*丁/ }).first().waitFor();
  await look(page, `${language}-households`, [1024, 360]);
  await page.getByLabel(w.unvisited).check();
  await page.waitForURL(/not_visited=90/);
  await page.getByLabel(w.unvisited).uncheck();
  await page.getByRole('link', { name: /示例户甲/ }).click();
  await field(page, w.seen).fill(w.text);
  await button(page, w.save).click();
  await page.getByText(w.saved).waitFor();
  await page.locator('.events').getByText(w.text).waitFor();
  await button(page, w.change).click();
  await field(page, w.place).fill('村西 West end');
  await button(page, w.save).first().click();
  await page.locator('dd', { hasText: '村西 West end' }).waitFor();
  await look(page, `${language}-household`, [1024, 360]);
}

// Categories of the township and households of the village are found by typing, by first letters too; by the keyboard alone.
async function find(page, w, language) {
  await link(page, w.newCase).click();
  await heading(page, w.newCase).waitFor();
  const box = (name) => page.getByRole('combobox', { name, exact: true });
  const option = (name) => page.getByRole('option', { name, exact: true });
  const take = async (label, typed, name) => {
    await box(label).fill(typed);
    await option(name).waitFor();
    await box(label).press('ArrowDown');
    if (label === w.category) await look(page, `${language}-found`, [1024, 360]);
    await box(label).press('Enter');
    check(await box(label).inputValue() === name, label, 'is', await box(label).inputValue());
    check(await option(name).count() === 0 || !await option(name).isVisible(), 'what was taken is still offered');
  };
  await field(page, w.title).fill('找到 Found');
  await take(w.category, 'dl', '道路');
  await page.locator('summary', { hasText: w.more }).click();
  await take(w.household, 'sxm', '单小明户');
  // What may be the same matter is offered while it is written.
  await field(page, w.title).fill('沟堵了吗 Ditch');
  await page.getByText(w.likely).waitFor();
  await page.getByRole('link', { name: /沟堵了 Ditch/ }).waitFor();
  await look(page, `${language}-likely`, [1024, 360]);
  await field(page, w.title).fill('找到 Found');
  await button(page, w.save).click();
  await page.getByRole('heading', { level: 1, name: '找到 Found' }).waitFor();
  // By the category the list is a link.
  await link(page, w.cases).click();
  await page.locator('summary', { hasText: w.filters }).click();
  await take(w.category, 'dl', '道路');
  await button(page, w.search).click();
  await page.waitForURL(/category=/);
  await page.getByRole('link', { name: /找到 Found/ }).first().waitFor();
  check(await page.getByRole('link', { name: /沟堵了/ }).count() === 0, 'cases of another category');
  await look(page, `${language}-by-category`, [1024, 360]);
  await page.goBack();
  await page.getByRole('link', { name: /沟堵了/ }).first().waitFor();
  if (language === 'en') return;
  // What is none of them is said, and taken all the same. Escape leaves what was typed.
  await link(page, w.newCase).click();
  await field(page, w.title).fill('找不到 Not found');
  await box(w.category).fill('灌溉');
  await page.getByText(w.other).waitFor();
  await page.locator('summary', { hasText: w.more }).click();
  await box(w.household).fill('单');
  await option('单小明户').waitFor();
  await box(w.household).press('Escape');
  await option('单小明户').waitFor({ state: 'hidden' });
  await box(w.household).fill('曾未登记');
  await button(page, w.save).click();
  await page.getByRole('heading', { level: 1, name: '找不到 Not found' }).waitFor();
}

const browser = await launch();
try {
  for (const language of ['zh', 'en']) {
    const w = WORDS[language];
    const page = await arrive(browser, language);
    await seeToday(page, w, language);
    await households(page, w, language);
    await find(page, w, language);
    await link(page, w.notices).click();
    await heading(page, w.notices).waitFor();
    await page.getByText(w.note).waitFor();
    await look(page, `${language}-notices`, [360]);
    check(page.complaints.length === 0, page.complaints);
    await page.context().close();
  }
  console.log('today, households and notices are there in both languages');
} catch (error) {
  for (const context of browser.contexts()) for (const page of context.pages()) console.log(page.url(), page.complaints, await page.locator('body').innerText());
  throw error;
} finally {
  await browser.close();
}
