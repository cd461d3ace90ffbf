import type { MetaDescriptor } from '@remix-run/react';

/** Meta tags for search engines and link previews. root.tsx adds the canonical URL and the picture. */
export function pageMeta({
  title,
  description,
  hidden = false,
}: {
  title: string;
  description: string;
  hidden?: boolean;
}): MetaDescriptor[] {
  return [
    { title: `${title} · Credit Mart` },
    { name: 'description', content: description },
    { property: 'og:title', content: title },
    { property: 'og:description', content: description },
    ...(hidden ? [{ name: 'robots', content: 'noindex' }] : []),
  ];
}

/** Facts for search engines as JSON-LD. A block of data runs nothing, so it needs no nonce. */
export function structured(type: string, facts: Record<string, unknown>): MetaDescriptor {
  return { 'script:ld+json': { '@context': 'https://schema.org', '@type': type, ...facts } };
}

/** The way to a page, from the first page on; `origin` is where people reach this market. */
export function breadcrumbData(origin: string, steps: readonly { label: string; path: string }[]): MetaDescriptor {
  return structured('BreadcrumbList', {
    itemListElement: steps.map(({ label, path }, at) => ({ '@type': 'ListItem', position: at + 1, name: label, item: origin + path })),
  });
}
