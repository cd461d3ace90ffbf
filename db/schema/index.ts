export * from './accounts';
export * from './ledger';
export * from './listings';
export * from './metering';
export * from './operations';
export * from './transactions';
