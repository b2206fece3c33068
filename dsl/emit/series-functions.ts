import { MACHINE_FUNCTIONS } from './machine-functions.ts';
import { type SeriesFunction, STATISTIC_FUNCTIONS } from './statistic-functions.ts';

/**
 * Functions beside `run` and `decide` for the primitives that need loops with state; only those in use are written. S = state, o = first slot of the node,
 * m = the longest length it serves, n = its length, i = index of the bar, x = the input. The same order of operations as dsl/graph/primitives.ts.
 */

/** A monotonic queue of candidates: head, tail, finite inputs in a row, then m bar indexes, m values. */
function queue(name: string, loses: '<=' | '<' | '>=' | '>', result: string): string {
  return `function ${name}(S,o,m,n,i,x){
if(x-x!==0){S[o]=0;S[o+1]=0;S[o+2]=0;return 0/0;}
let h=S[o],t=S[o+1];const q=o+3,w=q+m;
if(t>h&&S[q+h%n]<=i-n)h++;
while(t>h&&S[w+(t-1)%n]${loses}x)t--;
S[q+t%n]=i;S[w+t%n]=x;t++;
S[o]=h;S[o+1]=t;const r=S[o+2]+1;S[o+2]=r;
return r>=n?${result}:0/0;}`;
}

/** The latest of the best candles from bar q to bar i; rows of rings are masked by M. */
function extremeBar(name: string, beats: '<=' | '>='): string {
  return `function ${name}(c,q,i,M){let y=c[q&M];for(let k=q+1;k<=i;k++){const d=c[k&M];if(d${beats}y){y=d;q=k;}}return q;}`;
}

/** Finite inputs in a row, then a ring of n twice: the window lies in one piece from o + 2 + i % n on, oldest first. */
const PUSH = `function push(S,o,n,i,x){const q=o+1+i%n;S[q]=x;S[q+n]=x;const r=x-x===0?S[o]+1:0;S[o]=r;return r;}`;

/** As `push`, with the window sorted behind the ring: one leaves, one is put in its place. */
const SORTED = `function sorted(S,o,m,n,i,x){
const r=o+1+i%n,d=S[r],q=o+1+m;S[r]=x;
if(x-x!==0){S[o]=0;return 0;}
const t=S[o]+1;S[o]=t;let k=t-1;
if(t>n){let a=0,b=n-1;while(a<b){const c=(a+b)>>1;if(S[q+c]<d)a=c+1;else b=c;}
for(k=a;k<n-1;k++)S[q+k]=S[q+k+1];}
while(k>0&&S[q+k-1]>x){S[q+k]=S[q+k-1];k--;}
S[q+k]=x;return t;}`;

/** bars, is long, level, extreme, factor, last high, last low. */
const PARABOLIC = `function parabolic(S,o,step,max,h,l){
if(h-h!==0||l-l!==0){S[o]=0;return 0/0;}
const bars=S[o]+1;S[o]=bars;
if(bars===1){S[o+5]=h;S[o+6]=l;return 0/0;}
let up=S[o+1],level=S[o+2],best=S[o+3],factor=S[o+4];
let ph=S[o+5],pl=S[o+6];
if(bars===2){const fall=pl-l;up=fall>0&&h-ph<fall?0:1;level=up===1?pl:ph;best=up===1?h:l;factor=Math.min(step,max);ph=h;pl=l;}
const hit=up===1?l<=level:h>=level;
if(hit){up=1-up;level=up===1?Math.min(best,pl,l):Math.max(best,ph,h);factor=Math.min(step,max);best=up===1?h:l;}
const value=level;
if(!hit&&(up===1?h>best:l<best)){best=up===1?h:l;factor=Math.min(factor+step,max);}
level=level+factor*(best-level);
level=up===1?Math.min(level,pl,l):Math.max(level,ph,h);
S[o+1]=up;S[o+2]=level;S[o+3]=best;S[o+4]=factor;S[o+5]=h;S[o+6]=l;
return value;}`;

const FUNCTIONS: ReadonlyMap<string, SeriesFunction> = new Map<string, SeriesFunction>([
  ['highest', { text: queue('highest', '<=', 'S[w+h%n]'), needs: [] }],
  ['lowest', { text: queue('lowest', '>=', 'S[w+h%n]'), needs: [] }],
  ['highestFirstAge', { text: queue('highestFirstAge', '<', 'i-S[q+h%n]'), needs: [] }],
  ['lowestFirstAge', { text: queue('lowestFirstAge', '>', 'i-S[q+h%n]'), needs: [] }],
  ['highestAge', { text: queue('highestAge', '<=', 'i-S[q+h%n]'), needs: [] }],
  ['lowestAge', { text: queue('lowestAge', '>=', 'i-S[q+h%n]'), needs: [] }],
  ['highestBar', { text: extremeBar('highestBar', '>='), needs: [] }],
  ['lowestBar', { text: extremeBar('lowestBar', '<='), needs: [] }],
  ['push', { text: PUSH, needs: [] }],
  ['sorted', { text: SORTED, needs: [] }],
  ['parabolic', { text: PARABOLIC, needs: [] }],
  [
    'weightedSum',
    {
      text: `function weightedSum(S,o,m,n,i,x){if(push(S,o,n,i,x)<n)return 0/0;const q=o+1+i%n;let t=0;for(let k=1;k<=n;k++)t+=k*S[q+k];return t;}`,
      needs: ['push'],
    },
  ],
  [
    'bellMean',
    {
      // Behind the rings the weights, once they are known, and their sum.
      text: `function bellMean(S,o,m,n,i,x,c,d){
const q=o+1+2*m,t=q+m;
if(S[t]===0){const a=c*(n-1),e=n/d;let l=0;for(let k=0;k<n;k++){const y=Math.exp(-((k-a)*(k-a))/(2*e*e));S[q+k]=y;l+=y;}S[t]=l;}
if(push(S,o,n,i,x)<n)return 0/0;
const r=o+1+i%n;let y=0;for(let k=1;k<=n;k++)y+=S[q+k-1]*S[r+k];
return y/S[t];}`,
      needs: ['push'],
    },
  ],
  [
    'meanDeviation',
    {
      text: `function meanDeviation(S,o,m,n,i,x){if(push(S,o,n,i,x)<n)return 0/0;const q=o+1+i%n;let t=0;for(let k=1;k<=n;k++)t+=S[q+k];const a=t/n;t=0;for(let k=1;k<=n;k++)t+=Math.abs(S[q+k]-a);return t/n;}`,
      needs: ['push'],
    },
  ],
  [
    'percentRank',
    {
      text: `function percentRank(S,o,m,n,i,x){if(push(S,o,n,i,x)<n)return 0/0;const q=o+1+i%n;let t=0;for(let k=1;k<n;k++)if(S[q+k]<=x)t++;return 100*t/(n-1);}`,
      needs: ['push'],
    },
  ],
  [
    'percentile',
    {
      text: `function percentile(S,o,m,n,i,x,p){if(sorted(S,o,m,n,i,x)<n)return 0/0;const t=(n-1)*p/100,l=Math.floor(t);if(!(l>=0&&l<n))return 0/0;const q=o+1+m,a=S[q+l],b=S[q+(l+1<n?l+1:l)];return a+(b-a)*(t-l);}`,
      needs: ['sorted'],
    },
  ],
  ...STATISTIC_FUNCTIONS,
  ...Object.entries(MACHINE_FUNCTIONS).map(([name, { text }]) => [name, { text, needs: [] }] as const),
]);

/** The text of the functions for these operators and machines, and of what they call. */
export function seriesFunctions(ops: Iterable<string>): string {
  const wanted = new Set<string>();
  for (const op of ops) for (const name of [...(FUNCTIONS.get(op)?.needs ?? []), op]) if (FUNCTIONS.has(name)) wanted.add(name);
  return [...FUNCTIONS].flatMap(([name, { text }]) => (wanted.has(name) ? [text] : [])).join('\n');
}
