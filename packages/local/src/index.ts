export { AwsError } from './aws-error.js';
