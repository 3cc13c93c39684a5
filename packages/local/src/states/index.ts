export { createStatesService, type StatesOptions } from './service.js';
