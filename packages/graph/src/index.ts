export { flowOf } from './flow/flow-of.js';
export type * from './flow/model.js';
export { layOut } from './layout/lay-out.js';
export type * from './layout/picture.js';
export { renderSvg, type SvgOptions } from './svg/render.js';
