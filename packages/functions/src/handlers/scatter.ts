import { createScatter } from '../scatter/scatter.js';
import { createS3, surroundings } from './surroundings.js';

export default createScatter({ s3: createS3(), ...surroundings });
