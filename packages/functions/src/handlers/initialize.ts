import { createInitialize } from '../initialize.js';
import { createS3, surroundings } from './surroundings.js';

export default createInitialize({ s3: createS3(), ...surroundings });
