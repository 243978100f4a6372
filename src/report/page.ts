/** The page of every report: one file that asks for nothing else, in light, in dark and on paper. */
import { dark, darkTones, light } from "../draw/index.ts";
import { escaped, type Html } from "./html.ts";

/**
 * A complete document.
 * @param title the window's title, not yet escaped
 * @param body what stands in it, as HTML
 */
export function page(title: string, body: Html): Html {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${escaped(title)}</title>
<style>
${style}
</style>
</head>
<body>
${body}
</body>
</html>
`;
}

function tones(of: Readonly<Record<string, string>>): string {
  return Object.entries(of)
    .map(([tone, value]) => `--${tone}:${value}`)
    .join(";");
}

const style = `:root{color-scheme:light dark;${tones(light)}}
@media screen and (prefers-color-scheme:dark){:root{${tones(dark)}}
${darkTones()}}
*{box-sizing:border-box}
body{margin:0;background:var(--paper);color:var(--ink);font:16px/1.55 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif;-webkit-text-size-adjust:100%}
main,header,footer{max-width:44rem;margin:0 auto;padding:0 1.25rem}
header{padding-top:2.5rem}
h1{font-size:1.75rem;line-height:1.2;margin:.2rem 0 .6rem;overflow-wrap:anywhere}
h2{font-size:1.15rem;margin:2.6rem 0 .8rem}
.eyebrow,figcaption,dt,th,footer,.note{color:var(--soft)}
.eyebrow{font-size:.85rem;letter-spacing:.04em;margin:0}
.result{border-left:4px solid var(--blue);padding:.2rem 0 .2rem 1.1rem;margin:1.6rem 0}
.result.failed{border-color:var(--orange)}
.result p{margin:.35rem 0}
.value{font-size:2rem;line-height:1.25;font-weight:600;font-variant-numeric:tabular-nums;overflow-wrap:anywhere}
code,pre{font:.875rem/1.5 ui-monospace,SFMono-Regular,Menlo,Consolas,"Liberation Mono",monospace}
pre{white-space:pre-wrap;overflow-wrap:anywhere;border:1px solid var(--rule);border-radius:6px;padding:.7rem .9rem;margin:.6rem 0}
figure{margin:0 0 2.4rem}
figure svg{display:block;width:100%;height:auto;max-width:40rem}
figcaption{font-size:.9rem;max-width:40rem;margin-top:.5rem}
figcaption b{color:var(--ink)}
dl{margin:0;border-top:1px solid var(--rule)}
dl div{display:flex;gap:1rem;padding:.38rem 0;border-bottom:1px solid var(--rule)}
dt{flex:0 0 11rem}
dd{margin:0;min-width:0;overflow-wrap:anywhere;font-variant-numeric:tabular-nums}
.scroll{overflow-x:auto}
table{border-collapse:collapse;width:100%;font-size:.9rem;font-variant-numeric:tabular-nums}
th{font-weight:500;white-space:nowrap}
th,td{text-align:left;padding:.35rem 1rem .35rem 0;border-bottom:1px solid var(--rule);vertical-align:top}
.numbers th,.numbers td{text-align:right;white-space:nowrap}
article+figure{margin-top:1.4rem}
h3{font-size:1rem;margin:2rem 0 .4rem}
.formula{font-family:"STIX Two Math","Cambria Math",Georgia,"Times New Roman",serif;font-size:1.05rem;margin:.4rem 0 .6rem 1.1rem}
.verdict{font-size:.78rem;font-weight:500;white-space:nowrap;border:1px solid currentcolor;border-radius:1em;padding:.05rem .55rem;color:var(--soft)}
.verdict.holds{color:var(--green)}
.verdict.holds-with-correction{color:var(--blue)}
.verdict.fails{color:var(--orange)}
.tally .verdict{margin-left:.8rem}
.tally .verdict:first-child{margin-left:0}
.ledger td:nth-child(n+3),.effects td{white-space:nowrap}
.equations td:first-child{white-space:nowrap;font-family:"STIX Two Math","Cambria Math",Georgia,"Times New Roman",serif;font-size:1.05rem}
.equations td:last-child{color:var(--soft)}
sup,sub{font-size:.72em;line-height:0}
details{margin:.6rem 0}
summary{cursor:pointer;color:var(--soft)}
footer{font-size:.9rem;padding-top:1.6rem;padding-bottom:3rem}
a{color:inherit}
@media (max-width:34rem){dl div{display:block}.value{font-size:1.35rem}figure svg{width:calc(100% + 2.5rem);margin:0 -1.25rem}
.equations,.equations tbody,.equations tr,.equations td{display:block}.equations thead{display:none}.equations td{border:0;padding:.1rem 0}.equations td:first-child{white-space:normal}.equations tr{border-bottom:1px solid var(--rule);padding:.5rem 0}}
@media print{body{font-size:11pt}figure,tr,dl div{break-inside:avoid}}`;
