export { currentPrices, importPriceBook, priceById, priceOfModel, type DatedPrice } from './prices.server';
export { findVersion, latestVersion, refreshVersions, type Refreshed, type ServedVersion } from './model-versions.server';
