export { ImageError, type ImageProblem } from './image-error.js';
export { type PinnedImages, type PinOptions, pinImages } from './pin-images.js';
export { createImageResolver, type ImageResolver, type ImageResolverOptions } from './resolver.js';
