// A person at a page: finds things by their visible labels alone, and is counted. One click is one, each key typed is one.
import { check } from './browser.mjs';

export class Hands {
  constructor(page) {
    this.page = page;
    this.clicks = 0;
    this.keys = 0;
  }

  async click(role, name, where = this.page) {
    this.clicks++;
    await where.getByRole(role, { name, exact: typeof name === 'string' }).first().click();
  }

  async unfold(text) {
    this.clicks++;
    await this.page.locator('summary', { hasText: text }).first().click();
  }

  // A click into the field, then its words key by key.
  async type(label, text) {
    this.clicks++;
    this.keys += [...text].length;
    await this.page.getByRole('textbox', { name: label }).first().fill(text);
  }

  async tick(label) {
    this.clicks++;
    await this.page.getByLabel(label, { exact: true }).first().check();
  }

  async choose(label, option) {
    this.clicks += 2;
    await this.page.getByLabel(label, { exact: true }).selectOption({ label: option });
  }

  // A file dialogue: one click to open it, two to choose.
  async file(label, path) {
    this.clicks += 3;
    await this.page.getByLabel(label).setInputFiles(path);
  }

  async sees(what) {
    await (typeof what === 'string' || what instanceof RegExp ? this.page.getByText(what).first() : what).waitFor();
  }

  async at(name) {
    await this.page.getByRole('heading', { level: 1, name }).waitFor();
  }

  // Ends a task: not more was needed than is written here.
  within(task, clicks, keys) {
    console.log(`${task}: ${this.clicks} clicks, ${this.keys} keys`);
    check(this.clicks <= clicks && this.keys <= keys, task, 'took', this.clicks, 'clicks and', this.keys, 'keys, of', clicks, keys);
    check(this.page.complaints.length === 0, this.page.complaints);
    this.clicks = 0;
    this.keys = 0;
  }
}
