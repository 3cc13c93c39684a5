import { createSubpipeRetrieve } from '../subpipe/retrieve.js';
import { createS3, surroundings } from './surroundings.js';

export default createSubpipeRetrieve({ s3: createS3(), ...surroundings });
