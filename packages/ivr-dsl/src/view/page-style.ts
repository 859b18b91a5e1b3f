/** The page's style. Colours come from variables, so that light and dark differ in one place. */
export const PAGE_STYLE = `
:root{color-scheme:light;--bg:#f5f6f8;--card:#fff;--text:#1b1f24;--soft:#5b6572;--edge:#9aa4b1;--rule:#d9dee5;--focus:#0b62d6;
--asks:#0b62d6;--decides:#7a3fc4;--speaks:#667282;--keeps:#0b7d74;--leaves:#b35c00;--hit:#1a7f4b;--hitbg:#e3f5ea;--miss:#b3261e;--missbg:#fdeceb}
:root[data-theme=dark]{color-scheme:dark;--bg:#14171b;--card:#1f242a;--text:#e8ebef;--soft:#a3adb9;--edge:#6b7683;--rule:#353c45;--focus:#7db4ff;
--asks:#6aa8ff;--decides:#b98af5;--speaks:#97a3b1;--keeps:#4fc3b8;--leaves:#f0a04b;--hit:#5fce91;--hitbg:#16322a;--miss:#ff8a80;--missbg:#3a201f}
*{box-sizing:border-box}html,body{height:100%}
body{margin:0;display:flex;flex-direction:column;background:var(--bg);color:var(--text);font:14px/1.45 system-ui,-apple-system,"Segoe UI","PingFang SC","Microsoft YaHei","Noto Sans CJK SC",sans-serif}
header{display:flex;flex-wrap:wrap;gap:8px 14px;align-items:center;padding:10px 16px;background:var(--card);border-bottom:1px solid var(--rule)}
h1{font-size:16px;margin:0;overflow-wrap:anywhere}h1 small{font-weight:400;color:var(--soft);margin-left:8px}
header .tools{display:flex;flex-wrap:wrap;gap:6px;align-items:center;margin-left:auto}
button,input,select{font:inherit;color:inherit;background:var(--card);border:1px solid var(--edge);border-radius:6px;padding:4px 10px;min-height:32px}
button{cursor:pointer}button:hover{border-color:var(--focus)}button[aria-pressed=true]{background:var(--focus);border-color:var(--focus);color:var(--card)}
:focus-visible{outline:3px solid var(--focus);outline-offset:1px}
.found{position:relative}.found ul{position:absolute;z-index:5;left:0;right:0;min-width:260px;max-height:50vh;overflow:auto;margin:4px 0 0;padding:4px;list-style:none;background:var(--card);border:1px solid var(--edge);border-radius:6px;box-shadow:0 6px 20px #0003}
.found ul:empty{display:none}.found li button{width:100%;text-align:left;border:0;overflow-wrap:anywhere}.found li p{margin:4px 8px;color:var(--soft)}
main{flex:1;min-height:0;display:flex;position:relative}
.canvas{flex:1;min-width:0;position:relative;overflow:hidden;touch-action:none;cursor:grab}.canvas:active{cursor:grabbing}
#drawing{position:absolute;inset:0;width:100%;height:100%;display:block}
.mini{position:absolute;left:12px;bottom:12px;background:var(--card);border:1px solid var(--rule);border-radius:6px;opacity:.92;cursor:pointer}
.mini rect{fill:var(--speaks)}.mini .asks{fill:var(--asks)}.mini .decides{fill:var(--decides)}.mini .keeps{fill:var(--keeps)}.mini .leaves{fill:var(--leaves)}
.mini .port{fill:var(--focus);fill-opacity:.12;stroke:var(--focus);vector-effect:non-scaling-stroke;stroke-width:1.5px}
.zoom{position:absolute;right:12px;bottom:12px;display:flex;gap:6px}
.hint{position:absolute;left:12px;top:8px;color:var(--soft);font-size:12px;max-width:min(760px,90%);pointer-events:none;background:color-mix(in srgb,var(--bg) 80%,transparent);padding:2px 6px;border-radius:6px}
.hint p{margin:0}.hint i{display:inline-block;width:22px;border-top:2px solid var(--hit);vertical-align:middle;margin-left:4px}.hint i.miss{border-top:2px dashed var(--miss)}
text{fill:var(--text);font-size:13px}.card{fill:var(--card);stroke:var(--edge)}.start .card{stroke-width:2.5;stroke:var(--text)}
.node{cursor:pointer;--own:var(--speaks)}.asks{--own:var(--asks)}.decides{--own:var(--decides)}.keeps{--own:var(--keeps)}.leaves{--own:var(--leaves)}
.stripe{fill:var(--own)}.name{font-weight:600}.type{fill:var(--own);font-size:11.5px}.subject{fill:var(--soft)}
.node:focus{outline:none}.node:focus-visible .card,.node.chosen .card{stroke:var(--focus);stroke-width:3}
.cell{fill:none}.row:hover .cell{fill:var(--bg)}.label{font-size:12px}.label.key>tspan:first-child{font-weight:700}
.goal{text-anchor:end;font-size:12px;fill:var(--soft)}.goal-unknown{fill:var(--miss);font-weight:700}.jump .goal{fill:var(--focus)}.jump:hover .goal{text-decoration:underline}
.port{fill:var(--edge)}.line{fill:none;stroke:var(--edge);stroke-width:1.5;marker-end:url(#tip)}.line.lit{stroke:var(--focus);stroke-width:3}
.count{text-anchor:end;font-size:11.5px;fill:var(--soft)}.coverage,.traffic{display:none}
.show-coverage .coverage,.show-traffic .traffic{display:inline}.show-coverage p.coverage,.show-traffic p.traffic{display:block}tspan.coverage,tspan.traffic{fill:var(--soft);font-weight:400}
.show-coverage .line.hit{stroke:var(--hit)}.show-coverage .line.miss{stroke:var(--miss);stroke-dasharray:6 4}
.show-coverage .node.hit .card{stroke:var(--hit)}.show-coverage .node.miss .card{stroke:var(--miss);fill:var(--missbg);stroke-dasharray:6 4}
.show-coverage .row.miss .cell{fill:var(--missbg)}.show-coverage .row.miss .label{fill:var(--miss)}
.show-traffic .line{stroke-width:var(--calls,1.5)}.show-traffic .line.idle{stroke-dasharray:2 4;stroke-width:1}
aside{width:min(360px,46vw);overflow:auto;background:var(--card);border-left:1px solid var(--rule);padding:12px 16px}aside[hidden]{display:none}
.listing{flex:1;overflow:auto;padding:8px 16px 40px;max-width:900px;margin:0 auto}.listing[hidden],.canvas[hidden]{display:none}
article{padding:10px 0;border-bottom:1px solid var(--rule)}aside article{border:0}article h2{font-size:15px;margin:0;overflow-wrap:anywhere}
article h3{font-size:12px;color:var(--soft);margin:10px 0 2px;font-weight:600}article p{margin:2px 0;overflow-wrap:anywhere}article ul{margin:2px 0;padding-left:18px}
article li{margin:2px 0;overflow-wrap:anywhere}.kind{color:var(--soft)}dl{display:grid;grid-template-columns:auto 1fr;gap:2px 12px;margin:4px 0}dt{color:var(--soft)}dd{margin:0;overflow-wrap:anywhere}
a{color:var(--focus)}.show-coverage li.miss{color:var(--miss)}.note{color:var(--miss);margin:0}
@media (max-width:700px){header .tools{margin-left:0}aside{position:absolute;inset:auto 0 0 0;width:auto;max-height:55%;border-top:1px solid var(--rule)}.mini{display:none}}
@media print{.mini,.zoom,.hint,header .tools{display:none}}
`;
