import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core';
import { afterAll, beforeAll } from 'vitest';
import { BROWSER_HELP, findBrowser } from '../../scripts/browser.mjs';

const ARGS = ['--no-sandbox', '--disable-dev-shm-usage', '--disable-background-networking'];

/**
 * A Chromium for this test file; each `open` is a new visitor with its own cookies.
 *
 *     const browser = testBrowser();
 *     const page = await browser.open({ viewport: { width: 360, height: 800 } });
 */
export function testBrowser(): { open(options?: BrowserContextOptions): Promise<Page> } {
  let browser: Browser | undefined;
  beforeAll(async () => {
    const executablePath = await findBrowser();
    if (executablePath === null) throw new Error(BROWSER_HELP);
    browser = await chromium.launch({ args: ARGS, executablePath });
  });
  afterAll(() => browser?.close());
  return {
    open: async (options) => {
      if (!browser) throw new Error('The browser is there once the hooks and tests run.');
      const context = await browser.newContext(options);
      return context.newPage();
    },
  };
}
