/** Bodies of functions over columns `c`: the extremes of windows that end with the bars [lo, hi), the first at place 0 of an array. Of equal candles the later counts. */

export type ExtremeOp = 'highest' | 'lowest';

/**
 * The extremes of windows of 2, 4, 8 ... bars, each made of two that are half as long, and last those of n bars, made of two that overlap. Place k holds the window
 * that begins k bars after the first of all. The place to take is computed, as a choice would be a branch.
 * @param t text of the array
 * @param n length of the window, 2 or more
 */
export function doubledExtreme(op: ExtremeOp, t: string, n: number): string {
  const best = (from: string, at: string, step: number): string =>
    `${from}[${at}+${step}-Math.imul(${step},(${from}[${at}]${op === 'highest' ? '>' : '<'}${from}[${at}+${step}|0])|0)|0]`;
  const first = `const f=lo-${n - 1}|0,m=hi-f|0;\nfor(let k=f<0?-f|0:0;k<m-1;k=k+1|0){const j=f+k|0;${t}[k]=${best('c', 'j', 1)};}`;
  return [first, ...steps(2, n).map(({ step, width }) => `for(let k=0;k<m-${width - 1};k=k+1|0)${t}[k]=${best(t, 'k', step)};`)].join('\n');
}

/**
 * The same in arithmetic, of several columns `c0`, `c1` ... together: the larger of a and b is b plus half of the sum of a - b and its size, which is exact where
 * neither price is more than twice the other (Sterbenz: then a - b is a double). So it returns 0, and the arrays hold nothing, where a price is a third or more away
 * from the first one, or where bars before lo are missing; else 1.
 * @param n length of the windows, 4 or more
 */
export function nearExtremes(extremes: readonly { readonly op: ExtremeOp; readonly t: string }[], n: number): string {
  const each = (text: (c: string, place: number, op: ExtremeOp, t: string) => string, between = ''): string =>
    extremes.map(({ op, t }, place) => text(`c${place}`, place, op, t)).join(between);
  /** Of the older and the newer value, given the difference of the two and the newer. */
  const best = (op: ExtremeOp, d: string, newer: string): string =>
    op === 'highest' ? `${newer}+0.5*(Math.abs(${d})+${d})` : `${newer}-0.5*(Math.abs(${d})-${d})`;
  const first = each(
    (c, z, op) =>
      `let a${z}=${c}[f+1|0],d${z}=${c}[f]-a${z},p${z}=${best(op, `d${z}`, `a${z}`)},b${z}=${c}[f+2|0];d${z}=a${z}-b${z};let r${z}=${best(op, `d${z}`, `b${z}`)};`,
    '\n',
  );
  // Windows of four: p and r are the windows of two that ended two bars and one bar before.
  const fours = each(
    (c, z, op, t) =>
      `a${z}=${c}[f+k+3|0];if(Math.abs(a${z}-x)>=y)return 0;d${z}=b${z}-a${z};b${z}=a${z};{const e=${best(op, `d${z}`, `a${z}`)};d${z}=p${z}-e;p${z}=r${z};r${z}=e;${t}[k]=${best(op, `d${z}`, 'e')};}`,
    '\n',
  );
  const passes = steps(4, n).map(
    ({ step, width }) =>
      `for(let k=0;k<m-${width - 1};k=k+1|0){const j=k+${step}|0;${each((_, _place, op, t) => `{const b=${t}[j],d=${t}[k]-b;${t}[k]=${best(op, 'd', 'b')};}`)}}`,
  );
  return `const f=lo-${n - 1}|0,m=hi-f|0;if(f<0)return 0;
const x=c0[f],y=0.33*x;
for(let k=f;k<f+3;k=k+1|0)if(${each((c) => `Math.abs(${c}[k]-x)>=y`, '||')})return 0;
${first}
for(let k=0;k<m-3;k=k+1|0){
${fours}
}
${passes.join('\n')}
return 1;`;
}

/** How windows of `from` bars become windows of n: how far apart the two are that one is made of, and how long it is. */
function steps(from: number, n: number): readonly { readonly step: number; readonly width: number }[] {
  const found: { readonly step: number; readonly width: number }[] = [];
  for (let width = from; width < n;) {
    const step = Math.min(width, n - width);
    width += step;
    found.push({ step, width });
  }
  return found;
}

/**
 * In strides of n bars: back from each to n - 1 bars before it, then forward over it. A window that ends within a stride has the extreme of both parts. The place of
 * a bar's window holds that of the part before until the bar is reached.
 */
export function sweptExtreme(op: ExtremeOp, t: string): string {
  const [beats, none] = op === 'highest' ? ['>', '-1/0'] : ['<', '1/0'];
  return `for(let b=lo;b<hi;b=b+n|0){
const e=hi-b<n?hi:b+n|0,q=b<n?0:b-n+1|0;let y=${none};
for(let j=b-1|0;j>=q;j=j-1|0){const x=c[j];if(x${beats}y)y=x;const i=j+n-1|0;if(i<e)${t}[i-lo|0]=y;}
y=${none};
for(let i=b;i<e;i=i+1|0){const x=c[i],k=i-lo|0;if(x${beats}=y)y=x;if(i-b===n-1||!(${t}[k]${beats}y))${t}[k]=y;}
}`;
}
