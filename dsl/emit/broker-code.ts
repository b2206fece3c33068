import { BROKER as B, LOG, LOG_FIELDS, LOG_KIND, type RunConventions, SETTING as K, SIZE } from '#core/model/strategy-abi.ts';
import type { Program } from '../program.ts';
import type { EntryTexts } from './entry-code.ts';

/**
 * The broker of `run` as text: the same steps, in the same order of operations, as core/engine/broker.ts, with what the
 * strategy cannot use left out (sides, levels, trails). Registers are the locals a0.. (account) and b13.. (the rest).
 */

const reg = (field: number): string => `${field < B.stopLevel ? 'a' : 'b'}${field}`;
const setting = (field: number): string => `k${field}`;

const [qty, avg, entryBar, entryTime, risk, cash, equity, peak, lastFill] = [
  B.qty,
  B.avgPrice,
  B.entryBar,
  B.entryTime,
  B.riskDistance,
  B.cash,
  B.equity,
  B.peakEquity,
  B.lastFill,
].map(reg);
const [stop, isTrail, trailDistance, trailPercent, trailStart, hasBase, profit] = [
  B.stopLevel,
  B.stopIsTrail,
  B.trailDistance,
  B.trailPercent,
  B.trailStart,
  B.trailHasBase,
  B.positionProfit,
].map(reg);
const [exitRule, exitFraction, entryRule, side, pendingQty] = [
  B.pendingExitRule,
  B.pendingExitFraction,
  B.pendingEntryRule,
  B.pendingSide,
  B.pendingQty,
].map(reg);

/** Rounding, prices, sizes and levels, as functions beside `run`: they run once an order, not once a bar. */
export const BROKER_FUNCTIONS = `function toLot(q,lot,inverse){return lot===0?q:inverse>0?Math.floor(q*inverse+1e-6)/inverse:Math.floor(q/lot+1e-6)*lot;}
function buyPrice(x,slip,tick,inverse){const p=x*(1+slip);return tick===0?p:inverse>0?Math.ceil(p*inverse-1e-6)/inverse:Math.ceil(p/tick-1e-6)*tick;}
function sellPrice(x,slip,tick,inverse){const p=x*(1-slip);return tick===0?p:inverse>0?Math.floor(p*inverse+1e-6)/inverse:Math.floor(p/tick+1e-6)*tick;}
function quantity(kind,x,price,equity,cash,distance){
if(kind===${SIZE.quantity})return x;
if(kind===${SIZE.money})return x/price;
if(kind===${SIZE.equityShare})return x*equity/price;
if(kind===${SIZE.cashShare})return x*cash/price;
if(kind===${SIZE.riskMoney})return x/distance;
if(kind===${SIZE.riskEquityShare})return x*equity/distance;
if(kind===${SIZE.riskCashShare})return x*cash/distance;
return 0/0;}
function size(kind,x,maxKind,max,minKind,min,price,equity,cash,distance){
let q=quantity(kind,x,price,equity,cash,distance);
if(maxKind!==0){const most=quantity(maxKind,max,price,equity,cash,distance);if(most!==most||q>most)q=most;}
if(minKind!==0){const least=quantity(minKind,min,price,equity,cash,distance);if(least!==least||q<least)q=least;}
return q;}
function stopLevel(side,price,distance,percent,fixed){
let level=price-side*distance;const relative=price*(1-side*percent);
if(side>0){if(relative===relative&&!(level>=relative))level=relative;if(fixed===fixed&&!(level>=fixed))level=fixed;}
else{if(relative===relative&&!(level<=relative))level=relative;if(fixed===fixed&&!(level<=fixed))level=fixed;}
return level;}`;

export class BrokerCode {
  readonly #conventions: RunConventions;
  readonly #hasLongs: boolean;
  readonly #hasShorts: boolean;
  readonly #hasTrail: boolean;
  readonly #hasLevels: boolean;
  readonly #trailBase: string | null;

  constructor(program: Program, conventions: RunConventions, trailBase: string | null) {
    this.#conventions = conventions;
    this.#hasLongs = program.entries.some((entry) => entry.side > 0);
    this.#hasShorts = program.entries.some((entry) => entry.side < 0);
    this.#hasTrail = program.entries.some((entry) => entry.block.trail !== null);
    this.#hasLevels = this.#hasTrail || program.entries.some((entry) => entry.block.stops.length > 0);
    this.#trailBase = trailBase;
  }

  load(): string {
    const settings = Array.from({ length: K.endBar + 1 }, (_, field) => `const ${setting(field)}=K[${field}];`).join('');
    return `${settings}${REGISTERS.map((field) => `let ${reg(field)}=B[${field}];`).join('')}`;
  }

  store(): string {
    return REGISTERS.map((field) => `B[${field}]=${reg(field)};`).join('');
  }

  /** Step 1: market orders at the open, then the stop against the bar. */
  openBar(): string {
    return `${this.#fillPending('c1[i]')}\n${this.#testStop()}`;
  }

  mark(): string {
    return `${equity}=${cash}+${qty}*c4[i];E[i]=${equity};if(${equity}>${peak})${peak}=${equity};`;
  }

  moveTrail(): string {
    if (!this.#hasTrail) return '';
    const move = (isLong: boolean): string => {
      const best = isLong ? 'c2[i]' : 'c3[i]';
      const started = `${trailStart}!==${trailStart}||${best}${isLong ? '>=' : '<='}${trailStart}`;
      const base = this.#trailBase === null ? best : `(${hasBase}===1?${this.#trailBase}:${best})`;
      return `if(${started}){${trailStart}=0/0;const base=${base};${this.#tighten(isLong, 'base')}}`;
    };
    return this.#bySide(move);
  }

  /** Takes the exit that the rules found (x, xf), or the one at the end of the data. */
  takeExit(): string {
    return `if(${qty}!==0){if(x>0){${exitRule}=x;${exitFraction}=xf;}if(i===${setting(K.endBar)}&&!(${exitRule}>0&&${exitFraction}>=1)){${exitRule}=-1;${exitFraction}=1;}}`;
  }

  /** Tests and takes an entry; the locals of `texts` are in scope. */
  takeEntry(texts: EntryTexts, rule: number): string {
    const or = (text: string | null): string => text ?? '0/0';
    const price = 'c4[i]';
    const given = [
      texts.stopDistance,
      texts.stopPercent,
      texts.stopPrice,
      texts.trailDistance,
      texts.trailPercent,
      texts.afterDistance,
      texts.afterPercent,
      texts.afterR,
    ];
    const unusable = given
      .filter((text) => text !== null)
      .map((text) => `${text}<=0||`)
      .join('');
    const terms = [texts.sizeKind, texts.sizeAmount, texts.maxKind, texts.maxAmount, texts.minKind, texts.minAmount].join(',');
    const keep: readonly (readonly [number, string | null])[] = [
      [B.pendingStopDistance, texts.stopDistance],
      [B.pendingStopPercent, texts.stopPercent],
      [B.pendingStopPrice, texts.stopPrice],
      [B.pendingTrailDistance, texts.trailDistance],
      [B.pendingTrailPercent, texts.trailPercent],
      [B.pendingAfterDistance, texts.afterDistance],
      [B.pendingAfterPercent, texts.afterPercent],
      [B.pendingAfterR, texts.afterR],
      [B.pendingTrailHasBase, texts.trailHasBase],
      [B.pendingSizeKind, texts.sizeKind],
      [B.pendingSizeAmount, texts.sizeAmount],
      [B.pendingMaxKind, texts.maxKind],
      [B.pendingMaxAmount, texts.maxAmount],
      [B.pendingMinKind, texts.minKind],
      [B.pendingMinAmount, texts.minAmount],
    ];
    const sized = `const wanted=size(${terms},${price},${equity},${cash},distance);if(!(wanted>0)||wanted===1/0){${logRow(LOG_KIND.droppedInvalid, 'wanted', price, price, '0', String(rule))}}else{const q=toLot(wanted,${setting(K.lot)},${setting(K.lotInverse)});if(!(q>0)){${logRow(LOG_KIND.droppedTooSmall, 'wanted', price, price, '0', String(rule))}}else{`;
    const accept = `${entryRule}=${rule + 1};${side}=${texts.side};${pendingQty}=${this.#conventions.sizeAt === 'order' ? 'q' : '0/0'};${keep.map(([field, text]) => `${reg(field)}=${or(text)};`).join('')}`;
    const body = this.#conventions.sizeAt === 'order' ? `${sized}${accept}}}` : accept;
    const isOver = `${setting(K.endBar)}>=0&&i>=${setting(K.endBar)}`;
    return (
      `if(!(${isOver})){const level=stopLevel(${texts.side},${price},${or(texts.stopDistance)},${or(texts.stopPercent)},${or(texts.stopPrice)}),distance=${texts.side}*(${price}-level);` +
      `if(${unusable}level<=0||distance<=0){${logRow(LOG_KIND.droppedInvalid, '0/0', price, price, '0', String(rule))}}else{${body}}}`
    );
  }

  /** With fillAt close: orders of this bar fill at its close. */
  closeBar(): string {
    return this.#conventions.fillAt === 'close' ? `${this.#fillPending('c4[i]')}${this.mark()}` : '';
  }

  #fillPending(price: string): string {
    return `if(${exitRule}!==0){const rule=${exitRule};${exitRule}=0;if(${qty}!==0){${this.#fillExit(price)}}}
if(${entryRule}!==0){const rule=${entryRule}-1;${entryRule}=0;if(${qty}===0){${this.#fillEntry(price)}}}`;
  }

  #fillExit(price: string): string {
    const tooSmall = logRow(LOG_KIND.droppedTooSmall, `held*${exitFraction}`, price, price, '0', 'index');
    // Dust closes with the rest, as in core/engine/costs/closable-part.ts.
    return `const held=Math.abs(${qty}),index=rule>0?rule-1:-1;let amount=${exitFraction}>=1?held:toLot(held*${exitFraction},${setting(K.lot)},${setting(K.lotInverse)});
if((held-amount)*${price}<1e-9*${equity})amount=held;
if(!(amount>0)){${tooSmall}}else{const kind=rule>0?${LOG_KIND.exit}:${LOG_KIND.end};${this.#bySide((isLong) => this.#close(isLong, 'amount', price, 'kind', 'index'))}}`;
  }

  #fillEntry(ref: string): string {
    const slip = `${setting(K.slippageRate)},${setting(K.tick)},${setting(K.tickInverse)}`;
    const terms = [B.pendingSizeKind, B.pendingSizeAmount, B.pendingMaxKind, B.pendingMaxAmount, B.pendingMinKind, B.pendingMinAmount]
      .map(reg)
      .join(',');
    const lot = `${setting(K.lot)},${setting(K.lotInverse)}`;
    const fee = setting(K.feeRate);
    const tooSmall = (wanted: string): string => logRow(LOG_KIND.droppedTooSmall, wanted, 'price', ref, '0', 'rule');
    const sizeAtFill =
      this.#conventions.sizeAt === 'fill'
        ? `const wanted=size(${terms},price,${cash},${cash},distance);if(!(wanted>0)||wanted===1/0){ok=false;${logRow(LOG_KIND.droppedInvalid, 'wanted', 'price', ref, '0', 'rule')}}else{q=toLot(wanted,${lot});if(!(q>0)){ok=false;${tooSmall('wanted')}}}`
        : '';
    return `const price=${side}>0?buyPrice(${ref},${slip}):sellPrice(${ref},${slip}),level=stopLevel(${side},price,${reg(B.pendingStopDistance)},${reg(B.pendingStopPercent)},${reg(B.pendingStopPrice)}),distance=${side}*(price-level);
let q=${pendingQty},ok=true;${sizeAtFill}
let value=q*price,fee=value*${fee};
if(ok&&(value===1/0||value+fee>${cash})){const affordable=toLot(${cash}/(price*(1+${fee})),${lot});if(!(affordable>0)){ok=false;${tooSmall('q')}}
else{if(q-affordable>q*1e-9){${logRow(LOG_KIND.cutToCash, 'q', 'price', ref, '0', 'rule')}}q=affordable;value=q*price;fee=value*${fee};}}
if(ok){${cash}=${side}>0?${cash}-(value+fee):${cash}+(value-fee);${qty}=${side}*q;${avg}=price;${entryBar}=i;${entryTime}=c0[i];${risk}=distance>0?distance:0/0;${lastFill}=price;${profit}=-fee;${stop}=level;${isTrail}=0;
${this.#armTrail()}${logRow(LOG_KIND.entry, `${side}*q`, 'price', ref, 'fee', 'rule')}}`;
  }

  #armTrail(): string {
    if (!this.#hasTrail) return '';
    const [distance, percent, r] = [B.pendingAfterDistance, B.pendingAfterPercent, B.pendingAfterR].map(reg);
    return (
      `${trailDistance}=${reg(B.pendingTrailDistance)};${trailPercent}=${reg(B.pendingTrailPercent)};${hasBase}=${reg(B.pendingTrailHasBase)};${trailStart}=0/0;` +
      `if(${distance}===${distance})${trailStart}=price+${side}*${distance};else if(${percent}===${percent})${trailStart}=price*(1+${side}*${percent});` +
      `else if(${r}===${r}){const gain=${r}*${risk};${trailStart}=gain===gain?price+${side}*gain:${side}*(1/0);}\n` +
      `if(${trailStart}!==${trailStart}&&${hasBase}===0){${this.#bySide((isLong) => this.#tighten(isLong, 'price'))}}\n`
    );
  }

  #tighten(isLong: boolean, base: string): string {
    const level = isLong
      ? `${trailDistance}===${trailDistance}?${base}-${trailDistance}:${base}*(1-${trailPercent})`
      : `${trailDistance}===${trailDistance}?${base}+${trailDistance}:${base}*(1+${trailPercent})`;
    return `const candidate=${level};if(candidate${isLong ? '>' : '<'}${stop}||(${stop}!==${stop}&&candidate===candidate)){${stop}=candidate;${isTrail}=1;}`;
  }

  #testStop(): string {
    if (!this.#hasLevels) return '';
    const kind = `${isTrail}===1?${LOG_KIND.trail}:${LOG_KIND.stop}`;
    const test = (isLong: boolean): string => {
      const isHit = isLong ? `c3[i]<=${stop}` : `c2[i]>=${stop}`;
      const gap = isLong ? '<' : '>';
      return `if(${isHit}){const x=c1[i],ref=x${gap}${stop}?x:${stop},kind=${kind},amount=${isLong ? qty : `-${qty}`};${this.#close(isLong, 'amount', 'ref', 'kind', '-1')}}`;
    };
    return this.#bySide(test);
  }

  #close(isLong: boolean, amount: string, ref: string, kind: string, rule: string): string {
    const slip = `${setting(K.slippageRate)},${setting(K.tick)},${setting(K.tickInverse)}`;
    const fee = `fee=value*${setting(K.feeRate)}`;
    const book = isLong
      ? `const price=sellPrice(${ref},${slip}),value=${amount}*price,${fee};${cash}+=value-fee;${profit}+=${amount}*(price-${avg})-fee;${qty}-=${amount};`
      : `const price=buyPrice(${ref},${slip}),value=${amount}*price,${fee};${cash}-=value+fee;${profit}+=${amount}*(${avg}-price)-fee;${qty}+=${amount};`;
    const [trades, wins, losses, streak] = [B.trades, B.wins, B.losses, B.losingStreak].map(reg);
    const end =
      `if(${qty}===0){${trades}+=1;if(${profit}>0){${wins}+=1;${streak}=0;}else if(${profit}<0){${losses}+=1;${streak}+=1;}` +
      `${profit}=0;${[avg, entryBar, entryTime, risk, stop, trailDistance, trailPercent, trailStart].map((name) => `${name}=0/0;`).join('')}${isTrail}=0;${hasBase}=0;}`;
    return `${book}${lastFill}=price;${logRow(kind, isLong ? `-${amount}` : amount, 'price', ref, 'fee', rule)}${end}`;
  }

  /** Code for the side that is open, without the side that the strategy never takes. */
  #bySide(text: (isLong: boolean) => string): string {
    const long = `if(${qty}>0){${text(true)}}`;
    const short = `if(${qty}<0){${text(false)}}`;
    return this.#hasLongs && this.#hasShorts ? `${long}else ${short}` : this.#hasLongs ? long : short;
  }
}

const REGISTERS: readonly number[] = Array.from({ length: B.pendingMinAmount + 1 }, (_, field) => field);

/** What happened to plugins: `pf` and `pd` say to which. */
export function logPluginsCode(): string {
  const row = (name: string, kind: number): string => `if(${name}>0){${logRow(kind, '0/0', 'c4[i]', 'c4[i]', '0', name)}}`;
  return row('pf', LOG_KIND.pluginFlagged) + row('pd', LOG_KIND.pluginDisabled);
}

function logRow(kind: string | number, amount: string, price: string, ref: string, fee: string, rule: string): string {
  const fields: readonly (readonly [number, string | number])[] = [
    [LOG.kind, kind],
    [LOG.bar, 'i'],
    [LOG.qty, amount],
    [LOG.price, price],
    [LOG.refPrice, ref],
    [LOG.fee, fee],
    [LOG.rule, rule],
  ];
  return `${fields.map(([field, text]) => `F[w+${field}]=${text};`).join('')}w+=${LOG_FIELDS};`;
}
