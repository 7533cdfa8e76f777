// By stick there and back, and figures, by visible labels.
import { check, launch, look, visitor } from './browser.mjs';

const WORDS = {
  zh: { logIn: '登录', passphrase: '口令', roads: '联系与 U 盘', folder: 'U 盘的文件夹', write: '写到 U 盘', answer: '读取并答复', read: '只读取', written: /已写到 U 盘，可以拔出/, took: /读取了 \d 个邮包/, acknowledged: /还有 0 条未确认/,
    pending: '还没有送达乡镇、或尚未生效的', none: /没有这样的文件夹/, figures: '统计', each: '分别统计', category: '类别', exported: '导出表格（CSV）', cases: '诉求', month: '月份', satisfaction: '满意率', other: '中文' },
  en: { logIn: 'Log in', passphrase: 'Passphrase', roads: 'Link and stick', folder: 'The folder of the stick', write: 'Write to the stick', answer: 'Read and answer', read: 'Only read', written: /Written to the stick, which may be pulled out/, took: /Parcels read: \d;/, acknowledged: /still pending: 0/,
    pending: 'Not with the township, or not in effect there', none: /There is no such folder/, figures: 'Figures', each: 'For each', category: 'Category', exported: 'Export a table (CSV)', cases: 'Cases', month: 'Month', satisfaction: 'Satisfaction', other: 'English' },
};
const button = (page, name) => page.getByRole('button', { name, exact: true });
const link = (page, name) => page.getByRole('link', { name, exact: true });
const field = (page, name) => page.getByRole('textbox', { name });
const heading = (page, name) => page.getByRole('heading', { level: 1, name, exact: true });

async function arrive(browser, language, url, locked) {
  const w = WORDS[language];
  const page = await visitor(browser, url);
  await page.goto(url);
  if (language === 'en') await button(page, w.other).click();
  if (locked) await page.getByLabel('Ben').check();
  if (locked) await field(page, w.passphrase).fill(process.env.PASSPHRASE);
  await button(page, w.logIn).click();
  await link(page, w.roads).click();
  await heading(page, w.roads).waitFor();
  return page;
}

async function carry(page, w, stick, how, came) {
  await field(page, w.folder).fill(stick);
  await button(page, how).click();
  await page.locator('.notice', { hasText: came }).waitFor();
}

// There, answered, and back; the village speaks one language, the township the other.
async function thereAndBack(browser, at, elsewhere, stick) {
  const [w, v] = [WORDS[at], WORDS[elsewhere]];
  const village = await arrive(browser, at, process.env.VILLAGE, true);
  await field(village, w.folder).fill('/nowhere');
  await button(village, w.write).click();
  await village.getByText(w.none).waitFor();
  await village.getByRole('heading', { level: 2, name: new RegExp(w.pending) }).waitFor();
  await look(village, `${at}-roads`, [1024, 768, 360]);
  await carry(village, w, stick, w.write, w.written);
  const hub = await arrive(browser, elsewhere, process.env.HUB, false);
  await carry(hub, v, stick, v.answer, v.took);
  await look(hub, `${elsewhere}-roads-hub`, [1024]);
  await carry(village, w, stick, w.read, w.took);
  await village.locator('.notice', { hasText: w.acknowledged }).waitFor();
  await look(village, `${at}-roads-after`, [360]);
  check(hub.complaints.length === 0 && village.complaints.length === 0, hub.complaints, village.complaints);
  await hub.context().close();
  return village;
}

async function figures(page, w, language) {
  await link(page, w.figures).click();
  await heading(page, w.figures).waitFor();
  await page.getByRole('row').nth(1).waitFor();
  await look(page, `${language}-figures`, [1024, 768, 360]);
  const month = new Date(Date.now() + 8 * 3600 * 1000).toISOString().slice(0, 7);
  // Each point of the rates leads to the cases that it is of, and says what it is.
  const chart = page.locator('.rates-chart');
  await chart.getByRole('link', { name: `${month}：${w.satisfaction} 100%（1/1）`, exact: true }).click();
  await page.getByRole('link', { name: /水沟堵了/ }).waitFor();
  check(page.url().includes(`month=${month}`), 'a point leads elsewhere', page.url());
  await page.goBack();
  await heading(page, w.figures).waitFor();
  await page.getByLabel(w.month, { exact: true }).fill(month);
  await page.getByLabel(w.each).selectOption({ label: w.category });
  await page.getByRole('rowheader', { name: '=道路 Roads' }).waitFor();
  check(/100%\s*1\/1/.test(await page.locator('.rates div', { hasText: w.satisfaction }).innerText()), await page.locator('.rates').innerText());
  const [download] = await Promise.all([page.waitForEvent('download'), button(page, w.exported).click()]);
  await download.saveAs(`${process.env.STICKS}/figures.csv`);
  await look(page, `${language}-figures-category`, [1024, 360]);
  // Its heads stand on one line each, and of no mark a part is cut off.
  const [head, line] = await page.locator('thead th').evaluateAll((all) => [Math.max(...all.map((one) => one.offsetHeight)), parseFloat(getComputedStyle(all[0]).lineHeight)]);
  check(head < 2 * line, 'the heads of the table are', head, 'high');
  const cut = await chart.locator(':scope > svg').evaluate((svg) => {
    const all = svg.getBoundingClientRect();
    return [...svg.querySelectorAll('path')].map((one) => one.getBoundingClientRect()).filter((one) => one.top < all.top || one.bottom > all.bottom || one.left < all.left || one.right > all.right).length;
  });
  check(cut === 0, 'of so many marks a part is cut off:', cut);
  check(await chart.getByRole('link', { name: `=道路 Roads：${w.satisfaction} 100%（1/1）`, exact: true }).getAttribute('href') === `#/cases?month=${month}&category=${encodeURIComponent('=道路')}+Roads`, 'a point of a category leads elsewhere');
  await page.locator('.bars').getByRole('link', { name: /=道路 Roads/ }).click();
  await heading(page, w.cases).waitFor();
  await page.getByRole('link', { name: /水沟堵了/ }).waitFor();
  check(page.url().includes(`month=${month}`), page.url());
  await look(page, `${language}-drilled`, [360]);
}

const browser = await launch();
try {
  for (const [at, elsewhere, stick] of [['zh', 'en', 'stick a'], ['en', 'zh', 'stick b']]) {
    const village = await thereAndBack(browser, at, elsewhere, `${process.env.STICKS}/${stick}`);
    await figures(village, WORDS[at], at);
    if (at === 'zh') {
      // Something to carry in the other language too.
      await link(village, WORDS.zh.cases).click();
      await village.getByRole('link', { name: /路灯不亮|水沟堵了/ }).last().click();
      await button(village, '备注').click();
      await field(village, '内容').fill('再送一次');
      await button(village, '保存').click();
      await village.getByText('再送一次').waitFor();
    }
    check(village.complaints.length === 0, village.complaints);
    await village.context().close();
  }
  console.log('a stick went there and back, and figures led to their cases, in both languages');
} catch (error) {
  for (const context of browser.contexts()) for (const page of context.pages()) console.log(page.url(), page.complaints, await page.locator('body').innerText());
  throw error;
} finally {
  await browser.close();
}
