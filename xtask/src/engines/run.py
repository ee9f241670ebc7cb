"""Runs queries in an engine: run.py ENGINE FOLDER. FOLDER holds firms.csv and queries NAME.ENGINE.sql; the result
of each is written to NAME.ENGINE.csv. Only the engines are asked, nothing is computed here."""

import pathlib
import sys

import pyarrow
import pyarrow.csv

engine, folder = sys.argv[1], pathlib.Path(sys.argv[2])
table = pyarrow.csv.read_csv(
    folder / "firms.csv",
    convert_options=pyarrow.csv.ConvertOptions(strings_can_be_null=True, null_values=[""]),
)

if engine == "duckdb":
    import duckdb

    connection = duckdb.connect()
    connection.register("firms", table)

    def answer(query):
        return connection.sql(query).to_arrow_table()

else:
    import datafusion

    context = datafusion.SessionContext()
    context.register_record_batches("firms", [table.to_batches()])

    def answer(query):
        return context.sql(query).to_arrow_table()


for path in sorted(folder.glob(f"*.{engine}.sql")):
    pyarrow.csv.write_csv(answer(path.read_text()), path.with_suffix(".csv"))
