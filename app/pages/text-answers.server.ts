const MINUTES_5 = 300;

/** A file for programs that is the same for everybody: feeds, maps of the site, texts. */
export function textAnswer(type: string, text: string): Response {
  return new Response(text, { headers: { 'Content-Type': `${type}; charset=utf-8`, 'Cache-Control': `public, max-age=${MINUTES_5}` } });
}

const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&apos;' };

/** A text within XML. */
export function xml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => entities[character] ?? character);
}
