import type { MachineName } from '../graph/machines/machines.ts';

/**
 * The machines of dsl/graph/machines/ as emitted functions, with the same order of operations. S = state, o = first slot of the node: first its outputs, which are written on
 * every bar, then what it remembers. Inputs and what it is made with follow.
 */

/** From o + 7: begun, way, highest and its age, lowest and its age (a price that is not there is na). */
const ZIGZAG = `function zigzag(S,o,h,l,d,a){
if(S[o+7]===0){for(let k=0;k<7;k++)S[o+k]=0/0;S[o+9]=0/0;S[o+11]=0/0;S[o+7]=1;}
S[o+2]++;S[o+3]++;S[o+10]++;S[o+12]++;
if(h-h===0&&l-l===0&&d-d===0){
const w=S[o+8],b=w>=0&&!(h<S[o+9]),c=w<=0&&!(l>S[o+11]);
if(b){S[o+9]=h;S[o+10]=0;}
if(c){S[o+11]=l;S[o+12]=0;}
if(w>0){if(b)S[o+11]=0/0;else if(!(l>S[o+11])){S[o+11]=l;S[o+12]=0;}}
if(w<0){if(c)S[o+9]=0/0;else if(!(h<S[o+9])){S[o+9]=h;S[o+10]=0;}}
const x=S[o+11],y=S[o+9];
const r=w<=0&&!c&&h>x&&Math.abs(h-x)>=a*Math.abs(x)+d,t=w>=0&&!b&&l<y&&Math.abs(l-y)>=a*Math.abs(y)+d;
if(r&&(!t||h-x>=y-l)){S[o+1]=x;S[o+3]=S[o+12];if(w===0){S[o+9]=h;S[o+10]=0;}S[o+11]=0/0;S[o+8]=1;}
else if(t){S[o]=y;S[o+2]=S[o+10];if(w===0){S[o+11]=l;S[o+12]=0;}S[o+9]=0/0;S[o+8]=-1;}}
const w=S[o+8];
S[o+4]=w===0?0/0:w>0?1:0;S[o+5]=w===0?0/0:w>0?S[o+9]:S[o+11];S[o+6]=w===0?0/0:w>0?S[o+10]:S[o+12];}`;

/** From o + 6: size, anchor, edge, open, close, way, run, bars. */
const BRICKS = `function bricks(S,o,x,n,m){
S[o+13]++;let d=0;
if(x-x===0&&n-n===0&&n>0){const e=S[o+6];
if(e===0){const b=m-m===0?m+Math.round((x-m)/n)*n:x;S[o+6]=n;S[o+7]=b;S[o+9]=b;S[o+10]=b;}
else{const a=S[o+9],c=S[o+10],r=Math.floor((x-Math.max(a,c))/e+1e-9),t=Math.floor((Math.min(a,c)-x)/e+1e-9),w=r>=1?1:t>=1?-1:0;
if(w!==0){const q=w>0?r:t;let p=S[o+7],k=S[o+8];
if(S[o+11]===-w){if(a===p+(k+w)*e)k+=w;else{p=a;k=0;}}
k+=w*q;const b=p+k*e;S[o+9]=p+(k-w)*e;S[o+10]=b;S[o+12]=S[o+11]===w?S[o+12]+q:q;S[o+11]=w;S[o+13]=0;
if(n!==e){p=b;k=0;S[o+6]=n;}
S[o+7]=p;S[o+8]=k;d=w*q;}}}
const w=S[o+11];
if(w===0){S[o]=0/0;S[o+1]=0/0;S[o+2]=0/0;S[o+3]=S[o+6]===0?0/0:0;S[o+4]=0/0;S[o+5]=0/0;}
else{S[o]=S[o+9];S[o+1]=S[o+10];S[o+2]=w>0?1:0;S[o+3]=d;S[o+4]=S[o+12];S[o+5]=S[o+13];}}`;

/** From o + 6: size, open, highest and lowest of the bar under way, whether one is complete, bars since; then open, high, low, close of the last. */
const RANGE_BARS = `function rangeBars(S,o,x,n){
S[o+11]++;let d=0;
if(x-x===0&&n-n===0&&n>0){const e=S[o+6];
if(e===0){S[o+6]=n;S[o+7]=x;S[o+8]=x;S[o+9]=x;}
else{const r=Math.floor((x-S[o+9])/e+1e-9),t=Math.floor((S[o+8]-x)/e+1e-9),w=r>=1?1:t>=1?-1:0;
if(w===0){S[o+8]=Math.max(S[o+8],x);S[o+9]=Math.min(S[o+9],x);}
else{const q=w>0?r:t,b=w>0?S[o+9]:S[o+8],c=b+w*q*e,a=b+w*(q-1)*e;
S[o+12]=q===1?S[o+7]:a;S[o+13]=Math.max(a,c);S[o+14]=Math.min(a,c);S[o+15]=c;
S[o+6]=n;S[o+7]=c;S[o+8]=Math.max(c,x);S[o+9]=Math.min(c,x);S[o+10]=1;S[o+11]=0;d=w*q;}}}
const l=S[o+10]===1;
for(let k=0;k<4;k++)S[o+k]=l?S[o+12+k]:0/0;
S[o+4]=l?d:S[o+6]===0?0/0:0;S[o+5]=l?S[o+11]:0/0;}`;

/** From o + 2: known, first, last, highest, lowest, way. */
const WILDER_STOP = `function wilderStop(S,o,x,d){
S[o]=0/0;S[o+1]=0/0;
if(x-x!==0)return;
if(S[o+2]===0){S[o+2]=1;S[o+3]=x;S[o+4]=x;S[o+5]=x;S[o+6]=x;}
let w=S[o+7];
if(d-d!==0){if(w===0){S[o+4]=x;S[o+5]=Math.max(S[o+5],x);S[o+6]=Math.min(S[o+6],x);}return;}
if(w===0)w=S[o+4]>S[o+3]?1:-1;
const y=w>0?S[o+5]-d:S[o+6]+d;
if(w>0?x<y:x>y){w=-w;S[o+5]=x;S[o+6]=x;}else{S[o+5]=Math.max(S[o+5],x);S[o+6]=Math.min(S[o+6],x);}
S[o+7]=w;S[o]=y;S[o+1]=w>0?1:0;}`;

/** From o + 2: way, line, highest, lowest. */
const RATCHET_STOP = `function ratchetStop(S,o,x,d){
S[o]=0/0;S[o+1]=0/0;
if(x-x!==0||d-d!==0)return;
let w=S[o+2];
if(w===0){w=1;S[o+3]=x;S[o+4]=x;S[o+5]=x;}
else{S[o+4]=Math.max(S[o+4],x);S[o+5]=Math.min(S[o+5],x);
S[o+3]=w>0?Math.max(S[o+3],S[o+4]-d):Math.min(S[o+3],S[o+5]+d);
const k=x>=S[o+3]?1:-1;
if(k!==w){w=k;S[o+4]=x;S[o+5]=x;S[o+3]=w>0?x-d:x+d;}}
S[o+2]=w;S[o]=S[o+3];S[o+1]=w>0?1:0;}`;

const TAIL = `function tail(n,k){
let l=-n*Math.log(2);for(let j=1;j<=n-k;j++)l+=Math.log((k+j)/j);
let t=1,s=1;for(let j=k;j<n;j++){t*=(n-j)/(j+1);s+=t;}
return Math.min(1,Math.exp(l)*s);}`;

/** From o + 12: how many levels, bars; then of each price, points, last, side, at, by, tests, held, chance. */
const LEVELS = `function levels(S,o,a,b,h,l,c,d,n,m){
if(h-h!==0||l-l!==0||c-c!==0||d-d!==0){for(let k=0;k<12;k++)S[o+k]=0/0;return;}
const i=S[o+13]+1;S[o+13]=i;
for(let k=0;k<S[o+12];k++){const q=o+14+9*k,x=S[q];let w=S[q+3];
if(w===0){S[q+3]=c>=x+d?1:c<=x-d?-1:0;continue;}
if((w===1&&l<=x)||(w===-1&&h>=x)){w*=2;S[q+3]=w;S[q+4]=x;S[q+5]=d;}
if(w===2||w===-2){const t=c>=S[q+4]+S[q+5]?1:c<=S[q+4]-S[q+5]?-1:0;
if(t!==0){const r=S[q+6]+1,e=w===2*t?S[q+7]+1:S[q+7];S[q+3]=t;S[q+6]=r;S[q+7]=e;S[q+8]=e<=0?1:2*e>r?tail(r,e):1-tail(r,r-e+1);}}}
for(let t=0;t<2;t++){const x=t===0?a:b;
if(x-x===0){let p=-1,e=0;
for(let k=0;k<S[o+12];k++){const q=o+14+9*k,y=Math.abs(S[q]-x);if(y<=d&&(p<0||y<e)){p=q;e=y;}}
if(p>=0){S[p+1]++;S[p]+=(x-S[p])/S[p+1];S[p+2]=i;}
else{if(S[o+12]<n){p=o+14+9*S[o+12];S[o+12]++;}
else{p=o+14;for(let k=1;k<S[o+12];k++){const q=o+14+9*k;if(S[q+2]<S[p+2])p=q;}}
S[p]=x;S[p+1]=1;S[p+2]=i;for(let k=3;k<8;k++)S[p+k]=0;S[p+8]=1;}}}
let p=-1,r=-1;
for(let k=0;k<S[o+12];k++){const q=o+14+9*k,x=S[q];if(S[q+1]>=m){if(x<=c){if(p<0||x>S[p])p=q;}else if(r<0||x<S[r])r=q;}}
for(let k=0;k<2;k++){const q=k===0?p:r,y=o+6*k;
if(q<0)for(let j=0;j<6;j++)S[y+j]=0/0;
else{S[y]=S[q];S[y+1]=S[q+1];S[y+2]=i-S[q+2];S[y+3]=S[q+6];S[y+4]=S[q+7];S[y+5]=S[q+8];}}}`;

export const MACHINE_FUNCTIONS: Readonly<Record<MachineName, MachineFunction>> = {
  zigzag: { text: ZIGZAG, slots: 13 },
  bricks: { text: BRICKS, slots: 14 },
  rangeBars: { text: RANGE_BARS, slots: 16 },
  wilderStop: { text: WILDER_STOP, slots: 8 },
  ratchetStop: { text: RATCHET_STOP, slots: 6 },
  levels: { text: `${TAIL}\n${LEVELS}`, slots: 14, slotsEach: 9 },
};

interface MachineFunction {
  readonly text: string;
  /** Doubles of state. */
  readonly slots: number;
  /** And of each thing that it keeps, as many as the first of what it is made with says. */
  readonly slotsEach?: number;
}
