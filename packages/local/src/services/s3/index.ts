export { createS3Service, type S3Service } from './service.js';
