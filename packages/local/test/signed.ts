/** The header of a signed AWS request; the engine has no key to verify it. */
export const signed = (service: string): { readonly authorization: string } => ({
  authorization: `AWS4-HMAC-SHA256 Credential=AKID/20260101/us-east-1/${service}/aws4_request, SignedHeaders=host, Signature=0`,
});
