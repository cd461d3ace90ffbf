import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from 'playwright-core';
import { expect } from 'vitest';

interface Violation {
  id: string;
  nodes: { target: unknown[] }[];
}

declare global {
  interface Window {
    /** What the builder leaves behind in a page that it has looked at. */
    axe: { run(options: object): Promise<{ violations: Violation[] }> };
  }
}

const HEIGHT = 900;
const widths = [1440, 360] as const;
const schemes = ['light', 'dark'] as const;
/** Where a page is looked at. */
export const looks = widths.flatMap((width) => schemes.map((scheme) => ({ width, scheme })));

/** What axe does by itself, and controls that a finger misses. */
const allRules = { rules: { 'target-size': { enabled: true } }, resultTypes: ['violations' as const] };
/** What a theme may break; everything else of a page is the same in both. */
const rulesOfThemes = {
  runOnly: { type: 'rule', values: ['color-contrast', 'link-in-text-block', 'target-size'] },
  resultTypes: ['violations'],
};

/** Nothing that axe can see is wrong, in both widths and both themes, and the page does not scroll sideways. */
export async function expectAccessible(page: Page): Promise<void> {
  expect(await listFindings(page), page.url()).toEqual([]);
}

/**
 * What is wrong, and in which look. All rules in each width, since what is shown differs; in the dark those of colours and sizes once more.
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

/** Without motion, so that no colour is caught half way. */
async function show(page: Page, width: number, colorScheme: 'light' | 'dark'): Promise<void> {
  await page.setViewportSize({ width, height: HEIGHT });
  await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
}

/** Brings axe into the page, which takes longer than most looks. */
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
