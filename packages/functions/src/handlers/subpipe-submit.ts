import { LambdaClient } from '@aws-sdk/client-lambda';
import { createSubpipeSubmit } from '../subpipe/submit.js';
import { createS3, maxAttempts, surroundings } from './surroundings.js';

export default createSubpipeSubmit({ s3: createS3(), lambda: new LambdaClient({ maxAttempts }), ...surroundings });
