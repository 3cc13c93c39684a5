/** The headers of a signed request to S3; the engine has no key to verify the signature. */
export const signed = { authorization: 'AWS4-HMAC-SHA256 Credential=any/20260101/us-east-1/s3/aws4_request' };
