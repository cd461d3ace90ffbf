export { currentPrices, importPriceBook, priceById, priceOfModel, type DatedPrice } from './prices.server';
export { findVersion, latestVersion, modelsWithoutVersions, refreshVersions, type ServedVersion } from './model-versions.server';
