// A case that the township takes up, over two pages; what was written apart, settled; a first passphrase.
import { check, contact as contactEnds, launch, look, visitor } from './browser.mjs';

const TITLE = '水沟堵了 Ditch';
const button = (page, name) => page.getByRole('button', { name, exact: true });
const field = (page, name) => page.getByRole('textbox', { name });
const heading = (page, name) => page.getByRole('heading', { level: 1, name });

async function move(page, save, name, others, fill) {
  if (others) await page.locator('summary', { hasText: others }).click();
  await button(page, name).click();
  await fill();
  await button(page, save).click();
  await page.getByRole('heading', { level: 3, name, exact: true }).waitFor({ state: 'detached' });
}
const inVillage = (page, name, fill, others) => move(page, '保存', name, others, fill);
const atHub = (page, name, fill, others) => move(page, 'Save', name, others, fill);

// The light's button: a contact, until it says how it went.
async function contact(page, name, ended) {
  const details = page.locator('.light details');
  if (!(await details.evaluate((at) => at.open))) await details.locator('summary').click();
  await contactEnds(page, () => button(page, name).click());
  await button(page, name).waitFor();
  await page.getByText(ended).waitFor();
}
const exchange = async (page) => {
  await page.reload();
  await heading(page, /./).waitFor();
  await contact(page, '与乡镇联系', /联系成功/);
};
const ingest = async (page) => {
  await page.reload();
  await heading(page, /./).waitFor();
  await contact(page, 'Take in what villages brought', /The contact (was made|ended)/);
};

async function open(page, title) {
  await page.getByRole('link', { name: '登记诉求' }).click();
  await field(page, '标题').fill(title);
  await button(page, '保存').click();
  await heading(page, title).waitFor();
}

const browser = await launch();
try {
  const village = await visitor(browser, process.env.VILLAGE);
  await village.goto(process.env.VILLAGE);
  await village.getByLabel('示例干部 Clerk').check();
  await field(village, '口令').fill(process.env.PASSPHRASE);
  await button(village, '登录').click();
  await heading(village, '今天').waitFor();

  // The officer's key has no passphrase: it is said, and one is set.
  const hub = await visitor(browser, process.env.HUB);
  await hub.goto(process.env.HUB);
  await button(hub, 'English').click();
  await hub.getByText(/no passphrase/).waitFor();
  await button(hub, 'Log in').click();
  await heading(hub, 'Queue').waitFor();
  await hub.getByRole('link', { name: 'Set a passphrase' }).click();
  await field(hub, 'The new passphrase').first().fill(process.env.PASSPHRASE);
  await field(hub, 'The new passphrase once more').fill('something else');
  await button(hub, 'Set a passphrase').click();
  await hub.getByText(/not the same both times/).waitFor();
  await field(hub, 'The new passphrase once more').fill(process.env.PASSPHRASE);
  await button(hub, 'Set a passphrase').click();
  await hub.getByText(/^([0-9A-Z]{4}-){7}[0-9A-Z]{4}$/).waitFor();
  check(await hub.getByText('Your key has no passphrase yet').count() === 0, 'the warning stays');
  await look(hub, 'en-passphrase', [360]);
  await button(hub, 'Lock').click();
  await field(hub, 'Passphrase').fill(process.env.PASSPHRASE);
  await button(hub, 'Log in').click();

  // Kept here, then with the township: never before its receipt.
  await open(village, TITLE);
  await inVillage(village, '上报乡镇', () => field(village, '理由').fill('要挖机'), '其他');
  await village.getByText(/保存在本机，还有 \d+ 条未送达乡镇/).waitFor();
  await village.getByLabel('只在本机').nth(1).waitFor();
  await exchange(village);
  await village.getByText(/保存在本机，还有/).waitFor();
  await ingest(hub);
  await exchange(village);
  await village.getByText('已全部送达乡镇').waitFor();
  await village.reload();
  await village.getByLabel('乡镇已收到').nth(1).waitFor();
  await look(village, 'zh-received', [1024]);

  // The township's queue; both say something of it apart.
  await hub.getByRole('link', { name: 'Cases', exact: true }).click();
  await hub.getByLabel('To do').selectOption({ label: 'escalated' });
  await look(hub, 'en-queue', [1024]);
  await hub.getByRole('link', { name: new RegExp(TITLE) }).click();
  await heading(hub, TITLE).waitFor();
  await atHub(hub, 'Assign', () => field(hub, 'To whom').fill('水利站'), 'Others');
  await inVillage(village, '交办', () => field(village, '交给谁').fill('村委'), '其他');
  await exchange(village);
  await ingest(hub);
  await exchange(village);
  await village.reload();
  await village.getByRole('link', { name: '有 1 件诉求在各处写下了不同的内容，请选定。' }).click();
  await village.getByRole('link', { name: new RegExp(TITLE) }).click();
  await button(village, '选定这个：水利站').waitFor();
  await look(village, 'zh-apart', [1024, 360]);
  await button(village, '选定这个：水利站').click();
  await village.getByText('已选定，并保存在本机。').waitFor();
  await village.getByText('有 1 件诉求在各处写下了不同的内容').waitFor({ state: 'detached' });

  // Resolved there, not to the resident's liking, and again.
  await exchange(village);
  await ingest(hub);
  for (const [text, result] of [['沟已挖', '不满意'], ['又挖了一遍', '满意']]) {
    await hub.reload();
    await atHub(hub, 'Resolve', () => field(hub, 'What was done').fill(text));
    await ingest(hub);
    await exchange(village);
    await village.reload();
    await village.getByText(text).waitFor();
    await inVillage(village, '回访', () => village.getByLabel(result, { exact: true }).check());
    await exchange(village);
    await ingest(hub);
  }
  await inVillage(village, '归档', async () => {});
  await exchange(village);
  await ingest(hub);
  await hub.reload();
  await hub.locator('dd', { hasText: 'closed' }).waitFor();
  for (const page of [village, hub]) check(page.complaints.length === 0, page.complaints);
  console.log('a case went to the township and back over two pages');
} catch (error) {
  for (const context of browser.contexts()) for (const page of context.pages()) console.log(page.url(), page.complaints, await page.locator('body').innerText());
  throw error;
} finally {
  await browser.close();
}
