import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import type { Plugin } from 'vite';
import { renderGuide } from './app/content/render-guide';

/** Renders app/content/guides/*.md while building, so that no page carries a Markdown library. A file that is not right fails the build. */
export function guideFiles(): Plugin {
  return {
    name: 'guide-files',
    enforce: 'pre',
    load(id) {
      const [path = ''] = id.split('?');
      if (!/\/app\/content\/guides\/[a-z0-9-]+\.md$/.test(path)) return null;
      return `export default ${JSON.stringify(renderGuide(basename(path, '.md'), readFileSync(path, 'utf8')))};`;
    },
  };
}
