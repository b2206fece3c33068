"""Writes the Feather and Parquet samples beside it: pip install pandas pyarrow, then run it. Seeded; written with pandas 3.1.1 and pyarrow 26.0.1.

Rows are hours from 2024-01-01 00:00 UTC: open = 100 + row, high = open + 2, low = open - 1, close = open + 1, volume = row / 8.
"""

from pathlib import Path

import pandas as pd

FOLDER = Path(__file__).parent
ROWS = 40
opens = [100.0 + row for row in range(ROWS)]
frame = pd.DataFrame(
    {
        "date": pd.date_range("2024-01-01", periods=ROWS, freq="h", tz="UTC").astype("datetime64[ms, UTC]"),
        "open": opens,
        "high": [value + 2 for value in opens],
        "low": [value - 1 for value in opens],
        "close": [value + 1 for value in opens],
        "volume": [row / 8 for row in range(ROWS)],
    }
)
# As freqtrade writes its files.
frame.to_feather(FOLDER / "BTC_USDT-1h.feather", compression_level=9, compression="lz4")
frame.to_feather(FOLDER / "BTC_USDT_USDT-1h-futures.feather", compression="zstd", chunksize=16)
frame.to_feather(FOLDER / "BTC_USDT_USDT-1h-mark.feather", compression="uncompressed")
frame.assign(date=frame.date.astype("datetime64[ns, UTC]")).to_parquet(FOLDER / "binance_BTC-USDT_1h.parquet")
# The index of a table has no name of its own in Parquet; times without a zone.
local = frame.assign(date=frame.date.dt.tz_localize(None)).set_index("date")
local.index.name = None
local.to_parquet(FOLDER / "index_BTC-USDT_1h.parquet", compression="zstd")
