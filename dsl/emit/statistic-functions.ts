/** Functions beside `run` and `decide` for statistics of a window, as series-functions.ts has them: the same order of operations as dsl/graph/window-statistics.ts. */
export interface SeriesFunction {
  readonly text: string;
  readonly needs: readonly string[];
}

/** As `sorted`, with the bar of each value behind the sorted window; of equal ones the oldest first. */
const RANKED = `function ranked(S,o,m,n,i,x){
const r=o+1+i%n,d=S[r],q=o+1+m,w=q+m;S[r]=x;
if(x-x!==0){S[o]=0;return 0;}
const t=S[o]+1;S[o]=t;let k=t-1;
if(t>n){let a=0,b=n-1;while(a<b){const c=(a+b)>>1;if(S[q+c]<d)a=c+1;else b=c;}
for(k=a;k<n-1;k++){S[q+k]=S[q+k+1];S[w+k]=S[w+k+1];}}
while(k>0&&S[q+k-1]>x){S[q+k]=S[q+k-1];S[w+k]=S[w+k-1];k--;}
S[q+k]=x;S[w+k]=i;return t;}`;

const RANK_CORRELATION = `function rankCorrelation(S,o,m,n,i,x){
if(ranked(S,o,m,n,i,x)<n)return 0/0;
const q=o+1+m,w=q+m;let y=0,t=0;
for(let k=0;k<n;){let h=k+1;while(h<n&&S[q+h]===S[q+k])h++;
const l=h-k,a=(k+h+1)/2;t+=l*l*l-l;for(;k<h;k++)y+=a*(S[w+k]-i+n);}
const c=n*(n*n-1)/12,d=c-t/12;
return d>0?(y-n*(n+1)*(n+1)/4)/Math.sqrt(d*c):0/0;}`;

const MODE = `function mode(S,o,m,n,i,x){
if(sorted(S,o,m,n,i,x)<n)return 0/0;
const q=o+1+m;let most=0,best=0;
for(let k=0;k<n;){let h=k+1;while(h<n&&S[q+h]===S[q+k])h++;
if(h-k>most){most=h-k;best=S[q+k];}k=h;}
return best+0;}`;

/** From the middle of the sorted window outwards the distances come in order. */
const MEDIAN_DEVIATION = `function medianDeviation(S,o,m,n,i,x){
if(sorted(S,o,m,n,i,x)<n)return 0/0;
const q=o+1+m,c=(S[q+(n-1>>1)]+S[q+(n>>1)])/2;
let l=n-1>>1,r=l+1,a=0,b=0;
for(let k=0;k<=n>>1;k++){a=b;
if(r>=n||l>=0&&c-S[q+l]<=S[q+r]-c){b=Math.abs(S[q+l]-c);l--;}else{b=Math.abs(S[q+r]-c);r++;}}
return n%2===1?(b+b)/2:(a+b)/2;}`;

const moment = (name: string, power: string, result: string): string => `function ${name}(S,o,m,n,i,x){
if(push(S,o,n,i,x)<n)return 0/0;
const q=o+1+i%n;let t=0,y=0,l=0;
for(let k=1;k<=n;k++)t+=S[q+k]-x;
const a=t/n;
for(let k=1;k<=n;k++){const e=S[q+k]-x-a,b=e*e;y+=b;l+=${power};}
y=y/n;l=l/n;
return y>0?${result}:0/0;}`;

/** Values of one bin stand side by side in the sorted window. */
const ENTROPY = `function entropy(S,o,m,n,i,x,b){
if(sorted(S,o,m,n,i,x)<n)return 0/0;
const q=o+1+m,lo=S[q],a=S[q+n-1]-lo;
if(a===0)return 0;
let t=0,l=0,r=0;
for(let k=0;k<n;k++){const c=Math.min(Math.floor((S[q+k]-lo)/a*b),b-1);
if(c!==r){if(l>0)t+=l/n*Math.log(l/n);l=0;r=c;}l++;}
t+=l/n*Math.log(l/n);
return 0-t/${Math.LN2};}`;

const EXPECTED_RANGE = `function expectedRange(n){
let a=n%2===0?1:${2 / Math.PI},t=0;
for(let k=n%2===0?2:3;k<n;k+=2)a*=(k-1)/k;
for(let k=1;k<n;k++)t+=Math.sqrt((n-k)/k);
return a*t;}`;

const RESCALED_RANGE = `function rescaledRange(S,o,m,n,i,x,c){
if(push(S,o,n,i,x)<n)return 0/0;
const q=o+2+i%n;
let l=0,a=0,b=0,d=0,e=0;
for(let r=1;r<=32&&Math.floor(n/r)>=8;r*=2){
const w=Math.floor(n/r);let t=0;
for(let p=0;p<r;p++){
const first=q+n-w*(r-p);let y=0,lo=1/0,hi=-1/0,most=0,h=0;
for(let k=0;k<w;k++)y+=S[first+k];
const base=y/w;
for(let k=0;k<w;k++){const ref=S[first+k]-base;h+=ref;if(h<lo)lo=h;if(h>hi)hi=h;most+=ref*ref;}
t+=most>0?(hi-lo)/Math.sqrt(most/w):0;}
t=t/r;
const y=c===1?t-expectedRange(w)+Math.sqrt(${Math.PI}*w/2):t;
if(!(t>0&&y>0))return 0/0;
const ref=Math.log(w),h=Math.log(y);l+=1;a+=ref;b+=h;d+=ref*h;e+=ref*ref;}
return l>1?(l*d-a*b)/(l*e-a*a):0/0;}`;

const ofLast = (name: string, term: string, result: string): string => `function ${name}(S,o,n,i,x,c){
const r=push(S,o,n,i,x),t=Math.floor(c);
if(!(t>=1&&t<=r&&t<=n))return 0/0;
const q=o+1+i%n+n;let y=0;
for(let k=0;k<t;k++)y+=${term};
return ${result};}`;

export const STATISTIC_FUNCTIONS: readonly (readonly [name: string, SeriesFunction])[] = [
  ['ranked', { text: RANKED, needs: [] }],
  ['expectedRange', { text: EXPECTED_RANGE, needs: [] }],
  ['rankCorrelation', { text: RANK_CORRELATION, needs: ['ranked'] }],
  ['mode', { text: MODE, needs: ['sorted'] }],
  ['medianDeviation', { text: MEDIAN_DEVIATION, needs: ['sorted'] }],
  ['skewness', { text: moment('skewness', 'b*e', 'l/(y*Math.sqrt(y))'), needs: ['push'] }],
  ['kurtosis', { text: moment('kurtosis', 'b*b', 'l/(y*y)-3'), needs: ['push'] }],
  ['entropy', { text: ENTROPY, needs: ['sorted'] }],
  ['rescaledRange', { text: RESCALED_RANGE, needs: ['push', 'expectedRange'] }],
  ['lastMean', { text: ofLast('lastMean', 'S[q-k]', 'y/t'), needs: ['push'] }],
  ['sineSum', { text: ofLast('sineSum', `Math.sin(k*${2 * Math.PI}/t)*S[q-k]`, 'y'), needs: ['push'] }],
  ['cosineSum', { text: ofLast('cosineSum', `Math.cos(k*${2 * Math.PI}/t)*S[q-k]`, 'y'), needs: ['push'] }],
  [
    'nearestRank',
    {
      text: `function nearestRank(S,o,m,n,i,x,p){if(sorted(S,o,m,n,i,x)<n)return 0/0;const k=Math.max(Math.ceil(p*n/100),1)-1;return k<n?S[o+1+m+k]:0/0;}`,
      needs: ['sorted'],
    },
  ],
];
