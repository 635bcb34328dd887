/** What a drill that is watched needs beside the style of reports. */
export const watchStyle = `
.unseen{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
main.watch{max-width:1800px}
.watch header{display:flex;flex-wrap:wrap;gap:8px 20px;align-items:center;margin-bottom:12px}
.watch header>div{flex:1 1 260px;min-width:0}
.watch header .origin{margin:0}
.watch h1{margin:0}
.watch h2{margin:24px 0 8px;font-size:16px}
.link-state{color:var(--muted);font-size:13px}
.link-state.away{color:var(--fail);font-weight:650}
.watch button,.watch select{font:inherit;font-weight:600;min-height:40px;padding:6px 16px;border-radius:8px;border:1px solid var(--muted);
  background:var(--card);color:var(--ink);cursor:pointer}
.watch button:disabled{color:var(--muted);cursor:not-allowed;border-style:dashed}
#stop:not(:disabled),dialog .danger{border-color:var(--fail);color:var(--fail)}
dialog{border:1px solid var(--line);border-radius:12px;background:var(--card);color:var(--ink);padding:22px 26px;max-width:520px}
dialog::backdrop{background:#000a}
dialog h2{margin-top:0}
dialog p{margin-bottom:12px}
dialog button{font:inherit;font-weight:600;min-height:40px;padding:6px 16px;border-radius:8px;border:1px solid var(--muted);
  background:var(--card);color:var(--ink);cursor:pointer}
#stopping-problem,#ticking-problem{color:var(--fail)}
dialog input{font:inherit;min-height:40px;padding:6px 10px;border-radius:8px;border:1px solid var(--muted);background:var(--page);color:var(--ink);
  width:100%;margin-top:4px}
#ticking-step{font-weight:650}
.buttons{display:flex;flex-wrap:wrap;gap:10px;justify-content:flex-end}
.now{background:var(--card);border:1px solid var(--line);border-radius:10px;padding:16px 22px;min-height:132px}
.phase-word{font-size:34px;line-height:1.15;font-weight:750;letter-spacing:-.01em;color:var(--tone)}
.phase-word.unjudged{color:var(--ink)}
.next{margin-top:6px;color:var(--muted)}
.next strong{color:var(--ink)}
.watch .tiles{grid-template-columns:repeat(auto-fit,minmax(150px,1fr))}
.watch .tile{grid-row:span 3}
.watch .tile.fail strong{color:var(--fail)}
.watch .tile strong{font-size:26px}
.watch .chart-part figure{padding:12px 8px}
.live-chart{display:block;width:100%;height:auto;font-size:12px}
.live-chart text{fill:var(--muted)}
.live-chart .panel-title{fill:var(--ink);font-weight:650;font-size:13px}
.live-chart .panel-legend{font-size:12px}
.live-chart .grid{stroke:var(--line)}
.live-chart .line{fill:none;stroke-width:1.8;stroke:var(--bar)}
.live-chart .line.failed{stroke:var(--fail);stroke-width:2}
.live-chart .line.checkout,.live-chart .line.wanted{stroke-dasharray:6 4}
.live-chart .line.checkout,.live-chart .line.ready{stroke:var(--ink)}
.live-chart .line.wanted{stroke:var(--inconclusive)}
.live-chart .line.nodes{stroke:var(--muted);stroke-dasharray:2 3}
.live-chart tspan{fill:var(--link)}
.live-chart tspan.failed{fill:var(--fail)}
.live-chart tspan.checkout,.live-chart tspan.ready{fill:var(--ink)}
.live-chart tspan.wanted{fill:var(--inconclusive)}
.live-chart tspan.nodes{fill:var(--muted)}
.live-chart .limit{stroke:var(--inconclusive);stroke-dasharray:2 4;stroke-width:1.2}
.live-chart .phase-band{fill:var(--soft);opacity:.55}
.live-chart .phase-band.ramp,.live-chart .phase-band.recovered{opacity:0}
.live-chart .phase-band.fault{fill:var(--fail-soft);opacity:1}
.live-chart .phase-name{fill:var(--muted);font-size:11.5px}
.live-chart .instant{stroke-width:1.6}
.live-chart .injected{stroke:var(--fail)}
.live-chart .proven{stroke:var(--inconclusive);stroke-dasharray:3 3}
.live-chart .reverted{stroke:var(--pass)}
.live-chart .due{stroke:var(--muted);stroke-dasharray:1 4}
.live-chart .alert{stroke:var(--fail);stroke-dasharray:8 3}
.live-chart .cursor{stroke:var(--ink);stroke-width:1.2}
.columns{display:grid;gap:0 16px;grid-template-columns:repeat(auto-fit,minmax(min(100%,330px),1fr));align-items:start}
.columns section{min-width:0}
.when{color:var(--muted);font-size:13px;font-weight:400}
.course{list-style:none;margin:0}
.course li{display:flex;gap:10px;padding:5px 0;border-top:1px solid var(--line)}
.course li:first-child{border-top:0}
.course .to-come,.course .left-out{color:var(--muted)}
.course .now{background:var(--soft);border:0;border-radius:6px;margin:0 -10px;padding:8px 10px;min-height:0}
.course .failed strong{color:var(--fail)}
.course .done .sign{color:var(--pass)}
.sign{width:14px;flex:none}
.card.runbook{max-height:480px;overflow-y:auto}
.runbook h3{margin:12px 0 4px;justify-content:flex-start}
.card ul.runbook-steps{list-style:none;padding:0}
.runbook-steps>li{display:flex;gap:10px;padding:5px 0;border-top:1px solid var(--line)}
.runbook-steps>li:first-child{border-top:0}
.runbook-steps>li>div{min-width:0;flex:1}
.runbook-steps .other strong{font-weight:400;color:var(--muted)}
.runbook-steps .done .sign{color:var(--pass)}
.runbook-steps p{margin-top:4px}
.runbook-steps pre{background:var(--soft);border-radius:6px;padding:8px 10px;margin:6px 0;font-size:13px}
.runbook-steps button{margin-top:8px}
.alerts li.page strong{color:var(--fail)}
.alerts li.ticket strong{color:var(--inconclusive)}
.zones div{padding:6px 0;border-top:1px solid var(--line)}
.zones div:first-child{border-top:0}
.zones dt{color:var(--ink);font-weight:650}
.card ul.lanes{list-style:none;padding:0;display:flex;flex-wrap:wrap;gap:6px;margin-top:4px}
.lane{border-radius:6px;padding:1px 8px;font-size:13px;background:var(--soft)}
.lane-words{font-size:12px;font-weight:400}
.lane.served{background:var(--pass-soft);color:var(--pass)}
.lane.failing{background:var(--fail-soft);color:var(--fail);font-weight:650}
.lane.partly{background:var(--inconclusive-soft);color:var(--inconclusive);font-weight:650}
.told{max-height:340px;overflow-y:auto}
.told ol{list-style:none;padding:0;font-size:14px}
.told li{padding:3px 0;border-top:1px solid var(--line)}
.told li:first-child{border-top:0}
.told time{color:var(--muted);margin-right:6px}
.told .bad{color:var(--fail)}
.told .warn{color:var(--inconclusive)}
.told .good{color:var(--pass)}
.replay{display:flex;flex-wrap:wrap;gap:10px 18px;align-items:center;position:sticky;top:0;z-index:1}
.replay label{display:flex;gap:8px;align-items:center;font-size:14px}
.replay .scrub{flex:1 1 260px}
.replay input{flex:1;min-width:0;min-height:32px;accent-color:var(--link)}
@media (max-width:700px){
  .phase-word{font-size:27px}
  .now{padding:14px;min-height:150px}
  .watch .tile strong{font-size:20px}
  .watch header button{width:100%}
}
@media (min-width:1800px){
  body{font-size:19px}
  main.watch{max-width:2600px}
  .phase-word{font-size:64px}
  .watch .sentence,.watch h1{font-size:26px}
  .watch .origin,.link-state,.replay label{font-size:17px}
  .watch h2{font-size:21px}
  .watch .tile strong{font-size:44px}
  .watch .tile .label,.watch .tile .detail,.when{font-size:17px}
  .watch .tiles{grid-template-columns:repeat(auto-fit,minmax(230px,1fr))}
}
@media (prefers-reduced-motion:no-preference){
  .course .now .sign{animation:beat 1.6s infinite}
  @keyframes beat{50%{opacity:.35}}
}
`;
