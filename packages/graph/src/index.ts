export { type DrawOptions, draw, type PictureFormat, pictureFormats } from './draw.js';
export { flowOf } from './flow/flow-of.js';
export type * from './flow/model.js';
export { layOut, type Sized } from './layout/lay-out.js';
export type * from './layout/picture.js';
export { escapeXml } from './svg/xml.js';
