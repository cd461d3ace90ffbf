import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { ReactElement } from 'react';
import { remembered } from './remembered-pictures';

const WIDTH = 1200;
const HEIGHT = 630;
const MINUTES_10 = 600;

/**
 * Draws a page's picture as a PNG. What shows the same figures is drawn once (`key`); the libraries are loaded with the first picture,
 * since most processes never draw one.
 */
export async function pictureAnswer(key: string, picture: () => ReactElement): Promise<Response> {
  const png = await remembered(key, () => draw(picture()));
  return new Response(new Uint8Array(png), { headers: { 'Content-Type': 'image/png', 'Cache-Control': `public, max-age=${MINUTES_10}` } });
}

async function draw(picture: ReactElement): Promise<Buffer> {
  const [{ default: satori }, { renderAsync }] = await Promise.all([import('satori'), import('@resvg/resvg-js')]);
  const svg = await satori(picture, { width: WIDTH, height: HEIGHT, fonts: await fonts() });
  return (await renderAsync(svg, { font: { loadSystemFonts: false } })).asPng();
}

const weights = [400, 600] as const;
const files = createRequire(import.meta.url);
let loaded: Promise<{ name: string; weight: 400 | 600; data: Buffer }[]> | undefined;

function fonts() {
  loaded ??= Promise.all(
    weights.map(async (weight) => ({
      name: 'Archivo',
      weight,
      data: await readFile(files.resolve(`@fontsource/archivo/files/archivo-latin-${weight}-normal.woff`)),
    })),
  );
  return loaded;
}
