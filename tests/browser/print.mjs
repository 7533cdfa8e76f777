// The card as it is printed: to PDF at both sizes, and a picture of it as paper has it.
import { writeFileSync } from 'node:fs';
import { check, launch, look, visitor } from './browser.mjs';

const WORDS = {
  zh: { logIn: '登录', passphrase: '口令', today: '今天', cases: '诉求', print: '打印回执和民情联系卡', card: '回执 · 民情联系卡', says: ['诉求编号', '我们在', '乡镇电话', '您说不满意，这件事就重新办理。', 'Ben'] },
  en: { logIn: 'Log in', passphrase: 'Passphrase', today: 'Today', cases: 'Cases', print: 'Print receipt and contact card', card: 'Receipt and contact card', says: ['Case number', 'We answer you by', 'Telephone of the township', 'If you are not, it is taken up again.', 'Ben'] },
};
const button = (page, name) => page.getByRole('button', { name, exact: true });
const heading = (page, name) => page.getByRole('heading', { level: 1, name });

const browser = await launch();
try {
  for (const language of ['zh', 'en']) {
    const w = WORDS[language];
    const page = await visitor(browser, process.env.URL);
    await page.goto(process.env.URL);
    if (language === 'en') await button(page, 'English').click();
    await page.getByLabel('Ben').check();
    await page.getByRole('textbox', { name: w.passphrase }).fill(process.env.PASSPHRASE);
    await button(page, w.logIn).click();
    await heading(page, w.today).waitFor();
    await page.getByRole('link', { name: w.cases, exact: true }).click();
    await page.getByRole('link', { name: /路灯不亮/ }).click();
    await page.getByRole('link', { name: w.print }).click();
    await heading(page, w.card).waitFor();
    await look(page, `${language}-card`, [1024, 768, 360]);
    for (const [size, label] of [['a4', 'A4'], ['80mm', '80 mm']]) {
      await button(page, label).click();
      await page.locator(size === 'a4' ? '.card:not(.strip)' : '.card.strip').waitFor();
      await page.emulateMedia({ media: 'print' });
      await page.setViewportSize({ width: size === 'a4' ? 680 : 272, height: 1000 });
      const text = await page.locator('main').innerText();
      for (const says of w.says) check(text.includes(says), size, 'does not say', says, text);
      check(!(await button(page, label).isVisible()), 'buttons are printed');
      await page.locator('main').screenshot({ path: `${language}-${size}.png` });
      await page.screenshot({ path: `${process.env.PICTURES}/${language}-print-${size}.png` });
      await page.pdf({ path: `${language}-${size}.pdf`, format: 'A4', preferCSSPageSize: true });
      await page.emulateMedia({ media: null });
      await page.setViewportSize({ width: 1024, height: 768 });
    }
    // The month's figures on paper: chart and table, no buttons, nothing cut off at the side.
    await page.goto(`${process.env.URL}#/figures`);
    await page.locator('svg.bars').waitFor();
    await page.emulateMedia({ media: 'print' });
    await page.setViewportSize({ width: 1009, height: 700 });
    const wide = await page.evaluate(() => document.documentElement.scrollWidth);
    check(wide <= 1009, 'on paper the figures are', wide, 'wide');
    check(await page.locator('.on-paper').isVisible() && !(await page.locator('.filter').isVisible()), 'paper does not say of what the figures are');
    check(await page.locator('svg.bars').isVisible() && await page.locator('.rates-chart > svg').isVisible() && await page.getByRole('table').isVisible(), 'no figures on paper');
    check(await page.getByRole('button').count() === 0 && !(await page.getByRole('navigation').isVisible()), 'buttons are printed with figures');
    const broken = await page.locator('thead th').evaluateAll((all) => all.flatMap(({ firstChild }) => [...firstChild.data.matchAll(/[a-z]+/gi)].filter(({ index, 0: word }) => {
      const range = document.createRange();
      range.setStart(firstChild, index);
      range.setEnd(firstChild, index + word.length);
      return range.getClientRects().length > 1;
    }).map(([word]) => word)));
    check(broken.length === 0, 'on paper words are broken in the heads:', broken);
    await page.screenshot({ path: `${process.env.PICTURES}/${language}-print-figures.png`, fullPage: true });
    await page.pdf({ path: `${language}-figures.pdf`, format: 'A4', preferCSSPageSize: true });
    await page.emulateMedia({ media: null });
    await page.setViewportSize({ width: 1024, height: 768 });
    if (language === 'en') {
      // A code as long as an invitation's, drawn by the page's own hand.
      const long = 'yizhan 驿站 '.repeat(60).trim();
      writeFileSync('long.txt', `${long}\n`);
      await page.evaluate(async (text) => {
        const { qr } = await import('/qr.js');
        const dark = qr(text);
        const canvas = Object.assign(document.createElement('canvas'), { id: 'long', width: (dark.length + 8) * 4, height: (dark.length + 8) * 4 });
        const pen = canvas.getContext('2d');
        pen.fillStyle = '#fff';
        pen.fillRect(0, 0, canvas.width, canvas.height);
        pen.fillStyle = '#000';
        dark.forEach((row, y) => row.forEach((is, x) => { if (is) pen.fillRect((x + 4) * 4, (y + 4) * 4, 4, 4); }));
        document.body.append(canvas);
      }, long);
      await page.locator('#long').screenshot({ path: 'long.png' });
    }
    check(page.complaints.length === 0, page.complaints);
    await page.context().close();
  }
  console.log('the card is printed in both languages and sizes');
} catch (error) {
  for (const context of browser.contexts()) for (const page of context.pages()) console.log(page.url(), page.complaints, await page.locator('body').innerText());
  throw error;
} finally {
  await browser.close();
}
