import { addDays } from '../platform/dates';

/** Parts with live market figures. A guide places one by a line `::name`. */
export const liveParts = ['buy-offer', 'sell-offer', 'model-costs', 'seller-estimate', 'model-prices', 'snippets', 'resale-terms'] as const;
export type LivePart = (typeof liveParts)[number];

export const guideCategories = ['Replicate credit', 'Prices', 'Using a key', 'Selling'] as const;
export type GuideCategory = (typeof guideCategories)[number];

/** Where a fact of a guide comes from, and when we last looked. Days are yyyy-mm-dd. */
export interface Source {
  title: string;
  url: string;
  /** The day on which the source's own text is dated; null where it bears none. */
  dated: string | null;
  checked: string;
  /** Quoted by somebody else: the vendor's own page was not to be had. */
  secondHand: boolean;
}

export interface Heading {
  id: string;
  text: string;
}

export interface Guide {
  slug: string;
  title: string;
  description: string;
  category: GuideCategory;
  provider: 'replicate';
  /** Its place in the list. */
  order: number;
  published: string;
  reviewed: string;
  sources: Source[];
  /** Workflow files that the guide hands out. */
  files: string[];
  readingMinutes: number;
  /** Its parts in order: text as HTML, and live parts. */
  parts: ({ html: string } | { live: LivePart })[];
  contents: Heading[];
  /** The questions of the section "Questions", with their answers as plain text. */
  questions: { question: string; answer: string }[];
  /** The text as it was written, without its front matter. */
  markdown: string;
}

/** Facts older than this are looked at again. */
const OLD_DAYS = 180;

/** The sources of a guide whose last check is more than 180 days old. */
export function oldSources({ sources }: Pick<Guide, 'sources'>, now: Date): Source[] {
  const oldest = addDays(now, -OLD_DAYS);
  return sources.filter(({ checked }) => new Date(checked) < oldest);
}

/** The guides before and after one, in the order of the list. */
export function neighboursOf(guides: readonly Guide[], slug: string): { previous: Guide | null; next: Guide | null } {
  const at = guides.findIndex((guide) => guide.slug === slug);
  return { previous: guides[at - 1] ?? null, next: guides[at + 1] ?? null };
}

/** Guides whose address resembles one that does not exist, most alike first; all of them where none does. */
export function guidesLike<G extends Pick<Guide, 'slug' | 'title'>>(guides: readonly G[], slug: string): G[] {
  const asked = wordsOf(slug);
  const alike = (guide: G) => wordsOf(`${guide.slug} ${guide.title}`).filter((word) => asked.includes(word)).length;
  return [...guides].sort((a, b) => alike(b) - alike(a)).slice(0, 4);
}

const wordsOf = (text: string) => [...new Set(text.toLowerCase().match(/[a-z0-9]{3,}/g) ?? [])].filter((word) => word !== 'replicate');

/** Where texts say {{gateway}} and {{market}}: the addresses of this market. */
export function withAddresses(text: string, addresses: { gateway: string; market: string }): string {
  return text.replaceAll('{{gateway}}', addresses.gateway).replaceAll('{{market}}', addresses.market);
}
