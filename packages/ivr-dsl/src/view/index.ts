export { toDot } from './dot.js';
export { toMermaid } from './mermaid.js';
export { type FlowView, type Overlay, type ViewEdge, type ViewNode, type ViewSay, viewOf } from './model.js';
export { type CountedCall, type FlowTraffic, type NodeTraffic, TrafficCounter } from './traffic.js';
