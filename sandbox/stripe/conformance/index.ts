export { prepareConformance, validateEvent, validateExchange } from './validate-exchange';
