import { createChoose } from '../choose/choose.js';
import { createS3, surroundings } from './surroundings.js';

export default createChoose({ s3: createS3(), ...surroundings });
