import MarkdownIt from 'markdown-it';
import { parse } from 'yaml';
import { z } from 'zod';
import { guideCategories, liveParts, type Guide, type Heading, type LivePart } from './guide';

/** Used while building and by tests only: what pages get is the result. */
const day = z.iso.date();
const FrontMatter = z.strictObject({
  title: z.string().min(10).max(90),
  description: z.string().min(50).max(170),
  category: z.enum(guideCategories),
  provider: z.literal('replicate'),
  order: z.int().positive(),
  published: day,
  reviewed: day,
  files: z.array(z.string().regex(/^[a-z0-9-]+\.json$/)).default([]),
  sources: z
    .array(
      z.strictObject({
        title: z.string().min(5),
        url: z.url({ protocol: /^https$/ }),
        dated: day.nullable().default(null),
        checked: day,
        secondHand: z.boolean().default(false),
      }),
    )
    .min(1),
});

/** Raw HTML in a text is shown as text, never passed on. */
const markdown = new MarkdownIt({ html: false, typographer: true, quotes: '“”‘’' });
markdown.renderer.rules['table_open'] = () => '<div class="table-scroll" tabindex="0" role="group" aria-label="Table"><table>\n';
markdown.renderer.rules['table_close'] = () => '</table></div>\n';
markdown.renderer.rules['fence'] = (tokens, at) => {
  const { content = '', info = '' } = tokens[at] ?? {};
  const label = markdown.utils.escapeHtml(info.split(' ')[0] || 'Example');
  return `<pre tabindex="0" role="group" aria-label="${label}"><code>${markdown.utils.escapeHtml(content)}</code></pre>\n`;
};

const WORDS_PER_MINUTE = 220;

/** A guide's file as pages show it. @throws where its front matter, a heading or a live part is not as it should be */
export function renderGuide(slug: string, file: string): Guide {
  const [, head, text] = /^---\n(.*?)\n---\n(.*)$/s.exec(file) ?? [];
  if (head === undefined || text === undefined) throw new Error(`${slug}: it does not begin with front matter between two lines of ---`);
  const front = FrontMatter.parse(parse(head));
  if (front.reviewed < front.published) throw new Error(`${slug}: it is reviewed before it is published`);
  return {
    slug,
    ...front,
    readingMinutes: Math.max(1, Math.round((text.match(/\S+/g) ?? []).length / WORDS_PER_MINUTE)),
    ...partsOf(text),
    questions: questionsOf(text),
    markdown: text.trim(),
  };
}

/** Between the live parts the text is rendered piece by piece; its headings get ids for the list of contents. */
function partsOf(text: string): Pick<Guide, 'parts' | 'contents'> {
  const contents: Heading[] = [];
  const parts = text.split(/^(::[a-z-]+)$/m).map((piece) => {
    const name = /^::([a-z-]+)$/.exec(piece)?.[1];
    return name === undefined ? { html: htmlOf(piece, contents) } : { live: livePart(name) };
  });
  return { parts: parts.filter((part) => 'live' in part || part.html !== ''), contents };
}

function livePart(name: string): LivePart {
  const known = liveParts.find((part) => part === name);
  if (!known) throw new Error(`There is no live part named ${name}: one of ${liveParts.join(', ')}`);
  return known;
}

function htmlOf(text: string, contents: Heading[]): string {
  const tokens = markdown.parse(text, {});
  tokens.forEach((token, at) => {
    if (token.type !== 'heading_open') return;
    if (token.tag === 'h1') throw new Error('A guide has no # heading: the page shows its title');
    const title = tokens[at + 1]?.content ?? '';
    const id = idOf(title);
    token.attrSet('id', id);
    if (token.tag === 'h2') contents.push({ id, text: title });
  });
  return markdown.renderer.render(tokens, markdown.options, {});
}

/** The anchor of a heading, as GitHub makes it. */
export function idOf(title: string): string {
  return title
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s-]/gu, '')
    .trim()
    .replace(/\s+/g, '-');
}

/** What stands under `## Questions`: each `###` is a question, the text below it the answer. */
function questionsOf(text: string): Guide['questions'] {
  const section = /^## Questions\n(.*?)(?=^## |(?![\s\S]))/ms.exec(text)?.[1] ?? '';
  return section
    .split(/^### /m)
    .slice(1)
    .map((piece) => {
      const [question = '', ...answer] = piece.split('\n');
      return { question: question.trim(), answer: plain(answer.join('\n')) };
    });
}

function plain(text: string): string {
  return text
    .replace(/^::[a-z-]+$/gm, '')
    .replace(/\[([^\]]+)\]\([^)]+\)/g, '$1')
    .replace(/[*`]/g, '')
    .replace(/\s+/g, ' ')
    .trim();
}
