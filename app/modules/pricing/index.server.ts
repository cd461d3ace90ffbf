export { currentPrices, importPriceBook, priceById, findPrice, type DatedPrice } from './price-store.server';
export { findVersion, latestVersion, refreshVersions, type Refreshed, type ServedVersion } from './version-store.server';
