import archivoUrl from '@fontsource-variable/archivo/files/archivo-latin-standard-normal.woff2?url';

/** The one font file a page preloads: `{ rel: 'preload', as: 'font', type: 'font/woff2', href: preloadFontUrl, crossOrigin: 'anonymous' }`. */
export const preloadFontUrl: string = archivoUrl;
