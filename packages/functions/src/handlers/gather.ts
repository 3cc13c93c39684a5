import { createGather } from '../gather/gather.js';
import { createS3, surroundings } from './surroundings.js';

export default createGather({ s3: createS3(), ...surroundings });
