export { createStatesService, createStatesServiceWith, type StatesOptions } from './service.js';
