/**
 * What TA-Lib 0.8.1 (its Python package, asked by hand) says of close = 100 + 10 * sin(bar / 3) + bar / 10: the reference files do not have these functions. By call,
 * values by bar.
 */
export const PHASOR_VALUES: Readonly<Record<string, Readonly<Record<number, number>>>> = {
  'ht_phasor(close).inphase': {
    32: -3.271744598956268,
    63: 10.183540530648022,
    80: 7.338684605590323,
    120: 10.278054486686653,
    159: 9.464186631334156,
  },
  'ht_phasor(close).quadrature': {
    32: -7.106338498811282,
    63: 1.7873644403487474,
    80: 7.440626453656787,
    120: 0.2493822343045176,
    159: -4.128869735172432,
  },
  'ht_dcphase(close)': { 63: 114.69753542426986, 80: 90.0985156934937, 120: 133.61157853224822, 159: 157.3882200435845 },
};
