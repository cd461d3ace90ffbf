export { currentPrices, importPriceBook, priceById, findPrice, type DatedPrice } from './prices.server';
export { findVersion, latestVersion, refreshVersions, type Refreshed, type ServedVersion } from './model-versions.server';
