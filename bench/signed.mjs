/** The headers of a request to S3 that is signed; the engine has no key to check it with. */
export const signed = { authorization: 'AWS4-HMAC-SHA256 Credential=any/20260101/us-east-1/s3/aws4_request' };
