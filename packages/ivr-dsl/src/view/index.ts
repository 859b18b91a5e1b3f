export { Coverage, type CoverageFile, readCoverage } from '../coverage.js';
export { toDot } from './dot.js';
export { type PageOptions, toHtml } from './html.js';
export { toMermaid } from './mermaid.js';
export { type FlowView, type Overlay, type ViewEdge, type ViewNode, type ViewSay, viewOf } from './model.js';
export { readCall } from './read-calls.js';
export { type CountedCall, type FlowTraffic, type NodeTraffic, TrafficCounter } from './traffic.js';
export type { PageLanguage } from './words.js';
