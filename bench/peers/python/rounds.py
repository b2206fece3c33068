"""The cross of two averages by a Python engine over raw columns, one round a line of stdin: rounds.py ENGINE FOLDER BARS.

First answers a line of JSON: version, trades as pairs of the bars of their fills, and final equity where the engine does what strat does to the cent; then the
milliseconds of each round. `import` as third argument only says whether the engine is there.
"""
import json
import os
import sys
import time
import warnings

warnings.filterwarnings("ignore")
FAST, SLOW, CAPITAL, NOTIONAL, FEE, SLIPPAGE = 10, 30, 1e7, 1000.0, 0.0004, 0.0001


def columns(folder, bars):
    import numpy as np

    return {name: np.fromfile(os.path.join(folder, f"{name}.f64"), count=bars) for name in "tohlcv"}


def frame(columns, names):
    import pandas as pd

    index = pd.to_datetime(columns["t"], unit="ms")
    return pd.DataFrame({name: columns[short] for name, short in zip(names, "ohlcv")}, index=index)


def backtesting_py(folder, bars):
    import backtesting
    import pandas as pd
    from backtesting import Backtest, Strategy
    from backtesting.lib import crossover

    backtesting.backtesting._tqdm = lambda seq, **_: seq

    def average(values, length):
        return pd.Series(values).rolling(length).mean()

    class Cross(Strategy):
        def init(self):
            self.fast = self.I(average, self.data.Close, FAST)
            self.slow = self.I(average, self.data.Close, SLOW)

        def next(self):
            if crossover(self.fast, self.slow):
                if not self.position:
                    self.buy(size=1)
            elif crossover(self.slow, self.fast):
                if self.position:
                    self.position.close()

    data = frame(columns(folder, bars), ["Open", "High", "Low", "Close", "Volume"])
    test = Backtest(data, Cross, cash=1e9, commission=FEE, spread=SLIPPAGE)

    def work(stats):
        closed = stats["_trades"]
        return closed[["EntryBar", "ExitBar"]].values.tolist(), None

    return backtesting.__version__, test.run, work


def vectorbt(folder, bars):
    import vectorbt as vbt

    data = frame(columns(folder, bars), ["Open", "High", "Low", "Close", "Volume"])

    def run():
        fast = vbt.MA.run(data["Close"], FAST)
        slow = vbt.MA.run(data["Close"], SLOW)
        entries = fast.ma_crossed_above(slow).shift(1, fill_value=False)
        exits = fast.ma_crossed_below(slow).shift(1, fill_value=False)
        result = vbt.Portfolio.from_signals(
            data["Close"], entries, exits, price=data["Open"], size=NOTIONAL, size_type="value", init_cash=CAPITAL, fees=FEE, slippage=SLIPPAGE, freq="1min"
        )
        return result, result.value(), result.max_drawdown(), result.trades.count()

    def work(done):
        result, value, _, _ = done
        closed = result.trades.closed.values
        return [[int(entry), int(leave)] for entry, leave in zip(closed["entry_idx"], closed["exit_idx"])], float(value.iloc[-1])

    return vbt.__version__, run, work


def backtrader(folder, bars):
    import backtrader as bt

    data = frame(columns(folder, bars), ["open", "high", "low", "close", "volume"])

    class Cross(bt.Strategy):
        def __init__(self):
            self.cross = bt.ind.CrossOver(bt.ind.SMA(period=FAST), bt.ind.SMA(period=SLOW))
            self.fills = []

        def notify_order(self, order):
            if order.status == order.Completed:
                self.fills.append(len(self) - 1)

        def next(self):
            if self.cross > 0:
                if not self.position:
                    self.buy(size=NOTIONAL / self.data.close[0])
            elif self.cross < 0:
                if self.position:
                    self.close()

    def run():
        cerebro = bt.Cerebro(stdstats=False)
        cerebro.adddata(bt.feeds.PandasData(dataname=data))
        cerebro.addstrategy(Cross)
        cerebro.addanalyzer(bt.analyzers.DrawDown)
        cerebro.broker.setcash(CAPITAL)
        cerebro.broker.setcommission(commission=FEE)
        cerebro.broker.set_slippage_perc(SLIPPAGE, slip_open=True, slip_match=True, slip_out=True)
        return cerebro.run()[0]

    def work(strategy):
        fills = strategy.fills
        return [list(pair) for pair in zip(fills[0::2], fills[1::2])], None

    return bt.__version__, run, work


def nautilus_trader(folder, bars):
    import nautilus_trader
    import pandas as pd
    from nautilus_trader.backtest.engine import BacktestEngine, BacktestEngineConfig
    from nautilus_trader.config import LoggingConfig, StrategyConfig
    from nautilus_trader.indicators import SimpleMovingAverage
    from nautilus_trader.model.currencies import USDT
    from nautilus_trader.model.data import BarType
    from nautilus_trader.model.enums import AccountType, OmsType, OrderSide
    from nautilus_trader.model.identifiers import Venue
    from nautilus_trader.model.objects import Money
    from nautilus_trader.persistence.wranglers import BarDataWrangler
    from nautilus_trader.test_kit.providers import TestInstrumentProvider
    from nautilus_trader.trading.strategy import Strategy

    instrument = TestInstrumentProvider.btcusdt_binance()
    kind = BarType.from_str("BTCUSDT.BINANCE-1-MINUTE-LAST-EXTERNAL")
    data = frame(columns(folder, bars), ["open", "high", "low", "close", "volume"])
    # A bar is known when it closes.
    data.index = (data.index + pd.Timedelta(minutes=1)).tz_localize("UTC")
    items = BarDataWrangler(kind, instrument).process(data)

    class Cross(Strategy):
        def __init__(self):
            super().__init__(StrategyConfig())
            self.fast, self.slow = SimpleMovingAverage(FAST), SimpleMovingAverage(SLOW)
            self.before, self.at, self.fills = None, -1, []

        def on_start(self):
            self.register_indicator_for_bars(kind, self.fast)
            self.register_indicator_for_bars(kind, self.slow)
            self.subscribe_bars(kind)

        def on_order_filled(self, event):
            self.fills.append(self.at)

        def on_bar(self, bar):
            self.at += 1
            if not self.slow.initialized:
                return
            apart, before = self.fast.value - self.slow.value, self.before
            self.before = apart
            if before is None:
                return
            flat = self.portfolio.is_flat(instrument.id)
            if apart > 0 and before <= 0 and flat:
                quantity = instrument.make_qty(NOTIONAL / float(bar.close))
                self.submit_order(self.order_factory.market(instrument.id, OrderSide.BUY, quantity))
            elif apart < 0 and before >= 0 and not flat:
                self.close_all_positions(instrument.id)

    def run():
        engine = BacktestEngine(BacktestEngineConfig(logging=LoggingConfig(bypass_logging=True)))
        engine.add_venue(Venue("BINANCE"), OmsType.NETTING, AccountType.CASH, [Money(CAPITAL, USDT)], base_currency=None)
        engine.add_instrument(instrument)
        engine.add_data(items)
        strategy = Cross()
        engine.add_strategy(strategy)
        engine.run()
        fills = list(strategy.fills)
        engine.dispose()
        return fills

    def work(fills):
        return [list(pair) for pair in zip(fills[0::2], fills[1::2])], None

    return nautilus_trader.__version__, run, work


FREQTRADE_CROSS = f"""
from freqtrade.strategy import IStrategy

class Cross(IStrategy):
    INTERFACE_VERSION = 3
    timeframe = "1m"
    minimal_roi = {{}}
    stoploss = -0.99
    startup_candle_count = 0

    def populate_indicators(self, dataframe, metadata):
        close = dataframe["close"]
        dataframe["apart"] = close.rolling({FAST}).mean() - close.rolling({SLOW}).mean()
        return dataframe

    def populate_entry_trend(self, dataframe, metadata):
        apart = dataframe["apart"]
        dataframe["enter_long"] = ((apart > 0) & (apart.shift() <= 0)).astype(int)
        return dataframe

    def populate_exit_trend(self, dataframe, metadata):
        apart = dataframe["apart"]
        dataframe["exit_long"] = ((apart < 0) & (apart.shift() >= 0)).astype(int)
        return dataframe
"""


def freqtrade(folder, bars):
    import logging
    import tempfile
    from pathlib import Path

    import freqtrade as package
    import pandas as pd
    from freqtrade.configuration import TimeRange
    from freqtrade.enums import CandleType, RunMode
    from freqtrade.exchange import Exchange
    from freqtrade.optimize import backtesting

    logging.disable(logging.INFO)
    pair = "BTC/USDT"
    pricing = {"price_side": "other", "use_order_book": False}
    with tempfile.TemporaryDirectory() as name:
        home = Path(name)
        (home / "cross.py").write_text(FREQTRADE_CROSS)
        config = {
            "runmode": RunMode.BACKTEST,
            "dry_run": True,
            "stake_currency": "USDT",
            "stake_amount": NOTIONAL,
            "max_open_trades": 1,
            "dry_run_wallet": CAPITAL,
            "fee": FEE,
            "timeframe": "1m",
            "strategy": "Cross",
            "strategy_path": name,
            "user_data_dir": home,
            "datadir": home,
            "export": "none",
            "dataformat_ohlcv": "feather",
            "dataformat_trades": "feather",
            "exchange": {"name": "binance", "pair_whitelist": [pair], "pair_blacklist": []},
            "pairlists": [{"method": "StaticPairList"}],
            "entry_pricing": pricing,
            "exit_pricing": pricing,
            "order_types": {"entry": "market", "exit": "market", "stoploss": "market", "stoploss_on_exchange": False},
            "trading_mode": "spot",
            "margin_mode": "",
            "candle_type_def": CandleType.SPOT,
            "original_config": {},
        }
        # Markets are asked for on the network; this one is told.
        exchange = Exchange(config, validate=False)
        market = {"id": "BTCUSDT", "symbol": pair, "base": "BTC", "quote": "USDT", "baseId": "BTC", "quoteId": "USDT", "type": "spot", "spot": True, "active": True}
        market["precision"] = {"amount": 1e-8, "price": 1e-8}
        market["limits"] = {"amount": {"min": 1e-8, "max": None}, "price": {"min": None, "max": None}, "cost": {"min": 1.0, "max": None}}
        for api in (exchange._api, exchange._api_async):
            api.set_markets([api.safe_market_structure(market)])
        exchange._markets = exchange._api.markets
        exchange._last_markets_refresh = 2**53
        test = backtesting.Backtesting(config, exchange)
    own = columns(folder, bars)
    data = pd.DataFrame({name: own[short] for name, short in zip(["open", "high", "low", "close", "volume"], "ohlcv")})
    data.insert(0, "date", pd.to_datetime(own["t"], unit="ms", utc=True))
    test.available_pairs = [pair]
    test.price_pair_prec = {pair: backtesting.get_tick_size_over_time(data)}

    def run():
        test.backtest_one_strategy(test.strategylist[0], {pair: data}, TimeRange())
        return test.all_bt_content["Cross"]["results"]

    def work(results):
        closed = results[results["exit_reason"] == "exit_signal"]
        first, step = own["t"][0], own["t"][1] - own["t"][0]
        bar = lambda stamps: ((stamps - first) / step).astype(int)
        return [[int(entry), int(leave)] for entry, leave in zip(bar(closed["open_timestamp"]), bar(closed["close_timestamp"]))], None

    return package.__version__, run, work


ENGINES = {
    "backtesting": backtesting_py,
    "vectorbt": vectorbt,
    "backtrader": backtrader,
    "nautilus_trader": nautilus_trader,
    "freqtrade": freqtrade,
}


def main():
    engine, folder = sys.argv[1], sys.argv[2]
    if folder == "import":
        __import__(engine)
        return
    answers = os.fdopen(os.dup(1), "w", buffering=1)
    # What engines print is not an answer.
    os.dup2(2, 1)
    version, run, work = ENGINES[engine](folder, int(sys.argv[3]))
    trades, equity = work(run())
    answers.write(json.dumps({"version": version, "trades": trades, "equity": equity}) + "\n")
    for _ in sys.stdin:
        started = time.perf_counter()
        run()
        answers.write(f"{(time.perf_counter() - started) * 1e3}\n")


main()
