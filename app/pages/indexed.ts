import { paths } from '~/paths';

/** Pages that search engines should know, without lots and guides. */
export const indexedPages = [
  paths.home(),
  paths.listings(),
  paths.howItWorks(),
  paths.gatewayDocs(),
  paths.guides(),
  paths.sell(),
  paths.terms(),
  paths.privacy(),
];
const alsoPublic = [paths.signIn(), paths.signUp()];
const lot = /^\/listings\/(lst_[0-9a-f]{32})$/;
const guide = /^\/guides\/([a-z0-9-]+)$/;

/** Whether a page has one address whatever its query says: a filter or a calculator makes no page of its own. */
export function isPublicPage(pathname: string): boolean {
  return indexedPages.includes(pathname) || alsoPublic.includes(pathname) || lot.test(pathname) || guide.test(pathname);
}

/** The picture that is shown where somebody shares a page. */
export function pictureOf(pathname: string): string {
  const lotId = lot.exec(pathname)?.[1];
  if (lotId !== undefined) return paths.pictureOfLot(lotId);
  const slug = guide.exec(pathname)?.[1];
  return slug === undefined ? paths.pictureOfMarket() : paths.pictureOfGuide(slug);
}
