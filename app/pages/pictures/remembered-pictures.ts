import { LRUCache } from 'lru-cache';

/** About 40 kB each. */
const MOST = 200;

const kept = new LRUCache<string, Promise<Buffer>>({ max: MOST });

/** A picture that was drawn before; else draws it, once for all who ask meanwhile. The one asked for longest ago is forgotten first. */
export function remembered(key: string, draw: () => Promise<Buffer>): Promise<Buffer> {
  const known = kept.get(key);
  if (known) return known;
  const picture = draw();
  kept.set(key, picture);
  picture.catch(() => kept.peek(key) === picture && kept.delete(key));
  return picture;
}
