"""Small tables for all tests."""

import csv

import pytest

import reident


@pytest.fixture(scope="session")
def demo():
    return reident.demo(rows=300, leak=0.5)


@pytest.fixture(scope="session")
def frames(demo):
    pd = pytest.importorskip("pandas")
    pa = pytest.importorskip("pyarrow")
    return [pa.table(table).to_pandas() for table in demo[:3]] if pd else []


@pytest.fixture(scope="session")
def files(frames, tmp_path_factory):
    folder = tmp_path_factory.mktemp("tables")
    paths = []
    for frame, name in zip(frames, ("original", "anonymized", "control")):
        paths.append(folder / f"{name}.csv")
        frame.to_csv(paths[-1], index=False, quoting=csv.QUOTE_MINIMAL)
    return paths
