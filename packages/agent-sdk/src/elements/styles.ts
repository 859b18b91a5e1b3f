/**
 * Looks of the element. Colours and the font can be set from outside: `--cti-accent`, `--cti-surface`, `--cti-text`,
 * `--cti-muted`, `--cti-line`, `--cti-radius`, `--cti-font`.
 */
export const STYLES = `
:host {
  --accent: var(--cti-accent, #1f6feb); --surface: var(--cti-surface, #ffffff); --raised: #f4f6f9;
  --text: var(--cti-text, #17202c); --muted: var(--cti-muted, #5a6675); --line: var(--cti-line, #d9dfe7);
  --go: #14713c; --stop: #b3261e; --warn: #8a5300; --radius: var(--cti-radius, 10px);
  display: block; container-type: inline-size; color: var(--text); line-height: 1.35;
  font: 14px/1.35 var(--cti-font, system-ui, -apple-system, "Segoe UI", "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif);
}
:host([hidden]) { display: none; }
@media (prefers-color-scheme: dark) {
  :host([theme="auto"]) {
    --surface: var(--cti-surface, #151b23); --raised: #1e2630; --text: var(--cti-text, #e8edf3);
    --muted: var(--cti-muted, #9fadbd); --line: var(--cti-line, #323d4a); --accent: var(--cti-accent, #5ba0ff);
    --go: #4cc38a; --stop: #ff8a80; --warn: #ffc46b;
  }
}
* { box-sizing: border-box; }
[hidden] { display: none !important; }
.bar { display: flex; flex-wrap: wrap; align-items: stretch; gap: 8px 16px; padding: 10px 14px; background: var(--surface);
  border: 1px solid var(--line); border-radius: var(--radius); }
.me, .dial, .keys, .actions, .target, .facts { display: flex; flex-wrap: wrap; align-items: center; gap: 8px; }
.me { position: relative; }
.status { display: grid; grid-template-columns: auto 1fr; column-gap: 9px; align-items: center; min-width: 148px; }
.dot { width: 12px; height: 12px; border-radius: 50%; background: var(--muted); grid-row: 1 / 3; }
.status[data-state="ready"] .dot { background: #1fa463; }
.status[data-state="notReady"] .dot { background: #d97706; }
.status[data-state="reserved"] .dot, .status[data-state="busy"] .dot { background: #c62f2f; }
.status[data-state="wrapUp"] .dot { background: #6d5bd0; }
.status strong { font-weight: 600; }
.status small, .facts { color: var(--muted); font-size: 12px; }
.time { font-variant-numeric: tabular-nums; }
button { font: inherit; font-weight: 500; color: var(--text); background: var(--raised); border: 1px solid var(--line);
  border-radius: 8px; min-height: 36px; padding: 5px 12px; cursor: pointer; }
button:hover:not(:disabled) { border-color: var(--accent); }
button:disabled { opacity: .5; cursor: default; }
button.go { background: var(--go); border-color: var(--go); color: #fff; }
button.stop { background: var(--stop); border-color: var(--stop); color: #fff; }
button[aria-pressed="true"], button[aria-expanded="true"] { border-color: var(--accent); box-shadow: inset 0 0 0 1px var(--accent); }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
input, select { font: inherit; color: var(--text); background: var(--surface); border: 1px solid #8592a3; border-radius: 8px;
  min-height: 36px; padding: 5px 10px; width: 168px; min-width: 0; }
.words { flex: 1 1 220px; max-width: 640px; }
.after .target { flex: 1 1 320px; }
.menu { position: absolute; inset-inline-start: 0; top: calc(100% + 6px); z-index: 5; display: grid; gap: 4px; min-width: 190px;
  padding: 8px; background: var(--surface); border: 1px solid var(--line); border-radius: var(--radius); box-shadow: 0 8px 24px rgb(20 30 45 / .18); }
.menu button { text-align: start; border-color: transparent; background: transparent; }
.menu .head { padding: 4px 12px 0; color: var(--muted); }
.menu button[aria-pressed="true"]::after { content: " ✓"; }
.menu button[aria-pressed="true"] { box-shadow: none; border-color: transparent; }
.dial .menu { inset-inline: auto 0; max-height: 320px; overflow: auto; white-space: nowrap; }
.call[data-state="release"] { border-inline-start-color: var(--stop); }
.menu button:hover { background: var(--raised); }
.dial { margin-inline-start: auto; }
.keys { display: grid; grid-template-columns: repeat(3, 44px); gap: 6px; }
.keys button { padding: 0; font-size: 16px; min-height: 40px; }
.pad { flex-basis: 100%; display: flex; justify-content: flex-end; }
.calls { flex-basis: 100%; display: grid; gap: 8px; list-style: none; margin: 0; padding: 0; }
.call { display: grid; gap: 8px; padding: 10px 12px; border: 1px solid var(--line); border-inline-start: 4px solid var(--muted);
  border-radius: 8px; background: var(--raised); }
.call[data-state="alerting"] { border-inline-start-color: #d97706; }
.call[data-state="connected"] { border-inline-start-color: #1fa463; }
.call[data-state="held"] { border-inline-start-color: #6d5bd0; }
.call[data-state="alerting"] .who::after { content: ""; display: inline-block; width: 9px; height: 9px; margin-inline-start: 8px;
  border-radius: 50%; background: #d97706; animation: ring 1s infinite; }
@keyframes ring { 50% { opacity: .2; } }
@media (prefers-reduced-motion: reduce) { .call .who::after { animation: none !important; } }
.head { display: flex; flex-wrap: wrap; gap: 2px 14px; align-items: baseline; }
.who { font-size: 16px; font-weight: 600; overflow-wrap: anywhere; }
.chip { border: 1px solid var(--line); border-radius: 999px; padding: 0 9px; background: var(--surface); }
.notice, .error { flex-basis: 100%; display: flex; flex-wrap: wrap; gap: 10px; align-items: center; border-radius: 8px; padding: 6px 10px; }
.notice { color: var(--warn); border: 1px solid currentColor; }
.after { flex-basis: 100%; display: flex; flex-wrap: wrap; gap: 10px; align-items: center; color: var(--muted); }
.error { color: var(--stop); border: 1px solid currentColor; }
.quiet { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
@container (max-width: 620px) {
  .dial { margin-inline-start: 0; flex-basis: 100%; }
  .dial input { flex: 1; }
  .target input { flex: 1 1 100%; }
  .me { flex-basis: 100%; }
  .pad { justify-content: flex-start; }
  .keys { grid-template-columns: repeat(3, 1fr); width: 100%; }
  button { min-height: 40px; }
}
`;
