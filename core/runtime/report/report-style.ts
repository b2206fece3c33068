/** Colours of the report and of pictures; they follow the reader's preference for light or dark. */
export const REPORT_COLORS = `:root{color-scheme:light dark;--back:#f7f7f5;--card:#fff;--ink:#1c2126;--soft:#5c6670;--line:#dfe2e5;--blue:#1f5fa8;--hold:#9a8c6a;--good:#08734a;--bad:#b3261e;--stop:#b45309;--good-back:8,115,74;--bad-back:179,38,30;--price:#4d5862;--range:rgba(77,88,98,.17);--hue-red:#c8403a;--hue-orange:#c96a0c;--hue-yellow:#9a7d00;--hue-green:#1f8a4c;--hue-teal:#0d8080;--hue-cyan:#1385a8;--hue-blue:#1f5fa8;--hue-purple:#7a45bd;--hue-pink:#b93a86;--hue-brown:#8a5a2e;--hue-gray:#727b84}
@media(prefers-color-scheme:dark){:root{--back:#121519;--card:#1a1f24;--ink:#e6e9ec;--soft:#9aa5b1;--line:#313a43;--blue:#7ab3ef;--hold:#b5a67e;--good:#4ccf94;--bad:#ff8a80;--stop:#f0a04b;--good-back:76,207,148;--bad-back:255,138,128;--price:#aab4be;--range:rgba(170,180,190,.18);--hue-red:#f2827c;--hue-orange:#f0a04b;--hue-yellow:#dcc04a;--hue-green:#58c98a;--hue-teal:#4fc4c0;--hue-cyan:#5ec4e0;--hue-blue:#7ab3ef;--hue-purple:#b892ea;--hue-pink:#ec8cc4;--hue-brown:#c79b74;--hue-gray:#98a2ac}}`;

/** Axes, prices and lines of a chart. */
export const CHART_STYLE = `.chart text{fill:var(--soft);font-size:13px;font-family:inherit;font-variant-numeric:tabular-nums}
.chart path{fill:none}
.grid{stroke:var(--line)}.tick{stroke:var(--soft)}
.range{fill:var(--range)!important}
.price{stroke:var(--price);stroke-width:1}
.plot{stroke-width:1.3;stroke-linecap:round;stroke-linejoin:round}
.hue-red{stroke:var(--hue-red)}.hue-orange{stroke:var(--hue-orange)}.hue-yellow{stroke:var(--hue-yellow)}.hue-green{stroke:var(--hue-green)}.hue-teal{stroke:var(--hue-teal)}.hue-cyan{stroke:var(--hue-cyan)}.hue-blue{stroke:var(--hue-blue)}.hue-purple{stroke:var(--hue-purple)}.hue-pink{stroke:var(--hue-pink)}.hue-brown{stroke:var(--hue-brown)}.hue-gray{stroke:var(--hue-gray)}.hue-ink{stroke:var(--ink)}
.candle{stroke-width:1}.up{stroke:var(--good);fill:var(--card)!important}.down{stroke:var(--bad);fill:var(--bad)!important}`;

/** The report's only style sheet: what is out of sight is laid out when it comes into sight, which opens long reports three times as fast; colours follow the reader's preference for light or dark. No fonts or pictures are fetched. */
export const REPORT_STYLE = `
${REPORT_COLORS}
*{box-sizing:border-box}
body{margin:0;background:var(--back);color:var(--ink);font:15px/1.45 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif}
main{max-width:1120px;margin:0 auto;padding:20px 16px 48px}
h1{font-size:1.6rem;margin:0 0 4px;overflow-wrap:anywhere}
h2{font-size:1.05rem;margin:0 0 10px}
h3{font-size:.9rem;margin:0 0 4px;color:var(--soft);font-weight:600}
p{margin:0 0 8px}
header p{color:var(--soft);overflow-wrap:anywhere}
section{content-visibility:auto;contain-intrinsic-size:auto 420px;background:var(--card);border:1px solid var(--line);border-radius:10px;padding:14px 16px;margin-top:14px}
.key{display:grid;grid-template-columns:repeat(auto-fit,minmax(150px,1fr));gap:10px;margin-top:14px}
.key div{background:var(--card);border:1px solid var(--line);border-radius:10px;padding:10px 14px}
.key span{display:block;color:var(--soft);font-size:.82rem}
.key b{font-size:1.3rem;font-variant-numeric:tabular-nums;white-space:nowrap}
.good{color:var(--good)}.bad{color:var(--bad)}
.warnings{border-color:var(--stop)}
.warnings ul,.notes ul{margin:0;padding-left:18px}
.warnings code{color:var(--stop);font-weight:600}
.scroll{overflow-x:auto}
.tall{max-height:560px;overflow-y:auto}
.chart{display:block;width:100%;height:auto}
.narrow{display:none}
${CHART_STYLE}
.mark{stroke-width:2;fill:var(--card)!important}
.entry{stroke:var(--card);stroke-width:.6}.entry.long{fill:var(--good)!important}.entry.short{fill:var(--bad)!important}
.exit{stroke:var(--ink);stroke-width:1.6}
.stop{stroke:var(--card);stroke-width:.6;fill:var(--stop)!important}
.many path{stroke-width:.7;opacity:.75}.many .entry,.many .stop{stroke:none}.many .held{stroke-dasharray:none;opacity:.5}
.held{stroke-width:1.2;stroke-dasharray:3 2}.won{stroke:var(--good)}.lost{stroke:var(--bad)}
.equity{stroke:var(--blue);stroke-width:1.8}.hold{stroke:var(--hold);stroke-width:1.1}.capital{stroke:var(--soft);stroke-dasharray:4 4}
.drawdown{stroke:var(--bad);fill:rgba(var(--bad-back),.2)!important}
.bar{stroke:none}.bar.gain,.dot.gain{fill:var(--good)!important}.bar.loss,.dot.loss{fill:var(--bad)!important}
.dot{fill-opacity:.55}
.mean{stroke:var(--ink);stroke-dasharray:4 3}
.axis{stroke:var(--soft)}
.gauge svg{display:block;width:100%;height:10px}
td.gauge{width:38%;min-width:70px;padding-right:0}
.gauge .axis{stroke-width:1;vector-effect:non-scaling-stroke}
.bars th,.luck th{text-align:left;padding-left:0;white-space:normal;color:var(--soft)}
.bars thead th,.luck thead th{text-align:right}
.luck svg{display:block;width:100%;min-width:140px;height:16px}
.luck .range{width:38%;text-align:left;padding-right:0;font-weight:400}
.span{stroke:var(--hold);stroke-width:5;stroke-linecap:round}.middle{stroke:var(--ink);stroke-width:1.5}.now{fill:var(--blue);stroke:var(--card);stroke-width:1.2}
.pair{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,440px),1fr));gap:0 14px}
.halves{columns:2 330px;column-gap:32px}
.halves>div{break-inside:avoid;padding-bottom:14px}
.parts{margin-top:12px;border-top:1px solid var(--line);padding-top:10px}
.parts details{margin-top:6px}
.legend{display:flex;flex-wrap:wrap;gap:4px 16px;margin:8px 0 0;color:var(--soft);font-size:.85rem}
.legend svg{width:14px;height:14px;vertical-align:-2px;margin-right:5px}
.legend path{fill:none}
.groups{columns:3 270px;column-gap:32px}
.groups>div{break-inside:avoid;padding-bottom:14px}
.groups+.files{margin-top:6px}
.files td{font-family:ui-monospace,Menlo,Consolas,monospace;font-size:.8rem;word-break:break-all}
table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums}
td,th{padding:3px 8px;text-align:right;white-space:nowrap;font-weight:400}
.groups th,.facts th{text-align:left;padding-left:0;color:var(--soft)}
.groups td{padding-right:0}
.facts td{text-align:left;white-space:normal;overflow-wrap:anywhere}
.facts th{vertical-align:top;width:1%}
tr+tr>*{border-top:1px solid var(--line)}
thead th{position:sticky;top:0;background:var(--card);color:var(--soft);font-size:.85rem}
.trades,.months{font-size:.84rem}
.trades td,.trades th{padding:3px 6px}.trades .text{padding-left:12px}.word{white-space:nowrap}
.text{text-align:left}
.gap{text-align:center;color:var(--soft)}
.total{font-weight:600}
.plus1{background:rgba(var(--good-back),.1)}.plus2{background:rgba(var(--good-back),.22)}.plus3{background:rgba(var(--good-back),.38)}
.minus1{background:rgba(var(--bad-back),.1)}.minus2{background:rgba(var(--bad-back),.22)}.minus3{background:rgba(var(--bad-back),.38)}
details{margin-top:12px}summary{cursor:pointer;color:var(--soft)}
pre{overflow-x:auto;font:.84rem/1.5 ui-monospace,Menlo,Consolas,monospace;tab-size:2}
.note,.none,footer{color:var(--soft);font-size:.88rem}
footer{margin-top:16px}
@media(max-width:640px){.wide{display:none}.narrow{display:block}.chart text{font-size:12px}.half text{font-size:15px}.luck .range{display:none}main{padding:14px 10px 32px}section{padding:12px}.key{grid-template-columns:repeat(2,1fr)}.key b{font-size:1.1rem}.facts th{width:auto}}
@media print{section{content-visibility:visible}body{background:#fff}section{break-inside:avoid}.tall{max-height:none}}
`;
