/** Colours of the chart as they stand in its SVG; the dark scheme exchanges them by attribute selectors. */
export const chartColours = {
  text: '#566070',
  strongText: '#1b2027',
  axis: '#8a93a1',
  grid: '#e6e8ec',
  requests: '#3b6ea8',
  failed: '#c62f2a',
  recovered: '#1f7a47',
  limit: '#8b5e00',
  p50: '#7d8fa9',
  p95: '#4a78b0',
  p99: '#173f73',
} as const;

const darkChartColours: Record<keyof typeof chartColours, string> = {
  text: '#9aa5b4',
  strongText: '#e8ebf0',
  axis: '#667080',
  grid: '#262c35',
  requests: '#6ea3de',
  failed: '#ff7069',
  recovered: '#56c78a',
  limit: '#d8a83e',
  p50: '#7b8ca4',
  p95: '#6ea3de',
  p99: '#cfe2fa',
};

const darkChart = Object.entries(chartColours)
  .map(([name, light]) => {
    const dark = darkChartColours[name as keyof typeof chartColours];
    return `.chart [fill="${light}"]{fill:${dark}}.chart [stroke="${light}"]{stroke:${dark}}`;
  })
  .join('\n  ');

/** The page's whole style sheet. Contrast of all text is at least 4.5:1 in both schemes. */
export const style = `
:root{
  color-scheme:light dark;
  --page:#f6f7f9;--card:#fff;--ink:#1b2027;--muted:#566070;--line:#e1e4e9;--soft:#eef0f3;--link:#1f5796;
  --pass:#166a3c;--pass-soft:#e4f4ea;--fail:#b3231e;--fail-soft:#fdeae9;--inconclusive:#7d5300;--inconclusive-soft:#fdf2d9;
  --bar:#3b6ea8;
}
@media (prefers-color-scheme:dark){
  :root{
    --page:#0e1115;--card:#161a20;--ink:#e8ebf0;--muted:#9aa5b4;--line:#2a303a;--soft:#20262e;--link:#8dbcf2;
    --pass:#5fd093;--pass-soft:#10281b;--fail:#ff8f89;--fail-soft:#351614;--inconclusive:#e6b84e;--inconclusive-soft:#2d2310;
    --bar:#6ea3de;
  }
  ${darkChart}
}
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%;text-size-adjust:100%}
body{margin:0;background:var(--page);color:var(--ink);font:15px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif;
  font-variant-numeric:tabular-nums;overflow-wrap:break-word}
main,footer{max-width:1128px;margin:0 auto;padding:24px}
footer{padding-top:0;color:var(--muted);font-size:13px}
h1,h2,h3,p,ul,ol,dl,dd,figure{margin:0}
h2{font-size:19px;line-height:1.3;margin:40px 0 12px;letter-spacing:-.01em}
h3{font-size:15px;line-height:1.4;margin-bottom:8px;display:flex;gap:10px;align-items:center;justify-content:space-between}
a{color:var(--link)}
:focus-visible{outline:2px solid var(--link);outline-offset:2px}
code,pre{font:13px/1.5 ui-monospace,SFMono-Regular,Menlo,Consolas,monospace}
code{overflow-wrap:anywhere}
.verdict{background:var(--card);border:1px solid var(--line);border-left:6px solid var(--tone);border-radius:10px;padding:22px 26px}
.pass{--tone:var(--pass);--tone-soft:var(--pass-soft)}
.fail{--tone:var(--fail);--tone-soft:var(--fail-soft)}
.inconclusive{--tone:var(--inconclusive);--tone-soft:var(--inconclusive-soft)}
.unjudged{--tone:var(--muted);--tone-soft:var(--soft)}
.word{display:flex;align-items:center;gap:12px;color:var(--tone);font-size:40px;line-height:1.1;font-weight:750;letter-spacing:-.01em}
.word .icon{width:34px;height:34px;stroke-width:2.4}
h1{font-size:22px;line-height:1.3;margin-top:8px;letter-spacing:-.01em}
.sentence{font-size:16px;margin-top:6px;max-width:96ch}
.origin{color:var(--muted);font-size:13px;margin-top:12px}
.icon{width:13px;height:13px;flex:none;fill:none;stroke:currentColor;stroke-width:2;stroke-linecap:round;stroke-linejoin:round}
.badge{display:inline-flex;align-items:center;gap:5px;padding:1px 9px;border-radius:99px;font-size:12.5px;line-height:1.6;
  font-weight:650;color:var(--tone);background:var(--tone-soft);white-space:nowrap}
.tiles{list-style:none;padding:0;margin-top:12px;display:grid;gap:12px;grid-template-columns:repeat(auto-fit,minmax(138px,1fr))}
.tile{background:var(--card);border:1px solid var(--line);border-radius:10px;padding:14px 15px;display:grid;
  grid-template-rows:subgrid;grid-row:span 4;align-items:end;justify-items:start;row-gap:2px}
.broad{grid-column:span 3}
.tile .label{font-size:13px;color:var(--muted)}
.tile strong{font-size:22px;white-space:nowrap;line-height:1.25;font-weight:680;letter-spacing:-.02em}
.tile .detail{font-size:13px;color:var(--muted);margin-bottom:8px;align-self:start}
.tile .badge{padding:1px 8px;margin-left:-1px}
.tile .missing{font-size:16px;letter-spacing:0}
.missing{color:var(--muted);font-weight:500;font-style:italic}
table{border-collapse:collapse;width:100%;background:var(--card);font-size:14px}
caption{text-align:left;color:var(--muted);font-size:13px;padding-bottom:6px}
th,td{text-align:left;padding:8px 12px;border-top:1px solid var(--line);vertical-align:top;font-weight:400}
thead th{color:var(--muted);font-size:12.5px;border-top:0;font-weight:600;white-space:nowrap}
.number{text-align:right;white-space:nowrap}
.scroll,.findings{border:1px solid var(--line);border-radius:10px;background:var(--card)}
.scroll{overflow-x:auto}
.findings{border-collapse:separate;border-spacing:0;overflow:hidden}
.findings td:first-child{width:1%;white-space:nowrap}
.finding{display:grid;grid-template-columns:minmax(200px,2fr) 5fr;gap:2px 20px}
.findings a{font-weight:600;color:inherit;text-decoration-color:var(--muted);text-underline-offset:3px;text-decoration-thickness:1px}
.findings p{color:var(--muted)}
.matrix th[scope=row]{position:sticky;left:0;background:var(--card);font-weight:600;min-width:120px;border-right:1px solid var(--line)}
.matrix th,.matrix td{padding-left:8px;padding-right:8px}
.matrix thead th{white-space:normal;vertical-align:bottom}
.matrix a{text-decoration:none}
.matrix td{white-space:nowrap}
tr:target{background:var(--soft)}
.latency strong,.card .scroll td:first-child{white-space:nowrap}
.latency .missing{font-size:12.5px}
.latency td{white-space:normal}
.latency td>span[data-value]:not(.missing),.latency .badge{white-space:nowrap}
.latency th,.latency td{padding-left:9px;padding-right:9px}
.latency th[scope=row]{font-weight:600;white-space:nowrap}
.phase{color:var(--muted);font-weight:400}
.gauge{display:block;height:3px;border-radius:2px;background:var(--soft);margin-top:3px;min-width:56px}
.gauge span{display:block;height:100%;border-radius:2px;background:var(--bar)}
.gauge.over span{background:var(--fail)}
.note,figcaption{color:var(--muted);font-size:13px;margin-top:8px;max-width:120ch}
figure{background:var(--card);border:1px solid var(--line);border-radius:10px;padding:18px}
.chart{display:block;width:100%;height:auto}
.narrow{display:none}
.card{background:var(--card);border:1px solid var(--line);border-radius:10px;padding:16px 20px;margin-top:12px}
.card:first-child,h2+.card{margin-top:0}
.findings-of-kind p+h3{margin-top:12px}
.findings-of-kind+.scroll,.findings-of-kind+p{margin-top:12px}
.card .scroll{border:0;border-radius:0;margin-top:14px}
.card .scroll table{width:auto;min-width:50%}
.card .scroll th:first-child,.card .scroll td:first-child{padding-left:0}
.cards{display:flex;flex-wrap:wrap;gap:12px}
.cards .card{margin:0;flex:1 1 300px;min-width:0}
.card ul{padding-left:18px}
.cards .fidelity{flex-basis:100%}
.fidelity ul{columns:3 260px;column-gap:32px;font-size:14px;margin-top:6px}
.fidelity li{break-inside:avoid}
.problems{border-left:4px solid var(--inconclusive);margin-bottom:12px}
.lead{font-size:16px}
.lead strong{font-size:22px;letter-spacing:-.02em}
.waterfall{list-style:none;padding:0;margin:16px 0 4px;display:grid;gap:7px}
.waterfall li{display:grid;grid-template-columns:190px 1fr 210px;gap:14px;align-items:center;font-size:14px}
.track{position:relative;height:16px;background:var(--soft);border-radius:4px}
.bar{position:absolute;top:0;bottom:0;min-width:2px;border-radius:4px;background:var(--bar)}
.waterfall .span{color:var(--muted);font-size:13px;display:flex;justify-content:space-between;gap:10px;white-space:nowrap}
.waterfall b{color:var(--ink);font-weight:650}
.gantt{list-style:none;padding:0;display:grid;gap:10px}
.gantt li{display:grid;grid-template-columns:230px 1fr;gap:2px 14px;align-items:center;font-size:14px}
.gantt .span{grid-column:2;color:var(--muted);font-size:13px}
.legend{display:flex;flex-wrap:wrap;gap:4px 16px;margin-top:12px;color:var(--muted);font-size:13px}
.legend i{display:inline-block;width:12px;height:12px;border-radius:3px;margin-right:6px;vertical-align:-1px}
.steps small{display:block;color:var(--muted);font-size:12px;font-weight:400}
.step-not-ready{background:#8a2f4b}.step-evicted{background:#c9742b}.step-created{background:#7d8fa9}
.step-scheduled{background:#4a78b0}.step-image{background:#8b5e00}.step-started{background:#2f8f8a}
.step-ready{background:#1f7a47}.step-endpoint{background:#6b4fa3}.step-served{background:#d8a83e}
.pairs{display:flex;flex-wrap:wrap;gap:10px 32px;margin-top:16px}
dt{color:var(--muted);font-size:13px}
.ledger{display:grid;gap:14px 20px;grid-template-columns:repeat(auto-fill,minmax(200px,1fr))}
.ledger dt{text-transform:capitalize}
.ledger strong{display:block;font-size:20px;line-height:1.3}
.ledger span:not([data-path]){color:var(--muted);font-size:13px}
.keys{margin-top:14px;font-size:14px}
.budget-track{display:block;position:relative;height:12px;border-radius:4px;background:var(--soft);margin-top:12px}
.budget-track span{display:block;height:100%;min-width:2px;border-radius:4px;background:var(--bar)}
.budget-track.over span{background:var(--fail)}
.budget-track i{position:absolute;top:-3px;bottom:-3px;width:2px;margin-left:-2px;background:var(--ink)}
.rows div{display:flex;justify-content:space-between;gap:16px;padding:5px 0;border-top:1px solid var(--line)}
.rows div:first-child{border-top:0}
.rows dt{flex:none;max-width:48%}
.rows dd{text-align:right;font-size:14px;overflow-wrap:anywhere;min-width:0}
pre{background:var(--card);border:1px solid var(--line);border-radius:10px;padding:14px 18px;margin:0;white-space:pre-wrap;
  overflow-wrap:anywhere;user-select:all}
@media (max-width:700px){
  main,footer{padding:12px}
  .verdict{padding:18px}
  .word{font-size:32px}
  .word .icon{width:28px;height:28px}
  h1{font-size:19px}
  .tiles{grid-template-columns:1fr 1fr;gap:8px}
  .tile{padding:12px}
  .broad{grid-column:1/-1}
  .tile:last-child:nth-child(odd){grid-column:1/-1}
  .tile strong{font-size:20px}
  .tile .missing{font-size:15px}
  h2{margin-top:32px}
  .wide{display:none}
  .narrow{display:block}
  figure{padding:14px 4px 12px}
  figcaption{padding:0 10px}
  .card{padding:14px}
  .finding{grid-template-columns:1fr}
  th,td{padding:8px}
  .waterfall li{grid-template-columns:1fr;gap:2px}
  .waterfall{gap:12px}
  .gantt li{grid-template-columns:1fr}
  .gantt .span{grid-column:1}
  .ledger{grid-template-columns:1fr 1fr}
  .cards .card{flex-basis:100%}
  .latency th:first-child{position:sticky;left:0;background:var(--card);border-right:1px solid var(--line);white-space:normal}
  .latency .phase{display:block}
}
@media print{
  body{background:#fff}
  section,.card,figure,tr{break-inside:avoid}
  h2,h3{break-after:avoid}
}
`;
