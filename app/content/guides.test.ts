import { describe, expect, it } from 'vitest';
import { guidesLike, neighboursOf, oldSources, withAddresses, type Guide } from './guide';
import { guides } from './guides.server';
import { idOf, renderGuide } from './render-guide';
import { workflows } from './workflows.server';

const find = (slug: string) => guides.find((guide) => guide.slug === slug) as Guide;

/** Every `[text](target)` of a guide outside its code. */
const linksOf = ({ markdown }: Guide) =>
  [...markdown.replace(/^```[\s\S]*?^```/gm, '').matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = '']) => target);

const known = ['/', '/listings', '/sell', '/wallet', '/docs/gateway', '/how-it-works', '/terms', '/privacy', '/guides'];
const anchors: Record<string, string[]> = { '/docs/gateway': ['prices'] };

/** Why a link leads nowhere; null when it leads somewhere. */
function brokenLink(from: Guide, target: string): string | null {
  const [path = '', anchor] = target.split('#');
  const source = /^#source-(\d+)$/.exec(target)?.[1];
  if (source !== undefined) return from.sources[Number(source) - 1] ? null : `${target}: there is no such source`;
  const slug = /^\/guides\/([a-z0-9-]+)$/.exec(path)?.[1];
  const guide = path === '' ? from : slug === undefined ? undefined : find(slug);
  if (guide) return anchor === undefined || headingsOf(guide).includes(anchor) ? null : `${target}: no such heading`;
  const named = /^\/guides\/files\/(.+)$/.exec(path)?.[1];
  if (named !== undefined) return workflows.has(named) ? null : `${target}: no such file`;
  if (/^https:\/\//.test(target)) return null;
  return known.includes(path) && (anchor === undefined || anchors[path]?.includes(anchor)) ? null : `${target}: no such page`;
}

const headingsOf = ({ markdown }: Guide) => [...markdown.matchAll(/^#+ (.+)$/gm)].map(([, title = '']) => idOf(title));

describe('the guides', () => {
  it('are there, the one about free credits first, with addresses and titles of their own', () => {
    expect(guides.map(({ slug }) => slug)).toEqual([
      'replicate-free-credits',
      'replicate-prepaid-credit',
      'replicate-rate-limits',
      'replicate-model-prices',
      'move-to-credit-mart',
      'n8n-workflow',
      'sell-surplus-credit',
    ]);
    expect(new Set(guides.map(({ title }) => title)).size).toBe(guides.length);
    expect(new Set(guides.map(({ description }) => description)).size).toBe(guides.length);
  });

  it.each(guides.map((guide) => [guide.slug, guide] as const))(
    '%s: every link leads somewhere and every source is cited',
    (_slug, guide) => {
      expect(linksOf(guide).flatMap((target) => brokenLink(guide, target) ?? [])).toEqual([]);
      guide.sources.forEach((source, at) => expect(guide.markdown, source.title).toContain(`](#source-${at + 1})`));
      for (const name of guide.files) expect(linksOf(guide), name).toContain(`/guides/files/${name}`);
    },
  );

  it.each(guides.map((guide) => [guide.slug, guide] as const))(
    '%s has sections, questions with answers, and no dated source of the future',
    (_slug, guide) => {
      expect(guide.contents.length).toBeGreaterThan(3);
      expect(guide.questions.length).toBeGreaterThan(1);
      for (const { question, answer } of guide.questions) {
        expect(question).toMatch(/\?$/);
        expect(answer.length).toBeGreaterThan(20);
        expect(answer).not.toMatch(/[[\]`*#]/);
      }
      for (const { checked, dated } of guide.sources) expect(dated === null || dated <= checked).toBe(true);
    },
  );

  it('tell the clause on resale wherever selling is offered', () => {
    const offering = guides.filter(({ parts }) => parts.some((part) => 'live' in part && part.live === 'sell-offer'));
    expect(offering.length).toBeGreaterThan(2);
    for (const { parts, slug } of offering) expect(parts, slug).toContainEqual({ live: 'resale-terms' });
  });

  it('never say escrow', () => {
    for (const { markdown } of guides) expect(markdown).not.toMatch(/escrow/i);
  });
});

const file = (head: string, text: string) => `---\n${head}\n---\n${text}`;
const head = `title: 'A guide to test with'
description: 'A description that is long enough for the rule on descriptions.'
category: Prices
provider: replicate
order: 1
published: 2026-01-01
reviewed: 2026-01-02
sources: [{ title: 'Source', url: 'https://example.com/', checked: 2026-01-01 }]`;

describe('rendering', () => {
  it('shows raw HTML as text', () => {
    const { parts } = renderGuide('x', file(head, 'Hello <script>alert(1)</script> [link](javascript:alert)'));
    expect(JSON.stringify(parts)).toContain('&lt;script&gt;');
    expect(JSON.stringify(parts)).not.toContain('href=\\"javascript');
  });

  it.each([
    ['an unknown field', file(`${head}\ncolour: red`, 'x')],
    ['no source', file(head.replace(/sources: .*/, 'sources: []'), 'x')],
    ['a source without a date', file(head.replace(', checked: 2026-01-01', ''), 'x')],
    ['a day that is none', file(head.replace('2026-01-02', '2026-02-30'), 'x')],
    ['a review before it was published', file(head.replace('2026-01-02', '2025-12-31'), 'x')],
    ['an unknown live part', file(head, '::no-such-part')],
    ['a title of its own in the text', file(head, '# Title')],
    ['no front matter', 'Hello'],
  ])('refuses %s', (_what, text) => {
    expect(() => renderGuide('x', text)).toThrow();
  });

  it('puts live parts between the text and lists the sections', () => {
    const { parts, contents } = renderGuide('x', file(head, '## One\n\ntext\n\n::buy-offer\n\n## Two & three\n'));
    expect(parts.map((part) => ('live' in part ? part.live : 'text'))).toEqual(['text', 'buy-offer', 'text']);
    expect(contents).toEqual([
      { id: 'one', text: 'One' },
      { id: 'two-three', text: 'Two & three' },
    ]);
  });
});

describe('sources', () => {
  it('are old after 180 days', () => {
    const guide = renderGuide('x', file(head, 'x'));
    expect(oldSources(guide, new Date('2026-06-30T00:00:00Z'))).toEqual([]);
    expect(oldSources(guide, new Date('2026-07-01T00:00:00Z'))).toHaveLength(1);
  });
});

describe('finding one', () => {
  it('suggests the guides that resemble an address', () => {
    expect(guidesLike(guides, 'rate-limits-replicate')[0]?.slug).toBe('replicate-rate-limits');
    expect(guidesLike(guides, 'n8n')[0]?.slug).toBe('n8n-workflow');
    expect(guidesLike(guides, 'zzz')).toHaveLength(4);
  });

  it('knows the one before and the one after', () => {
    const { previous, next } = neighboursOf(guides, guides[1]?.slug ?? '');
    expect([previous?.slug, next?.slug]).toEqual([guides[0]?.slug, guides[2]?.slug]);
    expect(neighboursOf(guides, guides[0]?.slug ?? '').previous).toBeNull();
  });

  it('puts in the addresses of this market', () => {
    expect(withAddresses('{{market}} {{gateway}}', { market: 'https://m', gateway: 'https://m/g' })).toBe('https://m https://m/g');
  });
});
