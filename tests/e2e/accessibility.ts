import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from 'playwright-core';
import { expect } from 'vitest';

interface Violation {
  id: string;
  nodes: { target: unknown[] }[];
}

declare global {
  interface Window {
    /** AxeBuilder leaves this global in a page that it has checked. */
    axe: { run(options: object): Promise<{ violations: Violation[] }> };
  }
}

const HEIGHT = 900;
const widths = [1440, 360] as const;
const schemes = ['light', 'dark'] as const;
/** The widths and themes in which a page is checked. */
export const looks = widths.flatMap((width) => schemes.map((scheme) => ({ width, scheme })));

/** The default rules of axe, and the size of touch targets. */
const allRules = { rules: { 'target-size': { enabled: true } }, resultTypes: ['violations' as const] };
/** The rules that depend on the theme; all others hold for both themes alike. */
const rulesOfThemes = {
  runOnly: { type: 'rule', values: ['color-contrast', 'link-in-text-block', 'target-size'] },
  resultTypes: ['violations'],
};

/** Expects no axe findings in both widths and themes, and no sideways scrolling. */
export async function expectAccessible(page: Page): Promise<void> {
  expect(await listFindings(page), page.url()).toEqual([]);
}

/**
 * The findings by width and theme: all rules in each width, since the content differs, and colour and size rules again in the dark theme.
 * Leaves the page wide and light.
 */
export async function listFindings(page: Page): Promise<string[]> {
  const found: string[] = [];
  for (const [index, { width, scheme }] of looks.entries()) {
    await show(page, width, scheme);
    const violations = await (index === 0 ? firstViolations(page) : runAxe(page, scheme === 'light' ? allRules : rulesOfThemes));
    const beyond = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    if (beyond > 0) violations.push(`scrolls sideways by ${beyond} px`);
    found.push(...violations.map((violation) => `${width} px, ${scheme}: ${violation}`));
  }
  await show(page, widths[0], 'light');
  return found;
}

/** Turns animation off, so that no colour is measured halfway. */
async function show(page: Page, width: number, colorScheme: 'light' | 'dark'): Promise<void> {
  await page.setViewportSize({ width, height: HEIGHT });
  await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
}

/** Loads axe into the page, which takes longer than most checks. */
async function firstViolations(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page }).setLegacyMode().options(allRules).analyze();
  return inWords(violations);
}

async function runAxe(page: Page, rules: object): Promise<string[]> {
  const { violations } = await page.evaluate((how) => window.axe.run(how), rules);
  return inWords(violations);
}

function inWords(violations: Violation[]): string[] {
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(' ')).join(', ')}`);
}
