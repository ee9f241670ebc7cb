"""Runs queries in an engine: run.py ENGINE FOLDER. FOLDER holds firms.csv and queries NAME.ENGINE.sql; the result of
each is written to NAME.ENGINE.csv. Only the engines are asked, nothing is computed here."""

import pathlib
import sys

engine, folder = sys.argv[1], pathlib.Path(sys.argv[2])


def table():
    import pyarrow.csv

    options = pyarrow.csv.ConvertOptions(strings_can_be_null=True, null_values=[""])
    return pyarrow.csv.read_csv(folder / "firms.csv", convert_options=options)


def save(found, path):
    import pyarrow.csv

    pyarrow.csv.write_csv(found, path)


if engine == "duckdb":
    import duckdb

    connection = duckdb.connect()
    connection.register("firms", table())

    def answer(query, path):
        save(connection.sql(query).to_arrow_table(), path)

elif engine == "datafusion":
    import datafusion

    context = datafusion.SessionContext()
    context.register_record_batches("firms", [table().to_batches()])

    def answer(query, path):
        save(context.sql(query).to_arrow_table(), path)

else:
    from chdb import session

    clickhouse = session.Session()
    source = f"file('{folder}/firms.csv', 'CSVWithNames')"
    clickhouse.query(f"CREATE TABLE firms ENGINE = Memory AS SELECT * FROM {source}")

    def answer(query, path):
        path.write_bytes(clickhouse.query(query, "CSVWithNames").bytes())


for path in sorted(folder.glob(f"*.{engine}.sql")):
    answer(path.read_text(), path.with_suffix(".csv"))
