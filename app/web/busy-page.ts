import type { ServerBuild } from '@remix-run/node';
import type { Request } from 'express';

/**
 * The page for somebody who is turned away because too many ask at once. It costs nothing to make: no data, no rendering, the site's own
 * stylesheet. Only people who look at a page get it; null means that a sentence is enough.
 */
export function busyPage(stylesheet: string, seconds: number): (req: Request) => string | null {
  return (req) => {
    if (req.path.endsWith('.data') || !req.accepts('html')) return null;
    const [, theme = ''] = /(?:^|;\s*)theme=([^;]*)/.exec(req.headers.cookie ?? '') ?? [];
    return html({ stylesheet, seconds, theme: themeFrom(theme), again: req.method === 'GET' ? req.originalUrl : null });
  };
}

/** The address of the site's stylesheet, as the root of the pages links it. */
export function findStylesheet(build: ServerBuild): string {
  const links = build.routes.root?.module.links?.() ?? [];
  return links.flatMap((link) => ('href' in link && link.rel === 'stylesheet' ? [link.href ?? ''] : []))[0] ?? '';
}

/** Remix keeps the cookie as base64 of JSON. */
function themeFrom(cookie: string): string {
  const text = Buffer.from(cookie.replace(/%3D/gi, '='), 'base64').toString();
  return text === '"dark"' || text === '"light"' ? ` data-theme=${text}` : '';
}

function html({ stylesheet, seconds, theme, again }: { stylesheet: string; seconds: number; theme: string; again: string | null }): string {
  const next =
    again === null
      ? '<p>Nothing was sent or changed. Go back, wait a moment, and send it again.</p>'
      : `<p>Nothing was changed. Wait ${seconds} seconds, then open the page again.</p>
<div class="actions"><a class="btn btn-primary" href="${escaped(again)}">Try again</a></div>`;
  return `<!DOCTYPE html><html lang="en"${theme}><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Many people are asking · Credit Mart</title><link rel="icon" href="/favicon.svg" type="image/svg+xml"><link rel="stylesheet" href="${escaped(stylesheet)}"></head>
<body><main class="sheet"><div class="empty empty-page">
<svg class="lot" height="30" aria-hidden="true"><rect class="void" x="0.5" y="7.5" width="58%" height="12"></rect></svg>
<p class="mono muted">429</p><h1>Many people are asking at once</h1>
${next}
</div></main></body></html>
`;
}

const signs: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
const escaped = (text: string) => text.replace(/[&<>"']/g, (sign) => signs[sign] ?? '');
