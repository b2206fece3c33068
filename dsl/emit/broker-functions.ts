import { BROKER as B, LOG, LOG_FIELDS, LOG_KIND, type RunConventions, SETTING as K } from '#core/model/strategy-abi.ts';
import type { Program } from '../program.ts';
import type { EntryTerms } from './entry-terms.ts';

/**
 * What the broker of `run` does when something happens: orders that go out, fills, levels that are met or move. The same steps, in the same order of operations, as
 * core/engine/trading, without what the program cannot use. Functions beside `run`, as they run once an order and not once a bar; they work on the registers B,
 * and those that write rows return the place behind the last.
 */

/** Text of a register. */
export const register = (field: number): string => `B[${field}]`;
const setting = (field: number): string => `K[${field}]`;

const NA = '(0/0)';
/** What functions that fill are called with. */
const MEMORY = 'B,K,F,w';

const PRICES = `function toLot(q,lot,inverse){return lot===0?q:inverse>0?Math.floor(q*inverse+1e-6)/inverse:Math.floor(q/lot+1e-6)*lot;}
function buyPrice(x,slip,tick,inverse){const p=x*(1+slip);return tick===0?p:inverse>0?Math.ceil(p*inverse-1e-6)/inverse:Math.ceil(p/tick-1e-6)*tick;}
function sellPrice(x,slip,tick,inverse){const p=x*(1-slip);return tick===0?p:inverse>0?Math.floor(p*inverse+1e-6)/inverse:Math.floor(p/tick+1e-6)*tick;}`;

const NOTE = `function note(kind,i,amount,price,ref,fee,rule,F,w){
F[w+${LOG.kind}]=kind;F[w+${LOG.bar}]=i;F[w+${LOG.qty}]=amount;F[w+${LOG.price}]=price;F[w+${LOG.refPrice}]=ref;F[w+${LOG.fee}]=fee;F[w+${LOG.rule}]=rule;
return w+${LOG_FIELDS};}`;

const SLIP = `${setting(K.slippageRate)},${setting(K.tick)},${setting(K.tickInverse)}`;
const LOT = `${setting(K.lot)},${setting(K.lotInverse)}`;

/** What the program's entries and exits may do. */
export interface BrokerUse {
  readonly sides: ReadonlySet<1 | -1>;
  readonly hasTrail: boolean;
  readonly hasTake: boolean;
  /** Any of a stop, a trail and a target. */
  readonly hasLevels: boolean;
  /** Exits of a part of the position. */
  readonly hasParts: boolean;
  /** Whether anything reads when the position was entered; else `run` tells at its end, so that no entry waits for the memory of its bar's time. */
  readonly readsEntryTime: boolean;
}

export function brokerUse({ entries, exits, graph }: Program): BrokerUse {
  const hasTrail = entries.some(({ block }) => block.trail !== null);
  const hasTake = entries.some(({ block }) => block.takes.length > 0);
  const isAll = (fraction: number): boolean => {
    const node = graph.nodes[fraction]!;
    return node.op === 'const' && node.value === 1;
  };
  return {
    sides: new Set(entries.map(({ side }) => side)),
    hasTrail,
    hasTake,
    hasLevels: hasTrail || hasTake || entries.some(({ block }) => block.stops.length > 0),
    hasParts: !exits.every(({ fraction }) => isAll(fraction)),
    readsEntryTime: graph.nodes.some((node) => node.op === 'account' && node.register === 'entryTime'),
  };
}

/** The functions that a program needs. */
export function brokerFunctions(program: Program, terms: EntryTerms, conventions: RunConventions): string {
  const use = brokerUse(program);
  const parts = [
    PRICES,
    NOTE,
    leave(use),
    fillExit(use),
    terms.functions(),
    orderEntry(terms, conventions),
    fillEntry(use, terms, conventions),
  ];
  if (use.hasTrail) parts.push(moveTrail(terms));
  if (use.hasLevels) parts.push(meetLevels(use, conventions));
  return parts.filter((part) => part !== '').join('\n');
}

/** Text of whether the position is a long one. */
const isLong = ({ sides }: BrokerUse): string => (sides.size > 1 ? `${register(B.qty)}>0` : String(sides.has(1)));

/** Closes an amount, all of the position or a part of it. */
function leave(use: BrokerUse): string {
  const nan: number[] = [B.avgPrice, B.entryBar, B.entryTime, B.riskDistance];
  const zero: number[] = [B.positionProfit];
  if (use.hasLevels) nan.push(B.stopLevel);
  if (use.hasTake) nan.push(B.takeLevel);
  if (use.hasTrail) {
    nan.push(B.trailDistance, B.trailPercent, B.trailStart);
    zero.push(B.stopIsTrail, B.trailHasBase);
  }
  const [cash, profit, qty, avg] = [B.cash, B.positionProfit, B.qty, B.avgPrice].map(register);
  const resting = (yes: string, no: string): string => (use.hasTake ? `(resting>0?${yes}:${no})` : no);
  return `function leave(i,amount,ref,kind,rule,resting,${MEMORY}){
const long=${isLong(use)},price=${resting('ref', `(long?sellPrice(ref,${SLIP}):buyPrice(ref,${SLIP}))`)},value=amount*price,fee=value*${resting(setting(K.makerRate), setting(K.feeRate))};
if(long){${cash}+=value-fee;${profit}+=amount*(price-${avg})-fee;${qty}-=amount;}
else{${cash}-=value+fee;${profit}+=amount*(${avg}-price)-fee;${qty}+=amount;}
${register(B.lastFill)}=price;
if(${qty}===0){${register(B.trades)}+=1;const gain=${profit};if(gain>0){${register(B.wins)}+=1;${register(B.losingStreak)}=0;}else if(gain<0){${register(B.losses)}+=1;${register(B.losingStreak)}+=1;}
${nan.map((field) => `${register(field)}=${NA};`).join('')}${zero.map((field) => `${register(field)}=0;`).join('')}}
return note(kind,i,long?-amount:amount,price,ref,fee,rule,F,w);}`;
}

/** The exit that was ordered, at the price of the column x. Dust closes with the rest, as in core/engine/costs/closable-part.ts. */
function fillExit({ hasParts }: BrokerUse): string {
  const fraction = register(B.pendingExitFraction);
  const part = `let amount=${fraction}>=1?held:toLot(held*${fraction},${LOT});
if((held-amount)*price<1e-9*${register(B.equity)})amount=held;
if(!(amount>0))return note(${LOG_KIND.droppedTooSmall},i,held*${fraction},price,price,0,index,F,w);
`;
  return `function fillExit(i,x,${MEMORY}){
const rule=${register(B.pendingExitRule)},held=Math.abs(${register(B.qty)}),price=x[i],index=rule>0?rule-1:-1;
${register(B.pendingExitRule)}=0;
if(held===0)return w;
${hasParts ? part : ''}return leave(i,${hasParts ? 'amount' : 'held'},price,rule>0?${LOG_KIND.exit}:${LOG_KIND.end},index,0,${MEMORY});}`;
}

/** Tests an entry whose terms stand in the registers, at the close that decides it. */
function orderEntry(terms: EntryTerms, { sizeAt }: RunConventions): string {
  const dropped = (kind: number, wanted: string): string => `return note(${kind},i,${wanted},price,price,0,rule,F,w);`;
  const unusable = [...terms.levels(), ...(terms.hasStop ? ['level', 'distance'] : [])].map((value) => `${value}<=0`);
  const stop = terms.hasStop ? `const side=${terms.of('side')},level=${terms.stopLevel()},distance=side*(price-level);\n` : '';
  const tested = unusable.length === 0 ? '' : `if(${unusable.join('||')})${dropped(LOG_KIND.droppedInvalid, NA)}\n`;
  const sized = `${terms.size('wanted', register(B.equity))}if(!(wanted>0)||wanted===1/0)${dropped(LOG_KIND.droppedInvalid, 'wanted')}
const q=toLot(wanted,${LOT});if(!(q>0))${dropped(LOG_KIND.droppedTooSmall, 'wanted')}
${register(B.pendingQty)}=q;`;
  return `function orderEntry(i,rule,x,${MEMORY}){
if(${setting(K.endBar)}>=0&&i>=${setting(K.endBar)})return w;
const price=x[i];
${stop}${tested}${sizeAt === 'order' ? sized : ''}${register(B.pendingEntryRule)}=rule+1;
return w;}`;
}

/** The entry that was ordered, at the price of the column x; `t` are the open times of the bars. */
function fillEntry({ hasTrail, hasTake, hasLevels, readsEntryTime }: BrokerUse, terms: EntryTerms, { sizeAt }: RunConventions): string {
  const tooSmall = (wanted: string): string => `return note(${LOG_KIND.droppedTooSmall},i,${wanted},price,ref,0,rule,F,w);`;
  const sized = `${terms.size('wanted', register(B.cash))}if(!(wanted>0)||wanted===1/0)return note(${LOG_KIND.droppedInvalid},i,wanted,price,ref,0,rule,F,w);
q=toLot(wanted,${LOT});if(!(q>0))${tooSmall('wanted')}\n`;
  const fee = setting(K.feeRate);
  const stop = terms.hasStop
    ? { level: `const level=${terms.stopLevel()},distance=side*(price-level);\n`, risk: `distance>0?distance:${NA}`, at: 'level' }
    : { level: '', risk: NA, at: NA };
  const armed = hasLevels ? `${register(B.stopLevel)}=${stop.at};` : '';
  return `function fillEntry(i,x,t,${MEMORY}){
const rule=${register(B.pendingEntryRule)}-1,side=${terms.of('side')},ref=x[i];
${register(B.pendingEntryRule)}=0;
if(${register(B.qty)}!==0)return w;
const price=side>0?buyPrice(ref,${SLIP}):sellPrice(ref,${SLIP});
${stop.level}let q=${sizeAt === 'fill' ? '0' : register(B.pendingQty)};${sizeAt === 'fill' ? sized : ''}
if(!(price>0))return note(${LOG_KIND.droppedInvalid},i,q,price,ref,0,rule,F,w);
let value=q*price,fee=value*${fee};
if(value===1/0||value+fee>${register(B.cash)}){const affordable=toLot(${register(B.cash)}/(price*(1+${fee})),${LOT});if(!(affordable>0))${tooSmall('q')}
if(q-affordable>q*1e-9)w=note(${LOG_KIND.cutToCash},i,q,price,ref,0,rule,F,w);
q=affordable;value=q*price;fee=value*${fee};}
${register(B.cash)}=side>0?${register(B.cash)}-(value+fee):${register(B.cash)}+(value-fee);
${register(B.qty)}=side*q;${register(B.avgPrice)}=price;${register(B.entryBar)}=i;${readsEntryTime ? `${register(B.entryTime)}=t[i];` : ''}${register(B.riskDistance)}=${stop.risk};
${register(B.lastFill)}=price;${register(B.positionProfit)}=-fee;${armed}${hasTrail ? `${register(B.stopIsTrail)}=0;` : ''}
${hasTake ? armTake(terms) : ''}${hasTrail ? armTrail(terms) : ''}return note(${LOG_KIND.entry},i,side*q,price,ref,fee,rule,F,w);}`;
}

/** A choice between terms of which an entry has at most one, in this order; `none` where it has none. */
function firstGiven(choices: readonly (readonly [term: string, text: string])[], none: string): string {
  const possible = choices.filter(([term]) => term !== NA);
  return possible.reduceRight((rest, [term, text]) => `${term}===${term}?${text}:${rest}`, none);
}

function armTake(terms: EntryTerms): string {
  const [distance, percent, r] = [terms.of('takeDistance'), terms.of('takePercent'), terms.of('takeR')];
  const level = firstGiven(
    [
      [distance, `price+side*${distance}`],
      [percent, `price*(1+side*${percent})`],
      [r, `price+side*(${r}*${register(B.riskDistance)})`],
    ],
    NA,
  );
  return `${register(B.takeLevel)}=${level};\n`;
}

/** A trail that waits for a gain in R, where there is no R, never starts. */
function armTrail(terms: EntryTerms): string {
  const [distance, percent, r] = [terms.of('afterDistance'), terms.of('afterPercent'), terms.of('afterR')];
  const start = firstGiven(
    [
      [distance, `price+side*${distance}`],
      [percent, `price*(1+side*${percent})`],
      [r, `startAt(side,price,${r}*${register(B.riskDistance)})`],
    ],
    NA,
  );
  return (
    `${register(B.trailDistance)}=${terms.of('trailDistance')};${register(B.trailPercent)}=${terms.of('trailPercent')};${register(B.trailHasBase)}=${terms.of('trailHasBase')};` +
    `${register(B.trailStart)}=${start};\nif(${register(B.trailStart)}!==${register(B.trailStart)}&&${register(B.trailHasBase)}===0)tighten(side,price,B);\n`
  );
}

/** The trail at a close: `best` is the price that went furthest for the position, `base` what a trail with a base is measured from. */
function moveTrail(terms: EntryTerms): string {
  const startAt = terms.of('afterR') === NA ? '' : `function startAt(side,price,gain){return gain===gain?price+side*gain:side*(1/0);}\n`;
  return `${startAt}function tighten(side,base,B){
const d=${register(B.trailDistance)},level=d===d?base-side*d:base*(1-side*${register(B.trailPercent)}),stop=${register(B.stopLevel)};
if((side>0?level>stop:level<stop)||(stop!==stop&&level===level)){${register(B.stopLevel)}=level;${register(B.stopIsTrail)}=1;}}
function moveTrail(side,best,base,B){
const start=${register(B.trailStart)};
if(start===start){if(!(side>0?best>=start:best<=start))return;${register(B.trailStart)}=${NA};}
tighten(side,${register(B.trailHasBase)}===1?base:best,B);}`;
}

/** Stop and target of the position against a bar: a target at the open, then the stop, then the target. */
function meetLevels(use: BrokerUse, { limitFill }: RunConventions): string {
  const { hasTake, hasTrail } = use;
  const all = `Math.abs(${register(B.qty)})`;
  const reached = (price: readonly [above: string, below: string], isOrAt: boolean): string =>
    `long?${price[0]}>${isOrAt ? '=' : ''}take:${price[1]}<${isOrAt ? '=' : ''}take`;
  const target = (price: string): string => `return leave(i,${all},${price},${LOG_KIND.take},0,1,${MEMORY});`;
  const both = `if(!gap&&(${reached(['high', 'low'], false)}))w=note(${LOG_KIND.ambiguous},i,${all},take,take,0,0,F,w);\n`;
  const kind = hasTrail ? `${register(B.stopIsTrail)}===1?${LOG_KIND.trail}:${LOG_KIND.stop}` : String(LOG_KIND.stop);
  return `function meetLevels(i,x,h,l,${MEMORY}){
const long=${isLong(use)},open=x[i],high=h[i],low=l[i],stop=${register(B.stopLevel)}${hasTake ? `,take=${register(B.takeLevel)}` : ''};
${hasTake ? `if(${reached(['open', 'open'], true)})${target('open')}\n` : ''}if(long?low<=stop:high>=stop){const gap=long?open<stop:open>stop;
${hasTake ? both : ''}return leave(i,${all},gap?open:stop,${kind},-1,0,${MEMORY});}
${hasTake ? `if(${reached(['high', 'low'], limitFill === 'touch')})${target('take')}\n` : ''}return w;}`;
}
