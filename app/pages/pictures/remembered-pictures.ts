/** About 40 kB each. */
const MOST = 200;

const kept = new Map<string, Promise<Buffer>>();

/** A picture that was drawn before; else draws it, once for all who ask meanwhile. The one asked for longest ago is forgotten first. */
export function remembered(key: string, draw: () => Promise<Buffer>): Promise<Buffer> {
  const picture = kept.get(key) ?? draw();
  kept.delete(key);
  kept.set(key, picture);
  const [oldest] = kept.keys();
  if (kept.size > MOST && oldest !== undefined) kept.delete(oldest);
  picture.catch(() => kept.get(key) === picture && kept.delete(key));
  return picture;
}
