// The page in Firefox ESR: logging in, a new case, the case, lists and figures. Firefox is spoken to by its own Marionette: each
// message is its length, a colon and JSON.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';

const { FIREFOX, ROOM, URL: HOME, PASSPHRASE, PICTURES } = process.env;
const WAIT_MS = 120000;

class Marionette {
  constructor(port) {
    this.waiting = new Map();
    this.last = 0;
    let bytes = Buffer.alloc(0);
    this.socket = connect(port, '127.0.0.1');
    this.socket.on('data', (more) => {
      bytes = Buffer.concat([bytes, more]);
      for (let colon = bytes.indexOf(':'); colon > 0; colon = bytes.indexOf(':')) {
        const length = Number(bytes.subarray(0, colon));
        if (bytes.length < colon + 1 + length) return;
        const message = JSON.parse(bytes.subarray(colon + 1, colon + 1 + length));
        bytes = bytes.subarray(colon + 1 + length);
        if (Array.isArray(message)) this.take(message);
      }
    });
  }

  take([, id, error, result]) {
    const { well, badly } = this.waiting.get(id);
    this.waiting.delete(id);
    if (error) badly(new Error(`${error.error}: ${error.message}`));
    else well(result?.value ?? result);
  }

  ask(command, parameters = {}) {
    this.last += 1;
    const text = JSON.stringify([0, this.last, command, parameters]);
    this.socket.write(`${Buffer.byteLength(text)}:${text}`);
    return new Promise((well, badly) => { this.waiting.set(this.last, { well, badly }); });
  }

  // The one element there that a path (XPath) leads to and that is shown.
  find(path) {
    return this.ask('WebDriver:FindElement', { using: 'xpath', value: path }).then((found) => Object.values(found)[0]);
  }

  async click(path) { await this.ask('WebDriver:ElementClick', { id: await this.find(path) }); }

  async type(path, text) { await this.ask('WebDriver:ElementSendKeys', { id: await this.find(path), text }); }

  run(script) { return this.ask('WebDriver:ExecuteScript', { script, args: [], newSandbox: false, sandbox: null }); }
}

const heading = (name) => `//h1[normalize-space()='${name}']`;
const button = (name) => `//button[normalize-space()='${name}']`;
const link = (name) => `//a[normalize-space()='${name}']`;
const field = (name) => `//*[@id=//label[starts-with(normalize-space(), '${name}')]/@for]`;

const profile = `${ROOM}/firefox`;
mkdirSync(profile);
const prefs = { 'marionette.port': 0, 'browser.shell.checkDefaultBrowser': false, 'datareporting.policy.dataSubmissionEnabled': false, 'toolkit.telemetry.enabled': false, 'app.update.enabled': false,
  'browser.startup.homepage_override.mstone': 'ignore', 'network.captive-portal-service.enabled': false, 'network.connectivity-service.enabled': false, 'browser.safebrowsing.downloads.remote.enabled': false,
  'services.settings.server': 'data:,', 'extensions.systemAddon.update.enabled': false, 'intl.accept_languages': 'zh-CN, en', 'browser.startup.page': 0 };
writeFileSync(`${profile}/user.js`, Object.entries(prefs).map(([name, value]) => `user_pref(${JSON.stringify(name)}, ${JSON.stringify(value)});\n`).join(''));
const firefox = spawn(FIREFOX, ['--headless', '--marionette', '--no-remote', '--profile', profile, 'about:blank'], { stdio: 'ignore', env: { ...process.env, HOME: ROOM, MOZ_CRASHREPORTER_DISABLE: '1' } });
const ended = () => firefox.exitCode !== null || firefox.signalCode !== null;
let page;
try {
  const active = `${profile}/MarionetteActivePort`;
  const end = Date.now() + WAIT_MS;
  while (!existsSync(active) || readFileSync(active, 'utf8') === '') {
    if (Date.now() > end || ended()) throw new Error(`Firefox did not come up: ${firefox.exitCode ?? firefox.signalCode}`);
    await new Promise((well) => { setTimeout(well, 50); });
  }
  page = new Marionette(Number(readFileSync(active, 'utf8')));
  const { capabilities } = await page.ask('WebDriver:NewSession');
  await page.ask('WebDriver:SetTimeouts', { implicit: WAIT_MS, pageLoad: WAIT_MS, script: WAIT_MS });
  await page.ask('WebDriver:Navigate', { url: HOME });
  await page.find(heading('登录'));
  await page.run("globalThis.complaints = []; addEventListener('error', (event) => complaints.push(String(event.message))); addEventListener('unhandledrejection', (event) => complaints.push(String(event.reason))); addEventListener('securitypolicyviolation', (event) => complaints.push(event.violatedDirective));");
  await page.click("//label[normalize-space()='Ben']/input");
  await page.type(field('口令'), PASSPHRASE);
  await page.click(button('登录'));
  await page.find(heading('今天'));
  await page.click(link('登记诉求'));
  await page.find(heading('登记诉求'));
  await page.type(field('标题'), '路灯不亮 Street lamp');
  await page.type(field('内容'), '村口的灯坏了。');
  await page.click(button('保存'));
  await page.find(heading('路灯不亮 Street lamp'));
  await page.find("//ol[contains(@class, 'events')]/li");
  await page.click(button('English'));
  await page.click(button('Add a note'));
  await page.type(`//section//*[@id=//label[starts-with(normalize-space(), 'Text')]/@for]`, 'looked at');
  await page.click(button('Save'));
  await page.find("//p[normalize-space()='looked at']");
  await page.click(link('Cases'));
  await page.find(heading('Cases'));
  await page.find("//ul[@data-page]//span[normalize-space()='路灯不亮 Street lamp']");
  await page.click(link('Figures'));
  await page.find(heading('Figures'));
  await page.find("//*[contains(@class, 'rates-chart')]");
  writeFileSync(`${PICTURES}/firefox.png`, Buffer.from(await page.ask('WebDriver:TakeScreenshot', { full: true }), 'base64'));
  const complaints = await page.run('return globalThis.complaints;');
  if (complaints.length > 0) throw new Error(`Firefox complains: ${complaints.join(' ')}`);
  console.log(`a case was written in Firefox ${capabilities.browserVersion}`);
} catch (error) {
  if (page) console.log(await page.run('return location.href + " " + document.body.innerText;').catch(() => ''));
  throw error;
} finally {
  page?.socket.destroy();
  firefox.kill();
  if (!ended()) await once(firefox, 'exit');
  rmSync(profile, { recursive: true, force: true, maxRetries: 10 });
}
