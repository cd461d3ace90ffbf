import type { Guide } from './guide';

const files = import.meta.glob<Guide>('./guides/*.md', { eager: true, import: 'default' });

/** All guides, in the order in which they are read. The build has rendered them (vite.guides.ts). */
export const guides: readonly Guide[] = Object.values(files).sort((a, b) => a.order - b.order);

export function findGuide(slug: string | undefined): Guide | null {
  return guides.find((guide) => guide.slug === slug) ?? null;
}
